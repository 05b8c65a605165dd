"""Sizes and durations as people write them. Pure."""

from __future__ import annotations

import re
from typing import Final

_SIZE: Final = re.compile(r"(0|[1-9][0-9]{0,14})(?:\.([0-9]{1,3}))? ?([kMGT]B|[KMGT]iB|B)", re.ASCII)
_DURATION: Final = re.compile(r"(0|[1-9][0-9]{0,4})([mhdw])", re.ASCII)
_BYTES: Final[dict[str, int]] = {
    "B": 1,
    **{f"{prefix}B": 1000**power for power, prefix in enumerate("kMGT", start=1)},
    **{f"{prefix}iB": 1024**power for power, prefix in enumerate("KMGT", start=1)},
}
_SECONDS: Final = {"m": 60, "h": 3_600, "d": 86_400, "w": 604_800}


def parse_size(text: str) -> int | None:
    """Return the bytes that a size such as ``40GiB`` or ``1.5 TB`` says, rounded down; `None` if it is no size."""
    match = _SIZE.fullmatch(text)
    if match is None:
        return None
    whole, fraction, unit = str(match[1]), match[2] or "", str(match[3])
    scale = int("1" + "0" * len(fraction))
    return int(whole + fraction) * _BYTES[unit] // scale


def parse_duration(text: str) -> int | None:
    """Return the seconds that a duration such as ``7d`` or ``12h`` says; `None` if it is no duration."""
    match = _DURATION.fullmatch(text)
    return None if match is None else int(match[1]) * _SECONDS[match[2]]
