"""Finish or undo what earlier runs left half done: all old or all new, whatever ended them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.applying.deletion import cause_of
from ocrstate.applying.result import Ended, Recovered
from ocrstate.applying.retention import finish_purge
from ocrstate.applying.transaction import finish, undo
from ocrstate.errors import StoreError, UnfinishedError, assert_never
from ocrstate.runs.model import RunLog, RunState
from ocrstate.runs.read import held_by, open_runs, read_open
from ocrstate.text.escape import escape
from ocrstate.text.shell import recover_command
from ocrstate.text.units import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocrstate.runs.model import Begun
    from ocrstate.writer.store_writer import StoreWriter


def recover(writer: StoreWriter) -> tuple[Recovered, ...]:
    """Finish or undo every run that was broken off; call it while holding the store's lock.

    Raises:
        UnfinishedError: one can be neither finished nor undone as things are.
    """
    try:
        recovered = [_recover_one(writer, run_id) for run_id in open_runs(writer.descriptor)]
    except (OSError, StoreError) as error:
        cause = cause_of(error) if isinstance(error, OSError) else error.message
        raise UnfinishedError(
            "needs-recovery",
            f"an earlier run was broken off, and could not be finished or taken back: {cause}",
            "mend that, and run again",
        ) from error
    return tuple(each for each in recovered if each is not None)


def _recover_one(writer: StoreWriter, run_id: str) -> Recovered | None:
    log = read_open(writer.descriptor, run_id)
    if log.begun is None:
        _drop(writer, log)
        return None
    writer.journals.cut(run_id, log.intact)
    match log.state:
        case RunState.MOVING:
            return _undo(writer, log.begun)
        case RunState.COMMITTED:
            return _finish(writer, log.begun)
        case RunState.PURGING:
            return _finish_purge(writer, log, log.begun)
        case RunState.UNDONE | RunState.FINISHED | RunState.PURGED | RunState.NOT_BEGUN:
            writer.journals.close(run_id)
            return None
        case _:
            assert_never(log.state)


def _drop(writer: StoreWriter, log: RunLog) -> None:
    """Remove the journal of a run that was killed while it wrote its first line, before it touched anything."""
    if held_by(writer.descriptor, log.run_id):
        raise UnfinishedError(
            "journal-damaged",
            f"the journal of the run {log.run_id} is empty, and yet models wait in its quarantine",
            f"nothing was touched; look into {_quarantine(writer, log.run_id)} and move back what you want to keep",
        )
    writer.models.remove_quarantine(log.run_id)
    writer.journals.drop(log.run_id)


def _undo(writer: StoreWriter, begun: Begun) -> Recovered:
    undoing = undo(writer, begun, "broken off")
    if undoing.stuck:
        raise UnfinishedError(
            "needs-recovery",
            f"the run {begun.run_id} was broken off, and cannot be taken back: {_first(undoing.stuck)}; nothing is "
            f"lost, what it moved aside waits in {_quarantine(writer, begun.run_id)}",
            f"move away what has taken the place, or mend the cause; then run {recover_command(writer.store.path)}",
        )
    gone = (*undoing.gone, *undoing.altered)
    return Recovered(begun.run_id, Ended.UNDONE, begun.who.started, len(undoing.back), gone)


def _finish(writer: StoreWriter, begun: Begun) -> Recovered:
    finishing = finish(writer, begun)
    if finishing.deletion.stuck:
        raise _stuck(writer, begun, finishing.deletion.stuck)
    freed = sum(finishing.deletion.freed.values())
    models = len({move.name for move in begun.moves})
    return Recovered(begun.run_id, Ended.FINISHED, begun.who.started, models, (), freed, keep_until=begun.keep_until)


def _finish_purge(writer: StoreWriter, log: RunLog, begun: Begun) -> Recovered:
    purged = finish_purge(writer, log)
    if purged.stuck:
        raise _stuck(writer, begun, dict(purged.stuck))
    return Recovered(begun.run_id, Ended.FINISHED, begun.who.started, purged.models, (), purged.bytes_freed)


def _quarantine(writer: StoreWriter, run_id: str) -> str:
    return escape(writer.folders.private_path("quarantine", run_id))


def _stuck(writer: StoreWriter, begun: Begun, stuck: Mapping[str, str]) -> UnfinishedError:
    return UnfinishedError(
        "needs-recovery",
        f"removed models of the run {begun.run_id} cannot be deleted: {_first(stuck)}; they still take up space in "
        f"{_quarantine(writer, begun.run_id)}",
        f"mend the cause; then run {recover_command(writer.store.path)}",
    )


def _first(stuck: Mapping[str, str]) -> str:
    name, cause = next(iter(stuck.items()))
    more = f", and {counted(len(stuck) - 1, 'model')} more" if len(stuck) > 1 else ""
    return f"{escape(name)}: {cause}{more}"
