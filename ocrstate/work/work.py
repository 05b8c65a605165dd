"""A manifest and the site that it is for: what is planned from, again and again."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from ocrstate.errors import OcrstateError
from ocrstate.evidence.diligence import Diligence
from ocrstate.work.site import Site

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocrstate.inventory.model import Inventory
    from ocrstate.manifest.desired import Desired
    from ocrstate.manifest.load import UncheckedManifest
    from ocrstate.planning.evidence import Basis, Evidence
    from ocrstate.planning.guards import Consent, Refusal
    from ocrstate.planning.model import Plan
    from ocrstate.saved.plan_file import SavedPlan
    from ocrstate.store.model import Scan

# What follows the inventory is imported while the engine works: before, it would delay the question.
# ruff: noqa: PLC0415

AnySite_co = TypeVar("AnySite_co", bound=Site, covariant=True)
OtherSite = TypeVar("OtherSite", bound=Site)


class Seen(NamedTuple):
    """A folder as it was read, what else was looked at, and what was planned."""

    scan: Scan
    evidence: Evidence
    plan: Plan


@dataclass(frozen=True, slots=True)
class Work(Generic[AnySite_co]):
    """One manifest and the site that it is for.

    Attributes:
        diligence: how much of the models' contents is read.
        seen: what was seen and planned, the last at the end.
    """

    site: AnySite_co
    desired: Desired
    diligence: Diligence = Diligence.MEMORY
    seen: list[Seen] = field(default_factory=list)

    @classmethod
    def begin(
        cls,
        unchecked: UncheckedManifest,
        site_for: Callable[[UncheckedManifest], AnySite_co],
        retain: int | None = None,
        diligence: Diligence = Diligence.MEMORY,
    ) -> Work[AnySite_co]:
        """Check the manifest and find out which store is meant; an engine that is ready begins with the list meanwhile.

        Args:
            unchecked: the manifest, as it was read.
            site_for: finds out which store is meant; the manifest may say so.
            retain: seconds to keep removed models for, instead of what the manifest says.
            diligence: how much of the models' contents is read.

        Raises:
            ManifestError: the manifest is not valid, or its store cannot be expanded.
        """
        with suppress(OcrstateError, ValueError):  # told after what the check has to say
            site_for(unchecked).ask_ahead()
        desired = unchecked.check()
        if retain is not None:
            desired = replace(desired, policy=replace(desired.policy, retain=retain))
        return cls(site_for(unchecked), desired, diligence)

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

        progress = self.site.watch.progress("Reading")
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
            self.site.prepare()
            import ocrstate.planning.planner  # noqa: F401 - it is loaded, not used, here

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


def work_of(saved: SavedPlan, site: OtherSite, diligence: Diligence = Diligence.MEMORY) -> Work[OtherSite]:
    """Return to where a saved plan was made; `site` is that place."""
    seen = [Seen(saved.basis.inventory.scan, saved.basis.evidence, saved.plan)]
    return Work(site, saved.basis.desired, diligence, seen)


def _nothing() -> None:
    return
