"""Verify, whoever asks for it: read what decides and is not known from before, and judge it."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from ocrstate.digests.contents import read_shown
from ocrstate.digests.memory import Memory
from ocrstate.digests.spot import bytes_on_disk
from ocrstate.planning.verification import Readings, Verification, listed_entries, to_read, verify
from ocrstate.store.opened import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ocrstate.inventory.model import Inventory
    from ocrstate.manifest.desired import Desired
    from ocrstate.watch import Progress, Watch


def verify_contents(desired: Desired, inventory: Inventory, watch: Watch, *, believe: bool) -> Verification:
    """Compare the content of all listed models with the manifest.

    Args:
        desired: what the manifest asks for.
        inventory: the store as it is.
        watch: is shown how far the reading has come.
        believe: whether what was read before, and has not changed since, need not be read again.

    Raises:
        StoreError: the store cannot be read any more.
        Interrupted: a signal asked to end.
    """
    started = monotonic()
    tally = _Tally(watch.progress("Verifying"))
    with open_store(inventory.scan.store.path) as (store, descriptor):
        memory = Memory.of(store) if believe else Memory.fresh(store)
        found = read_shown(store, descriptor, to_read(desired, inventory.scan), memory, tally.shown)
        on_disk = dict(bytes_on_disk(store, descriptor, listed_entries(desired, inventory.scan)))
    return verify(desired, inventory, Readings(found, on_disk, tally.total, monotonic() - started))


class _Tally:
    """Counts bytes that several threads read, beside showing how far that has come."""

    def __init__(self, progress: Progress) -> None:
        self._lock = threading.Lock()
        self._progress = progress
        self.total = 0

    @contextmanager
    def shown(self, total: int) -> Iterator[Callable[[int], None]]:
        """Show how far something has come that is told of here."""
        with self._progress(total) as advance:

            def count(number: int) -> None:
                with self._lock:
                    self.total += number
                advance(number)

            yield count
