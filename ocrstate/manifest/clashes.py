"""What cannot stand together in a manifest, or in several that are one: names with names, patterns, or names. Pure.

Where something stands is whatever the caller says: a place in one document, or one in one of several.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from ocrstate.manifest.patterns import pattern_problem
from ocrstate.manifest.quoting import quoted
from ocrstate.names import Glob, twin_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

Place = TypeVar("Place")


@dataclass(frozen=True, slots=True)
class Clash(Generic[Place]):
    """A place that cannot stay as it is while another one, which the message names, does.

    Attributes:
        at: the place to complain of.
        code: stable, for machines.
        message: what is wrong and how to mend it.
    """

    at: Place
    code: str
    message: str


def clashes(
    names: Sequence[tuple[Place, str]],
    patterns: Mapping[str, Sequence[tuple[Place, str]]],
    spelled: Callable[[Place], str],
) -> Iterator[Clash[Place]]:
    """Yield what clashes.

    Args:
        names: of the listed models.
        patterns: by the key that they stand under.
        spelled: says where a place is, such as ``line 3``.
    """
    yield from _twins(names, spelled)
    yield from _contradictions(patterns["protect"], patterns["absent"], spelled)
    for key in ("ignore", "absent"):
        yield from _listed_and_matched(names, key, patterns[key], spelled)


def _twins(names: Sequence[tuple[Place, str]], spelled: Callable[[Place], str]) -> Iterator[Clash[Place]]:
    seen: dict[str, tuple[Place, str]] = {}
    for place, name in names:
        first_place, first = seen.setdefault(twin_key(name), (place, name))
        if first_place is not place:
            yield Clash(place, "duplicate-name", _twin(name, first, spelled(first_place)))


def _twin(name: str, first: str, where: str) -> str:
    if name == first:
        return f"{quoted(name)} is already listed in {where}; remove one of the two"
    return (
        f"{quoted(name)} differs from {quoted(first)} in {where} only in case or in the form of its letters, "
        "and many filesystems hold only one of them; remove or rename one"
    )


def _contradictions(
    protect: Sequence[tuple[Place, str]], absent: Sequence[tuple[Place, str]], spelled: Callable[[Place], str]
) -> Iterator[Clash[Place]]:
    protected = {text: place for place, text in reversed(protect)}
    for place, text in absent:
        if text in protected:
            other = protected[text]
            message = f"the pattern {quoted(text)} is under protect too, in {spelled(other)}; keep it in one of the two"
            yield Clash(place, "protect-and-absent", message)


def _listed_and_matched(
    names: Sequence[tuple[Place, str]],
    key: str,
    patterns: Sequence[tuple[Place, str]],
    spelled: Callable[[Place], str],
) -> Iterator[Clash[Place]]:
    globs = [(place, Glob(text)) for place, text in patterns if pattern_problem(text) is None]
    for place, name in names if globs else ():
        for other, glob in globs:
            if glob.matches(name):
                where = f"{quoted(glob.text)} under {key} in {spelled(other)}"
                message = (
                    f"{quoted(name)} is listed, but the pattern {where} matches it; remove one, or narrow the pattern"
                )
                yield Clash(place, f"listed-and-{key}", message)
                break
