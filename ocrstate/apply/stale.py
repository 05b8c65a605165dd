"""Tell whether a store is still what a plan saw. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.plan.changes import Blocked, Drifted, Keep, Missing, Protected, Remove, Unlisted
from ocrstate.text.escape import escape
from ocrstate.text.times import minute_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ocrstate.plan.changes import Change
    from ocrstate.plan.model import Plan
    from ocrstate.store.model import Stamp


def stale_differences(plan: Plan, now: Plan) -> tuple[str, ...]:
    """Say, a line each, what is no longer as the plan saw it; what only appeared since is no difference.

    A model to be removed must be exactly as seen, and nothing may stand against its removal now; a listed one must
    still be there and as declared.

    Args:
        plan: what was shown.
        now: what the same manifest makes of the folder as it is now.
    """
    found = {change.name: change for change in now.changes}
    return (*_removals(plan, found), *_listed(plan, found))


def new_since(plan: Plan, now: Plan) -> tuple[str, ...]:
    """Return the models that would have to go and that the plan has not seen."""
    known = {change.name for change in plan.changes}
    return tuple(change.name for change in now.changes if isinstance(change, Remove) and change.name not in known)


def _removals(plan: Plan, found: Mapping[str, Change]) -> Iterator[str]:
    for removal in plan.removals:
        match found.get(removal.name):
            case None | Missing():
                yield f"{escape(removal.name)}: gone since the plan"
            case change if not removal.entry.stamp.is_same_state(change.entry.stamp):
                yield f"{escape(removal.name)}: {stamp_words(removal.entry.stamp, change.entry.stamp)}"
            case Remove():
                pass
            case Blocked() | Keep() | Drifted() | Protected() | Unlisted():
                yield f"{escape(removal.name)}: must not be removed any more; run plan to see why"


def _listed(plan: Plan, found: Mapping[str, Change]) -> Iterator[str]:
    for change in plan.changes:
        if isinstance(change, Keep):
            match found.get(change.name):
                case Keep():
                    pass
                case None | Missing():
                    yield f"{escape(change.name)}: listed, and gone since the plan"
                case _:
                    yield f"{escape(change.name)}: listed, and no longer as declared"


def stamp_words(before: Stamp, now: Stamp) -> str:
    """Say how an entry changed: ``size 12 → 40, changed 2026-11-21T10:02Z``."""
    changed = f"changed {minute_text(now.mtime_ns)}"
    if before.size != now.size:
        return f"size {before.size} → {now.size}, {changed}"
    if (before.device, before.inode) != (now.device, now.inode):
        return f"another file of this name is there now, {changed}"
    return f"its content was written since the plan, {changed}"
