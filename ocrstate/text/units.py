"""Spell numbers for people. Pure."""

from __future__ import annotations

_UNITS = ("kB", "MB", "GB", "TB", "PB", "EB")
_STEP = 1000


def size_text(size: int) -> str:
    """Spell a size in bytes with three digits at most: ``734 B``, ``5.3 GB``, ``40 GB``."""
    if size < _STEP:
        return f"{size} B"
    value = float(size)
    for unit in _UNITS:
        value /= _STEP
        if value < 9.95:  # noqa: PLR2004 - below this, one decimal still says something
            return f"{value:.1f} {unit}"
        if value < 999.5:  # noqa: PLR2004 - from here on it would round to 1000
            return f"{value:.0f} {unit}"
    return f"{value:.0f} {_UNITS[-1]}"


def counted(number: int, noun: str) -> str:
    """Spell a number with its noun: ``1 model``, ``1,200 models``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
