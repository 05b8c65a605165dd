"""How much room there is on a store's disk."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ocrstate.store.model import Space
from ocrstate.store.opened import unusable

if TYPE_CHECKING:
    from ocrstate.store.model import StoreId


def space_of(store: StoreId, descriptor: int | None) -> Space | None:
    """Return the room on the store's disk; `None` where the system does not tell.

    Raises:
        StoreError: the store cannot be read any more.
    """
    if not hasattr(os, "statvfs"):
        return None
    try:
        status = os.statvfs(store.real_path if descriptor is None else descriptor)
    except OSError as error:
        raise unusable(store.path, error) from error
    return Space(status.f_bavail * status.f_frsize, status.f_blocks * status.f_frsize)
