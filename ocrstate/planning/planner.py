"""Compare what should be with what is. Pure: no IO, no clock."""

from __future__ import annotations

from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING

from ocrstate.digests.model import Unreadable, Unsettled
from ocrstate.manifest.desired import Desired, DesiredModel, UnlistedPolicy
from ocrstate.names import first_match, is_decodable, is_reserved
from ocrstate.planning.changes import (
    Blocked,
    CannotBeNamed,
    Change,
    Drifted,
    Fetch,
    Keep,
    LinkHoldsListed,
    LinkToFolder,
    MatchesAbsent,
    Missing,
    MountPoint,
    NotAFile,
    NotListed,
    Obstacle,
    OtherFilesystem,
    Protected,
    RemovalReason,
    Remove,
    Replace,
    ReservedName,
    Unlisted,
)
from ocrstate.planning.consequences import any_spelling, emptied, spared, with_freed
from ocrstate.planning.differences import explain, is_as_declared
from ocrstate.planning.disk import simulated
from ocrstate.planning.evidence import NO_EVIDENCE, Evidence
from ocrstate.planning.model import Plan, summarize
from ocrstate.runs.model import ManifestRef
from ocrstate.store.model import Entry, FolderLink, Kind, Place, Scan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ocrstate.digests.model import Reading
    from ocrstate.inventory.model import Inventory
    from ocrstate.planning.near import Near


_REMOVABLE = (Kind.FILE, Kind.LINK, Kind.FOLDER_LINK)


def plan(desired: Desired, inventory: Inventory, evidence: Evidence = NO_EVIDENCE) -> Plan:
    """Say what would make the store match the manifest."""
    scan = inventory.scan
    comparison = _Comparison(desired, inventory, evidence)
    needed = comparison.needed()
    changes = with_freed(sorted(spared(comparison.changes(), needed, scan), key=attrgetter("name")))
    summary = summarize(changes, desired.policy.retain)
    return Plan(
        manifest_path=desired.path,
        manifest_sha256=desired.sha256,
        store=scan.store,
        engine=inventory.engine,
        source=inventory.source,
        listed=inventory.count,
        ignored=_count_ignored(desired, scan),
        changes=changes,
        emptied=emptied(scan, changes, needed),
        summary=summary,
        inventory_warnings=inventory.warnings,
        retain=desired.policy.retain,
        disk=simulated(changes, evidence.free, summary.bytes_freed),
        extends=tuple(ManifestRef(base.path, base.sha256) for base in desired.bases),
    )


def to_be_supplied(desired: Desired, scan: Scan, contents: Mapping[str, Reading]) -> tuple[DesiredModel, ...]:
    """Return the models that have a source and are not in place: how they can be had is worth looking at."""
    with_source = [model for model in desired.models if model.source is not None]
    if not with_source:
        return ()
    there = {entry.name: entry for entry in scan.entries}
    return tuple(model for model in with_source if not _is_in_place(model, there.get(model.name), contents))


def _is_in_place(model: DesiredModel, entry: Entry | None, contents: Mapping[str, Reading]) -> bool:
    return entry is not None and is_as_declared(model, entry, contents.get(model.name))


