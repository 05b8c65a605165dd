"""Put back what an earlier run removed: a run of its own, all or nothing, that can be taken back in its turn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocrstate import __version__
from ocrstate.applying.clock import later, now, seconds_between
from ocrstate.applying.deletion import cause_of
from ocrstate.applying.result import Action, NotProvenError, Outcome, OutcomeStatus, Result, RunError, RunStatus
from ocrstate.applying.transaction import (
    NotDurableError,
    NotMovedError,
    StoppedError,
    Transaction,
    not_put_back,
)
from ocrstate.errors import OcrstateError, RefusedError, StoreError
from ocrstate.runs.kept import kept_runs
from ocrstate.runs.model import Begun, InQuarantine, InStore, Move, RunKind
from ocrstate.text.escape import escape
from ocrstate.text.shell import history_command
from ocrstate.writer.models import ChangedError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from ocrstate.applying.transaction import Undoing
    from ocrstate.inventory.model import Inventory
    from ocrstate.runs.kept import PastRun
    from ocrstate.runs.model import FolderLook, Mark, Who
    from ocrstate.runs.read import Held
    from ocrstate.signals import Pending
    from ocrstate.writer.store_writer import StoreWriter

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Restoration:
    """What is to be put back.

    Attributes:
        source: the run that removed it.
        in_the_way: what has the names of some of it by now.
    """

    source: PastRun
    items: tuple[Held, ...]
    in_the_way: dict[str, Mark]

    @property
    def begun(self) -> Begun:
        """What the run that removed it had written down."""
        assert self.source.log.begun is not None  # noqa: S101 - a run that keeps something has begun
        return self.source.log.begun


def choose(writer: StoreWriter, run_id: str | None, names: Sequence[str]) -> Restoration:
    """Find what is meant.

    Args:
        writer: the store.
        run_id: the run whose models are wanted; `None` for the last one that can be restored from.
        names: the models that are wanted; all of the run if there are none.

    Raises:
        RefusedError: there is no such thing.
    """
    runs = kept_runs(writer.descriptor)
    if run_id is not None:
        runs = tuple(run for run in runs if run.log.run_id == run_id)
    wanted = set(names)
    for run in reversed(runs):
        held = {each.name: each for each in run.restorable}
        if wanted <= held.keys():
            items = tuple(held[name] for name in sorted(wanted or held))
            marks = ((each.name, writer.models.mark_in_store(each.name)) for each in items)
            return Restoration(run, items, {name: mark for name, mark in marks if mark is not None})
    raise _nothing(
        writer.store.path,
        run_id,
        sorted(wanted - {each.name for run in runs for each in run.restorable}) or list(names),
    )


def _nothing(store_path: str, run_id: str | None, names: Sequence[str]) -> RefusedError:
    where = f"from the run {run_id}" if run_id else "from any run"
    match names:
        case []:
            message = f"nothing can be restored {where}"
        case [name]:
            message = f"{escape(name)} cannot be restored {where}"
        case _ if run_id is None:
            message = f"no single run keeps all of {', '.join(map(escape, names[:_MOST_NAMED]))}"
        case _:
            message = f"not all of {', '.join(map(escape, names[:_MOST_NAMED]))} can be restored {where}"
    return RefusedError(
        "nothing-to-restore", message, f"{history_command(store_path)} shows what can be restored, and until when"
    )


def refuse_in_the_way(restoration: Restoration) -> None:
    """Refuse to put something over what is newer.

    Raises:
        RefusedError: it would.
    """
    names = list(restoration.in_the_way)
    if names:
        more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
        raise RefusedError(
            "in-the-way",
            f"{', '.join(map(escape, names[:_MOST_NAMED]))}{more}: something has this name in the store by now",
            "to restore the others, name them; to put what is there into quarantine instead, use --overwrite",
        )


def refuse_no_models(restoration: Restoration, writer: StoreWriter) -> None:
    """Refuse to move away what is no model: a folder can hold listed ones.

    Raises:
        RefusedError: something in the way is none.
        StoreError: it cannot be looked at.
    """
    try:
        stubborn = [name for name in restoration.in_the_way if not writer.models.can_make_way(name)]
    except OSError as error:
        raise StoreError(
            "store-unreadable", f"the store cannot be looked at: {cause_of(error)}", "look at the disk"
        ) from error
    if stubborn:
        raise RefusedError(
            "in-the-way",
            f"{', '.join(map(escape, stubborn[:_MOST_NAMED]))}: what has this name in the store by now is no model",
            "move it away yourself, or name the other models",
        )


@dataclass(frozen=True, slots=True)
class Restore:
    """One restore.

    Attributes:
        list_again: takes a new inventory, by a new engine process; what it is given is done while the engine works.
    """

    run_id: str
    restoration: Restoration
    list_again: Callable[[Callable[[], None]], Inventory]
    who: Who


def restore(work: Restore, writer: StoreWriter, pending: Pending) -> Result:
    """Put the models back, see that they are listed again, and say what happened.

    Raises:
        StoreError: the store cannot be changed; nothing was changed.
        UnfinishedError: the run can be neither finished nor undone.
        Interrupted: a signal asked to end; nothing was changed.
    """
    try:
        begun = _begun(work, writer)
    except OSError as error:
        raise StoreError(
            "store-changed", f"the store changed in this moment: {cause_of(error)}", "try again"
        ) from error
    transaction = Transaction(writer, begun)

    def prove() -> None:
        _prove(work.restoration, work.list_again(transaction.settle))

    try:
        transaction.carry_through(pending, prove)
    except StoppedError as stopped:
        return _taken_back(work, writer, transaction.moved, stopped)
    transaction.finish()
    return Result(
        work.run_id,
        RunStatus.SUCCESS,
        writer.store.path,
        tuple(_restored(item, work.restoration) for item in work.restoration.items),
        in_sync=None,
        allowed=True,
        keep_until=begun.keep_until,
        restores=work.restoration.begun.run_id,
        interrupted_by=pending.number,
    )


def _begun(work: Restore, writer: StoreWriter) -> Begun:
    restoration = work.restoration
    before = restoration.begun
    moment = now()
    kept_for = seconds_between(before.who.started, before.keep_until) if before.keep_until else 0
    return Begun(
        run_id=work.run_id,
        kind=RunKind.RESTORE,
        version=__version__,
        who=work.who,
        manifest=before.manifest,
        plan_id=None,
        restores=before.run_id,
        keep_until=later(moment, kept_for) if restoration.in_the_way else None,
        moves=tuple(move for item in restoration.items for move in _moves(item, work)),
        folders=tuple(_looks(before.folders, restoration, writer)),
    )


def _moves(item: Held, work: Restore) -> tuple[Move, ...]:
    back = Move(item.name, InQuarantine(work.restoration.begun.run_id), InStore(), item.mark)
    in_the_way = work.restoration.in_the_way.get(item.name)
    if in_the_way is None:
        return (back,)
    return (Move(item.name, InStore(), InQuarantine(work.run_id), in_the_way), back)


def _looks(looks: Sequence[FolderLook], restoration: Restoration, writer: StoreWriter) -> Iterator[FolderLook]:
    """Return the sub-folders that are concerned; those that have to be made go when the restore is taken back."""
    for folder in sorted({item.name.rpartition("/")[0] for item in restoration.items} - {""}):
        if writer.models.mark_in_store(folder) is not None:
            yield writer.models.look_of(folder, goes=False)
        else:
            yield from (look._replace(goes=True) for look in looks if look.name == folder)


def _prove(restoration: Restoration, inventory: Inventory) -> None:
    scan = inventory.scan
    seen = {entry.name for entry in scan.entries} | {link.entry.name for link in scan.folder_links}
    lost = sorted({item.name for item in restoration.items} - (seen - inventory.unconfirmed))
    if lost:
        raise NotProvenError(
            RunError(
                "not-listed-again",
                f"put back and listed again, the store lacks {', '.join(map(escape, lost[:_MOST_NAMED]))}",
                "find out what else changes this store, or look at the engine with ocrstate plan",
            )
        )


def _why(error: Exception) -> RunError:
    match error:
        case ChangedError():
            return RunError("changed", f"{escape(error.name)}: changed in this moment", "run restore again")
        case NotMovedError(cause=cause):
            message = f"{escape(error.name)} cannot be put back: {cause_of(cause)}"
            return RunError("cannot-restore", message, "mend that, and run restore again")
        case NotDurableError(cause=cause):
            message = f"what was done could not be written to disk: {cause_of(cause)}"
            return RunError("journal-failed", message, "look at the disk, its free space and the system's log")
        case NotProvenError():
            return error.error
        case OcrstateError():
            return RunError(error.code, error.message, error.hint)
        case _:
            raise error


def _restored(item: Held, restoration: Restoration) -> Outcome:
    made_way = restoration.in_the_way.get(item.name)
    return replace(_outcome(item, OutcomeStatus.RESTORED), kept=made_way.size if made_way else 0)


def _taken_back(work: Restore, writer: StoreWriter, moved: Collection[str], stopped: StoppedError) -> Result:
    error, undoing = _why(stopped.reason), stopped.undoing
    return Result(
        work.run_id,
        RunStatus.NEEDS_RECOVERY if undoing.stuck else RunStatus.FAILED,
        writer.store.path,
        tuple(_not_restored(item, moved, undoing) for item in work.restoration.items),
        in_sync=None,
        error=not_put_back(error.message, undoing, writer.store.path)
        if undoing.stuck
        else _with_nothing_restored(error),
        restores=work.restoration.begun.run_id,
    )


def _not_restored(item: Held, moved: Collection[str], undoing: Undoing) -> Outcome:
    if item.name in undoing.stuck:
        return replace(_outcome(item, OutcomeStatus.IN_QUARANTINE), cause=undoing.stuck[item.name])
    return _outcome(item, OutcomeStatus.ROLLED_BACK if item.name in moved else OutcomeStatus.NOT_STARTED)


def _outcome(item: Held, status: OutcomeStatus) -> Outcome:
    return Outcome(item.name, status, action=Action.RESTORE, size=item.mark.size)


def _with_nothing_restored(error: RunError) -> RunError:
    return RunError(error.code, f"{error.message}; nothing was restored, and the store is as it was", error.hint)
