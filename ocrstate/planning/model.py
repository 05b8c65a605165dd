"""A plan as a value. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrstate.inventory.model import UnfinishedRuns
from ocrstate.planning.changes import (
    Acting,
    Blocked,
    Change,
    Drifted,
    Fetch,
    Keep,
    Missing,
    Protected,
    Remove,
    Replace,
    Unlisted,
)
from ocrstate.planning.disk import freed_by

if TYPE_CHECKING:
    from ocrstate.inventory.model import EngineFacts, InventoryWarning, Source
    from ocrstate.planning.disk import Disk
    from ocrstate.runs.model import ManifestRef, UnfinishedRun
    from ocrstate.store.model import StoreId


_ACTING = (Remove, Fetch, Replace)  # tuples: to make a union for each of many changes takes as long as to test it
_ARRIVING = (Fetch, Replace)
_DEPARTING = (Remove, Replace)


@dataclass(frozen=True, slots=True)
class Summary:
    """How many changes of each action, and what they mean for the disk.

    Attributes:
        bytes_removed: bytes that the models to be removed take up.
        bytes_replaced: bytes that what is to be replaced takes up.
        bytes_freed: bytes that the disk gains by apply: none while removed models are kept for a while.
        bytes_fetched: bytes of the models that are to be fetched, as far as their size is known.
    """

    keep: int = 0
    remove: int = 0
    fetch: int = 0
    replace: int = 0
    missing: int = 0
    drifted: int = 0
    protected: int = 0
    unlisted: int = 0
    blocked: int = 0
    bytes_removed: int = 0
    bytes_replaced: int = 0
    bytes_freed: int = 0
    bytes_fetched: int = 0

    @property
    def acts(self) -> bool:
        """Whether apply has something to do."""
        return bool(self.remove or self.fetch or self.replace)

    @property
    def in_sync(self) -> bool:
        """Whether nothing is to be done and nothing is amiss."""
        return not (self.acts or self.missing or self.drifted or self.blocked)


@dataclass(frozen=True, slots=True)
class Plan:
    """What would change.

    Attributes:
        changes: sorted by name; every model that was looked at but the ignored ones.
        ignored: how many entries a pattern under ``ignore`` matches.
        emptied: sub-folders that the removals leave empty; they go too.
        disk: what happens to it; `None` where nothing is fetched.
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
    retain: int = 0
    disk: Disk | None = None
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
    def missing(self) -> tuple[Missing, ...]:
        """The listed models that are not there and cannot be had."""
        return tuple(change for change in self.changes if isinstance(change, Missing)) if self.summary.missing else ()

    @property
    def fetches(self) -> tuple[Fetch, ...]:
        """The listed models that are not there and can be had."""
        return tuple(change for change in self.changes if isinstance(change, Fetch)) if self.summary.fetch else ()

    @property
    def acting(self) -> tuple[Acting, ...]:
        """What apply has to do something about."""
        return tuple(change for change in self.changes if isinstance(change, _ACTING)) if self.summary.acts else ()

    @property
    def arrivals(self) -> tuple[Fetch | Replace, ...]:
        """The models to be fetched, whether something has their names or not."""
        comes = self.summary.fetch or self.summary.replace  # most plans fetch nothing, and have many changes
        return tuple(change for change in self.changes if isinstance(change, _ARRIVING)) if comes else ()

    @property
    def departures(self) -> tuple[Remove | Replace, ...]:
        """The models that make way: those to be removed, and those to be replaced."""
        return tuple(change for change in self.changes if isinstance(change, _DEPARTING))

    @property
    def unverified(self) -> int:
        """How many models stay whose content should be compared with a digest, and was not."""
        return sum(
            isinstance(each, Keep) and each.model.sha256 is not None and not each.is_verified for each in self.changes
        )

    @property
    def unfinished_runs(self) -> tuple[UnfinishedRun, ...]:
        """The runs that were half-way, or had been broken off, when the store was read."""
        return tuple(run for each in self.inventory_warnings if isinstance(each, UnfinishedRuns) for run in each.runs)

    @property
    def models(self) -> int:
        """How many models the store holds."""
        return len(self.changes) - self.summary.missing - self.summary.fetch


def summarize(changes: tuple[Change, ...], retain: int = 0) -> Summary:
    """Count the changes by action."""
    counts: Counter[type[Change]] = Counter(map(type, changes))
    removed, replaced = freed_by(changes)
    comes = counts[Fetch] or counts[Replace]
    fetched = sum(change.size_to_come or 0 for change in changes if isinstance(change, _ARRIVING)) if comes else 0
    return Summary(
        keep=counts[Keep],
        remove=counts[Remove],
        fetch=counts[Fetch],
        replace=counts[Replace],
        missing=counts[Missing],
        drifted=counts[Drifted],
        protected=counts[Protected],
        unlisted=counts[Unlisted],
        blocked=counts[Blocked],
        bytes_removed=removed,
        bytes_replaced=replaced,
        bytes_freed=0 if retain else removed + replaced,
        bytes_fetched=fetched,
    )
