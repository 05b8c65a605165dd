"""What is in a store, and how each model of it stands to the manifest. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from ocrstate.errors import assert_never
from ocrstate.names import first_match
from ocrstate.planning.changes import (
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
    entry_size,
    size_of,
)
from ocrstate.runs.model import ManifestRef

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocrstate.inventory.model import EngineFacts, Inventory, InventoryWarning, Source
    from ocrstate.manifest.desired import Desired
    from ocrstate.planning.model import Plan
    from ocrstate.store.model import Entry, Scan, Space, StoreId, Unseen


class Status(Enum):
    """How a model stands to the manifest, in the order in which they are shown: what needs attention stands last."""

    LISTED = "listed"
    IGNORED = "ignored"
    PROTECTED = "protected"
    UNLISTED = "unlisted"
    DRIFTED = "drifted"
    MISSING = "missing"
    BLOCKED = "blocked"


class Ignored(NamedTuple):
    """A pattern under ``ignore`` matches it, so that it is no model to the manifest."""

    name: str
    entry: Entry
    pattern: str


class Seen(NamedTuple):
    """It is there, and there is no manifest to compare it with.

    Attributes:
        confirmed: whether the engine listed it.
    """

    name: str
    entry: Entry
    confirmed: bool


Finding = Change | Ignored | Seen


class Order(Enum):
    """What findings are sorted by: the largest, and the oldest, first."""

    NAME = "name"
    SIZE = "size"
    AGE = "age"
    STATUS = "status"


class Selection(NamedTuple):
    """Which findings are shown, and in which order.

    Attributes:
        statuses: of which status; none for all.
    """

    statuses: frozenset[Status] = frozenset()
    order: Order = Order.NAME
    is_reversed: bool = False


class Kept(NamedTuple):
    """What runs keep of what they removed.

    Attributes:
        models: in quarantine.
        restorable: how many of these can be put back.
        size: bytes that they take up on disk.
        is_whole: whether all was looked at; else there is at least so much.
    """

    models: int = 0
    restorable: int = 0
    size: int = 0
    is_whole: bool = True


class Staged(NamedTuple):
    """Models that a run began to get, whole or in part, and that did not enter the store.

    Attributes:
        size: bytes that they take up on disk.
    """

    models: int = 0
    size: int = 0


NONE_KEPT: Final = Kept()
NONE_STAGED: Final = Staged()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What there is of a store beside its models.

    Attributes:
        disk: `None` where the system does not tell.
        unseen: all folders, and what else lies too deep for the engine; without this tool's own.
        own: this tool's own files: journals, and the like.
    """

    disk: Space | None
    unseen: Unseen
    own: Unseen
    kept: Kept = NONE_KEPT
    staged: Staged = NONE_STAGED


class Total(NamedTuple):
    """How many models, and the bytes of those whose size is known."""

    models: int
    size: int


@dataclass(frozen=True, slots=True)
class Audit:
    """What is in a store.

    Attributes:
        manifest: what it was compared with; `None` for nothing.
        extends: the manifests that the manifest extends, in the order in which later ones win.
        listed: how many entries the engine, or the folder, listed.
        findings: sorted by name.
        unverified: how many listed models have a digest, and content that it was not compared with.
        in_sync: whether all is as the manifest says, as in a plan; `None` without a manifest.
    """

    store: StoreId
    manifest: ManifestRef | None
    extends: tuple[ManifestRef, ...]
    engine: EngineFacts | None
    source: Source
    listed: int
    warnings: tuple[InventoryWarning, ...]
    findings: tuple[Finding, ...]
    surroundings: Surroundings
    unverified: int = 0
    in_sync: bool | None = None

    @property
    def there(self) -> Total:
        """What the store holds."""
        sizes = [entry_size(entry) for entry in map(entry_of, self.findings) if entry is not None]
        return Total(len(sizes), sum(sizes))

    @property
    def totals(self) -> dict[Status, Total]:
        """What there is of each status; of what is missing, the sizes are the declared ones."""
        models: Counter[Status | None] = Counter()
        sizes: Counter[Status | None] = Counter()
        for finding in self.findings:
            status = status_of(finding)
            models[status] += 1
            sizes[status] += found_size(finding) or 0
        return {status: Total(models[status], sizes[status]) for status in Status}


