"""Open a store for changing: one at a time, and nothing half done below."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrstate.applying.lock import locked
from ocrstate.applying.recovery import recover
from ocrstate.errors import Interrupted, StoreError
from ocrstate.inventory.take import refuse_absurd
from ocrstate.store.opened import open_store
from ocrstate.watch import UNWATCHED
from ocrstate.writer.patience import Patience
from ocrstate.writer.store_writer import StoreWriter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrstate.applying.result import Recovered
    from ocrstate.runs.model import Who
    from ocrstate.signals import Pending
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
