"""Count what lies in a store too deep for the engine to see, following no link, and not for ever."""

from __future__ import annotations

import os
import stat
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from ocrstate.names import DEEPEST
from ocrstate.store.model import Unseen
from ocrstate.store.opened import FOLDER_FLAGS, NO_FOLLOW
from ocrstate.store.scan import leads_to_folder, native_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocrstate.store.model import StoreId

_DEEPEST = 32  # each level holds a descriptor
_MOST = 100_000  # entries that are looked at


def unseen_in(
    store: StoreId, descriptor: int | None, folders: Iterable[str], without: frozenset[str] = frozenset()
) -> Unseen:
    """Count what lies in folders of a store's sub-folders; what cannot be read makes it less than whole.

    Args:
        store: the store.
        descriptor: of the store.
        folders: names of the sub-folders to look into.
        without: names of what in these is left out.
    """
    walk = _Walk(store.device, without)
    for folder in folders:
        walk.into(store.real_path if descriptor is None else descriptor, native_name(folder), 1)
    return Unseen(walk.folders, walk.files, walk.size, is_whole=walk.is_whole)


def lies_too_deep(store: StoreId, descriptor: int | None, name: str) -> bool:
    """Tell whether something lies under a name deeper than the engine looks; no link is followed to it.

    Args:
        store: the store.
        descriptor: of the store.
        name: relative to the store, without empty and dotted parts.
    """
    *folders, last = name.split("/")
    if len(folders) < DEEPEST - 1:
        return False
    place: int | str = store.real_path if descriptor is None else descriptor
    try:
        with ExitStack() as opened:
            for folder in folders:
                place = opened.enter_context(_inside(place, native_name(folder)))
            mode = _status(place, native_name(last)).st_mode
    except OSError:
        return False
    return len(folders) >= DEEPEST or stat.S_ISDIR(mode)


def _status(place: int | str, name: str | bytes) -> os.stat_result:
    if isinstance(place, str):
        return os.lstat(os.path.join(place, os.fsdecode(name)))
    return os.stat(name, dir_fd=place, follow_symlinks=False)


class _Walk:
    """One walk through what is too deep; it stays on the store's filesystem."""

    def __init__(self, device: int, without: frozenset[str]) -> None:
        self.folders = self.files = self.size = 0
        self.is_whole = True
        self._device = device
        self._without = without
        self._left = _MOST

    def into(self, place: int | str, name: str | bytes, depth: int) -> None:
        try:
            with _inside(place, name) as inside, os.scandir(inside) as entries:
                for entry in entries:
                    if depth == 1 and entry.name in self._without:
                        continue
                    if self._left == 0:
                        self.is_whole = False
                        return
                    self._left -= 1
                    with suppress(FileNotFoundError):  # it vanished meanwhile
                        self._take(inside, entry, depth)
        except OSError:
            self.is_whole = False

    def _take(self, inside: int | str, entry: os.DirEntry[str], depth: int) -> None:
        if entry.is_dir(follow_symlinks=False):
            self.folders += 1
            if depth < _DEEPEST and entry.stat(follow_symlinks=False).st_dev == self._device:
                self.into(inside, entry.name, depth + 1)
            else:
                self.is_whole = False
        elif depth > 1 or leads_to_folder(entry):
            self.files += 1
            self.size += entry.stat(follow_symlinks=False).st_size


@contextmanager
def _inside(place: int | str, name: str | bytes) -> Iterator[int | str]:
    """Go into a folder that is no link, by descriptor where the system has those for folders."""
    if isinstance(place, str):
        yield os.path.join(place, os.fsdecode(name))
        return
    opened = os.open(name, FOLDER_FLAGS | NO_FOLLOW, dir_fd=place)
    try:
        yield opened
    finally:
        os.close(opened)
