"""Patterns for names that no manifest can list. Pure."""

from __future__ import annotations

import re
from typing import Final

from ocrstate.manifest.patterns import pattern_problem
from ocrstate.names import Glob

_SPECIAL: Final = frozenset("*?[{")
_UNWRITABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\\]")
_ANY: Final = "?"


def exact_pattern(name: str) -> str:
    """Return a pattern that matches the name, and others only where ``?`` stands for what no pattern can hold."""
    rest = "".join(map(_exactly, name[1:]))
    shortest = "".join(map(_shortly, name[1:]))
    # no pattern begins with `!`, as a drive does, or is all spaces; and escapes can make one too long
    candidates = (_exactly(name[0]) + rest, f"[{name[0]}]{rest}", _ANY + rest)
    usable = (each for each in candidates if pattern_problem(each) is None and Glob(each).matches(name))
    return next(usable, _ANY + shortest)


def _exactly(character: str) -> str:
    if _UNWRITABLE.match(character):
        return _ANY
    return f"[{character}]" if character in _SPECIAL else character


def _shortly(character: str) -> str:
    return _ANY if character in _SPECIAL or _UNWRITABLE.match(character) else character
