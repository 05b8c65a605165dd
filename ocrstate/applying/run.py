"""Carry out a plan as one transaction: all that it shows, or nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ocrstate import __version__
from ocrstate.applying.arrivals import fetch_arrivals, pass_rights_on, unfounded_replacements
from ocrstate.applying.clock import now
from ocrstate.applying.deletion import cause_of, who_has_it
from ocrstate.applying.outcomes import NotDone, finished_result, not_fetched_result, taken_back_result
from ocrstate.applying.proof import prove
from ocrstate.applying.result import HeldOpen, NotProvenError, Purge, Result, RunError, RunStatus
from ocrstate.applying.retention import expired_runs, forget_staged, purge_expired
from ocrstate.applying.session import changing
from ocrstate.applying.stale import stale_differences
from ocrstate.applying.transaction import NotDurableError, NotMovedError, StoppedError, Transaction
from ocrstate.errors import FetchError, Interrupted, OcrstateError, RefusedError
from ocrstate.runs.kept import past_runs
from ocrstate.runs.model import Begun, InQuarantine, InStaging, InStore, ManifestRef, Move, RunKind, mark_of
from ocrstate.runs.read import has_staged
from ocrstate.store.opened import open_store
from ocrstate.store.openers import openers_of
from ocrstate.store.scan import scan
from ocrstate.text.escape import escape
from ocrstate.writer.models import ChangedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocrstate.applying.job import Run
    from ocrstate.applying.result import Recovered
    from ocrstate.fetch.model import Staged
    from ocrstate.planning.model import Plan
    from ocrstate.runs.model import FolderLook, Who
    from ocrstate.signals import Pending
    from ocrstate.store.model import StoreId
    from ocrstate.watch import Watch
    from ocrstate.writer.store_writer import StoreWriter


STAGED_STAYS = "nothing was changed; what has been fetched is kept, and the next apply goes on from there"
"""What state a store is in when a command is interrupted while it fetches."""


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
    """Fetch, replace and remove what the plan says, prove it by listing again, and say what happened.

    Args:
        run: what to do.
        pending: holds signals back; they are let through where nothing has been changed.

    Raises:
        StaleError: the store changed since the plan; nothing was changed.
        RefusedError: the saved plan was applied already; nothing was changed.
        LockedError: another run holds the lock; nothing was changed.
        StoreError: the store cannot be changed; nothing was changed.
        UnfinishedError: an earlier run can be neither finished nor undone.
        Interrupted: a signal asked to end; everything was put back.
    """
    with open_store(run.plan.store.path) as (store, _):
        _refuse_other_store(run.plan, store)
    with changing(run.plan.store.path, run.who, run.lock_timeout, pending, run.watch) as session:
        if session.recovered:
            raise StaleError(run.plan, ("an earlier run had been broken off",), session.recovered)
        with pending.let_through(), run.watch.waiting("Looking at the store again"):
            refuse_used(session.writer.descriptor, run.plan_id)
            _refuse_stale(run, session.writer)
        purged = purge_expired(session.writer)
        try:
            return replace(_carry_out(run, session.writer, pending), purged=purged)
        except Interrupted as interrupted:
            if purged:
                interrupted.state = "what was kept and whose time was up is deleted, and nothing else was changed"
            raise


def _carry_out(run: Run, writer: StoreWriter, pending: Pending) -> Result:
    try:
        with pending.let_through():
            staged = fetch_arrivals(run, writer)
            if staged:  # fetching takes its time, and what was looked at before may have changed
                _refuse_stale(run, writer)
                _refuse_unfounded(run, writer)
                pass_rights_on(run, writer, staged)
    except FetchError as error:
        return not_fetched_result(run, error)
    except Interrupted as interrupted:
        if run.plan.arrivals:
            interrupted.state = STAGED_STAYS
        raise
    result = _Application(run, writer, pending, staged).carry_out()
    if result.status is RunStatus.SUCCESS:
        forget_staged(writer)
    return result


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


def tidy_up(plan: Plan, who: Who, lock_timeout: float, pending: Pending, watch: Watch) -> tuple[Purge, ...]:
    """Do what an apply does that has nothing to do: finish what was broken off, delete what is kept no longer.

    Raises:
        StaleError: runs were finished or taken back, and so the plan is about another store than there is now.
        LockedError: another run holds the lock.
        UnfinishedError: an earlier run can be neither finished nor undone.
    """
    if not plan.unfinished_runs and not _has_leftovers(plan.store, now()):
        return ()
    with changing(plan.store.path, who, lock_timeout, pending, watch) as session:
        if plan.unfinished_runs:
            raise StaleError(plan, ("another run was half-way then",), session.recovered)
        forget_staged(session.writer)
        return purge_expired(session.writer)


def _has_leftovers(store: StoreId, moment: str) -> bool:
    with open_store(store.path) as (_, descriptor):
        return descriptor is not None and (has_staged(descriptor) or bool(expired_runs(descriptor, moment)))


def _refuse_stale(run: Run, writer: StoreWriter) -> None:
    _refuse_other_store(run.plan, writer.store)
    again = run.plan_again(scan(writer.store, writer.descriptor))
    differences = stale_differences(run.plan, again)
    if differences:
        raise StaleError(run.plan, differences)


def _refuse_unfounded(run: Run, writer: StoreWriter) -> None:
    """Read once more, at the last moment, what is to be replaced because of its content."""
    differences = unfounded_replacements(run.plan, writer)
    if differences:
        raise StaleError(run.plan, differences)


def _refuse_other_store(plan: Plan, found: StoreId) -> None:
    if (plan.store.device, plan.store.inode) != (found.device, found.inode):
        raise StaleError(plan, (f"{escape(found.path)}: another folder is there now",))


class _Application:
    """Moves what goes aside and what comes in, lists again, and only then deletes; before, any failure undoes all."""

    def __init__(self, run: Run, writer: StoreWriter, pending: Pending, staged: Mapping[str, Staged]) -> None:
        self._run = run
        self._pending = pending
        self._staged = staged
        try:
            self._transaction = Transaction(writer, _begun(run, writer, staged))
        except OSError as error:
            raise StaleError(run.plan, (f"a sub-folder is gone since the plan: {cause_of(error)}",)) from error

    def carry_out(self) -> Result:
        try:
            after = self._transaction.carry_through(self._pending, self._listed_again)
        except StoppedError as stopped:
            not_done = self._why(stopped.reason)
            return taken_back_result(self._run, not_done, stopped.undoing, self._transaction.moved)
        result = finished_result(self._run, self._transaction.finish(), after, self._staged)
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
        match error.target:
            case InStore():
                told = RunError(
                    "cannot-place",
                    f"{escape(error.name)} was fetched, and cannot be put into the store: {cause}",
                    "mend that (who owns the folder, is something of that name in the way?), and run again",
                )
                return NotDone(RunStatus.FAILED, told, error.name, cause)
            case _:
                holders = self._holders_of(error.name)
                told = RunError(
                    "cannot-remove",
                    f"{escape(error.name)} cannot be moved aside: {cause}{who_has_it(holders)}",
                    "mend that (who owns it, is it immutable, mounted or in use?), "
                    "or match it under `ignore` or `protect`",
                )
                return NotDone(RunStatus.FAILED, told, error.name, cause, holders)

    def _holders_of(self, name: str) -> tuple[HeldOpen, ...]:
        identities = {each.entry.stamp.identity for each in self._run.plan.departures if each.name == name}
        found = openers_of(dict.fromkeys(identities, name.rpartition("/")[2]))
        return tuple(HeldOpen(each.pid, each.command) for who in found.values() for each in who)


def _begun(run: Run, writer: StoreWriter, staged: Mapping[str, Staged]) -> Begun:
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
        moves=_moves(run, staged),
        folders=_looks(plan, writer),
    )


def _moves(run: Run, staged: Mapping[str, Staged]) -> tuple[Move, ...]:
    """First everything that goes, then what comes: it may need the name, and it may need the folder."""
    aside = InQuarantine(run.run_id)
    going = (Move(each.name, InStore(), aside, mark_of(each.entry.stamp)) for each in run.plan.departures)
    coming = (Move(each.name, InStaging(each.key), InStore(), each.mark) for each in staged.values())
    return (*going, *coming)


def _looks(plan: Plan, writer: StoreWriter) -> tuple[FolderLook, ...]:
    """Note the sub-folders that are concerned: those that go when they are empty, and those that have to be made."""
    there = {folder for each in plan.departures if (folder := each.name.rpartition("/")[0])}
    entered = {folder for each in plan.arrivals if (folder := each.name.rpartition("/")[0])} - there
    looks = [writer.models.look_of(folder, goes=folder in plan.emptied) for folder in sorted(there)]
    return (*looks, *(writer.models.look_of_new(folder) for folder in sorted(entered)))
