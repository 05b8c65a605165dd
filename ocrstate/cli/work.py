"""What plan, check and apply have in common: the manifest loaded, the store known, the inventory taken."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrstate.cli.console import Console
from ocrstate.errors import OcrstateError, StoreError
from ocrstate.inventory.take import (
    EngineStore,
    ExplicitStore,
    InventoryMode,
    refuse_blind,
    request_for,
    take_from_engine,
    take_from_folder,
)
from ocrstate.manifest.load import read
from ocrstate.store.location import from_manifest, from_option

if TYPE_CHECKING:
    from ocrstate.cli.engines import Engines
    from ocrstate.cli.options import Common
    from ocrstate.inventory.model import Inventory
    from ocrstate.inventory.take import WhichStore
    from ocrstate.manifest.desired import Desired
    from ocrstate.manifest.load import UncheckedManifest
    from ocrstate.plan.guards import Consent, Refusal
    from ocrstate.plan.model import Plan

# What follows the inventory is imported by `_prepare`, while the engine works: before, it would delay the question.
# ruff: noqa: PLC0415

# Releasing the entries of a large store one by one takes longer than ending the process.
_never_released: list[Plan] = []


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
        unchecked = read(manifest)
        if common.inventory != InventoryMode.DIRECTORY.value:
            _ask_ahead(engines, common, unchecked)
        desired = unchecked.check()
        return cls(common, desired, _which(common, unchecked), engines, Console(common.color))

    def plan(self) -> Plan:
        """Take an inventory and compare it with the manifest."""
        inventory = self._inventory()
        from ocrstate.plan.planner import plan

        made = plan(self.desired, inventory)
        _never_released.append(made)
        return made

    def refusals(self, made: Plan, consent: Consent | None = None) -> tuple[Refusal, ...]:
        """Return the rules for which apply refuses the plan."""
        from ocrstate.plan.guards import Consent, refusals

        return refusals(made, self.desired, consent or Consent())

    def _inventory(self) -> Inventory:
        match InventoryMode(self.common.inventory):
            case InventoryMode.DIRECTORY:
                return take_from_folder(self.which)
            case InventoryMode.AUTO:
                return self._ask()
            case InventoryMode.ENGINE:
                return refuse_blind(self._ask())

    def _ask(self) -> Inventory:
        return take_from_engine(self.which, self.engines.ask, self.common.engine_timeout, self._prepare)

    def _prepare(self) -> None:
        """Import what shows the plan."""
        if self.common.as_json:
            import ocrstate.render.documents
        else:
            import ocrstate.render.plan_text
        import ocrstate.plan.planner  # noqa: F401 - they are loaded, not used, here


def enter(folder: str) -> None:
    """Make the folder given with -C the working folder.

    Raises:
        StoreError: that is not possible, or the working folder has been deleted.
    """
    try:
        os.chdir(folder)
        os.getcwd()
    except OSError as error:
        which = "current folder" if folder == "." else f"folder {folder}, given with -C"
        raise StoreError(
            "chdir-failed",
            f"cannot work in the {which}: {error.strerror}",
            "name an existing folder with -C: the one that the OCR application is started in",
        ) from error


def show_plan(work: Work, made: Plan, refused: tuple[Refusal, ...]) -> None:
    """Write a plan to standard output, as text or as a document."""
    if work.common.as_json:
        from ocrstate.render.documents import plan_document, to_text

        work.console.answer(to_text(plan_document(made, refused)))
    else:
        work.console.answer(draw_plan(work, made, refused))


def draw_plan(work: Work, made: Plan, refused: tuple[Refusal, ...]) -> str:
    """Draw a plan for whoever watches."""
    from ocrstate.render.plan_text import Detail, Look, render_plan

    if work.common.quiet:
        detail = Detail.SUMMARY
    else:
        detail = Detail.EVERYTHING if work.common.verbose else Detail.CHANGES
    return render_plan(made, refused, Look(work.console.paint(), work.console.width, detail))


def _ask_ahead(engines: Engines, common: Common, unchecked: UncheckedManifest) -> None:
    """Ask while the rest of the manifest is checked; what is wrong with the store is told after what it has to say."""
    with suppress(OcrstateError, ValueError):  # a store with NUL in it, which the check is about to refuse
        engines.ask_ahead(request_for(_which(common, unchecked)))


def _which(common: Common, manifest: UncheckedManifest) -> WhichStore:
    folder = os.getcwd()
    if common.store is not None:
        return ExplicitStore(from_option(common.store, folder))
    if manifest.store is not None:
        return ExplicitStore(from_manifest(manifest.store, manifest.path))
    return EngineStore(folder)
