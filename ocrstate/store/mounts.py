"""Which filesystem a store is on, and which of its entries are mount points: a container may mount one model there."""

from __future__ import annotations

import os
import re
from typing import NamedTuple

_TABLE = "/proc/self/mountinfo"
_MOUNT_POINT = 4  # the field that holds the mount point (proc_pid_mountinfo(5))
_OCTAL = re.compile(rb"\\([0-7]{3})")


class Mount(NamedTuple):
    """A mounted filesystem.

    Attributes:
        point: where it is mounted.
        kind: such as ``ext4`` or ``nfs4``.
        options: of the mount and of the filesystem; what is mounted, which can name hosts and users, is left out.
    """

    point: str
    kind: str
    options: frozenset[str]


def mount_of(path: str) -> Mount | None:
    """Return what an absolute path without links is on; `None` where the system has no such table."""
    native = os.path.join(os.fsencode(path), b"")
    found = None
    for line in _table():
        mount, _, filesystem = (part.split(b" ") for part in line.partition(b" - "))
        point = _unescape(mount[_MOUNT_POINT])
        if native.startswith(os.path.join(point, b"")) and (found is None or len(point) >= len(found[0])):
            found = point, filesystem[0], [*mount[_MOUNT_POINT + 1].split(b","), *filesystem[-1].split(b",")]
    return None if found is None else Mount(_text(found[0]), _text(found[1]), frozenset(map(_text, found[2])))


def mount_points(store: str) -> frozenset[str]:
    """Return the names, relative to the store, of what is mounted in it; none where the system has no such table."""
    prefix = os.fsencode(store).rstrip(b"/") + b"/"
    mounted = (_unescape(line.split(b" ")[_MOUNT_POINT]) for line in _table())
    return frozenset(_text(path.removeprefix(prefix)) for path in mounted if path.startswith(prefix))


def _table() -> list[bytes]:
    try:
        with open(_TABLE, "rb") as table:
            return table.read().split(b"\n")[:-1]  # not splitlines: a carriage return in a path is not escaped
    except OSError:
        return []


def _text(native: bytes) -> str:
    return native.decode("utf-8", "surrogateescape")


def _unescape(field: bytes) -> bytes:
    return _OCTAL.sub(lambda match: bytes([int(match[1], 8)]), field)
