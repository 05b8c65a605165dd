"""The staging folder of a store: models on their way in, each under a key.

``<key>.part`` is as much of a model as has come, ``<key>.json`` says what it is a part of, ``<key>.model`` is whole and
was verified. Nobody else makes files there; what has one of these names and is no plain file with one name is not read
or written through, but unlinked. A folder cannot be, and is refused.
"""

from __future__ import annotations

import os
import re
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from ocrstate.names import STAGING_FOLDER
from ocrstate.runs.model import Mark, mark_of
from ocrstate.store.opened import NO_FOLLOW
from ocrstate.store.scan import native_name, stamp_of
from ocrstate.writer.durable import settle_file, settle_folder
from ocrstate.writer.folders import give_away, write_all

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ocrstate.writer.folders import Folders

_PARTS: Final = tuple(STAGING_FOLDER.split("/"))
_SUFFIXES: Final = (".model", ".part", ".json")
_NAME: Final = re.compile(r"([0-9a-f]{32})\.(?:model|part|json)", re.ASCII)
_SAFE: Final = NO_FOLLOW | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
_ADD: Final = os.O_RDWR | os.O_APPEND
_LONGEST_NOTE: Final = 4096
_CHUNK: Final = 1024 * 1024
_RIGHTS: Final = 0o777  # without set-user-id and the like, which a file from elsewhere must not inherit


