"""Save plans to files, and read them again."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from ocrstate.applying.clock import now
from ocrstate.errors import RefusedError
from ocrstate.inventory.which import EngineStore, ExplicitStore
from ocrstate.manifest.load import load_text
from ocrstate.render.spelling import to_text
from ocrstate.saved.files import is_saved_plan, read_plan_file, write_plan_file
from ocrstate.saved.plan_file import Origin, SavedPlan, read_document, saved_document
from ocrstate.text.escape import escape
from ocrstate.text.shell import recover_command

if TYPE_CHECKING:
    from ocrstate.planning.evidence import Basis
    from ocrstate.planning.model import Plan
    from ocrstate.work.site import Site
    from ocrstate.work.work import Work


def save_plan(work: Work[Site], plan: Plan, basis: Basis, path: str) -> None:
    """Write a plan to a file.

    Raises:
        RefusedError: the plan would be stale at once, or the file would lie in the store.
        OutputError: it cannot be written.
    """
    if plan.unfinished_runs:
        raise RefusedError(
            "run-unfinished",
            "the plan was not saved: a run is half-way, and when it is finished or taken back the plan will be stale",
            f"run {recover_command(plan.store.path)} first, then plan again",
        )
    store, folder = _where(work)
    mode = work.site.mode.value
    origin = Origin(secrets.token_hex(16), now(), store, folder, mode)
    document = saved_document(plan, basis, origin)
    write_plan_file(path, to_text(document), plan.store.real_path, *(file.path for file in work.desired.files))


def _where(work: Work[Site]) -> tuple[str | None, str]:
    match work.site.which:
        case ExplicitStore(path):
            return path, ""
        case EngineStore(folder):
            return None, folder


def read_saved(path: str) -> SavedPlan:
    """Read a saved plan.

    Raises:
        RefusedError: it is none, another release wrote it, or it is not as it was written.
    """
    if not is_saved_plan(path):
        read_plan_file(path)
        raise RefusedError(
            "plan-unreadable", f"{escape(path)} is no saved plan", "save one with: ocrstate plan MANIFEST --out FILE"
        )
    return read_document(path, read_plan_file(path), load_text)
