"""Apply as a person or a script sees it: plan, show, guard, ask, run, tell."""

from __future__ import annotations

import os
import secrets
import socket
import sys
from datetime import datetime, timezone
from enum import Enum
from typing import TYPE_CHECKING

from ocrstate.apply.lock import Holder
from ocrstate.apply.result import Outcome, OutcomeStatus, Result, RunError, RunStatus
from ocrstate.apply.run import Run, StaleError, carry_out, outwait_unfinished_runs, remaining_changes
from ocrstate.cli import exits
from ocrstate.cli.reporting import report_interrupt, report_problem
from ocrstate.cli.work import draw_plan
from ocrstate.errors import OutputError, UnfinishedError
from ocrstate.render.documents import result_document, to_text
from ocrstate.render.result_text import render_result
from ocrstate.render.words import refusal_words
from ocrstate.signals import hold_back_signals
from ocrstate.text.units import counted, size_text

if TYPE_CHECKING:
    from ocrstate.cli.work import Work
    from ocrstate.plan.guards import Consent, Refusal
    from ocrstate.plan.model import Plan
    from ocrstate.signals import Pending

_ROUNDS = 3  # an unattended apply plans anew when the store changed while it waited for the lock, but not for ever


class Approval(Enum):
    """Whether the caller has approved whatever the plan will be."""

    GIVEN = "given"
    ASK = "ask"


def apply(work: Work, consent: Consent, approval: Approval, lock_timeout: float) -> tuple[int, bool]:
    """Make the store match, and return the exit code and whether anything was changed."""
    pending = hold_back_signals()
    for last_round in (*[False] * (_ROUNDS - 1), True):
        try:
            return _finish(work, _apply_once(work, consent, approval, lock_timeout, pending))
        except StaleError as error:
            if approval is Approval.GIVEN and not last_round:
                work.console.tell(f"The store changed since the plan, planning again: {'; '.join(error.differences)}\n")
                continue
            return _finish(work, _refused(_new_run_id(), error.plan, _stale(error)))
    raise AssertionError


def _apply_once(work: Work, consent: Consent, approval: Approval, lock_timeout: float, pending: Pending) -> Result:
    run_id = _new_run_id()
    with pending.let_through():
        plan = work.plan()
        _show(work, plan, approval)
        refused = work.refusals(plan, consent)
        if refused:
            return _refused(run_id, plan, _refusal_error(refused))
        if not plan.summary.remove:
            outwait_unfinished_runs(plan, _holder(), lock_timeout)
            return _nothing_to_do(run_id, plan)
        objection = None if approval is Approval.GIVEN else _ask(work, plan)
        if objection is not None:
            return _refused(run_id, plan, objection)
    return carry_out(Run(run_id, plan, work.plan, _holder(), lock_timeout), pending)


def _show(work: Work, plan: Plan, approval: Approval) -> None:
    """Show the plan before anything is done, and to a person who is going to be asked wherever it else goes."""
    as_text = not work.common.as_json
    if as_text:
        work.console.answer(draw_plan(work, plan, ()))
    if approval is Approval.ASK and work.console.can_ask and not (as_text and work.console.is_seen):
        work.console.tell(draw_plan(work, plan, ()))


def _ask(work: Work, plan: Plan) -> RunError | None:
    """Ask for approval of what was shown; return why there is none."""
    if not work.console.can_ask:
        return RunError(
            "not-confirmed",
            "not confirmed: there is no terminal to ask on",
            "look at the plan, and approve it with --yes",
        )
    if work.console.reader_left:
        return RunError(
            "not-confirmed",
            "not confirmed: the plan could not be shown, because whatever reads standard output has ended",
            "let it read the whole plan, or approve it unseen with --yes",
        )
    what = f"{counted(plan.summary.remove, 'model')} ({size_text(plan.summary.bytes_freed)})"
    answer = work.console.ask(f"\nRemove {what} for good? There is no undo. Only 'yes' is accepted: ")
    if answer == "yes":
        return None
    return RunError("not-confirmed", "not confirmed", "answer yes to apply the plan")


def _finish(work: Work, result: Result) -> tuple[int, bool]:
    console = work.console
    _tell_result(work, result)
    if result.error is not None:
        report_problem(console, result.error.message, result.error.hint)
    if result.interrupted_by is not None:
        report_interrupt(console, result.interrupted_by, "the run was finished first", as_json=False)
        return 128 + result.interrupted_by, result.changed
    return exits.of_result(result), result.changed


def _tell_result(work: Work, result: Result) -> None:
    """Write the result to standard output.

    Raises:
        OutputError: it cannot be written, and the store is as it was.
        UnfinishedError: it cannot be written, and the store was changed.
    """
    try:
        if work.common.as_json:
            work.console.answer(to_text(result_document(result)))
        else:
            work.console.answer(render_result(result, work.console.paint()))
    except OutputError as error:
        if not result.changed:
            raise
        raise UnfinishedError(
            error.code,
            f"{counted(result.removed, 'model')} removed, but {error.message}",
            f"{error.hint}; to see how the store stands, run ocrstate check with the same manifest",
        ) from error


def _refused(run_id: str, plan: Plan, error: RunError) -> Result:
    outcomes = tuple(Outcome(each.name, OutcomeStatus.NOT_STARTED) for each in plan.removals)
    return Result(run_id, RunStatus.REFUSED, plan.store.path, outcomes, remaining=remaining_changes(plan), error=error)


def _nothing_to_do(run_id: str, plan: Plan) -> Result:
    return Result(
        run_id,
        RunStatus.SUCCESS,
        plan.store.path,
        in_sync=plan.in_sync,
        remaining=remaining_changes(plan),
        allowed=True,
    )


def _refusal_error(refused: tuple[Refusal, ...]) -> RunError:
    words = [refusal_words(refusal) for refusal in refused]
    return RunError(
        words[0][0],
        "; ".join(message for _, message, _ in words),
        "\n  ".join(hint for _, _, hint in words),
    )


def _stale(error: StaleError) -> RunError:
    return RunError(
        "plan-stale",
        f"the store changed since the plan was made: {'; '.join(error.differences)}",
        "nothing was changed; run plan again, and apply what it shows",
    )


def _new_run_id() -> str:
    return f"{datetime.now(timezone.utc):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def _holder() -> Holder:
    command = " ".join(["ocrstate", *sys.argv[1:]])
    return Holder(os.getpid(), socket.gethostname(), f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%SZ}", command)
