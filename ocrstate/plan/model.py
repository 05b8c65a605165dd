"""A plan as a value. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrstate.inventory.model import UnfinishedRuns
from ocrstate.plan.changes import Blocked, Change, Drifted, Keep, Missing, Protected, Remove, Unlisted

if TYPE_CHECKING:
    from ocrstate.inventory.model import EngineFacts, InventoryWarning, Source
    from ocrstate.runs.model import ManifestRef, UnfinishedRun
    from ocrstate.store.model import StoreId


@dataclass(frozen=True, slots=True)
class NotActedOn:
    """The manifest asks for something that this release does not do.

    Attributes:
        feature: the manifest's key.
        models: the models that ask for it; empty where the manifest as a whole does.
    """

    feature: str
    models: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """How many changes of each action, and what removals mean for the disk.

    Attributes:
        bytes_removed: bytes that the models to be removed take up.
        bytes_freed: bytes that the disk gains by apply: none while removed models are kept for a while.
    """

    keep: int = 0
    remove: int = 0
    missing: int = 0
    drifted: int = 0
    protected: int = 0
    unlisted: int = 0
    blocked: int = 0
    bytes_removed: int = 0
    bytes_freed: int = 0

    @property
    def in_sync(self) -> bool:
        """Whether nothing is to be done and nothing is amiss."""
        return not (self.remove or self.missing or self.drifted or self.blocked)


@dataclass(frozen=True, slots=True)
class Plan:
    """What would change.

    Attributes:
        changes: sorted by name; every model that was looked at but the ignored ones.
        ignored: how many entries a pattern under ``ignore`` matches.
        emptied: sub-folders that the removals leave empty; they go too.
        models: how many models the store holds, for budgets; ignored entries do not count.
        retain: seconds for which removed models are kept.
        extends: the manifests that the manifest extends, in the order in which later ones win.
    """

    manifest_path: str
    manifest_sha256: str
    store: StoreId
    engine: EngineFacts | None
    source: Source
    listed: int
    ignored: int
    changes: tuple[Change, ...]
    emptied: tuple[str, ...]
    summary: Summary
    inventory_warnings: tuple[InventoryWarning, ...]
    not_acted_on: tuple[NotActedOn, ...]
    retain: int = 0
    extends: tuple[ManifestRef, ...] = ()

    @property
    def in_sync(self) -> bool:
        """Whether the store matches the manifest, and no run is half-way that may still change it."""
        return self.summary.in_sync and not self.unfinished_runs

    @property
    def removals(self) -> tuple[Remove, ...]:
        """The models to be removed."""
        return tuple(change for change in self.changes if isinstance(change, Remove))

    @property
    def unfinished_runs(self) -> tuple[UnfinishedRun, ...]:
        """The runs that were half-way, or had been broken off, when the store was read."""
        return tuple(run for each in self.inventory_warnings if isinstance(each, UnfinishedRuns) for run in each.runs)

    @property
    def models(self) -> int:
        """How many models the store holds."""
        return len(self.changes) - self.summary.missing


def summarize(changes: tuple[Change, ...], retain: int = 0) -> Summary:
    """Count the changes by action."""
    counts: Counter[type[Change]] = Counter(map(type, changes))
    removed = sum(change.freed for change in changes if isinstance(change, Remove))
    return Summary(
        keep=counts[Keep],
        remove=counts[Remove],
        missing=counts[Missing],
        drifted=counts[Drifted],
        protected=counts[Protected],
        unlisted=counts[Unlisted],
        blocked=counts[Blocked],
        bytes_removed=removed,
        bytes_freed=0 if retain else removed,
    )
