"""The one module that changes a store: relative to its descriptor, never following links.

Everything that ocrstate keeps in a store lies in ``.ocrstate/<folder>/…``: two folders deep, where the engine does not
look. Removed models wait in ``.ocrstate/quarantine/<run>/``, under their own names.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from ocrstate.errors import StoreError
from ocrstate.names import RESERVED_FOLDER
from ocrstate.store.opened import FOLDER_FLAGS, NO_FOLLOW
from ocrstate.store.scan import native_name, stamp_of
from ocrstate.text.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrstate.store.model import Stamp, StoreId

QUARANTINE = "quarantine"
LOCK = "lock"

_FOLDER_OWNER_NEEDS = stat.S_IRWXU


class ChangedError(Exception):
    """An entry is not what the plan saw.

    Attributes:
        now: what is there now; `None` where nothing is.
    """

    def __init__(self, name: str, now: Stamp | None) -> None:
        super().__init__(name)
        self.name = name
        self.now = now


class StoreWriter:
    """Changes one store, through the descriptor of its folder."""

    def __init__(self, store: StoreId, descriptor: int) -> None:
        self._store = store
        self._descriptor = descriptor
        self._own = os.fstat(descriptor)

    def private_path(self, *parts: str) -> str:
        """Return the path of something of ours in the store, for messages and for the lock library."""
        return os.path.join(self._store.real_path, RESERVED_FOLDER, *parts)

    def make_private_folder(self, *parts: str) -> None:
        """Make a folder of ours in the store, with those above it; each gets the store's own owner and mode.

        The engine refuses a whole store when one of its sub-folders is unreadable (docs/engine.md), so a umask must
        not make ours private.

        Raises:
            StoreError: the store is not writable, or something else has the name.
        """
        try:
            with self._descend((RESERVED_FOLDER, *parts), make=True):
                pass
        except OSError as error:
            raise self._not_writable(error, parts) from error

    def write_private(self, text: str, *parts: str) -> None:
        """Replace a small file of ours, whoever wrote it before.

        Raises:
            StoreError: the store is not writable, or full.
        """
        *folders, leaf = parts
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_FOLLOW | os.O_CLOEXEC
        try:
            with self._descend((RESERVED_FOLDER, *folders)) as folder:
                with suppress(FileNotFoundError):
                    os.unlink(leaf, dir_fd=folder)
                with os.fdopen(os.open(leaf, flags, 0o644, dir_fd=folder), "w", encoding="utf-8") as file:
                    os.fchmod(file.fileno(), 0o644)  # others are told who holds the lock, whatever the umask
                    file.write(text)
        except OSError as error:
            raise self._not_writable(error, parts) from error

    def move_aside(self, name: str, seen: Stamp, run_id: str) -> None:
        """Move a model into the run's quarantine, if it is still what the plan saw.

        Raises:
            ChangedError: it is not; it was left.
            OSError: it cannot be moved; it was left.
        """
        with (
            self._parent(name) as (source, leaf),
            self._parent(name, self._quarantine(run_id), make=True) as (aside, _),
        ):
            self._check(name, leaf, source, seen)
            os.rename(leaf, leaf, src_dir_fd=source, dst_dir_fd=aside)

    def check_aside(self, name: str, seen: Stamp, run_id: str) -> None:
        """Look whether what lies in the run's quarantine is what the plan saw.

        Raises:
            ChangedError: it is not.
            OSError: it cannot be looked at.
        """
        with self._parent(name, self._quarantine(run_id)) as (aside, leaf):
            self._check(name, leaf, aside, seen)

    def put_back(self, name: str, run_id: str) -> None:
        """Move a model from the run's quarantine to where it was; a sub-folder that is gone by now is made again.

        Raises:
            FileExistsError: something else has its name by now, and is left alone.
            OSError: it cannot be moved.
        """
        with (
            self._parent(name, self._quarantine(run_id)) as (aside, leaf),
            self._parent(name, make=True) as (target, _),
        ):
            _move_without_replacing(leaf, aside, target)

    def delete(self, name: str, run_id: str) -> int:
        """Delete a model from the run's quarantine for good, and return the bytes that this freed."""
        with self._parent(name, self._quarantine(run_id)) as (aside, leaf):
            stamp = stamp_of(os.stat(leaf, dir_fd=aside, follow_symlinks=False))
            os.unlink(leaf, dir_fd=aside)
        return stamp.allocated if stamp.links == 1 else 0

    def remove_if_empty(self, folder: str) -> bool:
        """Remove a sub-folder of the store; one that is not empty, or a mount point, stays."""
        try:
            os.rmdir(native_name(folder), dir_fd=self._descriptor)
        except OSError:
            return False
        return True

    def remove_quarantine(self, run_id: str) -> None:
        """Remove the folders of a run's quarantine, as far as they are empty."""
        with suppress(OSError), self._descend((RESERVED_FOLDER, QUARANTINE)) as quarantine:
            with self._descend((run_id,), start=quarantine) as run:
                for folder in os.listdir(run):
                    with suppress(OSError):
                        os.rmdir(folder, dir_fd=run)
            os.rmdir(run_id, dir_fd=quarantine)

    def _quarantine(self, run_id: str) -> tuple[str, ...]:
        return (RESERVED_FOLDER, QUARANTINE, run_id)

    @contextmanager
    def _parent(
        self, name: str, below: tuple[str, ...] = (), *, make: bool = False
    ) -> Iterator[tuple[int, bytes | str]]:
        """Open the folder that holds a model, in the store or in a folder of ours, and give the model's own name."""
        folder, _, leaf = name.rpartition("/")
        parts = (*below, folder) if folder else below
        with self._descend(parts, make=make) as descriptor:
            yield descriptor, native_name(leaf)

    @contextmanager
    def _descend(self, parts: tuple[str, ...], *, start: int | None = None, make: bool = False) -> Iterator[int]:
        """Open a folder step by step, refusing links; with ``make``, folders that are not there are made."""
        current = os.dup(self._descriptor if start is None else start)
        try:
            for part in parts:
                if make:
                    self._make_folder(part, current)
                following = os.open(native_name(part), FOLDER_FLAGS | NO_FOLLOW, dir_fd=current)
                os.close(current)
                current = following
            yield current
        finally:
            os.close(current)

    def _make_folder(self, name: str, parent: int) -> None:
        try:
            os.mkdir(native_name(name), dir_fd=parent)
        except FileExistsError:
            return
        made = os.open(native_name(name), FOLDER_FLAGS | NO_FOLLOW, dir_fd=parent)
        try:
            os.fchmod(made, stat.S_IMODE(self._own.st_mode) | _FOLDER_OWNER_NEEDS)
            with suppress(OSError):  # only root may give folders away, and others need not
                os.fchown(made, self._own.st_uid, self._own.st_gid)
        finally:
            os.close(made)

    def _check(self, name: str, leaf: bytes | str, folder: int, seen: Stamp) -> None:
        try:
            now = stamp_of(os.stat(leaf, dir_fd=folder, follow_symlinks=False))
        except FileNotFoundError:
            raise ChangedError(name, None) from None
        if not seen.is_same_state(now):
            raise ChangedError(name, now)

    def _not_writable(self, error: OSError, parts: tuple[str, ...]) -> StoreError:
        where = escape(self.private_path(*parts[: parts.index(error.filename) + 1] if error.filename in parts else ()))
        if error.errno in (errno.ELOOP, errno.ENOTDIR, errno.EEXIST):
            return StoreError(
                "private-folder-occupied",
                f"{where} is not a plain folder: {error.strerror}",
                f"move {where} away: apply keeps its lock and quarantine there",
            )
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return StoreError(
                "store-full",
                f"the store {self._store.path} cannot be changed: {error.strerror}",
                "apply needs a little space, and a few inodes, to move models aside: free some on this filesystem",
            )
        return StoreError(
            "store-not-writable",
            f"the store {self._store.path} cannot be changed: {error.strerror}",
            "run as a user that may write in the store, and check that it is not mounted read-only",
        )


def _move_without_replacing(leaf: bytes | str, source: int, target: int) -> None:
    try:
        os.link(leaf, leaf, src_dir_fd=source, dst_dir_fd=target, follow_symlinks=False)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):
        # no hard links on this filesystem, or not of this file: look, then rename
        with suppress(FileNotFoundError):
            os.stat(leaf, dir_fd=target, follow_symlinks=False)
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), leaf) from None
        os.rename(leaf, leaf, src_dir_fd=source, dst_dir_fd=target)
    else:
        with suppress(OSError):  # it is back in any case; a second name in quarantine harms nobody
            os.unlink(leaf, dir_fd=source)
