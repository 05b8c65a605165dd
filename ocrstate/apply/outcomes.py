"""Say what became of an apply, from what was observed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocrstate.apply.result import HeldOpen, Outcome, OutcomeStatus, Result, RunError, RunStatus
from ocrstate.apply.stale import new_since
from ocrstate.apply.transaction import not_put_back
from ocrstate.plan.changes import Blocked, Change, Drifted, Missing, Remove
from ocrstate.text.escape import escape
from ocrstate.text.shell import recover_command
from ocrstate.text.units import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ocrstate.apply.deletion import Deletion
    from ocrstate.apply.job import Run
    from ocrstate.apply.transaction import Finishing, Undoing
    from ocrstate.plan.model import Plan


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


def finished_result(run: Run, finishing: Finishing, after: Plan) -> Result:
    """Describe a run that was committed."""
    remaining = remaining_changes(after)
    new = new_since(run.plan, after)
    stuck = finishing.deletion.stuck
    return Result(
        run_id=run.run_id,
        status=RunStatus.NEEDS_RECOVERY if stuck else RunStatus.SUCCESS,
        store_path=run.plan.store.path,
        outcomes=tuple(_finished(removal, run, finishing.deletion) for removal in run.plan.removals),
        removed_folders=tuple(finishing.folders),
        in_sync=after.summary.in_sync,  # after all, this very run is not finished yet
        remaining=remaining,
        allowed=were_there_before(_without(new, remaining, run), run.plan),
        new_since=new,
        keep_until=run.keep_until,
        error=_stuck_in_quarantine(stuck, run.plan.store.path) if stuck else None,
    )


def _finished(removal: Remove, run: Run, deletion: Deletion) -> Outcome:
    name = removal.name
    if name in deletion.stuck:
        return Outcome(name, OutcomeStatus.IN_QUARANTINE, cause=deletion.stuck[name])
    if run.keep_until is not None:
        return Outcome(name, OutcomeStatus.REMOVED, kept=removal.freed)
    return Outcome(
        name,
        OutcomeStatus.REMOVED,
        deletion.freed.get(name, 0),
        freed_later=deletion.later.get(name, 0),
        held_open=deletion.held_open.get(name, ()),
    )


def taken_back_result(run: Run, not_done: NotDone, undoing: Undoing, moved: Collection[str]) -> Result:
    """Describe a run that was taken back, as far as that was possible."""
    return Result(
        run_id=run.run_id,
        status=RunStatus.NEEDS_RECOVERY if undoing.stuck else not_done.status,
        store_path=run.plan.store.path,
        outcomes=tuple(_taken_back(removal.name, not_done, undoing, moved) for removal in run.plan.removals),
        remaining=remaining_changes(run.plan),
        error=not_put_back(not_done.error.message, undoing, run.plan.store.path)
        if undoing.stuck
        else _with_nothing_removed(not_done.error, [name for name in undoing.gone if name in moved]),
    )


def _taken_back(name: str, not_done: NotDone, undoing: Undoing, moved: Collection[str]) -> Outcome:
    if name in undoing.stuck:
        return Outcome(name, OutcomeStatus.IN_QUARANTINE, cause=undoing.stuck[name])
    if name == not_done.culprit:
        return Outcome(name, OutcomeStatus.FAILED, cause=not_done.cause, held_open=not_done.held_open)
    return Outcome(name, OutcomeStatus.ROLLED_BACK if name in moved else OutcomeStatus.NOT_STARTED)


def _without(new: tuple[str, ...], remaining: tuple[Change, ...], run: Run) -> tuple[Change, ...]:
    """Leave out what appeared after a plan was saved: to carry out the plan is all that was asked for then."""
    return remaining if run.plan_id is None else tuple(change for change in remaining if change.name not in new)


def remaining_changes(plan: Plan) -> tuple[Change, ...]:
    """Return what still keeps the store from matching."""
    return tuple(change for change in plan.changes if isinstance(change, Remove | Missing | Drifted | Blocked))


def were_there_before(remaining: tuple[Change, ...], before: Plan) -> bool:
    """Tell whether all that remains are missing or drifted models that the run was allowed to go on with."""
    known = {(type(change), change.name) for change in before.changes if isinstance(change, Missing | Drifted)}
    return all((type(change), change.name) in known for change in remaining)


def _with_nothing_removed(error: RunError, gone: Sequence[str]) -> RunError:
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
