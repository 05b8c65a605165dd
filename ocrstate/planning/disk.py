"""Whether there is room for what is to be fetched, and in which order room is taken and given. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrstate.planning.changes import Fetch, Remove, Replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocrstate.planning.changes import Change

SPARE = 1024 * 1024
"""Bytes that must be left beside what is fetched: for the journal, and what the filesystem itself needs."""


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk while a plan is carried out: all is fetched first, then what must go is deleted.

    Attributes:
        free: bytes that can be written before.
        needed: bytes that are still to be fetched, as far as their number is known.
        unknown: models of which only the far side knows how large they are.
        given: bytes that the disk gains afterwards.
    """

    free: int
    needed: int
    unknown: int
    given: int

    @property
    def fits(self) -> bool:
        """Whether there is room for what is known to come."""
        return self.needed + SPARE <= self.free

    @property
    def free_after(self) -> int:
        """Bytes that can be written afterwards."""
        return self.free - self.needed + self.given


def simulated(changes: Iterable[Change], free: int | None, given: int) -> Disk | None:
    """Say what happens to the disk; `None` where nothing is fetched, or nothing is known of it."""
    if free is None:
        return None
    fetched = [change for change in changes if isinstance(change, (Fetch, Replace))]
    if not fetched:
        return None
    sizes = [(change.size_to_come, change.supply.staged) for change in fetched]
    needed = sum(max(size - staged, 0) for size, staged in sizes if size is not None)
    return Disk(free, needed, sum(size is None for size, _ in sizes), given)


def freed_by(changes: Iterable[Change]) -> tuple[int, int]:
    """Return the bytes that removals free, and those that are freed where a model is replaced."""
    removed = replaced = 0
    for change in changes:
        if isinstance(change, Remove):
            removed += change.freed
        elif isinstance(change, Replace):
            replaced += change.freed
    return removed, replaced
