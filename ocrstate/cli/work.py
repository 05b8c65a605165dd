"""What plan, check and apply have in common: the manifest loaded, the store known, the inventory taken."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrstate.cli.console import Console
from ocrstate.errors import StoreError
from ocrstate.inventory.take import (
    EngineStore,
    ExplicitStore,
    InventoryMode,
    refuse_blind,
    take_from_engine,
    take_from_folder,
)
from ocrstate.manifest.load import load
from ocrstate.plan.guards import Consent, refusals
from ocrstate.plan.planner import plan
from ocrstate.render.documents import plan_document, to_text
from ocrstate.render.plan_text import Detail, Look, render_plan
from ocrstate.store.location import from_manifest, from_option

if TYPE_CHECKING:
    from ocrstate.cli.engines import Engines
    from ocrstate.cli.options import Common
    from ocrstate.inventory.model import Inventory
    from ocrstate.inventory.take import WhichStore
    from ocrstate.manifest.desired import Desired
    from ocrstate.plan.guards import Refusal
    from ocrstate.plan.model import Plan


@dataclass(frozen=True, slots=True)
class Work:
    """One command's manifest, store and options."""

    common: Common
    desired: Desired
    which: WhichStore
    engines: Engines
    console: Console

    @classmethod
    def begin(cls, common: Common, manifest: str, engines: Engines) -> Work:
        """Load the manifest and find out which store is meant.

        Raises:
            ManifestError: the manifest is not valid, or its store cannot be expanded.
            StoreError: the folder given with -C does not exist.
        """
        enter(common.chdir)
        desired = load(manifest)
        return cls(common, desired, _which(common, desired), engines, Console(common.color))

    def plan(self) -> Plan:
        """Take an inventory and compare it with the manifest."""
        return plan(self.desired, self._inventory())

    def refusals(self, made: Plan, consent: Consent | None = None) -> tuple[Refusal, ...]:
        """Return the rules for which apply refuses the plan."""
        return refusals(made, self.desired, consent or Consent())

    def _inventory(self) -> Inventory:
        match InventoryMode(self.common.inventory):
            case InventoryMode.DIRECTORY:
                return take_from_folder(self.which)
            case InventoryMode.AUTO:
                return take_from_engine(self.which, self.engines.start, self.common.engine_timeout)
            case InventoryMode.ENGINE:
                return refuse_blind(take_from_engine(self.which, self.engines.start, self.common.engine_timeout))


def enter(folder: str) -> None:
    """Make the folder given with -C the working folder.

    Raises:
        StoreError: that is not possible.
    """
    if folder == ".":
        return
    try:
        os.chdir(folder)
    except OSError as error:
        raise StoreError(
            "chdir-failed",
            f"cannot work in the folder {folder}, given with -C: {error.strerror}",
            "name an existing folder: the one that the OCR application is started in",
        ) from error


def show_plan(work: Work, made: Plan, refused: tuple[Refusal, ...]) -> None:
    """Write a plan to standard output, as text or as a document."""
    if work.common.as_json:
        work.console.answer(to_text(plan_document(made, refused)))
    else:
        work.console.answer(draw_plan(work, made, refused))


def draw_plan(work: Work, made: Plan, refused: tuple[Refusal, ...]) -> str:
    """Draw a plan for whoever watches."""
    if work.common.quiet:
        detail = Detail.SUMMARY
    else:
        detail = Detail.EVERYTHING if work.common.verbose else Detail.CHANGES
    return render_plan(made, refused, Look(work.console.paint(), work.console.width, detail))


def _which(common: Common, desired: Desired) -> WhichStore:
    folder = os.getcwd()
    if common.store is not None:
        return ExplicitStore(from_option(common.store, folder))
    if desired.store is not None:
        return ExplicitStore(from_manifest(desired.store, desired.path))
    return EngineStore(folder)
