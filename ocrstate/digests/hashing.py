"""Read one file to its end, and notice when it changes meanwhile."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import time
from typing import TYPE_CHECKING, NamedTuple

from ocrstate.digests.model import Content, Reading, Unreadable, Unsettled, change_between
from ocrstate.store.scan import stamp_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from io import FileIO

    from ocrstate.digests.spot import Spot
    from ocrstate.store.model import Stamp

CHUNK = 512 * 1024
"""Bytes read at once: fits into a core's own cache, and is large enough that threads seldom wait for each other."""


_NO_FILE = "it was replaced by something that is no file"


class Read(NamedTuple):
    """A file that was read.

    Attributes:
        began: when, in nanoseconds since 1970.
        stamp: of the file, the same before and after; `None` where nothing is known of its content.
    """

    reading: Reading
    began: int
    stamp: Stamp | None


def read_file(spot: Spot, seen: Stamp, buffer: bytearray, watch: Callable[[int], None]) -> Read:
    """Read a file to its end.

    Args:
        spot: where it is.
        seen: its stamp when the folder was read.
        buffer: is filled again and again.
        watch: is told how many bytes were read; what it raises ends the reading.
    """
    began = time.time_ns()
    try:
        with open(spot.open(), "rb", buffering=0) as file:
            status = os.fstat(file.fileno())
            before = stamp_of(status)
            unlike = _unlike(seen, before, status.st_mode)
            if unlike:
                return Read(Unsettled(unlike), began, None)
            sha256, size = _digest(file, before.size, buffer, watch)
            after = stamp_of(os.fstat(file.fileno()))
        change = change_between(before, after) or change_between(after, spot.look()) or _cut(before.size, size)
    except OSError as error:
        return Read(_of_error(error), began, None)
    if change:
        return Read(Unsettled(f"{change} while it was read"), began, None)
    return Read(Content(sha256, size, remembered=False), began, before)


def _unlike(seen: Stamp, found: Stamp, mode: int) -> str | None:
    """Say why what was opened is not what the folder showed."""
    if not stat.S_ISREG(mode):
        return _NO_FILE
    return None if seen.is_same_state(found) else f"{change_between(seen, found)} after the folder had been read"


def _cut(expected: int, size: int) -> str | None:
    return None if size == expected else f"it gave {size:,} bytes instead of {expected:,}"


def _digest(file: FileIO, expected: int, buffer: bytearray, watch: Callable[[int], None]) -> tuple[str, int]:
    """Return the digest and the number of bytes; a file that grows is read no further than shows that it does."""
    digest = hashlib.sha256(usedforsecurity=False)
    view = memoryview(buffer)
    size = 0
    while size <= expected:
        count = file.readinto(view) or 0
        if count == 0:
            break
        digest.update(view[:count])
        size += count
        watch(count)
    return digest.hexdigest(), size


def _of_error(error: OSError) -> Unreadable | Unsettled:
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            return Unsettled("it vanished after the folder had been read")
        case errno.ELOOP:
            return Unsettled("it was replaced by a link after the folder had been read")
        case errno.EISDIR | errno.ENXIO:
            return Unsettled(_NO_FILE)
        case _:
            return Unreadable(error.strerror or str(error))
