"""Apply as a person or a script sees it: carried out at the console, and told there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.cli.approval import Approval, Caller
from ocrstate.cli.telling import finish_with
from ocrstate.signals import hold_back_signals
from ocrstate.work.apply import apply, apply_saved

if TYPE_CHECKING:
    from ocrstate.cli.site import Site
    from ocrstate.saved.plan_file import SavedPlan
    from ocrstate.work.apply import Terms
    from ocrstate.work.work import Work


def apply_manifest(work: Work[Site], terms: Terms, approval: Approval) -> tuple[int, bool]:
    """Make the store match, and return the exit code and whether anything was changed."""
    pending = hold_back_signals()
    return finish_with(work.site, apply(work, terms, Caller(work.site, approval), pending))


def apply_plan(work: Work[Site], saved: SavedPlan, terms: Terms) -> tuple[int, bool]:
    """Carry out a saved plan, and return the exit code and whether anything was changed."""
    pending = hold_back_signals()
    caller = Caller(work.site, Approval.GIVEN)
    return finish_with(work.site, apply_saved(work, saved, terms, caller, pending))
