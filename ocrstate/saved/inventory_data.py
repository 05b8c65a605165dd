"""An inventory as JSON data, and back. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.errors import assert_never
from ocrstate.inventory.model import (
    BlindEngine,
    EngineFacts,
    Inventory,
    InventoryWarning,
    OnlyInEngine,
    OnlyInFolder,
    PassedOver,
    Source,
    UnfinishedRuns,
    Unnameable,
)
from ocrstate.jsondata import as_list, as_mapping, as_number, as_text, each
from ocrstate.names import is_reserved, leads_into_store
from ocrstate.store.model import Entry, Folder, FolderLink, Kind, Place, Scan, Stamp, StoreId

if TYPE_CHECKING:
    from ocrstate.render.spelling import Document, Json


def inventory_data(inventory: Inventory) -> Document:
    """Return the inventory as data."""
    scan, engine = inventory.scan, inventory.engine
    return {
        "store": [scan.store.path, scan.store.real_path, scan.store.device, scan.store.inode],
        "source": inventory.source.value,
        "engine": None if engine is None else [engine.package, engine.version, engine.local_path],
        "count": inventory.count,
        "unconfirmed": [*sorted(inventory.unconfirmed)],
        "entries": [_entry_data(entry) for entry in scan.entries],
        "folders": [[folder.name, folder.device, folder.inode, folder.has_folders] for folder in scan.folders],
        "folder_links": [
            [_entry_data(link.entry), link.target, [_entry_data(entry) for entry in link.behind]]
            for link in scan.folder_links
        ],
        "mounts": [*sorted(scan.mounts)],
        "warnings": [_warning_data(warning) for warning in inventory.warnings],
    }


def inventory_from(data: object) -> Inventory:
    """Return the inventory that the data describes.

    Raises:
        ValueError, TypeError, KeyError: it describes none, or names something outside of the store.
    """
    read = as_mapping(data)
    engine = read["engine"]
    path, real_path, device, inode = as_list(read["store"])
    scan = Scan(
        StoreId(as_text(path), as_text(real_path), as_number(device), as_number(inode)),
        each(read["entries"], _entry_from),
        each(read["folders"], _folder_from),
        each(read["folder_links"], _link_from),
        frozenset(each(read["mounts"], _name)),
    )
    return Inventory(
        scan,
        Source(read["source"]),
        None if engine is None else EngineFacts(*each(engine, as_text)),
        as_number(read["count"]),
        frozenset(each(read["unconfirmed"], _name)),
        each(read["warnings"], _warning_from),
    )


def _entry_data(entry: Entry) -> list[Json]:
    way: list[Json] = [[place.device, place.inode, place.name] for place in entry.way]
    return [entry.name, entry.kind.value, [*entry.stamp], entry.content, way]


def _entry_from(data: object) -> Entry:
    name, kind, stamp, content, way = as_list(data)
    return Entry(
        _name(name),
        Kind(kind),
        Stamp(*each(stamp, as_number)),
        None if content is None else as_number(content),
        each(way, _place_from),
    )


def _place_from(data: object) -> Place:
    device, inode, name = as_list(data)
    return Place(as_number(device), as_number(inode), as_text(name))


def _folder_from(data: object) -> Folder:
    name, device, inode, has_folders = as_list(data)
    return Folder(_name(name), as_number(device), as_number(inode), bool(has_folders))


def _link_from(data: object) -> FolderLink:
    entry, target, behind = as_list(data)
    return FolderLink(_entry_from(entry), as_text(target), each(behind, _entry_from))


def _warning_data(warning: InventoryWarning) -> list[Json]:
    match warning:
        case BlindEngine(version, files):
            return ["blind", version, files]
        case OnlyInFolder(names):
            return ["only-in-folder", *names]
        case OnlyInEngine(names):
            return ["only-in-engine", *names]
        case Unnameable(names):
            return ["unnameable", *names]
        case PassedOver(path):
            return ["passed-over", path]
        case UnfinishedRuns():
            raise ValueError("a store with a run half-way is not worth a plan")
        case _:
            assert_never(warning)


def _warning_from(data: object) -> InventoryWarning:
    kind, *rest = as_list(data)
    match kind:
        case "blind":
            version, files = rest
            return BlindEngine(as_text(version), as_number(files))
        case "only-in-folder":
            return OnlyInFolder(tuple(map(as_text, rest)))
        case "only-in-engine":
            return OnlyInEngine(tuple(map(as_text, rest)))
        case "passed-over":
            (path,) = rest
            return PassedOver(as_text(path))
        case "unnameable":
            return Unnameable(tuple(map(as_text, rest)))
        case _:
            raise ValueError(f"the warning {kind!r} is not known")


def _name(value: object) -> str:
    name = as_text(value)
    inside = name.partition("/")[2] if is_reserved(name) else name  # such a name is seen, and never removed
    if inside and not leads_into_store(inside):
        raise ValueError(f"{name!r} does not lead into the store")
    return name
