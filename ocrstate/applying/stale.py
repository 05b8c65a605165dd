"""Tell whether a store is still what a plan saw. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.planning.changes import Blocked, Drifted, Fetch, Keep, Missing, Protected, Remove, Replace, Unlisted
from ocrstate.text.escape import escape
from ocrstate.text.times import minute_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ocrstate.planning.changes import Change
    from ocrstate.planning.model import Plan
    from ocrstate.store.model import Stamp


def stale_differences(plan: Plan, now: Plan) -> tuple[str, ...]:
    """Say, a line each, what is no longer as the plan saw it; what only appeared since is no difference.

    A model that makes way must be exactly as seen, and nothing may stand against that now; one to be fetched must
    still be missing; a listed one must still be there and as declared.

    Args:
        plan: what was shown.
        now: what the same manifest makes of the folder as it is now.
    """
    found = {change.name: change for change in now.changes}
    return (*_departures(plan, found), *_arrivals(plan, found), *_listed(plan, found))


def new_since(plan: Plan, now: Plan) -> tuple[str, ...]:
    """Return the models that would have to go and that the plan has not seen."""
    known = {change.name for change in plan.changes}
    return tuple(change.name for change in now.changes if isinstance(change, Remove) and change.name not in known)


def _departures(plan: Plan, found: Mapping[str, Change]) -> Iterator[str]:
    for departure in plan.departures:
        match found.get(departure.name):
            case None | Missing() | Fetch():
                yield f"{escape(departure.name)}: gone since the plan"
            case change if not departure.entry.stamp.is_same_state(change.entry.stamp):
                yield f"{escape(departure.name)}: {stamp_words(departure.entry.stamp, change.entry.stamp)}"
            case Remove() | Replace() as change if type(change) is type(departure):
                pass
            case Remove() | Replace() | Blocked() | Keep() | Drifted() | Protected() | Unlisted():
                what = "removed" if isinstance(departure, Remove) else "replaced"
                yield f"{escape(departure.name)}: must not be {what} any more; run plan to see why"


def _arrivals(plan: Plan, found: Mapping[str, Change]) -> Iterator[str]:
    for change in plan.changes:
        if isinstance(change, Fetch):
            match found.get(change.name):
                case Fetch():
                    pass
                case Missing():
                    yield f"{escape(change.name)}: cannot be fetched any more; run plan to see why"
                case _:
                    yield f"{escape(change.name)}: something has this name since the plan"


def _listed(plan: Plan, found: Mapping[str, Change]) -> Iterator[str]:
    for change in plan.changes:
        if isinstance(change, Keep):
            match found.get(change.name):
                case Keep():
                    pass
                case None | Missing() | Fetch():
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
    return f"its times changed since the plan, to {minute_text(now.mtime_ns)}"  # which need not mean: its content
