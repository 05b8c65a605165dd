"""Write a file all of it or not at all: whoever reads it meanwhile sees the old one or the new one."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress


def write_whole(path: str, content: bytes, mode: int = 0o666) -> None:
    """Write a file over whatever file has the name; a pipe or a device is written as it is.

    Args:
        path: where to; through a link, what the link leads to.
        content: what.
        mode: of a new file, as far as the process's umask lets it.

    Raises:
        OSError: that is not possible; what was there is as it was.
    """
    if os.path.exists(path) and not os.path.isfile(path):
        _write(path, content, os.O_WRONLY, mode)  # behind /dev/stdout there can be a pipe, which has no other path
        return
    real = os.path.realpath(path)
    unfinished = f"{real}.{secrets.token_hex(4)}.part"
    try:
        _write(unfinished, content, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        os.replace(unfinished, real)
    except BaseException:
        with suppress(OSError):
            os.unlink(unfinished)
        raise


def _write(path: str, content: bytes, flags: int, mode: int) -> None:
    with os.fdopen(os.open(path, flags | getattr(os, "O_BINARY", 0), mode), "wb") as file:
        file.write(content)
        file.flush()
        if flags & os.O_CREAT:
            os.fsync(file.fileno())
