"""Look at what runs left in a store, and at the cache of what was read of it."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from ocrstate.applying.clock import now
from ocrstate.applying.retention import expired_runs
from ocrstate.digests.cache_file import believe, cache_folder
from ocrstate.doctor.looking.system import may
from ocrstate.doctor.upkeep import Cache, Lock, Quarantine
from ocrstate.runs.holder import holder_of_lock
from ocrstate.runs.kept import past_runs
from ocrstate.runs.read import is_at_work, staged_sizes, unfinished
from ocrstate.store.opened import open_store

if TYPE_CHECKING:
    from ocrstate.runs.model import UnfinishedRun


def look_at_runs(store: str) -> tuple[UnfinishedRun, ...]:
    """Look which runs are half-way.

    Raises:
        StoreError: that is not known.
    """
    with open_store(store) as (_, descriptor):
        return () if descriptor is None else unfinished(descriptor)


def look_at_lock(store: str) -> Lock:
    """Look whether some run holds the lock, and who.

    Raises:
        StoreError: the store cannot be opened.
    """
    with open_store(store) as (_, descriptor):
        if descriptor is None:
            return Lock(is_held=False, holder=None)
        held = is_at_work(descriptor)
        return Lock(held, holder_of_lock(descriptor) if held else None)


def look_at_quarantine(store: str) -> Quarantine:
    """Look what runs that have ended keep.

    Raises:
        StoreError: that is not known.
    """
    with open_store(store) as (_, descriptor):
        if descriptor is None:
            return Quarantine(0, 0, 0, 0)
        kept = [run for run in past_runs(descriptor) if not run.is_open]
        expired = {log.run_id for log in expired_runs(descriptor, now())}
    over = [run for run in kept if run.log.run_id in expired]
    return Quarantine(
        *(sum(run.models_held for run in kept), sum(run.bytes_held for run in kept)),
        *(sum(run.models_held for run in over), sum(run.bytes_held for run in over)),
    )


def look_at_staging(store: str) -> tuple[int, ...]:
    """Look how many bytes of each model lie in staging.

    Raises:
        StoreError: the store cannot be opened.
    """
    with open_store(store) as (_, descriptor):
        return () if descriptor is None else tuple(staged_sizes(descriptor).values())


def look_at_cache(store: str) -> Cache:
    """Look whether what is read of a store can be remembered.

    Raises:
        StoreError: the store cannot be opened.
    """
    with open_store(store) as (opened, _):
        folder = cache_folder(opened)
    return Cache(folder, None if folder is None else _trouble(folder))


def _trouble(folder: str) -> str | None:
    try:
        status = os.lstat(folder)
    except FileNotFoundError:
        return None if may(_nearest(folder), os.W_OK | os.X_OK) else "cannot be made"
    except OSError as error:
        return f"cannot be looked at ({error.strerror})"
    try:
        believe(status)
    except PermissionError:
        return "belongs to another user, or others may write in it"
    if not stat.S_ISDIR(status.st_mode):
        return "is not a folder"
    return None if may(folder, os.W_OK | os.X_OK) else "may not be written by this user"


def _nearest(path: str) -> str:
    """Return the innermost folder on the way that exists."""
    while not os.path.lexists(path):
        path = os.path.dirname(path)
    return path
