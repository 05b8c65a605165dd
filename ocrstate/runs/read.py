"""Read what runs left in a store: their journals, and what waits in quarantine."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from ocrstate.errors import StoreError, UnfinishedError
from ocrstate.names import HISTORY_FOLDER, JOURNAL_FOLDER, LOCK_FILE, QUARANTINE_FOLDER, STAGING_FOLDER
from ocrstate.runs.folders import NOT_THERE, names_in, opened
from ocrstate.runs.journal import DamagedJournalError, decode, is_run_id
from ocrstate.runs.model import Mark, RunLog, UnfinishedRun, mark_of
from ocrstate.store.opened import NO_FOLLOW
from ocrstate.store.scan import stamp_of, text_name
from ocrstate.text.escape import escape

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ocrstate.store.model import Stamp

_SUFFIX = ".journal"
_READ = os.O_RDONLY | NO_FOLLOW | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)  # a pipe would wait


class Held(NamedTuple):
    """A model in quarantine.

    Attributes:
        allocated: bytes that its content takes up on disk.
        links: names (hard links) that share the content.
    """

    name: str
    mark: Mark
    allocated: int
    links: int


def journal_name(run_id: str) -> str:
    """Return the file name of a run's journal."""
    return f"{run_id}{_SUFFIX}"


def staged_name(key: str) -> str:
    """Return the file name of a model that was fetched, whole and verified."""
    return f"{key}.model"


def staged_sizes(store: int) -> dict[str, int]:
    """Return, by key, the bytes of models that lie in staging, whole or in part; `store` is the store's descriptor.

    What cannot be read counts as nothing: then it is fetched anew.
    """
    found: dict[str, int] = {}
    for key, stamp in _staged(store):
        found[key] = max(found.get(key, 0), stamp.size)
    return found


def given_up_bytes(store: int, wanted: Collection[str]) -> int:
    """Return the bytes on disk that come free when what lies in staging under other keys is given up."""
    return sum(stamp.allocated for key, stamp in _staged(store) if key not in wanted)


def staged_total(store: int) -> tuple[int, int]:
    """Return how many models lie in staging, whole or in part, and the bytes that they take up on disk."""
    staged = list(_staged(store))
    return len({key for key, _ in staged}), sum(stamp.allocated for _, stamp in staged)


def _staged(store: int) -> Iterator[tuple[str, Stamp]]:
    with suppress(OSError), opened(store, STAGING_FOLDER) as folder, os.scandir(folder) as entries:
        for entry in entries:
            key, _, kind = entry.name.partition(".")
            if kind in ("part", "model") and entry.is_file(follow_symlinks=False):
                yield key, stamp_of(entry.stat(follow_symlinks=False))


def has_staged(store: int) -> bool:
    """Tell whether an earlier run has left anything in staging."""
    with suppress(OSError), opened(store, STAGING_FOLDER) as folder:
        return bool(os.listdir(folder))
    return False


def open_runs(store: int) -> tuple[str, ...]:
    """Return the ids of runs that are at work or were broken off, oldest first; `store` is the store's descriptor.

    Raises:
        StoreError: whether there are any is not known.
    """
    return _runs_in(store, JOURNAL_FOLDER)


def closed_runs(store: int) -> tuple[str, ...]:
    """Return the ids of runs that have ended and are remembered, oldest first.

    Raises:
        StoreError: whether there are any is not known.
    """
    return _runs_in(store, HISTORY_FOLDER)


def holding_runs(store: int) -> tuple[str, ...]:
    """Return the ids of runs that have a folder in quarantine, oldest first.

    Raises:
        StoreError: whether there are any is not known.
    """
    return tuple(sorted(filter(is_run_id, names_in(store, QUARANTINE_FOLDER))))


def read_open(store: int, run_id: str) -> RunLog:
    """Read the journal of a run that is at work or was broken off.

    Raises:
        UnfinishedError: it is damaged, or gone.
        StoreError: it cannot be read.
    """
    return _read(store, JOURNAL_FOLDER, run_id)


