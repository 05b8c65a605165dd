"""Open a store for changing: one at a time, and nothing half done below."""

from __future__ import annotations

import errno
import os
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrstate.applying.lock import locked
from ocrstate.applying.recovery import recover
from ocrstate.errors import Interrupted, StoreError
from ocrstate.inventory.take import refuse_absurd
from ocrstate.names import RESERVED_FOLDER
from ocrstate.store.opened import open_store
from ocrstate.watch import UNWATCHED
from ocrstate.writer.folders import store_not_writable
from ocrstate.writer.patience import Patience
from ocrstate.writer.store_writer import StoreWriter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrstate.applying.result import Recovered
    from ocrstate.runs.model import Who
    from ocrstate.signals import Pending
    from ocrstate.store.model import StoreId
    from ocrstate.watch import Watch


PUT_IN_ORDER = "an earlier run was put in order, and nothing else was changed"
"""What state a store is in when a command is interrupted after it has finished or taken back an earlier run."""


@dataclass(frozen=True, slots=True)
class Session:
    """A store that nobody else changes meanwhile.

    Attributes:
        recovered: runs that were half done, and were finished or taken back first.
    """

    writer: StoreWriter
    recovered: tuple[Recovered, ...]


def refuse_read_only(store: StoreId) -> None:
    """Refuse a store that this user cannot change, before anybody is asked whether it may be.

    Raises:
        StoreError: it cannot be changed, as far as that can be told without trying.
    """
    own = os.path.join(store.real_path, RESERVED_FOLDER)  # a run needs this one, others perhaps not
    folder = own if os.path.isdir(own) else store.real_path
    if not os.access(folder, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids):
        is_mounted_so = hasattr(os, "statvfs") and os.statvfs(store.real_path).f_flag & os.ST_RDONLY
        raise store_not_writable(store, errno.EROFS if is_mounted_so else errno.EACCES)


@contextmanager
def changing(path: str, who: Who, lock_timeout: float, pending: Pending, watch: Watch = UNWATCHED) -> Iterator[Session]:
    """Take the store's lock, and first finish or undo what earlier runs left.

    Raises:
        LockedError: another run holds the lock.
        StoreError: the store cannot be changed.
        RefusedError: the folder can be no model store.
        UnfinishedError: an earlier run can be neither finished nor undone.
        Interrupted: a signal asked to end; nothing was changed.
    """
    if os.rename not in os.supports_dir_fd:
        raise StoreError(
            "platform-not-supported",
            "a store cannot be changed safely on this system: it has no operations relative to a folder's descriptor",
            "plan, check and validate work here; change stores on Linux or macOS (docs/platforms.md)",
        )
    with open_store(path) as (store, descriptor), ExitStack() as held:
        refuse_absurd(store)
        assert descriptor is not None  # noqa: S101 - a system that has the operations has descriptors
        patiently = Patience(lambda: pending.number is not None)
        writer = held.enter_context(StoreWriter(store, descriptor, patiently, watch))
        with pending.let_through():
            held.enter_context(locked(writer, who, lock_timeout))
        recovered = recover(writer)
        try:
            yield Session(writer, recovered)
        except Interrupted as interrupted:
            if recovered:
                interrupted.state = PUT_IN_ORDER
            raise
