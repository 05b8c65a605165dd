"""Delete models from quarantine for good, and measure what the disk gains by it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ocrstate.applying.result import HeldOpen
from ocrstate.store.openers import openers_of
from ocrstate.text.escape import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.runs.read import Held
    from ocrstate.store.openers import Identity
    from ocrstate.writer.store_writer import StoreWriter


@dataclass(slots=True)
class Deletion:
    """What became of models that were to be deleted.

    Attributes:
        freed: bytes that the disk gained, by model.
        later: bytes that it gains when those who have the model open close it.
        held_open: who has it open.
        stuck: models that could not be deleted, with the cause.
    """

    freed: dict[str, int] = field(default_factory=dict)
    later: dict[str, int] = field(default_factory=dict)
    held_open: dict[str, tuple[HeldOpen, ...]] = field(default_factory=dict)
    stuck: dict[str, str] = field(default_factory=dict)


def delete_all(writer: StoreWriter, run_id: str, doomed: Sequence[Held]) -> Deletion:
    """Delete models from a run's quarantine, as far as that is possible."""
    deletion = Deletion()
    with writer.watch.waiting("Looking who has models open"):
        holders = _holders(writer, doomed)
    with writer.watch.counting("Deleting models", len(doomed)) as step:
        for held in doomed:
            try:
                deletion.freed[held.name] = writer.models.delete(held.name, run_id) or 0
            except OSError as error:
                deletion.stuck[held.name] = f"{cause_of(error)}{who_has_it(holders.get(held.name, ()))}"
            step()
    open_before = [held for held in doomed if held.name in holders and deletion.freed.get(held.name)]
    for name, still in _holders(writer, open_before).items():  # some may have closed it meanwhile
        deletion.later[name], deletion.freed[name] = deletion.freed[name], 0
        deletion.held_open[name] = still
    return deletion


def _holders(writer: StoreWriter, held: Sequence[Held]) -> dict[str, tuple[HeldOpen, ...]]:
    files: dict[Identity, str] = {(writer.folders.device, each.mark.inode): _leaf(each.name) for each in held}
    found = openers_of(files)
    if not found:
        return {}
    by_name = ((each.name, found.get((writer.folders.device, each.mark.inode), ())) for each in held)
    return {name: tuple(HeldOpen(each.pid, each.command) for each in who) for name, who in by_name if who}


def _leaf(name: str) -> str:
    return name.rpartition("/")[2]


def who_has_it(holders: Sequence[HeldOpen]) -> str:
    """Say who has a model open, to be put behind the cause of a failure; nothing where nobody has."""
    named = [f"process {each.pid} ({escape(each.command)})" for each in holders]
    return f"; {' and '.join(named)} {'has' if len(named) == 1 else 'have'} it open" if named else ""


def cause_of(error: OSError) -> str:
    """Say in words why the system refused."""
    return error.strerror or str(error)