def read_closed(store: int, run_id: str) -> RunLog:
    """Read the journal of a run that has ended.

    Raises:
        UnfinishedError: it is damaged, or gone.
        StoreError: it cannot be read.
    """
    return _read(store, HISTORY_FOLDER, run_id)


def unfinished(store: int) -> tuple[UnfinishedRun, ...]:
    """Describe the runs that are at work or were broken off, oldest first; `store` is the store's descriptor."""
    at_work = is_at_work(store)
    found = []
    for run_id in open_runs(store):
        waiting = len(held_by(store, run_id))
        try:
            log = read_open(store, run_id)
        except UnfinishedError:
            if run_id in open_runs(store):  # else it has ended meanwhile
                found.append(UnfinishedRun(run_id, None, None, waiting, at_work))
        else:
            found.append(UnfinishedRun(run_id, log.begun, log.state, waiting, at_work))
    return tuple(found)


def held_by(store: int, run_id: str) -> tuple[Held, ...]:
    """Return what waits in a run's quarantine, sorted by name.

    Raises:
        StoreError: it cannot be read.
    """
    try:
        with opened(store, f"{QUARANTINE_FOLDER}/{run_id}") as folder:
            return tuple(sorted(_held_in(folder, ""), key=lambda held: held.name))
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise StoreError(
            "quarantine-unreadable",
            f"what the run {run_id} moved aside cannot be read: {error.strerror}",
            "run as the user that owns the store",
        ) from error


def _held_in(folder: int, prefix: str) -> Iterator[Held]:
    with os.scandir(folder) as entries:
        for entry in entries:
            name = f"{prefix}{text_name(entry.name)}"
            if not entry.is_dir(follow_symlinks=False):
                stamp = stamp_of(entry.stat(follow_symlinks=False))
                yield Held(name, mark_of(stamp), stamp.allocated, stamp.links)
            elif not prefix:
                with opened(folder, entry.name) as inner:
                    yield from _held_in(inner, f"{name}/")


def is_at_work(store: int) -> bool | None:
    """Tell whether some run holds the store's lock now; `None` where the system does not say.

    The lock is tried shared and let go at once, and nothing is written.
    """
    try:
        import fcntl  # noqa: PLC0415 - POSIX alone has it
    except ImportError:
        return None
    try:
        lock = os.open(LOCK_FILE, _READ, dir_fd=store)
    except FileNotFoundError:
        return False
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return None
    else:
        return False
    finally:
        os.close(lock)


def _runs_in(store: int, folder: str) -> tuple[str, ...]:
    names = (name.removesuffix(_SUFFIX) for name in names_in(store, folder) if name.endswith(_SUFFIX))
    return tuple(sorted(filter(is_run_id, names)))


def _read(store: int, folder: str, run_id: str) -> RunLog:
    path = f"{folder}/{journal_name(run_id)}"
    try:
        with opened(store, folder) as descriptor:
            data = _content(os.open(journal_name(run_id), _READ, dir_fd=descriptor))
        return decode(run_id, data)
    except OSError as error:
        if error.errno in NOT_THERE:
            raise _damaged(run_id, path, str(error.strerror)) from error
        raise StoreError(
            "journal-unreadable",
            f"the journal {path} in the store cannot be read: {error.strerror}",
            "run as the user that owns the store, and look at the disk",
        ) from error
    except DamagedJournalError as error:
        raise _damaged(run_id, path, str(error)) from error


def _damaged(run_id: str, path: str, reason: str) -> UnfinishedError:
    return UnfinishedError(
        "journal-damaged",
        f"the journal {path} in the store cannot be relied on: {escape(reason)}",
        f"nothing was touched; look what is in {QUARANTINE_FOLDER}/{run_id} and move back what you want to keep, "
        "then move that folder and the journal out of the store",
    )


def _content(descriptor: int) -> bytes:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise DamagedJournalError("it is no plain file")
    with os.fdopen(descriptor, "rb") as file:
        return file.read()
