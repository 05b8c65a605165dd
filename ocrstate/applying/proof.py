"""Tell whether the second listing proves that a run went well. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.applying.result import NotProvenError, RunError
from ocrstate.inventory.model import OnlyInFolder
from ocrstate.planning.changes import Keep, Protected
from ocrstate.text.escape import escape

if TYPE_CHECKING:
    from ocrstate.planning.model import Plan

_MOST_NAMED = 3


def prove(before: Plan, after: Plan) -> None:
    """Check that all that must stay and all that has come is there to be read, and listed, before anything is deleted.

    Raises:
        NotProvenError: one is not, or the engine has fallen silent meanwhile.
    """
    if before.source is not after.source:
        raise NotProvenError(
            RunError(
                "engine-fell-silent",
                "the engine listed models for the plan and lists none now, which proves nothing",
                "run plan again; if the engine stays silent, use --inventory directory",
            )
        )
    lost = sorted(({change.name for change in before.arrivals} | _readable(before)) - _readable(after))
    if lost:
        raise NotProvenError(
            RunError(
                "listed-models-lost",
                f"listed again, the store lacks {', '.join(map(escape, lost[:_MOST_NAMED]))}, which must be there",
                "find out what else changes this store; then run plan again",
            )
        )


def _readable(plan: Plan) -> set[str]:
    unseen = {name for each in plan.inventory_warnings if isinstance(each, OnlyInFolder) for name in each.names}
    staying = (change for change in plan.changes if isinstance(change, Keep | Protected))
    return {change.name for change in staying if change.entry.content is not None} - unseen
