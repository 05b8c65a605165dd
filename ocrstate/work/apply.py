"""Apply, whoever asks for it: plan, show, guard, get approval, run."""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from ocrstate.applying.clock import later, new_run_id
from ocrstate.applying.job import Run
from ocrstate.applying.outcomes import outcome_of, remaining_changes
from ocrstate.applying.result import OutcomeStatus, Result, RunError, RunStatus
from ocrstate.applying.run import StaleError, carry_out, refuse_used, tidy_up
from ocrstate.applying.session import PUT_IN_ORDER, refuse_read_only
from ocrstate.applying.stale import stale_differences
from ocrstate.errors import Interrupted, RefusedError, StoreError
from ocrstate.evidence.diligence import Diligence
from ocrstate.render.refusal_words import refusal_words
from ocrstate.runs.model import ManifestRef
from ocrstate.store.opened import open_store
from ocrstate.text.escape import escape
from ocrstate.work.who import whoami

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocrstate.applying.result import Recovered
    from ocrstate.planning.guards import Consent, Refusal
    from ocrstate.planning.model import Plan
    from ocrstate.saved.plan_file import SavedPlan
    from ocrstate.signals import Pending
    from ocrstate.work.site import Site
    from ocrstate.work.work import Work

_ROUNDS = 3  # an unattended apply plans anew when the store changed while it waited for the lock, but not for ever


@dataclass(frozen=True, slots=True)
class Terms:
    """What an apply may do, and how.

    Attributes:
        command: how it was asked for, for the journal and whoever waits for the lock.
        lock_timeout: seconds to wait for another run to end.
        jobs: how many models may be fetched at the same time.
    """

    consent: Consent
    command: str
    lock_timeout: float
    jobs: int


class Attendant(Protocol):
    """Who decides on a plan, and is told what happens to it."""

    @property
    def approves_all(self) -> bool:
        """Whether approval is given, whatever the plan will be."""

    def show(self, plan: Plan) -> None:
        """Show a plan before anything is done."""

    def objection_to_recovery(self, plan: Plan) -> RunError | None:
        """Say why what was broken off may not be put in order first; `None` if it may."""

    def objection_to(self, plan: Plan) -> RunError | None:
        """Say why a plan, which was shown, may not be carried out; `None` if it may."""

    def tell_recovered(self, recovered: Sequence[Recovered]) -> None:
        """Tell of runs that had been broken off, and were put in order."""

    def tell_planning_again(self, differences: Sequence[str]) -> None:
        """Tell that the store changed since the plan, so that another one is made."""


def apply(work: Work[Site], terms: Terms, attendant: Attendant, pending: Pending) -> Result:
    """Make the store match the manifest, and say what was done."""
    recovered: list[Recovered] = []
    for last_round in (*[False] * (_ROUNDS - 1), True):
        try:
            with _true_if_interrupted(recovered):
                result = _apply_once(work, terms, attendant, pending)
        except StaleError as error:
            recovered += error.recovered
            attendant.tell_recovered(error.recovered)
            if last_round or not (attendant.approves_all or error.recovered):
                result = _refused(error.plan, _stale(error.differences))
            else:
                attendant.tell_planning_again(error.differences)
                continue
        return replace(result, recovered=tuple(recovered))
    raise AssertionError


def apply_saved(work: Work[Site], saved: SavedPlan, terms: Terms, attendant: Attendant, pending: Pending) -> Result:
    """Carry out a saved plan, whose file is the approval, and say what was done."""
    recovered: list[Recovered] = []
    while True:
        try:
            with _true_if_interrupted(recovered):
                result = _apply_saved_once(work, saved, terms, attendant, pending)
        except StaleError as error:
            attendant.tell_recovered(error.recovered)
            if error.recovered and not recovered:  # what was taken back may be just what the plan saw
                recovered += error.recovered
                continue
            result = _refused(saved.plan, _stale(error.differences))
        return replace(result, recovered=tuple(recovered))


@contextmanager
def _true_if_interrupted(recovered: Sequence[Recovered]) -> Iterator[None]:
    """Let an interrupt after a recovery not say that nothing was changed."""
    try:
        yield
    except Interrupted as interrupted:
        if recovered:
            interrupted.state = PUT_IN_ORDER
        raise


def _apply_once(work: Work[Site], terms: Terms, attendant: Attendant, pending: Pending) -> Result:
    with pending.let_through():
        plan = work.plan()
        if plan.unfinished_runs:
            objection = attendant.objection_to_recovery(plan)
            if objection is not None:
                return _refused(plan, objection)
        else:
            attendant.show(plan)
            refused = work.refusals(plan, terms.consent)
            if refused:
                return _refused(plan, _refusal_error(refused))
            if plan.summary.acts:
                refuse_read_only(plan.store)
            objection = attendant.objection_to(plan) if plan.summary.acts else None
            if objection is not None:
                return _refused(plan, objection)
    if plan.unfinished_runs or not plan.summary.acts:
        return _nothing_done(work, plan, terms, pending)
    work.site.start_engine()
    return carry_out(_run(work, plan, terms), pending)


