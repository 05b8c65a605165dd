"""A store opened for reading: every later look goes through its descriptor, so it stays the same directory."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ocrstate.errors import StoreError
from ocrstate.store.model import StoreId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Step = tuple[bytes | str, Callable[[int], None]]

FOLDER_FLAGS = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
HAS_DESCRIPTORS = os.open in os.supports_dir_fd and os.scandir in os.supports_fd
"""Whether directories can be opened and worked on by descriptor: POSIX yes, Windows no."""


@contextmanager
def open_store(path: str) -> Iterator[tuple[StoreId, int | None]]:
    """Open the directory and say which one it is; the descriptor is `None` where the system has none for directories.

    Raises:
        StoreError: it is missing, not a folder, or not readable.
    """
    try:
        real_path = os.path.realpath(path, strict=True)
        descriptor = os.open(real_path, FOLDER_FLAGS) if HAS_DESCRIPTORS else None
    except OSError as error:
        raise unusable(path, error) from error
    try:
        yield _identified(path, real_path, descriptor), descriptor
    finally:
        if descriptor is not None:
            os.close(descriptor)


def leave(_above: int) -> None:
    """Do nothing before a folder is opened."""


@contextmanager
def opened_below(start: int, steps: Iterable[Step]) -> Iterator[int]:
    """Open a folder below a descriptor step by step, following no link on the way.

    Args:
        start: the descriptor of a folder.
        steps: for each folder on the way its name, and what is done in the one above before it is opened.

    Raises:
        OSError: it cannot be opened.
    """
    current = os.dup(start)
    try:
        for name, prepare in steps:
            prepare(current)
            following = os.open(name, FOLDER_FLAGS | NO_FOLLOW, dir_fd=current)
            current, passed = following, current  # first: a signal after the closing must not close it twice
            os.close(passed)
        yield current
    finally:
        os.close(current)


def _identified(path: str, real_path: str, descriptor: int | None) -> StoreId:
    try:
        status = os.stat(real_path if descriptor is None else descriptor)
    except OSError as error:
        raise unusable(path, error) from error
    return StoreId(path, real_path, status.st_dev, status.st_ino)


def unusable(path: str, error: OSError) -> StoreError:
    """Say why a store cannot be read, and what to do."""
    match error:
        case FileNotFoundError():
            return StoreError(
                "store-missing",
                f"the store {path} does not exist",
                "create the folder, or say where the store is: with --store DIR, or `store:` in the manifest",
            )
        case NotADirectoryError():
            return StoreError(
                "store-not-a-folder",
                f"the store {path} is not a folder",
                "name the folder that holds the models with --store DIR or `store:` in the manifest",
            )
        case PermissionError():
            return StoreError(
                "store-unreadable",
                f"the store {path}, or a folder on the way to it, is not readable for this user",
                "run as the user that owns the store, or grant read and search permission on it",
            )
        case _:
            return StoreError(
                "store-unreadable",
                f"the store {path} cannot be read: {error.strerror}",
                "look at the path and the filesystem below it",
            )
