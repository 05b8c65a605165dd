"""Open and make folders in a store: one step at a time from its descriptor, never following links."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from ocrstate.errors import StoreError
from ocrstate.names import RESERVED_FOLDER
from ocrstate.runs.model import FolderLook
from ocrstate.store.opened import FOLDER_FLAGS, NO_FOLLOW, leave, opened_below
from ocrstate.store.scan import native_name
from ocrstate.text.escape import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from contextlib import AbstractContextManager

    from ocrstate.store.model import StoreId

    Make = Callable[[str, int], None]

_PRIVATE_MODE = 0o644  # others may read who did what, whatever the umask
_ALL_MAY_WRITE = 0o222
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_FOLLOW | getattr(os, "O_CLOEXEC", 0)
_FOLDER_OWNER_NEEDS = stat.S_IRWXU
_MOST_OPEN = 16  # of our folders at a time
_OCCUPIED = (errno.ELOOP, errno.ENOTDIR, errno.EEXIST)


class Folders:
    """The folders of one store, through the descriptor of its own folder.

    Attributes:
        store: which store it is.
        descriptor: the descriptor of the store's folder.
    """

    def __init__(self, store: StoreId, descriptor: int) -> None:
        self.store = store
        self.descriptor = descriptor
        self._own = os.fstat(descriptor)
        self._private: dict[tuple[str, ...], int] = {}

    @property
    def device(self) -> int:
        """The filesystem that the store lies on."""
        return self._own.st_dev

    def private_path(self, *parts: str) -> str:
        """Return the path of something of ours in the store, for messages and for the lock library."""
        return os.path.join(self.store.real_path, RESERVED_FOLDER, *parts)

    def make_private_folder(self, path: str) -> None:
        """Make a folder of ours in the store, with those above it; each gets the store's own owner and mode.

        The engine refuses a whole store when one of its sub-folders is unreadable (docs/engine.md), so a umask must
        not make ours private.

        Raises:
            StoreError: the store is not writable, or something else has the name.
        """
        parts = path.split("/")
        try:
            with self.descend(parts, make=self.make_own):
                pass
        except OSError as error:
            raise self.not_writable(error, parts) from error

    def write_private(self, text: str, path: str) -> None:
        """Replace a small file of ours, whoever wrote it before.

        Raises:
            StoreError: the store is not writable, or full.
        """
        *folders, leaf = path.split("/")
        try:
            with self.descend(folders) as folder:
                with suppress(FileNotFoundError):
                    os.unlink(leaf, dir_fd=folder)
                file = self.make_file(leaf, folder)
                try:
                    write_all(file, text.encode("utf-8", "surrogateescape"))
                finally:
                    os.close(file)
        except OSError as error:
            raise self.not_writable(error, folders) from error

    def descend(
        self,
        parts: Iterable[str],
        *,
        start: int | None = None,
        make: Make | None = None,
    ) -> AbstractContextManager[int]:
        """Open a folder step by step, refusing links; with ``make``, folders that are not there are made.

        Raises:
            OSError: it cannot be opened.
        """
        steps = ((native_name(part), leave if make is None else partial(make, part)) for part in parts)
        return opened_below(self.descriptor if start is None else start, steps)

    def opened_private(self, parts: tuple[str, ...], *, make: bool) -> int:
        """Open a folder of ours once for all models in it: nobody else moves it away.

        Raises:
            OSError: it cannot be opened.
        """
        if parts not in self._private:
            if len(self._private) >= _MOST_OPEN:
                self.forget_private()
            with self.descend(parts, make=self.make_own if make else None) as folder:
                self._private[parts] = os.dup(folder)
        return self._private[parts]

    def make_file(self, name: str, folder: int) -> int:
        """Make a file of ours and return its descriptor; whoever may write in the store may write in it.

        Raises:
            OSError: that is not possible.
        """
        file = os.open(name, _CREATE, _PRIVATE_MODE, dir_fd=folder)
        self.open_to_all(file)
        return file

    def open_to_all(self, file: int) -> None:
        """Let whoever may read or write in the store read or write in a file.

        Raises:
            OSError: that is not possible.
        """
        give_away(file, -1, self._own.st_gid)
        os.fchmod(file, _PRIVATE_MODE | (stat.S_IMODE(self._own.st_mode) & _ALL_MAY_WRITE))

    def forget_private(self) -> None:
        """Close the folders of ours that were opened once for all."""
        while self._private:
            os.close(self._private.popitem()[1])

    def make_own(self, name: str, parent: int) -> None:
        """Make a folder of ours."""
        mode = stat.S_IMODE(self._own.st_mode) | _FOLDER_OWNER_NEEDS
        make_folder(FolderLook(name, mode, self._own.st_uid, self._own.st_gid, goes=False), parent)

    def not_writable(self, error: OSError, parts: Sequence[str]) -> StoreError:
        """Say why nothing can be changed, and what to do."""
        if error.errno in _OCCUPIED:
            name = os.fsdecode(error.filename or "")
            inside = parts[: list(parts).index(name) + 1] if name in parts else [RESERVED_FOLDER]
            where = escape(os.path.join(self.store.real_path, *inside))
            return StoreError(
                "private-folder-occupied",
                f"{where} is not a plain folder: {error.strerror}",
                f"move {where} away: ocrstate keeps its lock, its journal, and models that come and go there",
            )
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return StoreError(
                "store-full",
                f"the store {self.store.path} cannot be changed: {error.strerror}",
                "a run needs a little space, and a few inodes, for its journal: free some on this filesystem",
            )
        return store_not_writable(self.store, error.errno or errno.EACCES)


def store_not_writable(store: StoreId, number: int) -> StoreError:
    """Say that a store cannot be changed, and what to do; ``number`` is the system's for why not."""
    return StoreError(
        "store-not-writable",
        f"the store {store.path} cannot be changed: {os.strerror(number)}",
        "run as a user that may write in the store, and check that it is not mounted read-only",
    )


def write_all(file: int, data: bytes) -> None:
    """Write all of it.

    Raises:
        OSError: that is not possible; some of it may be written.
    """
    while data:
        data = data[os.write(file, data) :]


def give_away(descriptor: int, uid: int, gid: int) -> None:
    """Give a file or folder to its owner and group as far as one may: only root may do the first."""
    for owner, group in ((-1, gid), (uid, -1)):
        with suppress(OSError):
            os.fchown(descriptor, owner, group)


def make_folder(look: FolderLook, parent: int) -> None:
    """Make a folder as it looked before, if nothing has its name.

    Raises:
        OSError: that is not possible.
    """
    try:
        os.mkdir(native_name(look.name), dir_fd=parent)
    except FileExistsError:
        return
    made = os.open(native_name(look.name), FOLDER_FLAGS | NO_FOLLOW, dir_fd=parent)
    try:
        give_away(made, look.uid, look.gid)
        os.fchmod(made, look.mode)  # last: giving a folder away takes the set-group bit
    finally:
        os.close(made)
