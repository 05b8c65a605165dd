"""Find unlisted models that a missing one may have been meant to name. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.names import twin_key

if TYPE_CHECKING:
    from collections.abc import Sequence

_CLOSE = 0.85
_MOST_MISSING = 50
_MOST_UNLISTED = 2_000  # comparing every pair of a large store would cost minutes


def near_names(missing: Sequence[str], unlisted: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return, by missing name, the unlisted names that are nearly the same, nearest first."""
    if not missing or not unlisted:
        return {}
    twins: dict[str, list[str]] = {}
    for name in unlisted:
        twins.setdefault(_loose(name), []).append(name)
    found = {name: tuple(sorted(twins.get(_loose(name), ()))) for name in missing}
    if len(missing) <= _MOST_MISSING and len(unlisted) <= _MOST_UNLISTED:
        found = {name: near or _similar(name, unlisted) for name, near in found.items()}
    return {name: near for name, near in found.items() if near}


def _loose(name: str) -> str:
    return "".join(twin_key(name).split())


def _similar(name: str, unlisted: Sequence[str]) -> tuple[str, ...]:
    import difflib  # noqa: PLC0415 - only where something is missing

    return tuple(difflib.get_close_matches(name, unlisted, n=3, cutoff=_CLOSE))
