"""Where the content of a model is opened: through the store's descriptor, and through links only as a reader would."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, NamedTuple

from ocrstate.digests.model import may_hold_holes
from ocrstate.store.model import Entry, Kind, Stamp, StoreId
from ocrstate.store.opened import NO_FOLLOW
from ocrstate.store.scan import native_name, stamp_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# a pipe or a terminal in the place of a file must neither be waited for nor come to control us
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)


class Spot(NamedTuple):
    """A way to a model.

    Attributes:
        path: as the system spells it, relative to ``folder`` where that is a descriptor.
        follows: whether a link at its end is followed.
    """

    path: bytes
    folder: int | None
    follows: bool

    def open(self) -> int:
        """Open it for reading.

        Raises:
            OSError: it cannot be opened.
        """
        return os.open(self.path, _FLAGS | (0 if self.follows else NO_FOLLOW), dir_fd=self.folder)

    def look(self) -> Stamp:
        """Return the stamp of what a reader would get.

        Raises:
            OSError: there is nothing.
        """
        return stamp_of(os.stat(self.path, dir_fd=self.folder, follow_symlinks=self.follows))


def spot_of(store: StoreId, descriptor: int | None, entry: Entry) -> Spot:
    """Say where a model's content is."""
    return Spot(_path(store, descriptor, entry.name), descriptor, entry.kind is Kind.LINK or bool(entry.way))


def followed(store: StoreId, descriptor: int | None, name: str) -> Spot:
    """Say where the content is that a reader of a name gets, whatever has the name by now."""
    return Spot(_path(store, descriptor, name), descriptor, follows=True)


def content_stamp(spot: Spot, entry: Entry) -> Stamp:
    """Return the stamp of the file that holds a model's content; only that of a link takes another look.

    Raises:
        OSError: the link leads nowhere by now.
    """
    return spot.look() if entry.kind is Kind.LINK else entry.stamp


def bytes_on_disk(store: StoreId, descriptor: int | None, entries: Iterable[Entry]) -> Iterator[tuple[str, int]]:
    """Give the names of models that hold holes, each with the bytes that are on disk."""
    for entry in entries:
        spot = spot_of(store, descriptor, entry)
        try:
            stamp = content_stamp(spot, entry)
            if may_hold_holes(stamp) and _has_hole(spot, stamp.size):
                yield entry.name, stamp.allocated
        except OSError:
            continue  # whoever reads it tells why


def _has_hole(spot: Spot, size: int) -> bool:
    """Tell holes from content that takes up less because the filesystem compresses it, or has not written it yet."""
    if not hasattr(os, "SEEK_HOLE"):
        return True
    opened = spot.open()
    try:
        return stat.S_ISREG(os.fstat(opened).st_mode) and os.lseek(opened, 0, os.SEEK_HOLE) < size
    finally:
        os.close(opened)


def _path(store: StoreId, descriptor: int | None, name: str) -> bytes:
    native = os.fsencode(native_name(name))
    return native if descriptor is not None else os.path.join(os.fsencode(store.real_path), native)
