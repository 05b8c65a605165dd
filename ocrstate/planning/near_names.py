"""Find unlisted models that a missing one may have been meant to name. Pure.

What leaving something out makes equal is found in stores of any size; only what is merely similar takes comparing
every pair.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ocrstate.planning.near import Aspect, Near

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

_CLOSE: Final = 0.85
_MOST_MISSING: Final = 50
_MOST_UNLISTED: Final = 2_000  # comparing every pair of a large store would cost minutes
_MOST_NEAR: Final = 3
_SERIES: Final = 20  # so many names that differ alike are a series: none of them is nearer than the others

_EXTENSION: Final = re.compile(r"(?=\w*[a-z])[\w-]{1,16}", re.IGNORECASE)
_SECOND: Final = frozenset(
    {"7z", "bak", "bz2", "crdownload", "download", "gz", "old", "orig", "part", "tar", "tmp", "xz", "zip", "zst"}
)
"""Extensions that come after another one."""

_VERSION: Final = re.compile(r"[-_. ]?v?[0-9]+(?:\.[0-9]+)*", re.IGNORECASE)
_DIGITS: Final = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_NUMBER: Final = re.compile(r"[0-9]{1,18}")
_LETTER: Final = re.compile(r"[^\W\d_]")


def near_names(missing: Sequence[str], unlisted: Sequence[str]) -> dict[str, tuple[Near, ...]]:
    """Return, by missing name, the unlisted names that are nearly the same in the surest way, nearest first."""
    found: dict[str, tuple[Near, ...]] = {}
    series: dict[str, set[str]] = {}
    compares = len(missing) <= _MOST_MISSING and len(unlisted) <= _MOST_UNLISTED
    for aspect, left_of, most in _LEFT_OUT:
        open_still = [name for name in missing if name not in found]
        for name, others in _alike(open_still, unlisted, left_of).items():
            if most is None or len(others) <= most:
                found[name] = _nearest(name, others, aspect, left_of)
            elif compares:
                series.setdefault(name, set()).update(others)
    for name in missing if compares else ():
        if name not in found:
            found[name] = _similar(name, set(unlisted) - series.get(name, set()))
    return {name: near for name, near in found.items() if near}


def surely_meant(missing: Sequence[str], others: Sequence[str]) -> dict[str, tuple[Near, ...]]:
    """Return, by missing name, the other names that differ from it only in what people do not tell models apart by."""
    alike = _alike(missing, others, _whole)
    return {name: _nearest(name, found, None, _whole) for name, found in alike.items()}


def _alike(missing: Sequence[str], unlisted: Sequence[str], left_of: Callable[[str], str]) -> dict[str, list[str]]:
    """Return, by missing name, the unlisted ones of which the same is left."""
    if not missing:
        return {}
    keys = {name: _loose(left_of(name)) for name in missing}
    alike: dict[str, list[str]] = {key: [] for key in keys.values()}
    for name in unlisted:
        others = alike.get(_loose(left_of(name)))
        if others is not None:
            others.append(name)
    return {name: alike[key] for name, key in keys.items() if alike[key]}


def _nearest(
    name: str, others: Sequence[str], aspect: Aspect | None, left_of: Callable[[str], str]
) -> tuple[Near, ...]:
    ours = left_of(name)
    near = (Near(other, _differs_in(ours, left_of(other), _named(aspect, name, other))) for other in others)
    ranked = sorted(near, key=lambda each: (len(each.differs_in), _steps_between(name, each.name), each.name))
    return tuple(ranked[:_MOST_NEAR])


def _named(aspect: Aspect | None, one: str, other: str) -> tuple[Aspect, ...]:
    """Name what was left out: versions with the same numbers are spelled differently."""
    if aspect is None:
        return ()
    return (Aspect.SPELLING if aspect is Aspect.VERSION and not any(_steps_between(one, other)) else aspect,)


def _differs_in(one: str, other: str, left_out: tuple[Aspect, ...]) -> tuple[Aspect, ...]:
    """Say in which of the slight ways two names differ that are loosely the same, beside what was left out."""
    if one == other:
        return left_out
    needed = {aspect for aspect in _FORMS if _formed(one, without=aspect) != _formed(other, without=aspect)}
    slight = needed or {Aspect.UNICODE}  # letters that each of two ways alone makes the same
    return (*(aspect for aspect in Aspect if aspect in slight), *left_out)


def _loose(name: str) -> str:
    """Give names that differ only slightly the same key."""
    if not name.isascii():
        return unicodedata.normalize("NFKC", _formed(name))
    return name.lower() if name.isprintable() and " " not in name else "".join(name.lower().split())


def _formed(name: str, without: Aspect | None = None) -> str:
    for aspect, form in _FORMS.items():
        name = name if aspect is without else form(name)
    return name


def _one_form(name: str) -> str:
    """Leave out what is not seen (joiners, marks of direction), and spell what looks alike in one way."""
    seen = name if name.isascii() else "".join(char for char in name if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFKC", seen)


def _no_spaces(name: str) -> str:
    return "".join(name.split())


_FORMS: Final = {Aspect.UNICODE: _one_form, Aspect.SPACES: _no_spaces, Aspect.CASE: str.casefold}


def _whole(name: str) -> str:
    return name


def _leaf(name: str) -> str:
    return name.rpartition("/")[2]


def _stem(name: str) -> str:
    folder, slash, leaf = name.rpartition("/")
    stem, _, extension = leaf.rpartition(".")
    if extension.lower() in _SECOND:
        leaf = stem or leaf
        stem, _, extension = leaf.rpartition(".")
    return f"{folder}{slash}{stem if stem and _is_extension(extension) else leaf}"


@lru_cache(maxsize=1024)  # a store has many names, and few extensions
def _is_extension(text: str) -> bool:
    return _EXTENSION.fullmatch(text) is not None


def _unversioned(name: str) -> str:
    """Leave the version out, unless nothing else is in the name."""
    stem = _stem(name)
    folder, slash, leaf = stem.rpartition("/")
    left = _VERSION.sub("", leaf)
    if not _LETTER.search(left):
        digits = _DIGITS.sub("", leaf)
        left = digits if _LETTER.search(digits) else leaf
    return f"{folder}{slash}{left}{name[len(stem) :]}"


_LEFT_OUT: Final[tuple[tuple[Aspect | None, Callable[[str], str], int | None], ...]] = (
    (None, _whole, None),
    (Aspect.FOLDER, _leaf, _MOST_NEAR),
    (Aspect.EXTENSION, _stem, _SERIES),
    (Aspect.VERSION, _unversioned, _SERIES),
)
"""What may differ, how to leave it out, and how many names may be the same then; the surest way first."""


def _steps_between(one: str, other: str) -> list[int]:
    """Return how far the numbers in two names are apart: version 2 is nearer to 1 than 7 is."""
    ours, theirs = ([int(number) for number in _NUMBER.findall(_leaf(each))] for each in (one, other))
    return [abs(len(ours) - len(theirs)), *(abs(here - there) for here, there in zip(ours, theirs, strict=False))]


def _similar(name: str, unlisted: Collection[str]) -> tuple[Near, ...]:
    import difflib  # noqa: PLC0415 - only where something is missing

    by_key: dict[str, list[str]] = {}
    for other in unlisted:
        by_key.setdefault(_loose(other), []).append(other)
    close = difflib.get_close_matches(_loose(name), sorted(by_key), n=_MOST_NEAR, cutoff=_CLOSE)
    names = [other for key in close for other in sorted(by_key[key])]
    return tuple(Near(other, (Aspect.SPELLING,)) for other in names[:_MOST_NEAR])
