"""Delete what was kept for a while, when the while is over."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from ocrstate.applying.clock import now
from ocrstate.applying.deletion import cause_of, delete_all
from ocrstate.applying.result import Purge
from ocrstate.errors import StoreError, UnfinishedError
from ocrstate.runs.journal import encode_step
from ocrstate.runs.kept import as_moved
from ocrstate.runs.model import Purged, Purging, RunLog, RunState
from ocrstate.runs.read import closed_runs, held_by, holding_runs, open_runs, read_closed
from ocrstate.text.shell import recover_command
from ocrstate.writer.journals import JournalUnknownError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.runs.read import Held
    from ocrstate.writer.store_writer import StoreWriter

_REMEMBERED = 200
"""Runs that hold nothing are remembered until there are more than this."""


def expired_runs(store: int, moment: str) -> tuple[RunLog, ...]:
    """Return the runs whose time is up and which still keep something; `store` is the store's descriptor."""
    return tuple(log for log in keeping_runs(store) if _is_over(log, moment))


def keeping_runs(store: int) -> tuple[RunLog, ...]:
    """Return the runs that have ended and still keep something, oldest first; a damaged journal is passed over."""
    at_work = open_runs(store)
    logs = []
    for run_id in holding_runs(store):
        if run_id not in at_work:
            with suppress(UnfinishedError):
                logs.append(read_closed(store, run_id))
    return tuple(logs)


def _is_over(log: RunLog, moment: str) -> bool:
    until = log.begun.keep_until if log.begun else None
    return log.state is RunState.FINISHED and until is not None and until <= moment


def purge(writer: StoreWriter, log: RunLog) -> Purge:
    """Delete for good what a run kept; once begun it is finished, by this command or by the next that may.

    Raises:
        StoreError: it cannot be written down, so nothing was deleted.
        UnfinishedError: whether it was written down is not known; nothing was deleted.
    """
    doomed = _doomed(writer, log)
    try:
        writer.journals.reopen(log.run_id, log.intact)
        writer.journals.append(log.run_id, encode_step(Purging(now())))
    except JournalUnknownError as error:
        raise UnfinishedError(
            "needs-recovery",
            f"the disk fails ({cause_of(error.cause)}), and so it is not known whether the run {log.run_id} can still "
            "be restored: nothing was deleted",
            f"look at the disk; then run {recover_command(writer.store.path)}",
        ) from error
    except OSError as error:
        with suppress(OSError, StoreError):  # else recovery closes it
            writer.journals.close(log.run_id)
        raise StoreError(
            "store-not-writable",
            f"that something is to be deleted cannot be written down: {cause_of(error)}",
            "look at the disk and its rights; what was not deleted can still be restored",
        ) from error
    return _delete(writer, log, doomed)


def finish_purge(writer: StoreWriter, log: RunLog) -> Purge:
    """Delete what is left of what a run kept.

    Raises:
        StoreError: what is left cannot be read.
    """
    return _delete(writer, log, _doomed(writer, log))


def _doomed(writer: StoreWriter, log: RunLog) -> tuple[Held, ...]:
    """Return what the run put into its quarantine; whatever else lies there is not ours."""
    return as_moved(log, held_by(writer.descriptor, log.run_id))


def _delete(writer: StoreWriter, log: RunLog, doomed: Sequence[Held]) -> Purge:
    deletion = delete_all(writer, log.run_id, doomed)
    freed = sum(deletion.freed.values())
    writer.models.remove_quarantine(log.run_id)
    if not deletion.stuck:
        with suppress(OSError, StoreError, JournalUnknownError):  # the next run finds nothing left to do, and closes it
            writer.journals.append(log.run_id, encode_step(Purged(now(), freed)))
            writer.journals.close(log.run_id)
    holders = {each: None for who in deletion.held_open.values() for each in who}
    return Purge(
        log.run_id,
        len(deletion.freed),
        freed,
        tuple(deletion.stuck.items()),
        sum(deletion.later.values()),
        tuple(holders),
    )


def purge_expired(writer: StoreWriter) -> tuple[Purge, ...]:
    """Delete what is kept and whose time is up, and forget old runs that hold nothing."""
    purged: list[Purge] = []
    for log in expired_runs(writer.descriptor, now()):
        with suppress(StoreError):  # the next run tries again
            purged.append(purge(writer, log))
    forget_oldest(writer)
    return tuple(purged)


def forget_staged(writer: StoreWriter) -> int:
    """Drop what was fetched and not used, as far as that is possible; return its bytes on disk."""
    before = after = 0
    with suppress(OSError):  # the next run tries again
        before = after = sum(writer.staging.sizes().values())
        writer.staging.forget_all_but(())
        after = sum(writer.staging.sizes().values())
    return before - after


def remembers_too_many(store: int) -> bool:
    """Tell whether there are journals that would be dropped."""
    return len(closed_runs(store)) > _REMEMBERED


def forget_oldest(writer: StoreWriter) -> None:
    """Drop the journals of the oldest runs that hold nothing, beyond those that are remembered, if that is possible."""
    with suppress(StoreError):
        closed = closed_runs(writer.descriptor)
        if len(closed) > _REMEMBERED:
            holding = set(holding_runs(writer.descriptor))
            for run_id in closed[:-_REMEMBERED]:
                if run_id not in holding:
                    writer.journals.forget(run_id)
