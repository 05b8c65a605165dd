"""Tell whether a store is still what a plan saw. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.plan.changes import Keep
from ocrstate.plan.differences import is_as_declared
from ocrstate.text.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrstate.plan.model import Plan
    from ocrstate.store.model import Entry, Scan, Stamp


def stale_differences(plan: Plan, now: Scan) -> tuple[str, ...]:
    """Say, a line each, what changed since the plan; what only appeared since is no difference.

    A model to be removed must be exactly as seen; a listed one must still be there and as declared.
    """
    in_store = {entry.name: entry for entry in now.entries}
    in_store.update((link.entry.name, link.entry) for link in now.folder_links)
    behind_links = {entry.name: entry for link in now.folder_links for entry in link.behind}
    return (*_removals(plan, in_store), *_listed(plan, {**behind_links, **in_store}))


def _removals(plan: Plan, found: dict[str, Entry]) -> Iterator[str]:
    for change in plan.removals:
        entry = found.get(change.name)
        if entry is None:
            yield f"{escape(change.name)}: gone since the plan"
        elif not change.entry.stamp.is_same_state(entry.stamp):
            yield f"{escape(change.name)}: {stamp_words(change.entry.stamp, entry.stamp)}"


def _listed(plan: Plan, found: dict[str, Entry]) -> Iterator[str]:
    for change in plan.changes:
        if isinstance(change, Keep):
            entry = found.get(change.name)
            if entry is None:
                yield f"{escape(change.name)}: listed, and gone since the plan"
            elif not is_as_declared(change.model, entry):
                yield f"{escape(change.name)}: listed, and no longer as declared"


def stamp_words(before: Stamp, now: Stamp) -> str:
    """Say how an entry changed."""
    if (before.device, before.inode) != (now.device, now.inode):
        return "another file of this name is there now"
    if before.size != now.size:
        return f"size {before.size:,} B → {now.size:,} B since the plan"
    return "its content was written since the plan"
