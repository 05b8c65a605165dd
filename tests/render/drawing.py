"""Draw plans and results as the commands do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.manifest.differences import compare
from ocrstate.planning.guards import Consent, refusals
from ocrstate.planning.planner import plan
from ocrstate.render.diff_text import render_differences
from ocrstate.render.look import Detail, Look
from ocrstate.render.paint import Paint
from ocrstate.render.plan_text import render_plan
from ocrstate.render.result_text import render_result

if TYPE_CHECKING:
    from ocrstate.applying.result import Result
    from ocrstate.inventory.model import Inventory
    from ocrstate.manifest.desired import Desired
    from ocrstate.planning.evidence import Evidence


def drawn_plan(
    case: tuple[Desired, Inventory] | tuple[Desired, Inventory, Evidence],
    detail: Detail = Detail.CHANGES,
    *,
    width: int = 80,
    colours: bool = False,
) -> str:
    made = plan(*case)
    return render_plan(made, refusals(made, case[0], Consent()), Look(Paint(colours=colours), width, detail))


def drawn_differences(case: tuple[Desired, Desired], *, colours: bool = False) -> str:
    return render_differences(*case, compare(*case), Paint(colours=colours))


def drawn_result(result: Result, *, colours: bool = False) -> str:
    return render_result(result, Paint(colours=colours))
