"""What plan, check and apply have in common: the manifest loaded, the store known, the inventory taken."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from ocrstate.cli.console import Console
from ocrstate.cli.site import Site, which_store
from ocrstate.errors import OcrstateError
from ocrstate.evidence.diligence import Diligence
from ocrstate.inventory.take import EngineStore, ExplicitStore, InventoryMode, request_for
from ocrstate.manifest.load import read

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ocrstate.cli.engines import Engines
    from ocrstate.cli.options import Common
    from ocrstate.inventory.model import Inventory
    from ocrstate.manifest.desired import Desired
    from ocrstate.manifest.load import UncheckedManifest
    from ocrstate.planning.evidence import Basis, Evidence
    from ocrstate.planning.guards import Consent, Refusal
    from ocrstate.planning.model import Plan
    from ocrstate.saved.plan_file import SavedPlan
    from ocrstate.store.model import Scan

# What follows the inventory is imported by `_prepare`, while the engine works: before, it would delay the question.
# ruff: noqa: PLC0415


class Seen(NamedTuple):
    """A folder as it was read, what else was looked at, and what was planned."""

    scan: Scan
    evidence: Evidence
    plan: Plan


_STAYING: Final[list[Work]] = []  # releasing the entries of a large store takes longer than ending the process


@dataclass(frozen=True, slots=True)
class Work:
    """One command's manifest and the site that it is for.

    Attributes:
        diligence: how much of the models' contents is read.
        seen: what was seen and planned, the last at the end.
    """

    site: Site
    desired: Desired
    diligence: Diligence = Diligence.MEMORY
    seen: list[Seen] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Stay until the process ends."""
        _STAYING.append(self)

    @classmethod
    def begin(
        cls,
        common: Common,
        manifests: Sequence[str],
        engines: Engines,
        retain: int | None = None,
        diligence: Diligence = Diligence.MEMORY,
    ) -> Work:
        """Load the manifest and find out which store is meant.

        Args:
            common: the options.
            manifests: paths as written; the last one is the manifest, and extends the others.
            engines: whom to ask.
            retain: seconds to keep removed models for, instead of what the manifest says.
            diligence: how much of the models' contents is read.

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
        return cls(site, desired, diligence)

    @classmethod
    def of_saved(
        cls, common: Common, saved: SavedPlan, engines: Engines, diligence: Diligence = Diligence.MEMORY
    ) -> Work:
        """Return to where a saved plan was made."""
        origin = saved.origin
        which = ExplicitStore(origin.store) if origin.store is not None else EngineStore(origin.folder)
        mode = InventoryMode(origin.inventory_mode)
        site = Site(common, which, mode, engines, Console(common.color))
        seen = [Seen(saved.basis.inventory.scan, saved.basis.evidence, saved.plan)]
        return cls(site, saved.basis.desired, diligence, seen)

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

    def planned(self) -> tuple[Plan, Basis]:
        """Take an inventory, compare it with the manifest, and return the plan and what it was made from."""
        return self._compared(self._inventory(_nothing))

    def planned_from_folder(self) -> Plan:
        """Compare the folder as it is now, no engine asked, and look at everything else anew."""
        from ocrstate.inventory.take import take_from_folder

        return self._compared(take_from_folder(self.site.which))[0]

    def list_again(self, meanwhile: Callable[[], None]) -> Plan:
        """Take a new inventory and compare it; something else is done while the engine works."""
        return self._made_again(self._inventory(meanwhile))

    def plan_again(self, scan: Scan) -> Plan:
        """Compare the folder as it was just read with the manifest, no engine asked."""
        if self.seen and self.seen[-1].scan.is_same_as(scan):
            return self.seen[-1].plan
        from ocrstate.inventory.crosscheck import from_folder

        return self._made_again(from_folder(scan))

    def refusals(self, made: Plan, consent: Consent | None = None) -> tuple[Refusal, ...]:
        """Return the rules for which apply refuses the plan."""
        from ocrstate.planning.guards import Consent, refusals

        return refusals(made, self.desired, consent or Consent())

    def _compared(self, inventory: Inventory) -> tuple[Plan, Basis]:
        """Look at contents and sources, and plan; what is remembered is read before anything may go because of it."""
        from ocrstate.evidence.gather import gather
        from ocrstate.planning.evidence import Basis

        progress = self.site.progress("Reading")
        evidence = gather(self.desired, inventory.scan, self.diligence, progress)
        made = self._made(inventory, evidence)
        if (
            self.diligence is Diligence.BEFORE_CHANGES
            and made.departures
            and len(evidence.read) < len(evidence.contents)
        ):
            evidence = gather(self.desired, inventory.scan, Diligence.EVERYTHING, progress, evidence.read)
            made = self._made(inventory, evidence)
        return made, Basis(self.desired, inventory, evidence)

    def _inventory(self, meanwhile: Callable[[], None]) -> Inventory:
        def prepare_and() -> None:
            self._prepare()
            meanwhile()

        return self.site.inventory(prepare_and)

    def _made_again(self, inventory: Inventory) -> Plan:
        """Plan with the evidence that there is, as far as it still speaks of what is there."""
        before = self.seen[-1]
        return self._made(inventory, before.evidence.still_true(before.scan, inventory.scan))

    def _made(self, inventory: Inventory, evidence: Evidence) -> Plan:
        from ocrstate.planning.planner import plan

        made = plan(self.desired, inventory, evidence)
        self.seen.append(Seen(inventory.scan, evidence, made))
        return made

    def _prepare(self) -> None:
        """Import what shows the plan."""
        if self.common.as_json:
            import ocrstate.render.documents
        else:
            import ocrstate.render.plan_text
        import ocrstate.planning.planner  # noqa: F401 - they are loaded, not used, here


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
    from ocrstate.render.look import Detail, Look
    from ocrstate.render.plan_text import render_plan

    if work.common.quiet:
        detail = Detail.SUMMARY
    else:
        detail = Detail.EVERYTHING if work.common.verbose else Detail.CHANGES
    return render_plan(made, refused, Look(work.console.paint(), work.console.width, detail))


def _ask_ahead(engines: Engines, common: Common, unchecked: UncheckedManifest) -> None:
    """Ask while the rest of the manifest is checked; what is wrong with the store is told after what it has to say."""
    with suppress(OcrstateError, ValueError):  # a store with NUL in it, which the check is about to refuse
        engines.ask_ahead(request_for(which_store(common, unchecked)))
