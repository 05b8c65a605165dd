"""Values of what a store holds, made in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

from ocrstate.inventory.crosscheck import from_folder
from ocrstate.inventory.model import EngineFacts, Inventory, InventoryWarning, Source
from ocrstate.store.model import Entry, Folder, FolderLink, Kind, Place, Scan, Stamp, StoreId

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

DEVICE = 1
INODE = 1000
SIZE = 10
STORE = StoreId("/app/models", "/srv/models", DEVICE, 2)
ENGINE = EngineFacts("aspose-ocr-python-net", "26.7.0", "Aspose.AI.LLM/models")


def stamp(size: int = SIZE, **other: int) -> Stamp:
    """Make a stamp of a file that is not sparse and has one name, unless told otherwise."""
    return Stamp(DEVICE, INODE, size, 0, size, 1, 0)._replace(**other)


def entry(
    name: str,
    kind: Kind = Kind.FILE,
    of: Stamp | None = None,
    content: int | None = None,
    way: tuple[Place, ...] = (),
) -> Entry:
    """Make an entry; beside regular files, only what is given content has any. Each name is a file of its own."""
    made = of or stamp()
    if made.inode == INODE:
        made = made._replace(inode=crc32(name.encode("utf-8", "surrogatepass")))
    return Entry(name, kind, made, made.size if kind is Kind.FILE else content, way)


def folder_link(name: str, target: str, behind: Iterable[str] = ()) -> FolderLink:
    """Make a link to a folder, with files behind it."""
    link = entry(name, Kind.FOLDER_LINK, stamp(size=len(target), allocated=0))
    return FolderLink(link, target, tuple(entry(f"{name}/{seen}") for seen in sorted(behind)))


def scan_of(
    *entries: Entry | str,
    folders: Iterable[Folder] = (),
    links: Sequence[FolderLink] = (),
    mounts: Collection[str] = (),
) -> Scan:
    """Make a scan; a name alone stands for a file."""
    found = (entry(each) if isinstance(each, str) else each for each in entries)
    return Scan(
        STORE,
        tuple(sorted(found, key=lambda each: each.name)),
        tuple(sorted(folders, key=lambda each: each.name)),
        tuple(sorted(links, key=lambda each: each.entry.name)),
        frozenset(mounts),
    )


def inventory_of(
    scan: Scan, *, unconfirmed: Iterable[str] = (), warnings: tuple[InventoryWarning, ...] | None = None
) -> Inventory:
    """Make the inventory of an engine that sees everything but what is unconfirmed."""
    unseen = frozenset(unconfirmed)
    seen = from_folder(scan)
    shown = seen.warnings if warnings is None else warnings
    return Inventory(scan, Source.ENGINE, ENGINE, scan.count - len(unseen), unseen, shown)
