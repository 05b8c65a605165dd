"""What plan, check and apply have in common: the manifest loaded, the store known, the inventory taken."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ocrstate.cli.console import Console
from ocrstate.cli.site import Site, which_store
from ocrstate.errors import OcrstateError
from ocrstate.inventory.take import EngineStore, ExplicitStore, InventoryMode, request_for
from ocrstate.manifest.load import read

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ocrstate.cli.engines import Engines
    from ocrstate.cli.options import Common
    from ocrstate.inventory.model import Inventory
    from ocrstate.manifest.desired import Desired
    from ocrstate.manifest.load import UncheckedManifest
    from ocrstate.plan.guards import Consent, Refusal
    from ocrstate.plan.model import Plan
    from ocrstate.saved.plan_file import SavedPlan
    from ocrstate.store.model import Scan

# What follows the inventory is imported by `_prepare`, while the engine works: before, it would delay the question.
# ruff: noqa: PLC0415


@dataclass(frozen=True, slots=True)
class Work:
    """One command's manifest and the site that it is for.

    Attributes:
        seen: each folder as it was read and what was planned for it; releasing the entries of a large store one by one
            would take longer than ending the process.
    """

    site: Site
    desired: Desired
    seen: list[tuple[Scan, Plan]] = field(default_factory=list)

    @classmethod
    def begin(cls, common: Common, manifests: Sequence[str], engines: Engines, retain: int | None = None) -> Work:
        """Load the manifest and find out which store is meant.

        Args:
            common: the options.
            manifests: paths as written; the last one is the manifest, and extends the others.
            engines: whom to ask.
            retain: seconds to keep removed models for, instead of what the manifest says.

        Raises:
            ManifestError: the manifest is not valid, or its store cannot be expanded.
        """
        unchecked = read(*manifests)
        if common.inventory != InventoryMode.DIRECTORY.value:
            _ask_ahead(engines, common, unchecked)
        desired = unchecked.check()
        if retain is not None:
            desired = replace(desired, policy=replace(desired.policy, retain=retain))
        mode = InventoryMode(common.inventory)
        site = Site(common, which_store(common, unchecked), mode, engines, Console(common.color))
        return cls(site, desired)

    @classmethod
    def of_saved(cls, common: Common, saved: SavedPlan, engines: Engines) -> Work:
        """Return to where a saved plan was made."""
        origin = saved.origin
        which = ExplicitStore(origin.store) if origin.store is not None else EngineStore(origin.folder)
        mode = InventoryMode(origin.inventory_mode)
        return cls(Site(common, which, mode, engines, Console(common.color)), saved.desired)

    @property
    def common(self) -> Common:
        """The options."""
        return self.site.common

    @property
    def console(self) -> Console:
        """Where to speak."""
        return self.site.console

    def plan(self) -> Plan:
        """Take an inventory and compare it with the manifest."""
        return self.planned()[0]

    def planned(self) -> tuple[Plan, Inventory]:
        """Take an inventory, compare it with the manifest, and return both the plan and what it was made from."""
        return self._planned(_nothing)

    def list_again(self, meanwhile: Callable[[], None]) -> Plan:
        """Take a new inventory and compare it; something else is done while the engine works."""
        return self._planned(meanwhile)[0]

    def plan_again(self, scan: Scan) -> Plan:
        """Compare the folder as it was just read with the manifest, no engine asked."""
        if self.seen and self.seen[-1][0].is_same_as(scan):
            return self.seen[-1][1]
        from ocrstate.inventory.crosscheck import from_folder
        from ocrstate.plan.planner import plan

        inventory = from_folder(scan)
        return self._remembered(inventory, plan(self.desired, inventory))

    def refusals(self, made: Plan, consent: Consent | None = None) -> tuple[Refusal, ...]:
        """Return the rules for which apply refuses the plan."""
        from ocrstate.plan.guards import Consent, refusals

        return refusals(made, self.desired, consent or Consent())

    def _planned(self, meanwhile: Callable[[], None]) -> tuple[Plan, Inventory]:
        def prepare_and() -> None:
            self._prepare()
            meanwhile()

        inventory = self.site.inventory(prepare_and)
        from ocrstate.plan.planner import plan

        return self._remembered(inventory, plan(self.desired, inventory)), inventory

    def _remembered(self, inventory: Inventory, made: Plan) -> Plan:
        self.seen.append((inventory.scan, made))
        return made

    def _prepare(self) -> None:
        """Import what shows the plan."""
        if self.common.as_json:
            import ocrstate.render.documents
        else:
            import ocrstate.render.plan_text
        import ocrstate.plan.planner  # noqa: F401 - they are loaded, not used, here


def _nothing() -> None:
    return


def show_plan(work: Work, made: Plan, refused: tuple[Refusal, ...]) -> None:
    """Write a plan to standard output, as text or as a document."""
    if work.common.as_json:
        from ocrstate.render.documents import plan_document
        from ocrstate.render.spelling import to_text

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
        engines.ask_ahead(request_for(which_store(common, unchecked)))