def _apply_saved_once(
    work: Work[Site], saved: SavedPlan, terms: Terms, attendant: Attendant, pending: Pending
) -> Result:
    plan = saved.plan
    with pending.let_through():
        _refuse_elsewhere(work, saved)
        others = _other_manifests(plan)
        if others:
            return _refused(plan, _stale(others, "a manifest"))
        attendant.show(plan)
        refused = work.refusals(plan, terms.consent)
        if refused:
            return _refused(plan, _refusal_error(refused))
        if not plan.summary.acts:
            fresh = work.plan()
            differences = stale_differences(plan, fresh)
            if differences:
                raise StaleError(plan, differences)
            plan = fresh
        elif plan.departures and work.diligence is not Diligence.DIFFERENCES:
            _refuse_other_contents(work, plan)
    if not plan.summary.acts or not saved.plan.summary.acts:
        return _nothing_done(work, plan, terms, pending)
    work.site.start_engine()
    return carry_out(replace(_run(work, plan, terms), plan_id=saved.origin.plan_id), pending)


def _refuse_other_contents(work: Work[Site], plan: Plan) -> None:
    """Read what must stay before anything goes: a saved plan may have been made without.

    Raises:
        StaleError: it is not as the plan saw it, or not as listed.
    """
    if any(model.sha256 for model in work.desired.models):
        now = work.planned_from_folder()
        differences = () if now.unfinished_runs else stale_differences(plan, now)  # else it is put in order first
        if differences:
            raise StaleError(plan, differences)


def _run(work: Work[Site], plan: Plan, terms: Terms) -> Run:
    who = whoami(terms.command)
    return Run(
        run_id=new_run_id(),
        plan=plan,
        plan_again=work.plan_again,
        list_again=work.list_again,
        who=who,
        lock_timeout=terms.lock_timeout,
        keep_until=later(who.started, plan.retain) if plan.retain else None,
        jobs=terms.jobs,
        watch=work.site.watch,
    )


def _refuse_elsewhere(work: Work[Site], saved: SavedPlan) -> None:
    """Refuse a plan whose store is gone, was replaced or is not the one that would be listed, and one that was used.

    Raises:
        StaleError: the store is gone, or another folder is there.
        RefusedError: a run has carried out the plan, it speaks of two stores, or this user's own store is another one.
    """
    planned = saved.plan.store
    if saved.origin.store is None and planned.path != work.site.path:
        raise RefusedError(
            "plan-elsewhere",
            f"the saved plan is for the engine's own store in {escape(planned.path)}, and for this user (HOME, "
            f"XDG_DATA_HOME) that is {escape(work.site.path)}",
            "nothing was changed; apply it as the user that planned, or plan with --store DIR",
        )
    try:
        with open_store(work.site.path) as (store, descriptor):
            if planned.path != store.path:
                raise RefusedError(
                    "plan-damaged",
                    f"the saved plan is about the store {escape(planned.path)}, and was made for {escape(store.path)}",
                    "nothing was changed; make it again with plan --out",
                )
            if (planned.device, planned.inode) != (store.device, store.inode):
                raise StaleError(saved.plan, (f"{escape(planned.path)}: another folder is there now",))
            if descriptor is not None:
                refuse_used(descriptor, saved.origin.plan_id)
    except StoreError as error:
        raise StaleError(saved.plan, (error.message,)) from error


def _other_manifests(plan: Plan) -> tuple[str, ...]:
    """Name the manifests of a plan that say something else by now; one that is gone says nothing else."""
    manifests = (*plan.extends, ManifestRef(plan.manifest_path, plan.manifest_sha256))
    objections = ((manifest.path, _changed(manifest)) for manifest in manifests)
    return tuple(f"{escape(path)}: {objection}" for path, objection in objections if objection)


def _changed(manifest: ManifestRef) -> str:
    """Say in which way a manifest is not as it was; nothing if it is, or is gone."""
    try:
        descriptor = os.open(manifest.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))  # a pipe would wait
    except FileNotFoundError:
        return ""
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return "is no plain file any more"
    with os.fdopen(descriptor, "rb") as file:
        is_same = hashlib.sha256(file.read()).hexdigest() == manifest.sha256
    return "" if is_same else "it says something else now"


def _refused(plan: Plan, error: RunError) -> Result:
    outcomes = tuple(outcome_of(each, OutcomeStatus.NOT_STARTED) for each in plan.acting)
    return Result(
        new_run_id(),
        RunStatus.REFUSED,
        plan.store.path,
        outcomes,
        remaining=remaining_changes(plan),
        error=error,
        warnings=plan.inventory_warnings,
    )


def _nothing_done(work: Work[Site], plan: Plan, terms: Terms, pending: Pending) -> Result:
    purged = tidy_up(plan, whoami(terms.command), terms.lock_timeout, pending, work.site.watch)
    return Result(
        new_run_id(),
        RunStatus.SUCCESS,
        plan.store.path,
        in_sync=plan.in_sync,
        remaining=remaining_changes(plan),
        allowed=True,
        purged=purged,
        warnings=plan.inventory_warnings,
    )


def _refusal_error(refused: tuple[Refusal, ...]) -> RunError:
    words = [refusal_words(refusal) for refusal in refused]
    if len(words) == 1:
        return RunError(*words[0])
    lines = (f"{number}. {message}: {hint}" for number, (_, message, hint) in enumerate(words, 1))
    return RunError(
        words[0][0],
        "\n  ".join((f"{len(words)} rules refuse the plan:", *lines)),
        "nothing was changed; mend each, and run again",
    )


def _stale(differences: tuple[str, ...], what: str = "the store") -> RunError:
    return RunError(
        "plan-stale",
        f"{what} changed since the plan was made:\n  " + "\n  ".join(differences),
        "nothing was changed; run plan again, and apply what it shows",
    )
