"""Show a plan to whoever decides, and ask."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from ocrstate.applying.clock import later, now
from ocrstate.applying.result import RunError
from ocrstate.cli.work import draw_plan
from ocrstate.text.shell import recover_command
from ocrstate.text.times import duration_text, readable_time
from ocrstate.text.units import counted, size_text

if TYPE_CHECKING:
    from ocrstate.cli.work import Work
    from ocrstate.planning.model import Plan


class Approval(Enum):
    """Whether the caller has approved whatever the plan will be."""

    GIVEN = "given"
    ASK = "ask"


def may_recover(work: Work, plan: Plan, approval: Approval) -> RunError | None:
    """Get approval for finishing or taking back what was broken off; return why there is none."""
    if approval is Approval.GIVEN or all(run.at_work for run in plan.unfinished_runs):
        return None
    show(work, plan, approval)
    if not work.console.can_ask:
        return RunError(
            "not-confirmed",
            "not confirmed: an earlier run was broken off, and there is no terminal to ask on",
            f"let apply put it in order first with --yes, or run {recover_command(plan.store.path)}",
        )
    answer = work.console.ask("\nFirst put in order what was broken off? Only 'yes' is accepted: ")
    return None if answer == "yes" else RunError("not-confirmed", "not confirmed", "answer yes to go on")


def show(work: Work, plan: Plan, approval: Approval) -> None:
    """Show the plan before anything is done, and to a person who is going to be asked wherever it else goes."""
    as_text = not work.common.as_json
    if as_text:
        work.console.answer(draw_plan(work, plan, ()))
    if approval is Approval.ASK and work.console.can_ask and not (as_text and work.console.is_seen):
        work.console.tell(draw_plan(work, plan, ()))


def ask(work: Work, plan: Plan) -> RunError | None:
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
    answer = work.console.ask(f"\n{_question(plan)} Only 'yes' is accepted: ")
    if answer == "yes":
        return None
    return RunError("not-confirmed", "not confirmed", "answer yes to apply the plan")


def _question(plan: Plan) -> str:
    summary = plan.summary
    parts = [
        f"fetch {counted(summary.fetch, 'model')}" if summary.fetch else "",
        f"replace {counted(summary.replace, 'model')} ({size_text(summary.bytes_replaced)})" if summary.replace else "",
        f"remove {counted(summary.remove, 'model')} ({size_text(summary.bytes_removed)})" if summary.remove else "",
    ]
    *first, last = filter(None, parts)
    what = f"{', '.join(first)} and {last}" if first else last
    what = f"{what[0].upper()}{what[1:]}"
    if not plan.departures:
        return f"{what}?"
    if plan.retain:
        until = readable_time(later(now(), plan.retain))
        goes = "They" if not summary.replace else "What goes"
        return f"{what}? {goes} can be restored for {duration_text(plan.retain)}, until {until}."
    return f"{what} for good? There is no undo."
