"""Stores and manifests drawn at random, from few names so that everything meets everything."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from ocrstate.manifest.desired import Desired, DesiredModel, Policy, UnlistedPolicy
from ocrstate.store.model import Entry, Folder, FolderLink, Kind
from tests.support.manifests import desired_of
from tests.support.stores import DEVICE, entry, folder_link, inventory_of, scan_of, stamp

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocrstate.inventory.model import Inventory

LEAVES = ("a.bin", "A.bin", "base_1.bin", "old_1.bin", "__x.tmp", "é.bin", "e\u0301.bin", "\udcff.bin")
FOLDERS = ("sub", "old_dir", ".OcrState")
LINKS = ("link", "base_link")
PATTERNS = ("*.tmp", "base_*", "old_*", "sub/", "sub/*.bin", "link", "link/", "?.bin", "*")
NAMES = tuple(f"{folder}{leaf}" for folder in ("", *(f"{each}/" for each in FOLDERS)) for leaf in LEAVES)
LISTABLE = tuple(name for name in (*NAMES, *LINKS, *(f"link/{leaf}" for leaf in LEAVES)) if "\udcff" not in name)

_KINDS = st.sampled_from((Kind.FILE,) * 6 + (Kind.LINK, Kind.FIFO, Kind.SOCKET, Kind.DEVICE, Kind.OTHER))


@st.composite
def _entries(draw: st.DrawFn) -> list[Entry]:
    """Draw entries; those that share an inode are names of one file, which may have more names elsewhere."""
    found: list[Entry] = []
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=10))
    inodes = {name: draw(st.integers(1, 12)) for name in names}
    for inode in sorted(set(inodes.values())):
        sharing = [name for name in names if inodes[name] == inode]
        of = stamp(
            inode=inode,
            size=draw(st.integers(0, 3)),
            allocated=draw(st.integers(0, 3)),
            links=len(sharing) + draw(st.integers(0, 1)),
            device=draw(st.sampled_from((DEVICE, DEVICE, DEVICE, 7))),
        )
        kind = draw(_KINDS)
        found.extend(entry(name, kind, of) for name in sharing)
    return found


@st.composite
def _links(draw: st.DrawFn) -> list[FolderLink]:
    """Draw links to folders, hard links to one another among them."""
    names = draw(st.lists(st.sampled_from(LINKS), unique=True))
    of = stamp(inode=50, size=4, allocated=draw(st.integers(0, 3)), links=len(names))
    behind = st.lists(st.sampled_from(LEAVES), unique=True, max_size=4)
    made = [folder_link(name, "/srv", draw(behind)) for name in names]
    return [replace(link, entry=link.entry._replace(stamp=of)) for link in made]


@st.composite
def inventories(draw: st.DrawFn) -> Inventory:
    """Draw what is in a store."""
    entries, links = draw(_entries()), draw(_links())
    names = [each.name for each in entries]
    seen = names + [each.name for link in links for each in link.behind]
    some = st.lists(st.sampled_from(seen), unique=True, max_size=2) if seen else st.just([])
    scan = scan_of(
        *entries,
        folders=[Folder(name, DEVICE, 60, draw(st.booleans())) for name in FOLDERS],
        links=links,
        mounts=draw(st.lists(st.sampled_from((*FOLDERS, *names)), unique=True, max_size=1)),
    )
    return inventory_of(scan, unconfirmed=draw(some))


@st.composite
def desires(draw: st.DrawFn) -> Desired:
    """Draw what a manifest asks for; unlike a manifest's, its names and patterns may overlap."""
    names = draw(st.lists(st.sampled_from(LISTABLE), unique=True, max_size=5))
    sizes = st.sampled_from((None, None, 1))
    patterns = st.lists(st.sampled_from(PATTERNS), unique=True, max_size=2)
    return desired_of(
        *(DesiredModel(name, line, draw(sizes)) for line, name in enumerate(names, 1)),
        ignore=draw(patterns),
        protect=draw(patterns),
        absent=draw(patterns),
        policy=Policy(unlisted=draw(st.sampled_from(UnlistedPolicy)), retain=draw(st.sampled_from((0, 0, 60)))),
    )


def for_every_store(test: Callable[[Desired, Inventory], None]) -> Callable[[], None]:
    """Run a test with many manifests and stores."""
    # no deadline: the first plan that finds a difference imports DeepDiff
    return settings(deadline=None)(given(desires(), inventories())(test))
