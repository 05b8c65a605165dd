"""Read many models, with all cores, the largest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrstate.digests.hashing import CHUNK, Read, read_file
from ocrstate.digests.memory import Memory
from ocrstate.digests.model import Content, Reading, Unreadable
from ocrstate.digests.pool import work_off
from ocrstate.digests.spot import Spot, content_stamp, followed, spot_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ocrstate.store.model import Entry, Stamp, StoreId
    from ocrstate.watch import Progress


def remembered_contents(store: StoreId, descriptor: int | None, entries: Iterable[Entry]) -> dict[str, Content]:
    """Return, by name, the content of models that were read before and have not changed since; none of it is read."""
    return recalled(Memory.of(store), store, descriptor, entries)


def recalled(memory: Memory, store: StoreId, descriptor: int | None, entries: Iterable[Entry]) -> dict[str, Content]:
    """Return, by name, the content of models that a memory knows."""
    if memory.knows_nothing:
        return {}
    found: dict[str, Content] = {}
    for entry in entries:
        try:
            stamp = content_stamp(spot_of(store, descriptor, entry), entry)
        except OSError:
            continue  # whoever reads it tells why
        sha256 = memory.recall(stamp)
        if sha256 is not None:
            found[entry.name] = Content(sha256, stamp.size, remembered=True)
    return found


def read_contents(
    store: StoreId,
    descriptor: int | None,
    entries: Sequence[Entry],
    memory: Memory,
    watch: Callable[[int], None],
) -> dict[str, Reading]:
    """Read models, and return by name what a reader gets; a file with several names is read once.

    Args:
        store: where they are.
        descriptor: of the store.
        entries: the models, as the folder showed them.
        memory: spares the reading of what it knows, and is told what was read.
        watch: is told from several threads how many bytes were read; what it raises ends the reading, and is raised.

    Raises:
        Interrupted: a signal arrived. What was read to its end by then is remembered.
    """
    readings: dict[str, Reading] = dict(recalled(memory, store, descriptor, entries))
    unread = [entry for entry in entries if entry.name not in readings]
    files, failed = _files(store, descriptor, unread)
    readings.update(failed)

    def read_one(file: _File, buffer: bytearray, step: Callable[[int], None]) -> Read:
        return read_file(file.spot, file.stamp, buffer, step)

    def note(file: _File, read: Read) -> None:
        for name in file.names:
            readings[name] = read.reading
            memory.learn(name, read)

    try:
        work_off(files, read_one, note, watch, CHUNK)
    finally:
        memory.keep(lambda name: _look(followed(store, descriptor, name)))
    return readings


def read_shown(
    store: StoreId, descriptor: int | None, entries: Sequence[Entry], memory: Memory, progress: Progress
) -> dict[str, Reading]:
    """Read models as `read_contents` does, and show how far that has come; what the memory knows is no part of it.

    Raises:
        Interrupted: a signal arrived. What was read to its end by then is remembered.
    """
    known = recalled(memory, store, descriptor, entries)
    unread = [entry for entry in entries if entry.name not in known]
    if not unread:
        return {**known}
    with progress(bytes_to_read(store, descriptor, unread)) as advance:
        return {**known, **read_contents(store, descriptor, unread, memory, advance)}


def bytes_to_read(store: StoreId, descriptor: int | None, entries: Sequence[Entry]) -> int:
    """Return how many bytes `read_contents` will read where nothing is remembered."""
    return sum(file.stamp.size for file in _files(store, descriptor, entries)[0])


@dataclass(frozen=True, slots=True)
class _File:
    """A file to read, and the models that it is the content of."""

    spot: Spot
    stamp: Stamp
    names: list[str]


def _files(
    store: StoreId, descriptor: int | None, entries: Sequence[Entry]
) -> tuple[list[_File], dict[str, Unreadable]]:
    """Return the files that hold these models, the largest first, and which of them cannot be found."""
    files: dict[tuple[int, int], _File] = {}
    failed: dict[str, Unreadable] = {}
    for entry in entries:
        spot = spot_of(store, descriptor, entry)
        try:
            stamp = content_stamp(spot, entry)
        except OSError as error:
            failed[entry.name] = Unreadable(error.strerror or str(error))
            continue
        files.setdefault(stamp.identity, _File(spot, stamp, [])).names.append(entry.name)
    return sorted(files.values(), key=lambda file: file.stamp.size, reverse=True), failed


def _look(spot: Spot) -> Stamp | None:
    try:
        return spot.look()
    except OSError:
        return None
