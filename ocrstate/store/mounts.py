"""Which entries of a store are mount points: a container may mount a single model there."""

from __future__ import annotations

import os
import re

_TABLE = "/proc/self/mountinfo"
_MOUNT_POINT = 4  # the field that holds the mount point (proc_pid_mountinfo(5))
_OCTAL = re.compile(rb"\\([0-7]{3})")


def mount_points(store: str) -> frozenset[str]:
    """Return the names, relative to the store, of what is mounted in it; none where the system has no such table."""
    try:
        with open(_TABLE, "rb") as table:
            lines = table.read().split(b"\n")[:-1]  # not splitlines: a carriage return in a path is not escaped
    except OSError:
        return frozenset()
    prefix = os.fsencode(store).rstrip(b"/") + b"/"
    mounted = (_unescape(line.split(b" ")[_MOUNT_POINT]) for line in lines)
    return frozenset(
        path.removeprefix(prefix).decode("utf-8", "surrogateescape") for path in mounted if path.startswith(prefix)
    )


def _unescape(field: bytes) -> bytes:
    return _OCTAL.sub(lambda match: bytes([int(match[1], 8)]), field)
