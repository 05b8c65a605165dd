"""One run at a time on a store."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from ocrstate.apply.store_writer import LOCK
from ocrstate.errors import LockedError, StoreError
from ocrstate.store.opened import NO_FOLLOW
from ocrstate.text.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrstate.apply.store_writer import StoreWriter

_LOCK_FILE = "store.lock"
_HOLDER_FILE = "holder.json"
_LOCK_MODE = (
    0o666  # whoever may write in the store may run apply: the folder's mode decides, not the first user's umask
)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock.

    Attributes:
        started: RFC 3339, UTC.
    """

    pid: int
    host: str
    started: str
    command: str


@contextmanager
def locked(writer: StoreWriter, holder: Holder, timeout: float) -> Iterator[None]:
    """Hold the store's lock; the system lets go of it when the process ends, however it ends.

    Raises:
        LockedError: another run still holds it after ``timeout`` seconds.
        StoreError: the lock cannot be made.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415 - 30 ms that only a run that changes something needs

    writer.make_private_folder(LOCK)
    lock = FileLock(writer.private_path(LOCK, _LOCK_FILE), timeout=timeout, mode=_LOCK_MODE)
    try:
        lock.acquire()
    except Timeout:
        raise _locked(writer, timeout) from None
    except OSError as error:
        raise StoreError(
            "lock-failed",
            f"the lock {lock.lock_file} cannot be taken: {error.strerror}",
            "run as a user that may write in the store",
        ) from error
    try:
        with suppress(StoreError):  # the name is a courtesy: on a full disk apply must be able to make room
            writer.write_private(json.dumps(asdict(holder)), LOCK, _HOLDER_FILE)
        yield
    finally:
        lock.release()


def _open_without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | NO_FOLLOW | getattr(os, "O_NONBLOCK", 0))  # a pipe would wait for a writer


def _locked(writer: StoreWriter, timeout: float) -> LockedError:
    try:
        with open(writer.private_path(LOCK, _HOLDER_FILE), encoding="utf-8", opener=_open_without_waiting) as file:
            holder = Holder(**json.load(file))
        who = f"process {holder.pid} on {escape(holder.host)}, started {holder.started}: {escape(holder.command)}"
    except (OSError, ValueError, TypeError):
        who = "its holder has not left a name"
    return LockedError(
        "locked",
        f"another run holds the store's lock, and {timeout:g} s of waiting did not help ({who})",
        "wait for it to end, or wait longer with --lock-timeout SECONDS",
    )