def audit_of_plan(plan: Plan, desired: Desired, scan: Scan, surroundings: Surroundings) -> Audit:
    """Say how all that is in the store, or should be, stands to the manifest."""
    findings: Iterable[Finding] = chain(plan.changes, _ignored(desired, scan))
    return Audit(
        store=plan.store,
        manifest=ManifestRef(plan.manifest_path, plan.manifest_sha256),
        extends=plan.extends,
        engine=plan.engine,
        source=plan.source,
        listed=plan.listed,
        warnings=plan.inventory_warnings,
        findings=tuple(sorted(findings, key=attrgetter("name"))),
        surroundings=surroundings,
        unverified=plan.unverified,
        in_sync=plan.in_sync,
    )


def audit_of_inventory(inventory: Inventory, surroundings: Surroundings) -> Audit:
    """Say what is in the store, compared with nothing."""
    scan, unconfirmed = inventory.scan, inventory.unconfirmed
    entries = sorted(chain(scan.entries, *(link.behind for link in scan.folder_links)), key=attrgetter("name"))
    return Audit(
        store=scan.store,
        manifest=None,
        extends=(),
        engine=inventory.engine,
        source=inventory.source,
        listed=inventory.count,
        warnings=inventory.warnings,
        findings=tuple(Seen(entry.name, entry, entry.name not in unconfirmed) for entry in entries),
        surroundings=surroundings,
    )


def _ignored(desired: Desired, scan: Scan) -> Iterable[Ignored]:
    """Find what `ignore` matches; of a link to a folder that it matches, what is behind it is not looked at."""
    if desired.ignore:
        links = ((link.entry, *link.behind) for link in scan.folder_links)
        for entry in chain(scan.entries, chain.from_iterable(links)):
            pattern = first_match(desired.ignore, entry.name)
            if pattern is not None:
                yield Ignored(entry.name, entry, pattern.text)


def status_of(finding: Finding) -> Status | None:
    """Return how a model stands to the manifest; `None` where there is none."""
    match finding:
        case Keep():
            return Status.LISTED
        case Remove() | Unlisted():
            return Status.UNLISTED
        case Fetch() | Missing():
            return Status.MISSING
        case Replace() | Drifted():
            return Status.DRIFTED
        case Protected():
            return Status.PROTECTED
        case Blocked():
            return Status.BLOCKED
        case Ignored():
            return Status.IGNORED
        case Seen():
            return None
        case _:
            assert_never(finding)


def entry_of(finding: Finding) -> Entry | None:
    """Return what is in the store under a finding's name; `None` for what is missing."""
    return None if isinstance(finding, Missing | Fetch) else finding.entry


def found_size(finding: Finding) -> int | None:
    """Return the bytes of a finding's model: as found, or as declared where it is missing."""
    return entry_size(finding.entry) if isinstance(finding, Ignored | Seen) else size_of(finding)


def selected(findings: Sequence[Finding], selection: Selection) -> tuple[Finding, ...]:
    """Return the findings that are to be shown, in their order; what has no size or age comes last."""
    wanted = selection.statuses
    chosen = [each for each in findings if status_of(each) in wanted] if wanted else list(findings)
    match selection.order:
        case Order.NAME:
            pass
        case Order.SIZE:
            chosen.sort(key=_by_size)
        case Order.AGE:
            chosen.sort(key=_by_age)
        case Order.STATUS:
            rank = {status: number for number, status in enumerate(Status)}
            chosen.sort(key=lambda each: rank.get(status_of(each) or Status.LISTED, 0))
        case _:
            assert_never(selection.order)
    return tuple(reversed(chosen) if selection.is_reversed else chosen)


def _by_size(finding: Finding) -> tuple[bool, int]:
    size = found_size(finding)
    return size is None, -(size or 0)


def _by_age(finding: Finding) -> tuple[bool, int]:
    entry = entry_of(finding)
    return entry is None, 0 if entry is None else entry.stamp.mtime_ns
