"""Look at a store without changing it, and without stopping at what cannot be read."""

from __future__ import annotations

import os
import stat
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ocrstate.doctor.contents import Contents, LinkedFolder
from ocrstate.doctor.looking.system import may
from ocrstate.doctor.store import Room, Survey
from ocrstate.inventory.take import refuse_absurd
from ocrstate.names import is_decodable, is_reserved
from ocrstate.store.mounts import mount_of, mount_points
from ocrstate.store.opened import open_store
from ocrstate.store.scan import leads_to_folder, text_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrstate.store.model import StoreId

_SECONDS = 3.0  # for all that lies in the store
_ROOT = 0


def survey(path: str) -> Survey:
    """Look at a store.

    Raises:
        StoreError: it cannot be opened.
        RefusedError: the directory is no model store.
        OSError: it cannot be looked at any further.
    """
    with open_store(path) as (store, _):
        refuse_absurd(store)
        return Survey(
            store,
            mount_of(store.real_path),
            _room(store.real_path),
            may(store.real_path, os.W_OK | os.X_OK),
            tuple(sorted(mount_points(store.real_path))),
            _ignores_case(store),
            _look_through(store.real_path),
        )


def _room(path: str) -> Room | None:
    if not hasattr(os, "statvfs"):
        return None
    found = os.statvfs(path)
    inodes = found.f_favail if found.f_files else None
    return Room(found.f_bavail * found.f_frsize, inodes, read_only=bool(found.f_flag & os.ST_RDONLY))


def _ignores_case(store: StoreId) -> bool | None:
    """Tell whether another spelling of the store's own name leads to it, too."""
    parent, name = os.path.split(store.real_path)
    other = name.swapcase()
    try:
        if other == name or os.stat(parent).st_dev != store.device:
            return None
        status = os.lstat(os.path.join(parent, other))
    except FileNotFoundError:
        return False
    except OSError:
        return None
    return (status.st_dev, status.st_ino) == (store.device, store.inode)


@dataclass(slots=True)
class _Found:
    """What was seen so far.

    Attributes:
        until: when to stop.
        user: who looks.
    """

    until: float
    user: int
    models: int = 0
    folders: int = 0
    links: int = 0
    deeper: int = 0
    of_others: int = 0
    held: int = 0
    is_cut: bool = False
    linked_folders: list[LinkedFolder] = field(default_factory=list)
    undecodable_files: list[str] = field(default_factory=list)
    undecodable_folders: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    unwritable: list[str] = field(default_factory=list)


def _look_through(path: str) -> Contents:
    found = _Found(time.monotonic() + _SECONDS, os.geteuid() if hasattr(os, "geteuid") else _ROOT)
    holds = _holds(path, found)
    for entry in _entries(path, found):
        with suppress(FileNotFoundError):  # it vanished meanwhile: then it is not there
            _note(entry, path, found, holds=holds)
    return Contents(
        found.models,
        found.folders,
        found.links,
        tuple(sorted(found.linked_folders)),
        tuple(sorted(found.undecodable_files)),
        tuple(sorted(found.undecodable_folders)),
        tuple(sorted(found.unreadable)),
        tuple(sorted(found.unwritable)),
        found.deeper,
        found.of_others,
        found.held,
        found.is_cut,
    )


def _entries(path: str, found: _Found) -> Iterator[os.DirEntry[str]]:
    """Yield what is in a folder, until the time is up."""
    with os.scandir(path) as entries:
        for entry in entries:
            if time.monotonic() > found.until:
                found.is_cut = True
                return
            yield entry


def _note(entry: os.DirEntry[str], store: str, found: _Found, *, holds: bool) -> None:
    if is_reserved(entry.name):
        return
    _note_owner(entry, found, holds=holds)
    if entry.is_dir(follow_symlinks=False):
        _note_folder(entry, found)
    elif leads_to_folder(entry):
        found.linked_folders.append(_linked(entry, store))
    else:
        _note_model(entry, "", found)


def _note_owner(entry: os.DirEntry[str], found: _Found, *, holds: bool) -> None:
    if hasattr(os, "geteuid") and entry.stat(follow_symlinks=False).st_uid != found.user:
        found.of_others += 1
        found.held += holds


def _holds(folder: str, found: _Found) -> bool:
    """Tell whether entries of others may not be removed from a folder."""
    status = os.stat(folder)
    return bool(status.st_mode & stat.S_ISVTX) and found.user not in (_ROOT, status.st_uid)


def _note_folder(folder: os.DirEntry[str], found: _Found) -> None:
    name = text_name(folder.name)
    found.folders += 1
    if not is_decodable(name):
        found.undecodable_folders.append(name)
    if not may(folder.path, os.R_OK | os.X_OK):
        found.unreadable.append(name)
        return
    if not may(folder.path, os.W_OK):
        found.unwritable.append(name)
    holds = _holds(folder.path, found)
    for entry in _entries(folder.path, found):
        with suppress(FileNotFoundError):
            _note_owner(entry, found, holds=holds)
            if entry.is_dir(follow_symlinks=False):
                _count_files_below(entry.path, found)
            elif not leads_to_folder(entry):
                _note_model(entry, f"{name}/", found)


def _note_model(entry: os.DirEntry[str], folder: str, found: _Found) -> None:
    name = text_name(entry.name)
    found.models += 1
    found.links += entry.is_symlink()
    if not is_decodable(name):
        found.undecodable_files.append(f"{folder}{name}")


def _count_files_below(path: str, found: _Found) -> None:
    ahead = [path]
    while ahead:
        with suppress(OSError):  # the engine does not look there, either
            for entry in _entries(ahead.pop(), found):
                if entry.is_dir(follow_symlinks=False):
                    ahead.append(entry.path)
                else:
                    found.deeper += 1


def _linked(entry: os.DirEntry[str], store: str) -> LinkedFolder:
    real = os.path.realpath(entry.path)
    inside = real == store or real.startswith(os.path.join(store, ""))
    return LinkedFolder(text_name(entry.name), text_name(os.readlink(entry.path)), leads_out=not inside)
