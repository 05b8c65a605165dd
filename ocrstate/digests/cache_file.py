"""The file in the user's cache folder that keeps what was read of one store. It is never needed, so nothing here fails.

Only what no one else can have written is believed: the folder and the file belong to this user, and to nobody else is
it given to write there.
"""

from __future__ import annotations

import os
import stat
import time
from contextlib import contextmanager, suppress
from hashlib import sha256
from typing import TYPE_CHECKING

from ocrstate.store.opened import FOLDER_FLAGS, HAS_DESCRIPTORS, NO_FOLLOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrstate.store.model import StoreId

LARGEST = 256 * 1024 * 1024
"""Bytes of the largest file that is read or written."""

_SUFFIX = ".digests"
_UNFINISHED = ".part"
_STALE = 3600  # seconds after which nobody is still writing
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


class CacheFile:
    """Where the digests of one store are kept."""

    def __init__(self, folder: str, name: str) -> None:
        self._folder = folder
        self._name = name

    def read(self) -> bytes:
        """Return its content; nothing where it is missing, unreadable, or may be another's work."""
        try:
            with self._opened_folder() as folder:
                return _read(self._path(self._name, folder), folder)
        except OSError:
            return b""

    def replace(self, data: bytes) -> None:
        """Write its content, all of it or nothing; where that is not possible, everything stays as it is."""
        if len(data) > LARGEST:
            return
        with suppress(OSError):
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            with self._opened_folder() as folder:
                self._replace(data, folder)
                self._tidy(folder)

    @contextmanager
    def _opened_folder(self) -> Iterator[int | None]:
        if not HAS_DESCRIPTORS:
            yield None
            return
        opened = os.open(self._folder, FOLDER_FLAGS | NO_FOLLOW)
        try:
            believe(os.fstat(opened))
            yield opened
        finally:
            os.close(opened)

    def _replace(self, data: bytes, folder: int | None) -> None:
        unfinished = self._path(f"{self._name}.{os.urandom(8).hex()}{_UNFINISHED}", folder)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_FOLLOW | getattr(os, "O_BINARY", 0)
        try:
            with open(os.open(unfinished, flags, 0o600, dir_fd=folder), "wb") as file:
                file.write(data)
            os.replace(unfinished, self._path(self._name, folder), src_dir_fd=folder, dst_dir_fd=folder)
        except BaseException:
            with suppress(OSError):
                os.unlink(unfinished, dir_fd=folder)
            raise

    def _tidy(self, folder: int | None) -> None:
        """Remove what processes that were killed left behind."""
        longest_ago = time.time() - _STALE
        for name in os.listdir(self._folder if folder is None else folder):
            path = self._path(name, folder)
            if name.endswith(_UNFINISHED) and os.stat(path, dir_fd=folder).st_mtime < longest_ago:
                os.unlink(path, dir_fd=folder)

    def _path(self, name: str, folder: int | None) -> str:
        return name if folder is not None else os.path.join(self._folder, name)


def cache_file_of(store: StoreId) -> CacheFile | None:
    """Return where to keep the digests of a store; `None` where the user has no cache folder outside of it."""
    folder = cache_folder(store)
    return (
        None if folder is None else CacheFile(folder, sha256(os.fsencode(store.real_path)).hexdigest()[:32] + _SUFFIX)
    )


def cache_folder(store: StoreId) -> str | None:
    """Return the user's cache folder for this tool, there or not; `None` where there is none outside the store."""
    from platformdirs import user_cache_path  # noqa: PLC0415 - 5 ms, where digests are remembered alone

    try:
        folder = os.fspath(user_cache_path("ocrstate", appauthor=False))
        if not os.path.isabs(folder) or _lies_in(store.real_path, folder):
            return None
    except (OSError, RuntimeError, ValueError):
        return None
    return folder


def _lies_in(store: str, folder: str) -> bool:
    """Tell whether the cache folder is in the store, where what we keep would be taken for models."""
    try:
        return os.path.commonpath([os.path.realpath(folder), store]) == store
    except ValueError:  # on different drives
        return False


def _read(path: str, folder: int | None) -> bytes:
    flags = os.O_RDONLY | NO_FOLLOW | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with open(os.open(path, flags, dir_fd=folder), "rb", buffering=0) as file:
        status = os.fstat(file.fileno())
        believe(status)
        if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST:
            return b""
        return file.read(status.st_size)


def believe(status: os.stat_result) -> None:
    """Pass what only this user can have written.

    Raises:
        PermissionError: it is another's, or others may write it.
    """
    if hasattr(os, "geteuid") and (status.st_uid != os.geteuid() or status.st_mode & _OTHERS_WRITE):
        raise PermissionError
