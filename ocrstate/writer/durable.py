"""Wait until what was written is on disk, and not merely on its way: after that a power failure cannot undo it."""

from __future__ import annotations

import errno
import os

# filesystems that cannot wait for a folder (some network and user-space ones) say so with these
_NOT_FOR_FOLDERS = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.ENOSYS})


def settle_file(descriptor: int) -> None:
    """Wait until a file's content is on disk.

    Raises:
        OSError: it may not be.
    """
    try:
        import fcntl  # noqa: PLC0415 - POSIX alone has it

        flush = fcntl.F_FULLFSYNC  # type: ignore[attr-defined,unused-ignore] # macOS's fsync stops at the disk's cache
        fcntl.fcntl(descriptor, flush)
    except (ImportError, AttributeError, OSError):
        os.fsync(descriptor)


def settle_folder(descriptor: int) -> None:
    """Wait until the names in a folder are on disk, where the filesystem can tell.

    Raises:
        OSError: they may not be.
    """
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NOT_FOR_FOLDERS:
            raise
