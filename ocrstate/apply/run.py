"""Carry out a plan as one transaction: all removals, or none."""

from __future__ import annotations

import os
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocrstate.apply.journal import Committed, Deleted, Journal, MovedAside, PutBack
from ocrstate.apply.lock import Holder, locked
from ocrstate.apply.proof import NotProvenError, prove
from ocrstate.apply.remedies import how_to_delete, how_to_put_back
from ocrstate.apply.result import Outcome, OutcomeStatus, Result, RunError, RunStatus
from ocrstate.apply.stale import stale_differences
from ocrstate.apply.store_writer import QUARANTINE, ChangedError, StoreWriter
from ocrstate.errors import OcrstateError, StoreError, UnfinishedError
from ocrstate.plan.changes import Blocked, Change, Drifted, Missing, Remove
from ocrstate.store.opened import open_store
from ocrstate.store.scan import scan
from ocrstate.text.escape import escape
from ocrstate.text.units import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocrstate.plan.model import Plan
    from ocrstate.signals import Pending
    from ocrstate.store.model import Scan, StoreId


@dataclass(frozen=True, slots=True)
class Run:
    """One apply.

    Attributes:
        list_again: takes a new inventory, by a new engine process, and plans again.
        lock_timeout: seconds to wait for another run to end.
    """

    run_id: str
    plan: Plan
    list_again: Callable[[], Plan]
    holder: Holder
    lock_timeout: float


class StaleError(Exception):
    """The store is not what the plan saw.

    Attributes:
        plan: the plan.
        differences: what changed, a line each.
    """

    def __init__(self, plan: Plan, differences: tuple[str, ...]) -> None:
        super().__init__(*differences)
        self.plan = plan
        self.differences = differences


def carry_out(run: Run, pending: Pending) -> Result:
    """Remove what the plan removes, prove it by listing again, and say what happened.

    Args:
        run: what to do.
        pending: holds signals back; they are let through where nothing has been changed.

    Raises:
        StaleError: the store changed since the plan; nothing was changed.
        LockedError: another run holds the lock; nothing was changed.
        StoreError: the store cannot be changed; nothing was changed.
        Interrupted: a signal asked to end; everything was put back.
    """
    if os.rename not in os.supports_dir_fd:
        raise StoreError(
            "platform-not-supported",
            "apply cannot change a store safely on this system: it has no operations relative to a folder's descriptor",
            "plan, check and validate work here; run apply on Linux or macOS (docs/platforms.md)",
        )
    with open_store(run.plan.store.path) as (store, descriptor), ExitStack() as held:
        if descriptor is None or _is_other(store, run.plan.store):
            raise StaleError(run.plan, (f"{escape(store.path)}: another folder is there now",))
        writer = StoreWriter(store, descriptor)
        with pending.let_through():
            held.enter_context(locked(writer, run.holder, run.lock_timeout))
            _refuse_stale(run.plan, scan(store, descriptor))
        return _Transaction(run, writer, pending).carry_out()


def outwait_unfinished_runs(plan: Plan, holder: Holder, lock_timeout: float) -> None:
    """Let another run end that is half-way, where the plan saw one: what it shows may be that run's doing.

    Raises:
        StaleError: a run was half-way, and has ended.
        LockedError: it does not end in time.
    """
    if not plan.unfinished_runs:
        return
    with open_store(plan.store.path) as (store, descriptor), ExitStack() as held:
        if descriptor is not None:
            with suppress(StoreError):  # where nothing can be written, no run is under way
                held.enter_context(locked(StoreWriter(store, descriptor), holder, lock_timeout))
            if scan(store, descriptor).unfinished_runs != plan.unfinished_runs:
                raise StaleError(plan, ("another run was half-way then, and has ended",))


def _refuse_stale(plan: Plan, now: Scan) -> None:
    differences = stale_differences(plan, now)
    if differences:
        raise StaleError(plan, differences)


def _is_other(store: StoreId, planned: StoreId) -> bool:
    return (store.device, store.inode) != (planned.device, planned.inode)


