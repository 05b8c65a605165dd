"""The wording of runs that are at work or were broken off, the same in text and JSON. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.names import QUARANTINE_FOLDER
from ocrstate.runs.model import RunKind, RunState

if TYPE_CHECKING:
    from ocrstate.runs.model import UnfinishedRun


def unfinished_words(run: UnfinishedRun) -> str:
    """Say what state a run is in, and what becomes of it."""
    begun = run.begun
    if run.state is None:
        return (
            f"the journal of the run {run.run_id} cannot be relied on, and {_waiting(run)} in "
            f"{QUARANTINE_FOLDER}/{run.run_id}: apply refuses to go on; ocrstate recover says why, and what to do"
        )
    started = f"the run {run.run_id} (ocrstate {begun.kind.value})" if begun else f"the run {run.run_id}"
    if run.at_work:
        return f"{started} is at work on this store: what is shown here may be half of what it does"
    if run.at_work is None:
        return f"{started} is at work, or was broken off: {_recovery_words(run)}"
    return f"a recovery is pending, because {started} was broken off: {_recovery_words(run)}"


def _recovery_words(run: UnfinishedRun) -> str:
    who = "the next apply, or ocrstate recover,"
    match run.state:
        case RunState.MOVING if run.begun is not None and run.begun.kind is RunKind.RESTORE:
            return f"{who} takes it back, so that the store is as it was before"
        case RunState.MOVING:
            return f"{who} takes it back; {_waiting(run)} in quarantine"
        case RunState.COMMITTED if run.waiting and run.begun is not None and run.begun.keep_until is not None:
            return f"{who} finishes it; {_waiting(run)} in quarantine, to be kept"
        case RunState.COMMITTED | RunState.PURGING if run.waiting:
            return f"{who} finishes it; {_waiting(run)} in quarantine to be deleted"
        case _:
            return f"{who} tidies up; there is nothing to put back"


def _waiting(run: UnfinishedRun) -> str:
    match run.waiting:
        case 0:
            return "no model waits"
        case 1:
            return "1 model waits"
        case number:
            return f"{number:,} models wait"
