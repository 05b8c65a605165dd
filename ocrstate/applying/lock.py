"""One run at a time on a store."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import TYPE_CHECKING

from ocrstate.errors import LockedError, StoreError
from ocrstate.names import LOCK_FILE
from ocrstate.runs.holder import HOLDER_FILE, holder_of_lock
from ocrstate.text.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filelock import BaseFileLock

    from ocrstate.runs.model import Who
    from ocrstate.writer.store_writer import StoreWriter

_LOCK_MODE = (
    0o666  # whoever may write in the store may run apply: the folder's mode decides, not the first user's umask
)
_SHORTEST_WAIT = 0.1  # seconds: who only asks whether a run is at work holds the lock for less than that


@contextmanager
def locked(writer: StoreWriter, holder: Who, timeout: float) -> Iterator[None]:
    """Hold the store's lock; the system lets go of it when the process ends, however it ends.

    Raises:
        LockedError: another run still holds it after ``timeout`` seconds.
        StoreError: the lock cannot be made.
    """
    from filelock import Timeout  # noqa: PLC0415 - 30 ms that only a run that changes something needs

    writer.folders.make_private_folder(LOCK_FILE.rpartition("/")[0])
    lock = _lock_file(_path(writer, LOCK_FILE), max(timeout, _SHORTEST_WAIT))
    try:
        with writer.watch.waiting("Waiting for another run to end"):
            lock.acquire()
    except Timeout:
        raise _locked(writer, timeout) from None
    except (OSError, NotImplementedError) as error:
        reason = error.strerror if isinstance(error, OSError) else "this filesystem has no locks"
        raise StoreError(
            "lock-failed",
            f"the lock {lock.lock_file} cannot be taken: {reason}",
            "run as a user that may write in the store, on a filesystem that has locks",
        ) from error
    try:
        _refuse_other_folder(writer)
        with suppress(StoreError):  # the name is a courtesy: on a full disk apply must be able to make room
            writer.folders.write_private(json.dumps(asdict(holder)), HOLDER_FILE)
        yield
    finally:
        lock.release()


def _lock_file(path: str, timeout: float) -> BaseFileLock:
    from filelock import FileLock  # noqa: PLC0415 - likewise

    try:
        # a file whose mere existence is the lock outlives a run that is killed
        return FileLock(path, timeout=timeout, mode=_LOCK_MODE, fallback_to_soft=False)
    except TypeError:  # releases before 3.21 know no such fallback, or cannot be kept from it
        return FileLock(path, timeout=timeout, mode=_LOCK_MODE)


def _path(writer: StoreWriter, path: str) -> str:
    return os.path.join(writer.store.real_path, *path.split("/"))


def _refuse_other_folder(writer: StoreWriter) -> None:
    """Refuse if the lock, which is found by its path, is not in the folder that the descriptor is of."""
    try:
        named = os.stat(writer.store.real_path)
    except OSError:
        named = None
    if named is None or (named.st_dev, named.st_ino) != (writer.store.device, writer.store.inode):
        raise StoreError(
            "store-replaced",
            f"the store {writer.store.path} was replaced by another folder in this moment",
            "nothing was changed; run plan again",
        )


def _locked(writer: StoreWriter, timeout: float) -> LockedError:
    holder = holder_of_lock(writer.descriptor)
    if holder is None:
        who = "its holder has not left a name"
    else:
        who = (
            f"process {holder.pid} of {escape(holder.user)} on {escape(holder.host)}, "
            f"started {escape(holder.started)}: {escape(holder.command)}"
        )
    return LockedError(
        "locked",
        f"another run holds the store's lock, and {timeout:g} s of waiting did not help ({who})",
        "wait for it to end, or wait longer with --lock-timeout SECONDS",
    )