class _Transaction:
    """Moves every removal aside, lists again, and only then deletes; before that, any failure puts all back."""

    def __init__(self, run: Run, writer: StoreWriter, pending: Pending) -> None:
        self._run = run
        self._writer = writer
        self._pending = pending
        self._journal = Journal()

    def carry_out(self) -> Result:
        self._writer.make_private_folder(QUARANTINE, self._run.run_id)
        try:
            self._move_all_aside()
        except ChangedError as error:
            return self._taken_back(_changed(error), RunStatus.REFUSED)
        except OSError as error:
            return self._taken_back(self._not_movable(error), RunStatus.FAILED, _cause(error))
        except BaseException as error:
            self._put_all_back_or_tell(error)
            raise
        return self._proven_or_taken_back()

    def _proven_or_taken_back(self) -> Result:
        try:
            with self._pending.let_through():
                after = self._run.list_again()
            prove(self._run.plan, after)
        except NotProvenError as error:
            return self._taken_back(error.error, RunStatus.FAILED)
        except OcrstateError as error:
            return self._taken_back(_not_listed_again(error), RunStatus.FAILED)
        except BaseException as error:
            self._put_all_back_or_tell(error)
            raise
        self._journal.record(Committed())
        return replace(self._finished(after), interrupted_by=self._pending.number)

    def _move_all_aside(self) -> None:
        for removal in self._run.plan.removals:
            self._pending.check()
            self._writer.move_aside(removal.name, removal.entry.stamp, self._run.run_id)
            self._journal.record(MovedAside(removal.name))
            # between the look and the rename another file may have taken the name
            self._writer.check_aside(removal.name, removal.entry.stamp, self._run.run_id)

    def _finished(self, after: Plan) -> Result:
        outcomes = tuple(self._delete(removal) for removal in self._run.plan.removals)
        folders = tuple(folder for folder in self._run.plan.emptied if self._writer.remove_if_empty(folder))
        self._writer.remove_quarantine(self._run.run_id)
        stuck = [outcome for outcome in outcomes if outcome.status is OutcomeStatus.IN_QUARANTINE]
        remaining = remaining_changes(after)
        return Result(
            run_id=self._run.run_id,
            status=RunStatus.NEEDS_RECOVERY if stuck else RunStatus.SUCCESS,
            store_path=self._run.plan.store.path,
            outcomes=outcomes,
            removed_folders=folders,
            in_sync=after.in_sync,
            remaining=remaining,
            allowed=were_there_before(remaining, self._run.plan),
            error=self._stuck_in_quarantine(len(stuck)) if stuck else None,
        )

    def _delete(self, removal: Remove) -> Outcome:
        try:
            freed = self._writer.delete(removal.name, self._run.run_id)
        except OSError as error:
            return Outcome(removal.name, OutcomeStatus.IN_QUARANTINE, cause=_cause(error))
        self._journal.record(Deleted(removal.name))
        return Outcome(removal.name, OutcomeStatus.REMOVED, freed)

    def _taken_back(self, error: RunError, status: RunStatus, cause: str = "") -> Result:
        """Put everything back; ``cause`` is why the first model that was not moved could not be."""
        culprit = self._next_to_move() if cause else None
        failed = self._put_all_back()
        outcomes = tuple(
            Outcome(removal.name, OutcomeStatus.FAILED, cause=cause)
            if removal.name == culprit
            else self._outcome_of(removal, failed)
            for removal in self._run.plan.removals
        )
        return Result(
            run_id=self._run.run_id,
            status=RunStatus.NEEDS_RECOVERY if failed else status,
            store_path=self._run.plan.store.path,
            outcomes=outcomes,
            remaining=remaining_changes(self._run.plan),
            error=self._not_put_back(error, tuple(failed)) if failed else _with_nothing_removed(error),
        )

    def _put_all_back(self) -> dict[str, str]:
        """Put back what was moved aside, last first, and return what could not be, with the cause."""
        failed: dict[str, str] = {}
        for name in reversed(self._journal.in_quarantine()):
            try:
                self._writer.put_back(name, self._run.run_id)
                self._journal.record(PutBack(name))
            except OSError as error:
                failed[name] = _cause(error)
        self._writer.remove_quarantine(self._run.run_id)
        return failed

    def _put_all_back_or_tell(self, error: BaseException) -> None:
        failed = self._put_all_back()
        if failed:
            told = self._not_put_back(RunError("", "the run was broken off", ""), tuple(failed))
            raise UnfinishedError(told.code, told.message, told.hint) from error

    def _outcome_of(self, removal: Remove, failed: dict[str, str]) -> Outcome:
        name = removal.name
        if name in failed:
            return Outcome(name, OutcomeStatus.IN_QUARANTINE, cause=failed[name])
        moved = name in self._journal.moved()
        return Outcome(name, OutcomeStatus.ROLLED_BACK if moved else OutcomeStatus.NOT_STARTED)

    def _next_to_move(self) -> str:
        moved = self._journal.moved()
        return next((removal.name for removal in self._run.plan.removals if removal.name not in moved), "")

    def _quarantine(self) -> str:
        return self._writer.private_path(QUARANTINE, self._run.run_id)

    def _not_movable(self, error: OSError) -> RunError:
        return RunError(
            "cannot-remove",
            f"{escape(self._next_to_move())} cannot be moved aside: {_cause(error)}",
            "mend that (who owns it, is it immutable or mounted?), or match it under `ignore` or `protect`",
        )

    def _not_put_back(self, error: RunError, names: tuple[str, ...]) -> RunError:
        return RunError(
            "needs-recovery",
            f"{error.message}; and {counted(len(names), 'model')} that had been moved aside could not be put back: "
            f"nothing is lost, all of it waits in {escape(self._quarantine())}",
            how_to_put_back(names, self._quarantine(), self._run.plan.store.real_path),
        )

    def _stuck_in_quarantine(self, count: int) -> RunError:
        return RunError(
            "needs-recovery",
            f"{counted(count, 'removed model')} could not be deleted and still takes up space in "
            f"{escape(self._quarantine())}",
            how_to_delete(self._quarantine()),
        )


def remaining_changes(plan: Plan) -> tuple[Change, ...]:
    """Return what still keeps the store from matching."""
    return tuple(change for change in plan.changes if isinstance(change, Remove | Missing | Drifted | Blocked))


def were_there_before(remaining: tuple[Change, ...], before: Plan) -> bool:
    """Tell whether all that remains are missing or drifted models that the run was allowed to go on with."""
    known = {(type(change), change.name) for change in before.changes if isinstance(change, Missing | Drifted)}
    return all((type(change), change.name) in known for change in remaining)


def _cause(error: OSError) -> str:
    return error.strerror or str(error)


def _changed(error: ChangedError) -> RunError:
    what = "gone since the plan" if error.now is None else "changed since the plan"
    return RunError("plan-stale", f"{escape(error.name)}: {what}", "run plan again, and apply what it shows")


def _with_nothing_removed(error: RunError) -> RunError:
    return replace(error, message=f"{error.message}; nothing was removed, and what had been moved aside is back")


def _not_listed_again(error: OcrstateError) -> RunError:
    return RunError(error.code, f"the store could not be listed again: {error.message}", error.hint)
