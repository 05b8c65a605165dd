"""What time it is, spelled as journals and documents spell it."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta, timezone

_FRACTIONS = 16**3
_SPELLING = "%Y-%m-%dT%H:%M:%SZ"


def now() -> str:
    """Return the time: RFC 3339, UTC, to the second; such texts sort by time."""
    return datetime.now(timezone.utc).strftime(_SPELLING)


def later(start: str, seconds: int) -> str:
    """Return the time so many seconds after another; the end of time where that is beyond it."""
    try:
        moment = datetime.strptime(start, _SPELLING) + timedelta(seconds=seconds)  # noqa: DTZ007 - both are UTC
    except OverflowError:
        moment = datetime.max  # noqa: DTZ901 - likewise
    return moment.strftime(_SPELLING)


def seconds_between(start: str, end: str) -> int:
    """Return how many seconds lie between two times."""
    moments = [datetime.strptime(each, _SPELLING) for each in (start, end)]  # noqa: DTZ007 - both are UTC
    return int((moments[1] - moments[0]).total_seconds())


def new_run_id() -> str:
    """Return an id that sorts by time, to a fraction of a second, and that no other run has."""
    moment = datetime.now(timezone.utc)
    fraction = moment.microsecond * _FRACTIONS // 1_000_000
    return f"{moment:%Y%m%dT%H%M%SZ}-{fraction:03x}{secrets.randbelow(_FRACTIONS):03x}"
