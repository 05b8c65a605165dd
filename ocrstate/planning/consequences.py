"""What a plan's removals mean for what stays: links, space, and folders that they leave empty. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ocrstate.names import RESERVED_FOLDER, twin_key
from ocrstate.planning.changes import Blocked, Change, Fetch, NeededByLink, Remove
from ocrstate.store.model import Folder, Place, Scan

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


def spared(changes: list[Change], needed: dict[Place, list[str]], scan: Scan) -> list[Change]:
    """Block removals on the way to a model that must stay: it would be a dead link then."""
    folders = _folder_ids(scan)
    return [_spared_one(change, needed, folders) for change in changes] if needed else changes


def _spared_one(change: Change, needed: dict[Place, list[str]], folders: dict[str, tuple[int, int]]) -> Change:
    folder, _, leaf = change.name.rpartition("/")
    if not isinstance(change, Remove) or folder not in folders:
        return change
    staying = needed.get(any_spelling(Place(*folders[folder], leaf)))
    return Blocked(change.name, change.entry, NeededByLink(tuple(sorted(set(staying))))) if staying else change


def any_spelling(place: Place) -> Place:
    """Make names equal that a filesystem may take for the same: rather one model too many stays."""
    return place._replace(name=twin_key(place.name))


def _folder_ids(scan: Scan) -> dict[str, tuple[int, int]]:
    ids = {folder.name: (folder.device, folder.inode) for folder in scan.folders}
    return {"": (scan.store.device, scan.store.inode), **ids}


def with_freed(changes: Sequence[Change]) -> tuple[Change, ...]:
    """Count a file with several names once, and only where all its names go."""
    going = Counter(
        (change.entry.stamp.device, change.entry.stamp.inode)
        for change in changes
        if isinstance(change, Remove) and change.entry.stamp.links > 1
    )
    return tuple(_freeing_once(change, going) for change in changes) if going else tuple(changes)


def _freeing_once(change: Change, going: Counter[tuple[int, int]]) -> Change:
    if not isinstance(change, Remove) or change.entry.stamp.links == 1:
        return change
    stamp = change.entry.stamp
    names_left = going[stamp.device, stamp.inode]
    if names_left >= stamp.links:
        going[stamp.device, stamp.inode] = 0  # the first of its names carries the bytes, the others none
        return change
    return Remove(change.name, change.entry, change.reason, 0)


def emptied(scan: Scan, changes: Sequence[Change], needed: Collection[Place]) -> tuple[str, ...]:
    """Return the sub-folders that removals leave empty, sorted; they go too, unless something leads there."""
    if not scan.folders:
        return ()
    removed = Counter(change.name.rpartition("/")[0] for change in changes if isinstance(change, Remove))
    held = Counter(entry.name.rpartition("/")[0] for entry in scan.entries)
    arriving = {change.name.rpartition("/")[0] for change in changes if isinstance(change, Fetch)}
    left_empty = (
        folder.name for folder in scan.folders if folder.name not in arriving and _is_emptied(folder, removed, held)
    )
    top = (scan.store.device, scan.store.inode)
    return tuple(sorted(name for name in left_empty if any_spelling(Place(*top, name)) not in needed))


def _is_emptied(folder: Folder, removed: Counter[str], held: Counter[str]) -> bool:
    return (
        folder.name != RESERVED_FOLDER
        and not folder.has_folders
        and removed[folder.name] > 0
        and removed[folder.name] == held[folder.name]
    )
