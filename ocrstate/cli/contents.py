"""Read what models contain, for commands that write it down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.authoring.pins import Pin
from ocrstate.digests.contents import read_shown
from ocrstate.digests.memory import Memory
from ocrstate.digests.model import Content, Unreadable, Unsettled
from ocrstate.digests.spot import bytes_on_disk
from ocrstate.errors import StoreError, assert_never
from ocrstate.text.escape import escape
from ocrstate.text.units import size_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocrstate.cli.site import Site
    from ocrstate.digests.model import Reading
    from ocrstate.store.model import Entry, Scan


def all_entries(scan: Scan) -> Iterator[Entry]:
    """Yield what the engine can see, behind links to folders too."""
    yield from scan.entries
    for link in scan.folder_links:
        yield from link.behind


def read_pins(site: Site, scan: Scan, entries: Sequence[Entry]) -> dict[str, Pin]:
    """Return, by name, the digests and sizes of models that a scan found.

    Raises:
        StoreError: one of them cannot be read, or changes meanwhile; names them all.
    """
    if not entries:
        return {}
    with site.opened() as (store, descriptor):
        if (store.device, store.inode) != (scan.store.device, scan.store.inode):
            raise StoreError("store-changed", f"the store {escape(store.path)} is another folder by now", "run again")
        readings = read_shown(store, descriptor, entries, Memory.of(store), site.watch.progress("Reading"))
        _warn_of_holes(site, dict(bytes_on_disk(store, descriptor, entries)))
    _refuse_unread(readings)
    return {name: Pin(each.sha256, each.size) for name, each in readings.items() if isinstance(each, Content)}


def _warn_of_holes(site: Site, on_disk: dict[str, int]) -> None:
    for name, size in sorted(on_disk.items()):
        words = f"{escape(name)} holds holes, only {size_text(size)} are on disk: was its copy interrupted?"
        site.console.warn(words)


def _refuse_unread(readings: dict[str, Reading]) -> None:
    failures = [f"{escape(name)}: {words}" for name, each in sorted(readings.items()) if (words := _failure(each))]
    if failures:
        raise StoreError(
            "model-unreadable",
            "the content of these models is not known, so nothing was written:\n  " + "\n  ".join(failures),
            "let this user read them, or wait until nobody writes to them, and run again",
        )


def _failure(reading: Reading) -> str | None:
    match reading:
        case Content():
            return None
        case Unreadable(cause):
            return f"it cannot be read: {cause}"
        case Unsettled(change):
            return change
        case _:
            assert_never(reading)
