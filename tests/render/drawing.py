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
    from collections.abc import Callable

    from ocrstate.applying.result import Result
    from ocrstate.inventory.model import Inventory
    from ocrstate.manifest.desired import Desired
    from ocrstate.planning.evidence import Evidence

    Case = tuple[Desired, Inventory] | tuple[Desired, Inventory, Evidence]
    """What a plan is drawn of."""


WIDTHS = {"60": 60, "200": 200, "piped": None}


def at_widths(name: str, draw: Callable[[int | None], str]) -> dict[str, str]:
    """Draw a scene for a narrow and a wide terminal, and for none."""
    return {f"{name}-{suffix}": draw(width) for suffix, width in WIDTHS.items()}


def drawn_plan(
    case: Case,
    detail: Detail = Detail.CHANGES,
    *,
    width: int | None = 80,
    colours: bool = False,
) -> str:
    made = plan(*case)
    return render_plan(made, refusals(made, case[0], Consent()), Look(Paint(colours=colours), width, detail))


def drawn_differences(case: tuple[Desired, Desired], *, width: int | None = 80, colours: bool = False) -> str:
    return render_differences(*case, compare(*case), Look(Paint(colours=colours), width))


def drawn_result(result: Result, *, width: int | None = 80, colours: bool = False) -> str:
    return render_result(result, Look(Paint(colours=colours), width))
