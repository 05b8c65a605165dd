"""Show a plan to whoever decides, and ask."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from ocrstate.applying.clock import later, now
from ocrstate.applying.result import RunError
from ocrstate.cli.telling import tell_recovered
from ocrstate.cli.work import draw_plan
from ocrstate.text.shell import recover_command
from ocrstate.text.times import duration_text, readable_time
from ocrstate.text.units import counted, size_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.applying.result import Recovered
    from ocrstate.cli.site import Site
    from ocrstate.planning.model import Plan


class Approval(Enum):
    """Whether the caller has approved whatever the plan will be."""

    GIVEN = "given"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever started the command, and is at the console or left `--yes`."""

    site: Site
    approval: Approval

    @property
    def approves_all(self) -> bool:
        """Whether approval is given, whatever the plan will be."""
        return self.approval is Approval.GIVEN

    def show(self, plan: Plan) -> None:
        """Show the plan before anything is done, and to a person who is going to be asked wherever it else goes."""
        console, as_text = self.site.console, not self.site.common.as_json
        if as_text:
            console.answer(draw_plan(self.site, plan, ()))
        if not self.approves_all and console.can_ask and not (as_text and console.is_seen):
            console.tell(draw_plan(self.site, plan, (), for_stderr=True))

    def objection_to_recovery(self, plan: Plan) -> RunError | None:
        """Get approval for finishing or taking back what was broken off; return why there is none."""
        if self.approves_all or all(run.at_work for run in plan.unfinished_runs):
            return None
        self.show(plan)
        console = self.site.console
        if not console.can_ask:
            return RunError(
                "not-confirmed",
                "not confirmed: an earlier run was broken off, and there is no terminal to ask on",
                f"let apply put it in order first with --yes, or run {recover_command(plan.store.path)}",
            )
        answer = console.ask("\nFirst put in order what was broken off? Only 'yes' is accepted: ")
        return None if answer == "yes" else RunError("not-confirmed", "not confirmed", "answer yes to go on")

    def objection_to(self, plan: Plan) -> RunError | None:
        """Ask for approval of what was shown; return why there is none."""
        console = self.site.console
        if self.approves_all:
            return None
        if not console.can_ask:
            return RunError(
                "not-confirmed",
                "not confirmed: there is no terminal to ask on",
                "look at the plan, and approve it with --yes",
            )
        if console.reader_left:
            return RunError(
                "not-confirmed",
                "not confirmed: the plan could not be shown, because whatever reads standard output has ended",
                "let it read the whole plan, or approve it unseen with --yes",
            )
        answer = console.ask(f"\n{_question(plan)} Only 'yes' is accepted: ")
        if answer == "yes":
            return None
        return RunError("not-confirmed", "not confirmed", "answer yes to apply the plan")

    def tell_recovered(self, recovered: Sequence[Recovered]) -> None:
        """Tell of runs that had been broken off, and were put in order."""
        tell_recovered(self.site.console, recovered)

    def tell_planning_again(self, differences: Sequence[str]) -> None:
        """Tell that the store changed since the plan, so that another one is made."""
        changes = "; ".join(differences)
        self.site.console.tell_prose(f"The store changed since the plan, planning again: {changes}\n")


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
        alone = "It" if summary.remove == 1 else "They"
        goes = "What goes" if summary.replace else alone
        return f"{what}? {goes} can be restored for {duration_text(plan.retain)}, until {until}."
    return f"{what} for good? There is no undo."
