"""The moves of a run: all of them, or none.

Whatever is done here can be taken up from the journal alone by a later run, wherever this one is killed: `undo` and
`finish` look at what is there, not at what was meant, and may be called again and again.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from ocrstate.applying.clock import now
from ocrstate.applying.deletion import Deletion, cause_of, delete_all
from ocrstate.applying.result import NotProvenError, RunError
from ocrstate.errors import OcrstateError, StoreError, UnfinishedError
from ocrstate.runs.journal import encode_begun, encode_step
from ocrstate.runs.model import Committed, Finished, InQuarantine, InStaging, InStore, Undone
from ocrstate.runs.read import held_by
from ocrstate.text.escape import escape
from ocrstate.text.shell import recover_command
from ocrstate.text.units import counted
from ocrstate.writer.journals import JournalUnknownError
from ocrstate.writer.models import ChangedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocrstate.runs.model import Begun, FolderLook, Move, Step
    from ocrstate.signals import Pending
    from ocrstate.writer.store_writer import StoreWriter


T = TypeVar("T")


class NotMovedError(Exception):
    """A model cannot be moved.

    Attributes:
        name: the model.
        target: where it should have got.
        cause: why not.
    """

    def __init__(self, move: Move, cause: OSError) -> None:
        super().__init__(move.name)
        self.name = move.name
        self.target = move.target
        self.cause = cause


class NotDurableError(Exception):
    """What was done could not be written to disk, so that a power failure could mix old and new.

    Attributes:
        cause: why not.
    """

    def __init__(self, cause: OSError) -> None:
        super().__init__(str(cause))
        self.cause = cause


@dataclass(slots=True)
class Undoing:
    """How far a run could be taken back.

    Attributes:
        back: models that are where they were.
        altered: names that are back, and what has them is not what the run moved.
        gone: models that something else took: they are neither where they were nor where the run put them.
        stuck: models that could not be moved, with the cause.
    """

    back: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    stuck: dict[str, str] = field(default_factory=dict)


class StoppedError(Exception):
    """A run was stopped before it was committed, and taken back.

    Attributes:
        reason: what stopped it.
        undoing: how far it could be taken back.
    """

    def __init__(self, reason: Exception, undoing: Undoing) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.undoing = undoing


@dataclass(slots=True)
class Finishing:
    """How far a run could be finished.

    Attributes:
        deletion: what became of what is not kept.
        folders: sub-folders that were left empty, and are gone.
    """

    deletion: Deletion = field(default_factory=Deletion)
    folders: list[str] = field(default_factory=list)


class Transaction:
    """Makes the moves of one run.

    Attributes:
        moved: models that are at their targets.
    """

    def __init__(self, writer: StoreWriter, begun: Begun) -> None:
        self.moved: set[str] = set()
        self._writer = writer
        self._begun = begun

    def begin(self) -> None:
        """Write down what is going to be done.

        Raises:
            StoreError: that is not possible; nothing was done.
        """
        with self._writer.watch.waiting("Writing down what is to be done"):
            self._writer.journals.start(self._begun.run_id, encode_begun(self._begun))

    def move_all(self, pending: Pending) -> None:
        """Make all moves.

        Raises:
            ChangedError: a model is not what the plan saw.
            NotMovedError: a model cannot be moved.
            Interrupted: a signal asked to end.
        """
        looks = _looks(self._begun)
        with self._writer.watch.counting("Moving models", len(self._begun.moves)) as step:
            for move in self._begun.moves:
                pending.check()
                try:
                    self._writer.models.move(move, looks)
                except OSError as error:
                    raise NotMovedError(move, error) from error
                self.moved.add(move.name)
                step()

    def settle(self) -> None:
        """Wait until the moves are on disk: from then on a power failure cannot mix old and new.

        Raises:
            NotDurableError: they may not be.
        """
        try:
            self._writer.models.settle(self._begun.moves)
        except OSError as error:
            raise NotDurableError(error) from error

    def commit(self) -> None:
        """Decide that the run will be finished, not taken back.

        Raises:
            NotDurableError: that could not be written down, so it can only be taken back.
            JournalUnknownError: whether it was written down is not known.
        """
        try:
            self._writer.journals.append(self._begun.run_id, encode_step(Committed(now())))
        except OSError as error:
            raise NotDurableError(error) from error

    def finish(self) -> Finishing:
        """Delete what need not be kept."""
        return finish(self._writer, self._begun)

    def carry_through(self, pending: Pending, prove: Callable[[], T]) -> T:
        """Make all moves, see that they did what they should, and commit; else take all of them back.

        Args:
            pending: holds signals back; they are let through while the proof is sought.
            prove: finds the proof.

        Raises:
            StoppedError: something was in the way, and what had been moved is back, as far as that was possible.
            StoreError: the run cannot be begun; nothing was changed.
            UnfinishedError: a signal asked to end, or the disk fails, and the run could not be taken back.
            Interrupted: a signal asked to end; all is as it was.
        """
        self.begin()
        try:
            self.move_all(pending)
            with pending.let_through():
                proof = prove()
            self.commit()
        except JournalUnknownError as error:
            raise _undecided(self._begun.run_id, error, self._writer.store.path) from error
        except (ChangedError, NotMovedError, NotDurableError, NotProvenError, OcrstateError) as error:
            raise StoppedError(error, undo(self._writer, self._begun, str(error))) from error
        except BaseException as error:
            undoing = undo(self._writer, self._begun, "broken off")
            if undoing.stuck:
                told = not_put_back("the run was broken off", undoing, self._writer.store.path)
                raise UnfinishedError(told.code, told.message, told.hint) from error
            raise
        return proof


def _undecided(run_id: str, error: JournalUnknownError, store_path: str) -> UnfinishedError:
    return UnfinishedError(
        "needs-recovery",
        f"the disk fails ({cause_of(error.cause)}), and so it is not known whether the run {run_id} counts as done: "
        "nothing was deleted, all that it moved aside waits in quarantine",
        f"look at the disk; then finish the run or take it back: {recover_command(store_path)}",
    )


def not_put_back(message: str, undoing: Undoing, store_path: str) -> RunError:
    """Say that a run could not be taken back, and what to do."""
    name, cause = next(iter(undoing.stuck.items()))
    return RunError(
        "needs-recovery",
        f"{message}; and {counted(len(undoing.stuck), 'model')} that had been moved could not be put back "
        f"({escape(name)}: {cause}): nothing is lost, what is not in its place waits in quarantine",
        f"move away what has taken the place, or mend the cause; then put the rest back: {recover_command(store_path)}",
    )


def undo(writer: StoreWriter, begun: Begun, why: str) -> Undoing:
    """Take back every move of a run that is not committed, last first."""
    undoing = Undoing()
    looks = _looks(begun)
    with writer.watch.counting("Putting models back", len(begun.moves)) as step:
        for move in reversed(begun.moves):
            _take_back(writer, move, looks, undoing)
            step()
    if not undoing.stuck:
        _close_undone(writer, begun, why)
    return undoing


def _take_back(writer: StoreWriter, move: Move, looks: dict[str, FolderLook], undoing: Undoing) -> None:
    try:
        as_moved = writer.models.take_back(move, looks)
    except ChangedError:
        if not isinstance(move.origin, InStaging):  # what was fetched can be fetched again
            undoing.gone.append(move.name)
    except OSError as error:
        undoing.stuck[move.name] = cause_of(error)
    else:
        if not isinstance(move.origin, InStaging):
            (undoing.back if as_moved else undoing.altered).append(move.name)


def _close_undone(writer: StoreWriter, begun: Begun, why: str) -> None:
    """Close the journal; if that fails, it stays open, and the next run finds that there is nothing left to undo."""
    with suppress(OSError, StoreError, JournalUnknownError):
        writer.models.settle(begun.moves)
        if InStore() in {move.target for move in begun.moves}:
            _remove_folders(writer, begun)
        writer.models.remove_quarantine(begun.run_id)
        if not held_by(writer.descriptor, begun.run_id):
            _close(writer, begun.run_id, Undone(now(), why))


def finish(writer: StoreWriter, begun: Begun) -> Finishing:
    """Finish a run that is committed: what it moved aside is deleted, or kept if it is to be."""
    finishing = Finishing()
    if begun.keep_until is None:
        finishing.deletion = _delete(writer, begun)
    finishing.folders.extend(_remove_folders(writer, begun))
    for run_id in sorted({spot.run_id for spot in _quarantines(begun)}):
        writer.models.remove_quarantine(run_id)
    if not finishing.deletion.stuck:
        with suppress(OSError, StoreError, JournalUnknownError):  # the next run finds nothing left to do, and closes it
            _close(writer, begun.run_id, Finished(now(), sum(finishing.deletion.freed.values())))
    return finishing


def _delete(writer: StoreWriter, begun: Begun) -> Deletion:
    """Delete what the run moved aside; whatever else lies in its quarantine is not ours."""
    aside = InQuarantine(begun.run_id)
    names = {move.name for move in begun.moves if move.target == aside}
    try:
        held = held_by(writer.descriptor, begun.run_id)
    except StoreError as error:
        return Deletion(stuck=dict.fromkeys(sorted(names), error.message))
    return delete_all(writer, begun.run_id, [each for each in held if each.name in names])


def _close(writer: StoreWriter, run_id: str, step: Step) -> None:
    writer.journals.append(run_id, encode_step(step))
    writer.journals.close(run_id)


def _remove_folders(writer: StoreWriter, begun: Begun) -> list[str]:
    return [look.name for look in begun.folders if look.goes and writer.models.remove_if_empty(look.name)]


def _quarantines(begun: Begun) -> set[InQuarantine]:
    spots = {spot for move in begun.moves for spot in (move.origin, move.target)}
    return {spot for spot in spots if isinstance(spot, InQuarantine)}


def _looks(begun: Begun) -> dict[str, FolderLook]:
    return {look.name: look for look in begun.folders}
