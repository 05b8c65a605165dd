"""Say what became of an apply, from what was observed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocrstate.applying.result import Action, HeldOpen, Outcome, OutcomeStatus, Result, RunError, RunStatus
from ocrstate.applying.stale import new_since
from ocrstate.applying.transaction import not_put_back
from ocrstate.errors import assert_never
from ocrstate.planning.changes import Acting, Blocked, Change, Drifted, Fetch, Missing, Remove, Replace, entry_size
from ocrstate.text.escape import escape
from ocrstate.text.shell import recover_command
from ocrstate.text.units import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ocrstate.applying.deletion import Deletion
    from ocrstate.applying.job import Run
    from ocrstate.applying.transaction import Finishing, Undoing
    from ocrstate.errors import FetchError
    from ocrstate.fetch.model import Staged
    from ocrstate.planning.model import Plan


@dataclass(frozen=True, slots=True)
class NotDone:
    """Why a run is taken back.

    Attributes:
        culprit: the model that could not be moved.
        cause: why not.
        held_open: who has it open.
    """

    status: RunStatus
    error: RunError
    culprit: str = ""
    cause: str = ""
    held_open: tuple[HeldOpen, ...] = ()


def finished_result(run: Run, finishing: Finishing, after: Plan, staged: Mapping[str, Staged]) -> Result:
    """Describe a run that was committed."""
    remaining = remaining_changes(after)
    new = new_since(run.plan, after)
    stuck = finishing.deletion.stuck
    return Result(
        run_id=run.run_id,
        status=RunStatus.NEEDS_RECOVERY if stuck else RunStatus.SUCCESS,
        store_path=run.plan.store.path,
        outcomes=tuple(_finished(change, run, finishing.deletion, staged) for change in run.plan.acting),
        removed_folders=tuple(finishing.folders),
        in_sync=after.summary.in_sync,  # after all, this very run is not finished yet
        remaining=remaining,
        allowed=were_there_before(_without(new, remaining, run), run.plan),
        new_since=new,
        keep_until=run.keep_until if run.plan.departures else None,
        error=_stuck_in_quarantine(stuck, run.plan.store.path) if stuck else None,
        warnings=run.plan.inventory_warnings,
    )


def _finished(change: Acting, run: Run, deletion: Deletion, staged: Mapping[str, Staged]) -> Outcome:
    match change:
        case Fetch():
            return _arrived(outcome_of(change, OutcomeStatus.FETCHED), staged)
        case Replace():
            return _arrived(_gone(outcome_of(change, OutcomeStatus.REPLACED), change, run, deletion), staged)
        case Remove():
            return _gone(outcome_of(change, OutcomeStatus.REMOVED), change, run, deletion)
        case _:
            assert_never(change)


def _arrived(outcome: Outcome, staged: Mapping[str, Staged]) -> Outcome:
    here = staged[outcome.name]
    return replace(outcome, size=here.size, fetched=here.size, transferred=here.transferred)


def _gone(outcome: Outcome, change: Remove | Replace, run: Run, deletion: Deletion) -> Outcome:
    """Say what became of a model that made way."""
    name = change.name
    if name in deletion.stuck:
        return replace(outcome, status=OutcomeStatus.IN_QUARANTINE, cause=deletion.stuck[name])
    if run.keep_until is not None:
        return replace(outcome, kept=change.freed)
    return replace(
        outcome,
        freed=deletion.freed.get(name, 0),
        freed_later=deletion.later.get(name, 0),
        held_open=deletion.held_open.get(name, ()),
    )


def not_fetched_result(run: Run, error: FetchError) -> Result:
    """Describe a run that ended before it touched anything, because a model could not be had."""
    outcomes = (
        replace(outcome_of(change, OutcomeStatus.FAILED), cause=error.message)
        if change.name == error.model
        else outcome_of(change, OutcomeStatus.NOT_STARTED)
        for change in run.plan.acting
    )
    return Result(
        run_id=run.run_id,
        status=RunStatus.FAILED,
        store_path=run.plan.store.path,
        outcomes=tuple(outcomes),
        remaining=remaining_changes(run.plan),
        error=RunError(error.code, f"{error.message}; nothing was removed, and the store is as it was", error.hint),
        warnings=run.plan.inventory_warnings,
    )


def outcome_of(change: Acting, status: OutcomeStatus) -> Outcome:
    """Say what became of a change, and what the plan knew of it."""
    match change:
        case Remove(name, entry):
            return Outcome(name, status, action=Action.REMOVE, size=entry_size(entry))
        case Fetch(name):
            return Outcome(name, status, action=Action.FETCH, size=change.size_to_come)
        case Replace(name, differences=differences):
            size = change.size_to_come
            return Outcome(name, status, action=Action.REPLACE, size=size, differences=differences)
        case _:
            assert_never(change)


def taken_back_result(run: Run, not_done: NotDone, undoing: Undoing, moved: Collection[str]) -> Result:
    """Describe a run that was taken back, as far as that was possible."""
    return Result(
        run_id=run.run_id,
        status=RunStatus.NEEDS_RECOVERY if undoing.stuck else not_done.status,
        store_path=run.plan.store.path,
        outcomes=tuple(_taken_back(change, not_done, undoing, moved) for change in run.plan.acting),
        remaining=remaining_changes(run.plan),
        error=not_put_back(not_done.error.message, undoing, run.plan.store.path)
        if undoing.stuck
        else _with_nothing_changed(not_done.error, [name for name in undoing.gone if name in moved]),
        warnings=run.plan.inventory_warnings,
    )


def _taken_back(change: Acting, not_done: NotDone, undoing: Undoing, moved: Collection[str]) -> Outcome:
    name = change.name
    if name in undoing.stuck:
        return replace(outcome_of(change, OutcomeStatus.IN_QUARANTINE), cause=undoing.stuck[name])
    if name == not_done.culprit:
        failed = outcome_of(change, OutcomeStatus.FAILED)
        return replace(failed, cause=not_done.cause, held_open=not_done.held_open)
    return outcome_of(change, OutcomeStatus.ROLLED_BACK if name in moved else OutcomeStatus.NOT_STARTED)


def _without(new: tuple[str, ...], remaining: tuple[Change, ...], run: Run) -> tuple[Change, ...]:
    """Leave out what appeared after a plan was saved: to carry out the plan is all that was asked for then."""
    return remaining if run.plan_id is None else tuple(change for change in remaining if change.name not in new)


def remaining_changes(plan: Plan) -> tuple[Change, ...]:
    """Return what still keeps the store from matching."""
    return tuple(
        change for change in plan.changes if isinstance(change, Remove | Fetch | Replace | Missing | Drifted | Blocked)
    )


def were_there_before(remaining: tuple[Change, ...], before: Plan) -> bool:
    """Tell whether all that remains are missing or drifted models that the run was allowed to go on with."""
    missing, drifted = ({each.name for each in before.changes if isinstance(each, kind)} for kind in (Missing, Drifted))
    return all(
        change.name in (missing if isinstance(change, Missing | Fetch) else drifted)
        and isinstance(change, Missing | Fetch | Drifted)
        for change in remaining
    )


def _with_nothing_changed(error: RunError, gone: Sequence[str]) -> RunError:
    but = f", but for {', '.join(map(escape, gone))}: something else took it from quarantine" if gone else ""
    return replace(error, message=f"{error.message}; nothing was removed, and what had been moved aside is back{but}")


def _stuck_in_quarantine(stuck: Mapping[str, str], store_path: str) -> RunError:
    name, cause = next(iter(stuck.items()))
    return RunError(
        "needs-recovery",
        f"{counted(len(stuck), 'removed model')} could not be deleted ({escape(name)}: {cause}) and still takes up "
        "space in quarantine",
        f"mend the cause; then delete what is left: {recover_command(store_path)}",
    )
