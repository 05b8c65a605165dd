"""Spell moments for people. Pure: which moment it is comes from outside."""

from __future__ import annotations

from datetime import datetime, timezone

_NANOSECONDS = 1_000_000_000


def minute_text(nanoseconds: int) -> str:
    """Spell a moment, given in nanoseconds since 1970, to the minute: ``2026-11-21T10:02Z``."""
    try:
        return datetime.fromtimestamp(nanoseconds // _NANOSECONDS, timezone.utc).strftime("%Y-%m-%dT%H:%MZ")
    except (OverflowError, ValueError, OSError):
        return "at no time that a calendar knows"


def readable_time(moment: str) -> str:
    """Spell a moment given as RFC 3339 in UTC to the minute, for people: ``2026-11-21 10:02 UTC``."""
    return f"{moment[:10]} {moment[11:16]} UTC"


_LENGTHS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


def duration_text(seconds: int) -> str:
    """Spell a length of time in the largest unit that says it exactly: ``7 days``, ``36 hours``."""
    for length, unit in _LENGTHS:
        if seconds and seconds % length == 0:
            number = seconds // length
            return f"{number:,} {unit}{'' if number == 1 else 's'}"
    return f"{seconds:,} second{'' if seconds == 1 else 's'}"
