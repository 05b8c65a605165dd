"""Read a store's folder by the engine's rules: non-folders in the store and in its immediate sub-folders."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager
from operator import attrgetter
from typing import TYPE_CHECKING

from ocrstate.errors import StoreError
from ocrstate.names import JOURNAL_FOLDER
from ocrstate.store.model import Entry, Folder, FolderLink, Kind, Place, Scan, Stamp, StoreId
from ocrstate.store.mounts import mount_points
from ocrstate.store.opened import FOLDER_FLAGS, NO_FOLLOW, unusable
from ocrstate.store.way import way_from

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCK = 512  # st_blocks counts these, whatever the filesystem's own block size (POSIX)
_COUNTS_BLOCKS = hasattr(os.stat_result, "st_blocks")  # Windows does not
_BY_NAME = attrgetter("name")
_KINDS = {
    stat.S_IFIFO: Kind.FIFO,
    stat.S_IFSOCK: Kind.SOCKET,
    stat.S_IFCHR: Kind.DEVICE,
    stat.S_IFBLK: Kind.DEVICE,
}


def stamp_of(status: os.stat_result) -> Stamp:
    """Reduce what the system says of an entry to what plans compare."""
    allocated = status.st_blocks * _BLOCK if _COUNTS_BLOCKS else status.st_size
    return Stamp(
        status.st_dev,
        status.st_ino,
        status.st_size,
        status.st_mtime_ns,
        allocated,
        status.st_nlink,
        status.st_ctime_ns,
    )


def scan(store: StoreId, descriptor: int | None) -> Scan:
    """Read the folder.

    Raises:
        StoreError: the store or one of its sub-folders cannot be read.
    """
    found = _Found()
    try:
        with os.scandir(store.real_path if descriptor is None else descriptor) as entries:
            for entry in entries:
                _take_top(found, store, descriptor, entry)
    except OSError as error:
        raise unusable(store.path, error) from error
    return Scan(
        store,
        tuple(sorted(found.entries, key=_BY_NAME)),
        tuple(sorted(found.folders, key=lambda folder: folder.name)),
        tuple(sorted(found.links, key=lambda link: link.entry.name)),
        mount_points(store.real_path),
        _unfinished_runs(store, descriptor),
    )


def _unfinished_runs(store: StoreId, descriptor: int | None) -> tuple[str, ...]:
    try:
        with _listing(store, descriptor, JOURNAL_FOLDER, NO_FOLLOW) as (_, entries):
            return tuple(sorted(text_name(entry.name) for entry in entries))
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            return ()  # where a link or a file has the name, nothing is ours
        raise _unreadable(store, JOURNAL_FOLDER, error) from error


class _Found:
    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.folders: list[Folder] = []
        self.links: list[FolderLink] = []


def _take_top(found: _Found, store: StoreId, descriptor: int | None, entry: os.DirEntry[str]) -> None:
    name = text_name(entry.name)
    try:
        if entry.is_file(follow_symlinks=False):  # asked first: nearly all are
            found.entries.append(_entry(name, entry, store.real_path))
        elif entry.is_dir(follow_symlinks=False):
            _take_folder(found, store, descriptor, entry.name)
        elif leads_to_folder(entry):
            found.links.append(_folder_link(store, descriptor, entry))
        else:
            found.entries.append(_entry(name, entry, store.real_path))
    except FileNotFoundError:
        return  # it vanished while the folder was read: then it is not there
    except OSError as error:
        raise _unreadable(store, name, error) from error


def _take_folder(found: _Found, store: StoreId, descriptor: int | None, folder: str) -> None:
    name = text_name(folder)
    has_folders = False
    path = os.path.join(store.real_path, folder)
    with _listing(store, descriptor, folder, NO_FOLLOW) as (status, entries):
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                has_folders = True
            elif leads_to_folder(entry):
                has_folders = True  # the engine looks no deeper, and the folder is not empty
            else:
                found.entries.extend(_present(f"{name}/{text_name(entry.name)}", entry, path))
    found.folders.append(Folder(name, status.st_dev, status.st_ino, has_folders))


def _folder_link(store: StoreId, descriptor: int | None, entry: os.DirEntry[str]) -> FolderLink:
    name = text_name(entry.name)
    target = os.readlink(entry.path if descriptor is None else entry.name, dir_fd=descriptor)
    way = _way(store.real_path, target)
    path = os.path.realpath(os.path.join(store.real_path, entry.name))
    behind: list[Entry] = []
    with _listing(store, descriptor, entry.name, 0) as (status, entries):
        for seen in entries:
            if not (seen.is_dir(follow_symlinks=False) or leads_to_folder(seen)):
                leaf = text_name(seen.name)
                here = (*way, Place(status.st_dev, status.st_ino, leaf))
                behind.extend(each._replace(way=(*here, *each.way)) for each in _present(f"{name}/{leaf}", seen, path))
    link = Entry(name, Kind.FOLDER_LINK, stamp_of(entry.stat(follow_symlinks=False)), None, way)
    return FolderLink(link, text_name(target), tuple(sorted(behind, key=_BY_NAME)))


@contextmanager
def _listing(
    store: StoreId, descriptor: int | None, folder: str, follow: int
) -> Iterator[tuple[os.stat_result, Iterator[os.DirEntry[str]]]]:
    if descriptor is None:
        path = os.path.join(store.real_path, folder)
        with os.scandir(path) as entries:
            yield os.stat(path), entries
        return
    opened = os.open(folder, FOLDER_FLAGS | follow, dir_fd=descriptor)
    try:
        with os.scandir(opened) as entries:
            yield os.fstat(opened), entries
    finally:
        os.close(opened)


def _present(name: str, entry: os.DirEntry[str], folder: str) -> tuple[Entry, ...]:
    try:
        return (_entry(name, entry, folder),)
    except FileNotFoundError:
        return ()


def _entry(name: str, entry: os.DirEntry[str], folder: str) -> Entry:
    status = entry.stat(follow_symlinks=False)
    if stat.S_ISREG(status.st_mode):
        return Entry(name, Kind.FILE, stamp_of(status), status.st_size)
    if stat.S_ISLNK(status.st_mode):
        return _link(name, entry, stamp_of(status), folder)
    return Entry(name, _KINDS.get(stat.S_IFMT(status.st_mode), Kind.OTHER), stamp_of(status), None)


def _link(name: str, entry: os.DirEntry[str], stamp: Stamp, folder: str) -> Entry:
    try:
        status = entry.stat()
        way = _way(folder, os.readlink(os.path.join(folder, entry.name)))
    except OSError:
        return Entry(name, Kind.LINK, stamp, None)
    return Entry(name, Kind.LINK, stamp, status.st_size if stat.S_ISREG(status.st_mode) else None, way)


def _way(folder: str, target: str) -> tuple[Place, ...]:
    return tuple(place._replace(name=text_name(place.name)) for place in way_from(folder, target))


def leads_to_folder(entry: os.DirEntry[str]) -> bool:
    """Tell whether the entry is a link to a folder; a link loop leads nowhere."""
    if not entry.is_symlink():
        return False
    try:
        return entry.is_dir()
    except OSError:
        return False


def text_name(native: str) -> str:
    """Spell a name from disk as UTF-8 text, whatever encoding the locale makes Python use."""
    return native if native.isascii() else os.fsencode(native).decode("utf-8", "surrogateescape")


def native_name(name: str) -> bytes | str:
    """Return what to hand to the system for a name; the inverse of `text_name`."""
    return name if os.name == "nt" else name.encode("utf-8", "surrogateescape")


def native_bytes(name: str, store_path: str | None = None) -> bytes:
    """Return the bytes of a name as it is on disk, or of its path where the store's is given."""
    spelled = name.encode("utf-8", "surrogateescape")
    return spelled if store_path is None else os.path.join(os.fsencode(store_path), spelled)


def _unreadable(store: StoreId, name: str, error: OSError) -> StoreError:
    return StoreError(
        "folder-unreadable",
        f"{name!r} in the store {store.path} cannot be read: {error.strerror}",
        "grant this user read and search permission on it, or move it out of the store",
    )
