"""Moving the models of a store: aside, back, and away for good."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from ocrstate.errors import StoreError
from ocrstate.names import QUARANTINE_FOLDER, STAGING_FOLDER
from ocrstate.runs.model import FolderLook, InQuarantine, InStaging, InStore, Mark, Move, Spot, mark_of
from ocrstate.runs.read import staged_name
from ocrstate.store.scan import native_name, stamp_of
from ocrstate.text.escape import escape
from ocrstate.writer.durable import settle_folder
from ocrstate.writer.folders import make_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ocrstate.writer.folders import Folders


class _Entry(NamedTuple):
    """A name in a folder that is open."""

    folder: int
    leaf: bytes | str


class ChangedError(Exception):
    """An entry is not what the plan saw.

    Attributes:
        now: what is there now; `None` where nothing is.
    """

    def __init__(self, name: str, now: Mark | None) -> None:
        super().__init__(name)
        self.name = name
        self.now = now


class Models:
    """The models of one store.

    ``patiently`` is handed each change that another process can be in the way of for a moment, and makes it.
    """

    def __init__(self, folders: Folders, patiently: Callable[[Callable[[], None]], None]) -> None:
        self._folders = folders
        self._patiently = patiently

    def look_of(self, folder: str, *, goes: bool) -> FolderLook:
        """Note what is needed to make a sub-folder of the store again.

        Raises:
            OSError: it cannot be looked at.
        """
        status = os.stat(native_name(folder), dir_fd=self._folders.descriptor, follow_symlinks=False)
        return FolderLook(folder, stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid, goes)

    def look_of_new(self, folder: str) -> FolderLook:
        """Say how a sub-folder is to look that may have to be made: as the store itself, and gone if that is undone.

        Raises:
            OSError: it is there, and cannot be looked at.
        """
        try:
            return self.look_of(folder, goes=False)
        except FileNotFoundError:
            own = os.fstat(self._folders.descriptor)
            return FolderLook(folder, stat.S_IMODE(own.st_mode), own.st_uid, own.st_gid, goes=True)

    def can_make_way(self, name: str) -> bool:
        """Tell whether what has a name in the store is a model, and no folder or pipe.

        Raises:
            OSError: it cannot be looked at.
        """
        with self._parent(name, InStore()) as entry:
            mode = os.stat(entry.leaf, dir_fd=entry.folder, follow_symlinks=False).st_mode
        return stat.S_ISREG(mode) or stat.S_ISLNK(mode)

    def mark_in_store(self, name: str) -> Mark | None:
        """Say what has a name in the store; `None` where nothing has.

        Raises:
            StoreError: it cannot be looked at.
        """
        try:
            return self._mark_at(name, InStore())
        except OSError as error:
            raise StoreError(
                "store-unreadable",
                f"{escape(name)} in the store {self._folders.store.path} cannot be looked at: {error.strerror}",
                "run as the user that owns the store, and look at the disk",
            ) from error

    def move(self, move: Move, looks: Mapping[str, FolderLook]) -> None:
        """Move a model to its target, if it is still what the plan saw; a sub-folder that is gone is made again.

        Raises:
            ChangedError: it is not.
            FileExistsError: something else has the name that it is to get.
            OSError: it cannot be moved; it was left.
        """
        with self._parent(move.name, move.origin) as before:
            self._check(move, before)
            with self._parent(move.name, move.target, looks) as after:
                self._carry(before, after, move.target)
                # between the look and the rename another file may have taken the name
                self._check(move, after)

    def take_back(self, move: Move, looks: Mapping[str, FolderLook]) -> bool:
        """Undo a move, as far as it was made.

        Returns:
            Whether what is there now is what the run was about; else something else had got its name.

        Raises:
            FileExistsError: something else has the model's name by now, and is left alone.
            ChangedError: the model is neither where it was nor where it was moved to.
            OSError: it cannot be moved.
        """
        origin_mark, target_mark = self._mark_at(move.name, move.origin), self._mark_at(move.name, move.target)
        as_moved = target_mark is not None and target_mark.has_same_content(move.mark)
        if target_mark is None or (isinstance(move.target, InStore) and not as_moved):
            if origin_mark is None:
                raise ChangedError(move.name, None)
            return True
        with self._parent(move.name, move.target) as after:
            if origin_mark == target_mark:  # killed between making one name and dropping the other
                self._patiently(lambda: os.unlink(after.leaf, dir_fd=after.folder))
                return True
            if origin_mark is not None:
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), move.name)
            with self._parent(move.name, move.origin, looks) as before:
                self._carry(after, before, move.origin)
        return as_moved

    def delete(self, name: str, run_id: str) -> int | None:
        """Delete a model from a run's quarantine for good.

        Returns:
            The bytes that this freed; `None` where there was nothing.

        Raises:
            OSError: it cannot be deleted.
        """
        try:
            with self._parent(name, InQuarantine(run_id)) as aside:
                stamp = stamp_of(os.stat(aside.leaf, dir_fd=aside.folder, follow_symlinks=False))
                self._patiently(lambda: os.unlink(aside.leaf, dir_fd=aside.folder))
        except FileNotFoundError:
            return None
        return stamp.allocated if stamp.links == 1 else 0

    def settle(self, moves: Sequence[Move]) -> None:
        """Wait until the moves, or their undoing, are on disk: one wait for each folder.

        Raises:
            OSError: they may not be.
        """
        gaining = {_folder(move.name, move.target) for move in moves}
        losing = {_folder(move.name, move.origin) for move in moves}
        for parts in (*_with_those_above(gaining), *_with_those_above(losing - gaining)):
            with suppress(FileNotFoundError), self._folders.descend(parts) as folder:
                settle_folder(folder)

    def remove_if_empty(self, folder: str) -> bool:
        """Remove a sub-folder of the store; one that is not empty, or a mount point, stays."""
        try:
            os.rmdir(native_name(folder), dir_fd=self._folders.descriptor)
        except OSError:
            return False
        return True

    def remove_quarantine(self, run_id: str) -> None:
        """Remove the folders of a run's quarantine, as far as they are empty."""
        self._folders.forget_private()
        with suppress(OSError), self._folders.descend(QUARANTINE_FOLDER.split("/")) as quarantine:
            with self._folders.descend([run_id], start=quarantine) as run:
                for folder in os.listdir(run):
                    with suppress(OSError):
                        os.rmdir(folder, dir_fd=run)
            os.rmdir(run_id, dir_fd=quarantine)

    def _carry(self, origin: _Entry, target: _Entry, spot: Spot) -> None:
        match spot:
            case InQuarantine() | InStaging():  # nobody else makes names there
                self._rename(origin, target)
            case InStore():
                self._move_without_replacing(origin, target)

    def _move_without_replacing(self, origin: _Entry, target: _Entry) -> None:
        folders = {"src_dir_fd": origin.folder, "dst_dir_fd": target.folder}
        try:
            self._patiently(lambda: os.link(origin.leaf, target.leaf, follow_symlinks=False, **folders))
        except FileExistsError:
            raise
        except (OSError, NotImplementedError):
            # no hard links on this filesystem, or not of this file: look, then rename
            with suppress(FileNotFoundError):
                os.stat(target.leaf, dir_fd=target.folder, follow_symlinks=False)
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target.leaf) from None
            self._rename(origin, target)
        else:
            self._patiently(lambda: os.unlink(origin.leaf, dir_fd=origin.folder))

    def _rename(self, origin: _Entry, target: _Entry) -> None:
        folders = {"src_dir_fd": origin.folder, "dst_dir_fd": target.folder}
        self._patiently(lambda: os.rename(origin.leaf, target.leaf, **folders))

    def _mark_at(self, name: str, spot: Spot) -> Mark | None:
        """Say what has the name at a spot; `None` where nothing has."""
        try:
            with self._parent(name, spot) as entry:
                return mark_of(stamp_of(os.stat(entry.leaf, dir_fd=entry.folder, follow_symlinks=False)))
        except (FileNotFoundError, NotADirectoryError):
            return None

    def _check(self, move: Move, entry: _Entry) -> None:
        try:
            now = stamp_of(os.stat(entry.leaf, dir_fd=entry.folder, follow_symlinks=False))
        except FileNotFoundError:
            raise ChangedError(move.name, None) from None
        if mark_of(now) != move.mark or now.device != self._folders.device:
            raise ChangedError(move.name, mark_of(now))

    @contextmanager
    def _parent(self, name: str, spot: Spot, looks: Mapping[str, FolderLook] | None = None) -> Iterator[_Entry]:
        """Open the folder that holds a model, and give the model's own name there.

        A folder that is not there is made: in quarantine, and in the store if there is a look of it.
        """
        folder, _, leaf = name.rpartition("/")
        match spot:
            case InStore():
                make = self._remake(looks[folder]) if looks and folder in looks else None
                with self._folders.descend([folder] if folder else [], make=make) as descriptor:
                    yield _Entry(descriptor, native_name(leaf))
            case InQuarantine():
                parts = _parts(spot, folder)
                yield _Entry(self._folders.opened_private(parts, make=looks is not None), native_name(leaf))
            case InStaging(key):
                parts = tuple(STAGING_FOLDER.split("/"))
                yield _Entry(self._folders.opened_private(parts, make=looks is not None), staged_name(key))

    def _remake(self, look: FolderLook) -> Callable[[str, int], None]:
        return lambda _, parent: make_folder(look, parent)


def _parts(spot: InQuarantine, folder: str) -> tuple[str, ...]:
    return (*QUARANTINE_FOLDER.split("/"), spot.run_id, *([folder] if folder else []))


def _folder(name: str, spot: Spot) -> tuple[str, ...]:
    folder = name.rpartition("/")[0]
    match spot:
        case InStore():
            return (folder,) if folder else ()
        case InQuarantine():
            return _parts(spot, folder)
        case InStaging():
            return tuple(STAGING_FOLDER.split("/"))


def _with_those_above(folders: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the folders, and those that they lie in, which may have been made anew as well; the deepest first."""
    above = {folder[:depth] for folder in folders for depth in range(len(folder) + 1)}
    return sorted(above, key=lambda folder: (-len(folder), folder))
