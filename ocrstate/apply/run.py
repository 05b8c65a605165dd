"""Carry out a plan as one transaction: all removals, or none."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocrstate.apply.journal import Committed, Deleted, Journal, MovedAside, PutBack
from ocrstate.apply.lock import Holder, locked
from ocrstate.apply.result import Outcome, OutcomeStatus, Result, RunError, RunStatus
from ocrstate.apply.signals import Pending, held_back
from ocrstate.apply.stale import stale_differences
from ocrstate.apply.store_writer import QUARANTINE, ChangedError, StoreWriter
from ocrstate.errors import OcrstateError, StoreError, UnfinishedError
from ocrstate.plan.changes import Blocked, Change, Drifted, Keep, Missing, Remove
from ocrstate.render.escape import escape
from ocrstate.store.opened import open_store
from ocrstate.store.scan import scan

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocrstate.inventory.model import StoreId
    from ocrstate.plan.model import Plan


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


class _NotMatchingError(Exception):
    """Listed again, the store lacks models that were there before the run."""


def carry_out(run: Run) -> Result:
    """Remove what the plan removes, prove it by listing again, and say what happened.

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
    with open_store(run.plan.store.path) as (store, descriptor):
        if descriptor is None or _is_other(store, run.plan.store):
            raise StaleError(run.plan, (f"{escape(store.path)}: another folder is there now",))
        writer = StoreWriter(store, descriptor)
        with locked(writer, run.holder, run.lock_timeout):
            differences = stale_differences(run.plan, scan(store, descriptor))
            if differences:
                raise StaleError(run.plan, differences)
            return _Transaction(run, writer).carry_out()


def _is_other(store: StoreId, planned: StoreId) -> bool:
    return (store.device, store.inode) != (planned.device, planned.inode)


class _Transaction:
    """Moves every removal aside, lists again, and only then deletes; before that, any failure puts all back."""

    def __init__(self, run: Run, writer: StoreWriter) -> None:
        self._run = run
        self._writer = writer
        self._journal = Journal()

    def carry_out(self) -> Result:
        self._writer.make_private_folder(QUARANTINE, self._run.run_id)
        with held_back() as pending:
            try:
                self._move_all_aside(pending)
                with pending.let_through():
                    after = self._run.list_again()
                self._prove(after)
            except ChangedError as error:
                return self._taken_back(_changed(error), RunStatus.REFUSED)
            except OSError as error:
                return self._taken_back(self._not_movable(error), RunStatus.FAILED, _cause(error))
            except (_NotMatchingError, OcrstateError) as error:
                return self._taken_back(_not_proven(error), RunStatus.FAILED)
            except BaseException as error:
                self._put_all_back_or_tell(error)
                raise
            self._journal.record(Committed())
            return replace(self._finished(after), interrupted_by=pending.number)

    def _move_all_aside(self, pending: Pending) -> None:
        for removal in self._run.plan.removals:
            pending.check()
            self._writer.move_aside(removal.name, removal.entry.stamp, self._run.run_id)
            self._journal.record(MovedAside(removal.name))

    def _prove(self, after: Plan) -> None:
        """Check that every listed model is as it was before anything is deleted for good."""
        kept = {change.name for change in after.changes if isinstance(change, Keep)}
        lost = [
            change.name for change in self._run.plan.changes if isinstance(change, Keep) and change.name not in kept
        ]
        if lost:
            raise _NotMatchingError(", ".join(map(escape, lost[:3])))

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
            error=self._not_put_back(error, len(failed)) if failed else error,
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
            told = self._not_put_back(RunError("", "the run was interrupted", ""), len(failed))
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
        return escape(self._writer.private_path(QUARANTINE, self._run.run_id))

    def _not_movable(self, error: OSError) -> RunError:
        return RunError(
            "cannot-remove",
            f"{escape(self._next_to_move())} cannot be moved aside: {_cause(error)}; all models are where they were",
            "mend that (who owns it, is it immutable or mounted?), or match it under `ignore` or `protect`",
        )

    def _not_put_back(self, error: RunError, count: int) -> RunError:
        return RunError(
            "needs-recovery",
            f"{error.message.removesuffix('; all models are where they were')}; "
            f"{count} models could not be put back and wait in {self._quarantine()}",
            "move them from there to where they belong: they lie there under their own names",
        )

    def _stuck_in_quarantine(self, count: int) -> RunError:
        return RunError(
            "needs-recovery",
            f"{count} removed models could not be deleted and take up space in {self._quarantine()}",
            f"delete them: rm -r {self._quarantine()}",
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
    return RunError(
        "plan-stale",
        f"{escape(error.name)}: {what}; all models are where they were",
        "run plan again, and apply what it shows",
    )


def _not_proven(error: _NotMatchingError | OcrstateError) -> RunError:
    if isinstance(error, OcrstateError):
        return RunError(
            error.code,
            f"the store could not be listed again, so the models that were moved aside were put back: {error.message}",
            error.hint,
        )
    return RunError(
        "listed-models-lost",
        f"listed again, the store lacks {error}, which the manifest lists; the removals were taken back",
        "find out what else changes this store; then run plan again",
    )