class StagedFile:
    """A file in staging, opened; closed when left as a context.

    Attributes:
        size: its length in bytes.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.size = os.fstat(descriptor).st_size

    def __enter__(self) -> StagedFile:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)

    def chunks(self) -> Iterator[bytes]:
        """Yield what it holds.

        Raises:
            OSError: it cannot be read.
        """
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        while chunk := os.read(self._descriptor, _CHUNK):
            yield chunk

    def append(self, data: bytes) -> None:
        """Write at its end.

        Raises:
            OSError: that is not possible; some of it may be written.
        """
        write_all(self._descriptor, data)
        self.size += len(data)

    def empty(self) -> None:
        """Drop what it holds.

        Raises:
            OSError: that is not possible.
        """
        os.ftruncate(self._descriptor, 0)
        self.size = 0

    def settle(self) -> None:
        """Wait until what it holds is on disk.

        Raises:
            OSError: it may not be.
        """
        settle_file(self._descriptor)


class Staging:
    """The staging folder of one store. Threads may use it at the same time, each with keys of its own."""

    def __init__(self, folders: Folders) -> None:
        self._folders = folders

    def prepare(self) -> None:
        """Make the folder.

        Raises:
            StoreError: the store is not writable, or something else has the name.
        """
        self._folders.make_private_folder(STAGING_FOLDER)

    def free_space(self) -> int:
        """Return the bytes that this user can still write on the store's filesystem.

        Raises:
            OSError: the filesystem does not tell.
        """
        status = os.fstatvfs(self._folders.descriptor)
        return status.f_bavail * status.f_frsize

    def open_part(self, key: str, name: str) -> StagedFile:
        """Open what has come of a model, for reading and adding to it.

        Nobody else may read it while it comes where not all may read what has the name in the store.

        Raises:
            OSError: it cannot be opened or made.
        """
        look = self._look_at(name)
        with self._opened() as folder:
            if look is not None and _is_private(look):
                return StagedFile(self._open_private_part(f"{key}.part", folder))
            return StagedFile(self._open_shared_part(f"{key}.part", folder))

    def _open_shared_part(self, part: str, folder: int) -> int:
        descriptor = _open_plain(part, _ADD, folder)
        if descriptor is not None:
            return descriptor
        os.close(self._folders.make_file(part, folder))
        return os.open(part, _ADD | _SAFE, dir_fd=folder)

    def _open_private_part(self, part: str, folder: int) -> int:
        descriptor = _open_plain(part, _ADD, folder)
        if descriptor is not None:
            if not os.fstat(descriptor).st_mode & (stat.S_IRGRP | stat.S_IROTH):
                return descriptor
            os.close(descriptor)
            _unlink(part, folder)  # whoever has opened it would read on
        return os.open(part, _ADD | os.O_CREAT | os.O_EXCL | _SAFE, stat.S_IRUSR | stat.S_IWUSR, dir_fd=folder)

    def open_whole(self, key: str) -> StagedFile | None:
        """Open a model that is whole, for reading; `None` where it is not there.

        Raises:
            OSError: it cannot be opened.
        """
        with self._opened() as folder:
            descriptor = _open_plain(f"{key}.model", os.O_RDONLY, folder)
        return None if descriptor is None else StagedFile(descriptor)

    def note(self, key: str, text: str) -> None:
        """Write down what the part is a part of.

        Raises:
            OSError: that is not possible.
        """
        with self._opened() as folder:
            _unlink(f"{key}.json", folder)
            file = self._folders.make_file(f"{key}.json", folder)
            try:
                write_all(file, text.encode("utf-8"))
            finally:
                os.close(file)

    def noted(self, key: str) -> str:
        """Return what was written down; nothing where that cannot be read.

        Raises:
            OSError: a disk failed.
        """
        with self._opened() as folder:
            file = _open_plain(f"{key}.json", os.O_RDONLY, folder)
        if file is None:
            return ""
        try:
            return os.read(file, _LONGEST_NOTE).decode("utf-8", "replace")
        finally:
            os.close(file)

    def finish(self, key: str) -> Mark:
        """Let a part, which was settled, be the whole model, and wait until that is on disk.

        Raises:
            OSError: that is not possible.
        """
        with self._opened() as folder:
            os.rename(f"{key}.part", f"{key}.model", src_dir_fd=folder, dst_dir_fd=folder)
            _unlink(f"{key}.json", folder)
            settle_folder(folder)
        return self.mark(key)

    def mark(self, key: str) -> Mark:
        """Return the mark of a whole model.

        Raises:
            OSError: it cannot be looked at.
        """
        with self._opened() as folder:
            return mark_of(stamp_of(os.stat(f"{key}.model", dir_fd=folder, follow_symlinks=False)))

    def take_after(self, key: str, name: str) -> None:
        """Let a whole model have the owner, group and mode of what has the name in the store, as far as one may.

        Of a link, it is what its readers get that counts; where there is nothing, it gets what all new models have.

        Raises:
            OSError: that is not possible, so that others could read it than before.
        """
        look = self._look_at(name)
        with self._opened() as folder:
            file = os.open(f"{key}.model", os.O_RDONLY | _SAFE, dir_fd=folder)
            try:
                if look is not None:
                    give_away(file, look.st_uid, look.st_gid)
                    os.fchmod(file, (look.st_mode & _RIGHTS) | stat.S_IRUSR)  # last: to give away can take rights
                elif _is_private(os.fstat(file)):
                    self._folders.open_to_all(file)
                settle_file(file)
            finally:
                os.close(file)

    def _look_at(self, name: str) -> os.stat_result | None:
        """Look at the file that readers of a model get, if there is one."""
        folder, _, leaf = name.rpartition("/")
        with suppress(FileNotFoundError), self._folders.descend([folder] if folder else []) as parent:
            look = os.stat(native_name(leaf), dir_fd=parent)
            return look if stat.S_ISREG(look.st_mode) else None
        return None

    def forget(self, key: str) -> None:
        """Remove what is there of a model.

        Raises:
            OSError: that is not possible.
        """
        with self._opened() as folder:
            for suffix in _SUFFIXES:
                _unlink(f"{key}{suffix}", folder)

    def sizes(self) -> dict[str, int]:
        """Return the bytes on disk of each key; none where there is no such folder.

        Raises:
            OSError: it cannot be read.
        """
        found: dict[str, int] = {}
        with suppress(FileNotFoundError), self._opened() as folder:
            for name in os.listdir(folder):
                match = _NAME.fullmatch(name)
                if match is not None:
                    stamp = stamp_of(os.stat(name, dir_fd=folder, follow_symlinks=False))
                    found[match[1]] = found.get(match[1], 0) + stamp.allocated
        return dict(sorted(found.items()))

    def forget_all_but(self, keys: Collection[str]) -> None:
        """Remove what nobody will ask for again.

        Raises:
            OSError: that is not possible.
        """
        for key in self.sizes():
            if key not in keys:
                self.forget(key)

    @contextmanager
    def _opened(self) -> Iterator[int]:
        with self._folders.descend(_PARTS) as folder:
            yield folder


def _open_plain(name: str, flags: int, folder: int) -> int | None:
    """Open a plain file with one name; whatever else has the name, or may not be opened, is unlinked."""
    try:
        if _is_plain(os.stat(name, dir_fd=folder, follow_symlinks=False)):  # first: to open a device can set it off
            descriptor = os.open(name, flags | _SAFE, dir_fd=folder)
            if _is_plain(os.fstat(descriptor)):
                return descriptor
            os.close(descriptor)
    except FileNotFoundError:
        return None
    except PermissionError:
        pass  # another user's, under an older rule: what comes anew is ours
    _unlink(name, folder)
    return None


def _is_private(status: os.stat_result) -> bool:
    return not status.st_mode & stat.S_IROTH


def _is_plain(status: os.stat_result) -> bool:
    return stat.S_ISREG(status.st_mode) and status.st_nlink == 1


def _unlink(name: str, folder: int) -> None:
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder)
