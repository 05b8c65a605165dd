"""What plan, check and apply have in common: begin to work, and show a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ocrstate.cli.formats import Format, in_repository
from ocrstate.cli.site import Site
from ocrstate.evidence.diligence import Diligence
from ocrstate.inventory.take import InventoryMode
from ocrstate.manifest.load import read
from ocrstate.work.site import store_of
from ocrstate.work.work import Work, work_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.cli.options import Common
    from ocrstate.manifest.load import UncheckedManifest
    from ocrstate.planning.guards import Refusal
    from ocrstate.planning.model import Plan
    from ocrstate.saved.plan_file import SavedPlan
    from ocrstate.work.engines import Engines

# What shows a plan is imported while the engine works: before, it would delay the question.
# ruff: noqa: PLC0415

_STAYING: Final[list[Work[Site]]] = []  # releasing the entries of a large store takes longer than ending the process


def begin(
    common: Common,
    manifests: Sequence[str],
    engines: Engines,
    retain: int | None = None,
    diligence: Diligence = Diligence.MEMORY,
) -> Work[Site]:
    """Load the manifest and find out which store is meant.

    Raises:
        ManifestError: the manifest is not valid, or its store cannot be expanded.
    """
    return begin_with(common, read(*manifests), engines, retain, diligence)


def begin_with(
    common: Common,
    unchecked: UncheckedManifest,
    engines: Engines,
    retain: int | None = None,
    diligence: Diligence = Diligence.MEMORY,
) -> Work[Site]:
    """Do as `begin` does with a manifest that was read.

    Raises:
        ManifestError: the manifest is not valid, or its store cannot be expanded.
    """
    return _staying(Work.begin(unchecked, lambda manifest: Site.named(common, engines, manifest), retain, diligence))


def return_to(
    common: Common, saved: SavedPlan, engines: Engines, diligence: Diligence = Diligence.MEMORY
) -> Work[Site]:
    """Return to where a saved plan was made."""
    origin = saved.origin
    site = Site.of(common, engines, store_of(origin), InventoryMode(origin.inventory_mode))
    return _staying(work_of(saved, site, diligence))


def _staying(work: Work[Site]) -> Work[Site]:
    """Keep it until the process ends."""
    _STAYING.append(work)
    return work


def show_plan(site: Site, made: Plan, refused: tuple[Refusal, ...]) -> None:
    """Write a plan to standard output, in the form that was asked for."""
    site.console.answer(_spelled(site, made, refused))


def _spelled(site: Site, made: Plan, refused: tuple[Refusal, ...]) -> str:
    match site.common.answer_form:
        case Format.TEXT:
            return draw_plan(site, made, refused)
        case Format.JSON:
            from ocrstate.render.documents import plan_document
            from ocrstate.render.spelling import to_text

            return to_text(plan_document(made, refused))
        case Format.MARKDOWN:
            from ocrstate.render.markdown import plan_markdown

            return plan_markdown(made, refused, site.common.detail)
        case Format.GITHUB:
            from ocrstate.render.github import plan_commands

            return plan_commands(made, refused, site.common.detail, in_repository())


def draw_plan(site: Site, made: Plan, refused: tuple[Refusal, ...], *, for_stderr: bool = False) -> str:
    """Draw a plan for whoever watches."""
    from ocrstate.render.plan_text import render_plan

    return render_plan(made, refused, site.console.look(site.common.detail, for_stderr=for_stderr))
