"""Carry out a plan as one transaction: all removals, or none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ocrstate import __version__
from ocrstate.apply.deletion import cause_of, who_has_it
from ocrstate.apply.outcomes import NotDone, finished_result, taken_back_result
from ocrstate.apply.proof import prove
from ocrstate.apply.result import HeldOpen, NotProvenError, Purge, Result, RunError, RunStatus
from ocrstate.apply.retention import expired_runs, purge_expired
from ocrstate.apply.session import changing
from ocrstate.apply.stale import stale_differences
from ocrstate.apply.transaction import NotDurableError, NotMovedError, StoppedError, Transaction
from ocrstate.errors import Interrupted, OcrstateError, RefusedError
from ocrstate.runs.kept import past_runs
from ocrstate.runs.model import Begun, InQuarantine, InStore, ManifestRef, Move, RunKind, mark_of
from ocrstate.store.opened import open_store
from ocrstate.store.openers import openers_of
from ocrstate.store.scan import scan
from ocrstate.text.escape import escape
from ocrstate.writer.models import ChangedError

if TYPE_CHECKING:
    from ocrstate.apply.job import Run
    from ocrstate.apply.result import Recovered
    from ocrstate.plan.changes import Remove
    from ocrstate.plan.model import Plan
    from ocrstate.runs.model import FolderLook, Who
    from ocrstate.signals import Pending
    from ocrstate.store.model import StoreId
    from ocrstate.writer.store_writer import StoreWriter


class StaleError(Exception):
    """The store is not what the plan saw.

    Attributes:
        plan: the plan.
        differences: what changed, a line each.
        recovered: runs that were finished or taken back, and so changed it.
    """

    def __init__(self, plan: Plan, differences: tuple[str, ...], recovered: tuple[Recovered, ...] = ()) -> None:
        super().__init__(*differences)
        self.plan = plan
        self.differences = differences
        self.recovered = recovered


def carry_out(run: Run, pending: Pending) -> Result:
    """Remove what the plan removes, prove it by listing again, and say what happened.

    Args:
        run: what to do.
        pending: holds signals back; they are let through where nothing has been changed.

    Raises:
        StaleError: the store changed since the plan; nothing was removed.
        RefusedError: the saved plan was applied already; nothing was changed.
        LockedError: another run holds the lock; nothing was changed.
        StoreError: the store cannot be changed; nothing was changed.
        UnfinishedError: an earlier run can be neither finished nor undone.
        Interrupted: a signal asked to end; everything was put back.
    """
    with open_store(run.plan.store.path) as (store, _):
        _refuse_other_store(run.plan, store)
    with changing(run.plan.store.path, run.who, run.lock_timeout, pending) as session:
        if session.recovered:
            raise StaleError(run.plan, ("an earlier run had been broken off",), session.recovered)
        with pending.let_through():
            refuse_used(session.writer.descriptor, run.plan_id)
            _refuse_stale(run, session.writer)
        purged = purge_expired(session.writer)
        try:
            return replace(_Application(run, session.writer, pending).carry_out(), purged=purged)
        except Interrupted as interrupted:
            if purged:
                interrupted.state = "what was kept and whose time was up is deleted, and nothing else was changed"
            raise


def refuse_used(store: int, plan_id: str | None) -> None:
    """Refuse a saved plan that a run has carried out.

    Raises:
        RefusedError: one has.
    """
    if plan_id is None:
        return
    for run in past_runs(store):
        begun = run.log.begun
        if begun is not None and begun.plan_id == plan_id and run.log.is_committed:
            raise RefusedError(
                "plan-used",
                f"the saved plan was applied already, by the run {begun.run_id}, started {begun.who.started}",
                "nothing was changed; plan again, and apply what that shows",
            )


def tidy_up(plan: Plan, who: Who, lock_timeout: float, pending: Pending, moment: str) -> tuple[Purge, ...]:
    """Do what an apply does that has nothing to remove: finish what was broken off, delete what is kept no longer.

    Raises:
        StaleError: runs were finished or taken back, and so the plan is about another store than there is now.
        LockedError: another run holds the lock.
        UnfinishedError: an earlier run can be neither finished nor undone.
    """
    if not plan.unfinished_runs and not _has_expired(plan.store, moment):
        return ()
    with changing(plan.store.path, who, lock_timeout, pending) as session:
        if plan.unfinished_runs:
            raise StaleError(plan, ("another run was half-way then",), session.recovered)
        return purge_expired(session.writer)


def _has_expired(store: StoreId, moment: str) -> bool:
    with open_store(store.path) as (_, descriptor):
        return descriptor is not None and bool(expired_runs(descriptor, moment))


def _refuse_stale(run: Run, writer: StoreWriter) -> None:
    _refuse_other_store(run.plan, writer.store)
    differences = stale_differences(run.plan, run.plan_again(scan(writer.store, writer.descriptor)))
    if differences:
        raise StaleError(run.plan, differences)


def _refuse_other_store(plan: Plan, found: StoreId) -> None:
    if (plan.store.device, plan.store.inode) != (found.device, found.inode):
        raise StaleError(plan, (f"{escape(found.path)}: another folder is there now",))


class _Application:
    """Moves every removal aside, lists again, and only then deletes; before that, any failure puts all back."""

    def __init__(self, run: Run, writer: StoreWriter, pending: Pending) -> None:
        self._run = run
        self._pending = pending
        try:
            self._transaction = Transaction(writer, _begun(run, writer))
        except OSError as error:
            raise StaleError(run.plan, (f"a sub-folder is gone since the plan: {cause_of(error)}",)) from error

    def carry_out(self) -> Result:
        try:
            after = self._transaction.carry_through(self._pending, self._listed_again)
        except StoppedError as stopped:
            not_done = self._why(stopped.reason)
            return taken_back_result(self._run, not_done, stopped.undoing, self._transaction.moved)
        result = finished_result(self._run, self._transaction.finish(), after)
        return replace(result, interrupted_by=self._pending.number)

    def _listed_again(self) -> Plan:
        after = self._run.list_again(self._transaction.settle)
        prove(self._run.plan, after)
        return after

    def _why(self, error: Exception) -> NotDone:
        match error:
            case ChangedError():
                what = "gone since the plan" if error.now is None else "changed since the plan"
                told = RunError(
                    "plan-stale", f"{escape(error.name)}: {what}", "run plan again, and apply what it shows"
                )
                return NotDone(RunStatus.REFUSED, told)
            case NotMovedError():
                return self._not_movable(error)
            case NotDurableError():
                told = RunError(
                    "journal-failed",
                    f"what was done could not be written to disk: {cause_of(error.cause)}",
                    "look at the disk, its free space and the system's log; then run again",
                )
                return NotDone(RunStatus.FAILED, told)
            case NotProvenError():
                return NotDone(RunStatus.FAILED, error.error)
            case OcrstateError():
                message = f"the store could not be listed again: {error.message}"
                return NotDone(RunStatus.FAILED, RunError(error.code, message, error.hint))
            case _:
                raise error

    def _not_movable(self, error: NotMovedError) -> NotDone:
        cause = cause_of(error.cause)
        holders = self._holders_of(error.name)
        told = RunError(
            "cannot-remove",
            f"{escape(error.name)} cannot be moved aside: {cause}{who_has_it(holders)}",
            "mend that (who owns it, is it immutable, mounted or in use?), or match it under `ignore` or `protect`",
        )
        return NotDone(RunStatus.FAILED, told, error.name, cause, holders)

    def _holders_of(self, name: str) -> tuple[HeldOpen, ...]:
        identities = {each.entry.stamp.identity for each in self._run.plan.removals if each.name == name}
        found = openers_of(dict.fromkeys(identities, name.rpartition("/")[2]))
        return tuple(HeldOpen(each.pid, each.command) for who in found.values() for each in who)


def _begun(run: Run, writer: StoreWriter) -> Begun:
    aside = InQuarantine(run.run_id)
    plan = run.plan
    return Begun(
        run_id=run.run_id,
        kind=RunKind.APPLY,
        version=__version__,
        who=run.who,
        manifest=ManifestRef(plan.manifest_path, plan.manifest_sha256),
        plan_id=run.plan_id,
        restores=None,
        keep_until=run.keep_until,
        moves=tuple(Move(each.name, InStore(), aside, mark_of(each.entry.stamp)) for each in plan.removals),
        folders=_looks(plan.removals, plan.emptied, writer),
    )


def _looks(removals: tuple[Remove, ...], emptied: tuple[str, ...], writer: StoreWriter) -> tuple[FolderLook, ...]:
    folders = sorted({folder for each in removals if (folder := each.name.rpartition("/")[0])})
    return tuple(writer.models.look_of(folder, goes=folder in emptied) for folder in folders)
