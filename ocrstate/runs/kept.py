"""What runs keep in quarantine, and what of it can be restored."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrstate.errors import UnfinishedError
from ocrstate.runs.model import InQuarantine, RunLog, RunState
from ocrstate.runs.read import closed_runs, held_by, holding_runs, open_runs, read_closed, read_open

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.runs.read import Held


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run, and what is left of what it moved aside.

    Attributes:
        is_open: whether it is at work, or was broken off.
        restorable: what can be put back: it is as the run moved it, and not about to be deleted.
        models_held: how many models wait in its quarantine, restorable or not.
        bytes_held: bytes that its quarantine takes up.
    """

    log: RunLog
    is_open: bool
    restorable: tuple[Held, ...]
    models_held: int
    bytes_held: int


def past_runs(store: int) -> tuple[PastRun, ...]:
    """Return all runs that are remembered, oldest first; `store` is the store's descriptor.

    Of a run whose journal is gone, or cannot be relied on, only its quarantine is known.

    Raises:
        StoreError: they cannot be read.
    """
    at_work, holding = set(open_runs(store)), set(holding_runs(store))
    known = {*at_work, *closed_runs(store), *holding}
    return tuple(_past(store, run_id, is_open=run_id in at_work, holds=run_id in holding) for run_id in sorted(known))


def kept_runs(store: int) -> tuple[PastRun, ...]:
    """Return the runs that have ended and of which something can be restored, oldest first."""
    at_work = set(open_runs(store))
    runs = [_past(store, run_id, is_open=False, holds=True) for run_id in holding_runs(store) if run_id not in at_work]
    return tuple(run for run in runs if run.restorable)


def held_runs(store: int) -> tuple[PastRun, ...]:
    """Return all runs that keep something, oldest first, whether it can be restored or not.

    Raises:
        StoreError: they cannot be read.
    """
    at_work = set(open_runs(store))
    runs = (_past(store, run_id, is_open=run_id in at_work, holds=True) for run_id in holding_runs(store))
    return tuple(run for run in runs if run.models_held)


def last_run_keeping(store: int, name: str) -> PastRun | None:
    """Return the last run of which the model of a name can be restored; `None` if there is none.

    Raises:
        StoreError: the runs cannot be read.
    """
    runs = reversed(kept_runs(store))
    return next((run for run in runs if any(held.name == name for held in run.restorable)), None)


def _past(store: int, run_id: str, *, is_open: bool, holds: bool) -> PastRun:
    held = held_by(store, run_id) if holds else ()
    try:
        log = read_open(store, run_id) if is_open else read_closed(store, run_id)
    except UnfinishedError:
        return PastRun(RunLog(run_id, None, (), 0), is_open, (), len(held), taken_up(held))
    restorable = () if is_open or log.state is not RunState.FINISHED else as_moved(log, held)
    return PastRun(log, is_open, restorable, len(held), taken_up(held))


def taken_up(held: Sequence[Held]) -> int:
    """Return the bytes that the disk would gain: content that has another name elsewhere takes up none here."""
    names = Counter(each.mark.inode for each in held)
    whole = {each.mark.inode: each.allocated for each in held if names[each.mark.inode] >= each.links}
    return sum(whole.values())


def as_moved(log: RunLog, held: tuple[Held, ...]) -> tuple[Held, ...]:
    """Return what is in a run's quarantine just as the run put it there; anything else is somebody else's.

    Size and time tell: the inode is another one where a store was copied to another disk.
    """
    aside = InQuarantine(log.run_id)
    moved = {move.name: move.mark for move in log.moves if move.target == aside}
    return tuple(each for each in held if each.name in moved and each.mark.has_same_content(moved[each.name]))