class _Comparison:
    """One walk over what is there and what should be, whose rules are DESIGN's table of actions."""

    def __init__(self, desired: Desired, inventory: Inventory, evidence: Evidence) -> None:
        self._desired = desired
        self._evidence = evidence
        self._contents = evidence.contents
        self._scan = inventory.scan
        self._mounts = inventory.scan.mounts
        self._device = inventory.scan.store.device
        self._unconfirmed = inventory.unconfirmed
        self._listed = {model.name: model for model in desired.models}

    def changes(self) -> list[Change]:
        entries, contents = self._scan.entries, self._contents
        there: set[str] = set()
        changes: list[Change] = []
        drifting: list[tuple[DesiredModel, Entry]] = []
        unlisted: list[Entry] = []
        for entry in entries:
            model = self._listed.get(entry.name)
            if model is None:
                unlisted.append(entry)
                continue
            there.add(entry.name)
            reading = contents.get(entry.name)
            if is_as_declared(model, entry, reading):
                changes.append(Keep(entry.name, entry, model, reading is not None and model.sha256 is not None))
            else:
                drifting.append((model, entry))
        for link in self._scan.folder_links:
            listed = [entry for entry in (link.entry, *link.behind) if entry.name in self._listed]
            there.update(entry.name for entry in listed)
            changes.extend(self._listed_behind(listed, drifting))
            if link.entry not in listed:
                changes.extend(self._for_folder_link(link))
        changes.extend(self._differing(drifting))
        changes.extend(change for entry in unlisted for change in self._for_unlisted(entry))
        changes.extend(self._missing(there, unlisted))
        return changes

    def _listed_behind(self, listed: Sequence[Entry], drifting: list[tuple[DesiredModel, Entry]]) -> Iterable[Change]:
        for entry in listed:
            model = self._listed[entry.name]
            reading = self._contents.get(entry.name)
            if is_as_declared(model, entry, reading):
                yield Keep(entry.name, entry, model, reading is not None and model.sha256 is not None)
            else:
                drifting.append((model, entry))

    def _for_unlisted(self, entry: Entry) -> tuple[Change, ...]:
        desired, name = self._desired, entry.name
        if desired.ignore and first_match(desired.ignore, name):
            return ()
        protecting = first_match(desired.protect, name) if desired.protect else None
        if protecting:
            return (Protected(name, entry, protecting.text),)
        absent = first_match(desired.absent, name) if desired.absent else None
        if absent is None and desired.policy.unlisted is UnlistedPolicy.REPORT:
            return (Unlisted(name, entry, confirmed=name not in self._unconfirmed),)
        return (self._removal(entry, MatchesAbsent(absent.text) if absent else NotListed()),)

    def _removal(self, entry: Entry, reason: RemovalReason) -> Change:
        obstacle = self._obstacle(entry)
        if obstacle is not None:
            return Blocked(entry.name, entry, obstacle)
        if entry.name in self._unconfirmed:
            return Unlisted(entry.name, entry, confirmed=False)
        return Remove(entry.name, entry, reason, entry.stamp.allocated)

    def _obstacle(self, entry: Entry) -> Obstacle | None:
        """Say what stands against a removal. It is asked of every unlisted model, so calls are spared."""
        name, mounts = entry.name, self._mounts
        if name.startswith(".") and is_reserved(name):
            return ReservedName()
        if not (name.isascii() or is_decodable(name)):
            return CannotBeNamed()
        if mounts and not mounts.isdisjoint((name, name.rpartition("/")[0])):
            return MountPoint()
        if entry.stamp.device != self._device:
            return OtherFilesystem()
        if entry.kind not in _REMOVABLE:
            return NotAFile(entry.kind)
        return None

    def _for_folder_link(self, link: FolderLink) -> tuple[Change, ...]:
        """Judge the link by what the engine sees through it: it goes as a whole, or not at all."""
        entry, desired = link.entry, self._desired
        if first_match(desired.ignore, entry.name):
            return ()
        unlisted = [seen.name for seen in link.behind if self._is_merely_unlisted(seen.name)]
        if not unlisted:
            return self._protected_behind(link)
        protecting = first_match(desired.protect, entry.name)
        if protecting:
            return (Protected(entry.name, entry, protecting.text),)
        doomed = self._doomed(link, unlisted)
        if not doomed:
            return (Unlisted(entry.name, entry, confirmed=True),)
        if len(doomed) < len(link.behind):
            staying = tuple(sorted({seen.name for seen in link.behind} - doomed))
            return (Blocked(entry.name, entry, LinkHoldsListed(link.target, staying)),)
        return (self._removal(entry, LinkToFolder(link.target, tuple(sorted(seen.name for seen in link.behind)))),)

    def _is_merely_unlisted(self, name: str) -> bool:
        return name not in self._unconfirmed and not self._must_stay(name)

    def _doomed(self, link: FolderLink, unlisted: Sequence[str]) -> set[str]:
        """Return what has to go of the unlisted models behind a link: under `report` only what is absent."""
        absent = self._desired.absent
        if self._desired.policy.unlisted is UnlistedPolicy.REMOVE or first_match(absent, link.entry.name):
            return set(unlisted)
        return {name for name in unlisted if first_match(absent, name)}

    def _protected_behind(self, link: FolderLink) -> tuple[Change, ...]:
        unlisted = (seen for seen in link.behind if seen.name not in self._listed)
        judged = (change for seen in unlisted for change in self._for_unlisted(seen))
        return tuple(change for change in judged if isinstance(change, Protected))

    def needed(self) -> dict[Place, list[str]]:
        """Return the names that models which must stay are reached by, with those models' names."""
        needed: dict[Place, list[str]] = {}
        links = ((link.entry, *link.behind) for link in self._scan.folder_links)
        for entry in chain(self._scan.entries, chain.from_iterable(links)):
            if entry.way and self._must_stay(entry.name):
                for place in entry.way:
                    needed.setdefault(any_spelling(place), []).append(entry.name)
        return needed

    def _must_stay(self, name: str) -> bool:
        desired = self._desired
        return bool(name in self._listed or first_match(desired.ignore, name) or first_match(desired.protect, name))

    def _missing(self, there: set[str], unlisted: Sequence[Entry]) -> list[Change]:
        missing = [model for model in self._desired.models if model.name not in there]
        supplies = self._evidence.supplies
        near = self._near([model.name for model in missing], unlisted) if missing else {}
        no_folders = self._no_folders() if supplies else set()
        return [self._missing_one(model, near.get(model.name, ()), no_folders) for model in missing]

    def _near(self, missing: Sequence[str], unlisted: Sequence[Entry]) -> dict[str, tuple[Near, ...]]:
        from ocrstate.planning.near_names import near_names  # noqa: PLC0415 - mostly nothing is missing

        return near_names(missing, self._not_listed(unlisted))

    def _not_listed(self, unlisted: Sequence[Entry]) -> list[str]:
        """Return the names of all that is not listed, links to folders and what lies behind them included."""
        linked = chain.from_iterable((link.entry, *link.behind) for link in self._scan.folder_links)
        return [entry.name for entry in (*unlisted, *linked) if entry.name not in self._listed]

    def _missing_one(self, model: DesiredModel, near: tuple[Near, ...], no_folders: set[str]) -> Change:
        name, supply = model.name, self._evidence.supplies.get(model.name)
        if supply is None:
            return Missing(name, model, near)
        folder = name.rpartition("/")[0]
        if folder in no_folders:
            return Missing(name, model, near, in_the_way=folder)
        if any(name == each.name for each in self._scan.folders):
            return Missing(name, model, near, in_the_way=name)
        is_known = model.sha256 is not None  # what comes is just what is meant, whatever else there is
        return Fetch(name, model, supply, () if is_known else tuple(each for each in near if each.is_surely_meant))

    def _no_folders(self) -> set[str]:
        """Return what has a name in the store and is no folder that something can be fetched into."""
        scan = self._scan
        return {*(link.entry.name for link in scan.folder_links), *(entry.name for entry in scan.entries), *scan.mounts}

    def _differing(self, pairs: Sequence[tuple[DesiredModel, Entry]]) -> Iterable[Change]:
        differences = explain(pairs, self._contents)
        behind = {entry.name for link in self._scan.folder_links for entry in (link.entry, *link.behind)}
        for model, entry in pairs:
            supply, found = self._evidence.supplies.get(model.name), differences.get(model.name, ())
            if supply is None or model.name in behind or not self._is_replaceable(entry):
                yield Drifted(model.name, entry, model, found)
            else:
                freed = entry.stamp.allocated if entry.stamp.links == 1 else 0
                yield Replace(model.name, entry, model, found, supply, freed)

    def _is_replaceable(self, entry: Entry) -> bool:
        """Tell whether what is there may make way; what cannot be read, or is being written, may not."""
        reading = self._contents.get(entry.name)
        return self._obstacle(entry) is None and not isinstance(reading, Unreadable | Unsettled)


def _count_ignored(desired: Desired, scan: Scan) -> int:
    if not desired.ignore:
        return 0
    behind = (entry for link in scan.folder_links for entry in link.behind)
    return sum(first_match(desired.ignore, entry.name) is not None for entry in chain(scan.entries, behind))
