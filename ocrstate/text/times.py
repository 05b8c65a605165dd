"""Spell moments for people. Pure: which moment it is comes from outside."""

from __future__ import annotations

from datetime import datetime, timezone

_NANOSECONDS = 1_000_000_000
_FIRST_YEAR = 1000  # below, `strftime` writes less than four digits


def minute_text(nanoseconds: int) -> str:
    """Spell a moment, given in nanoseconds since 1970, to the minute: ``2026-11-21T10:02Z``."""
    try:
        return datetime.fromtimestamp(nanoseconds // _NANOSECONDS, timezone.utc).strftime("%Y-%m-%dT%H:%MZ")
    except (OverflowError, ValueError, OSError):
        return "at no time that a calendar knows"


def moment_text(nanoseconds: int) -> str | None:
    """Spell a moment, given in nanoseconds since 1970, as RFC 3339 in UTC; `None` for one that no calendar knows."""
    try:
        moment = datetime.fromtimestamp(nanoseconds // _NANOSECONDS, timezone.utc)
    except (OverflowError, ValueError, OSError):
        return None
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment.year >= _FIRST_YEAR else None


def age_text(seconds: int) -> str:
    """Spell an age in one unit, six characters at most: ``14 h``, ``3 d``, ``5 mo``; ``now`` below a minute."""
    if seconds < 0:
        return "future"
    longest = next((each for each in _AGES if seconds >= each[0]), None)
    if longest is None:
        return "now"
    _, length, unit = longest
    return f"{seconds // length} {unit}"


def readable_time(moment: str) -> str:
    """Spell a moment given as RFC 3339 in UTC to the minute, for people: ``2026-11-21 10:02 UTC``."""
    return f"{moment[:10]} {moment[11:16]} UTC"


_MINUTE, _HOUR, _DAY, _MONTH, _YEAR = 60, 3_600, 86_400, 2_629_746, 31_556_952  # a year has 365.2425 days
_AGES = (
    (2 * _YEAR, _YEAR, "y"),
    (2 * _MONTH, _MONTH, "mo"),
    (2 * _DAY, _DAY, "d"),
    (_HOUR, _HOUR, "h"),
    (_MINUTE, _MINUTE, "min"),
)
"""From how many seconds on an age is told in units of how many seconds: ``47 h``, and then ``2 d``."""

_LENGTHS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


def duration_text(seconds: int) -> str:
    """Spell a length of time in the largest unit that says it exactly: ``7 days``, ``36 hours``."""
    for length, unit in _LENGTHS:
        if seconds and seconds % length == 0:
            number = seconds // length
            return f"{number:,} {unit}{'' if number == 1 else 's'}"
    return f"{seconds:,} second{'' if seconds == 1 else 's'}"
