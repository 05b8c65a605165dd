"""Digests that were read before, remembered for as long as a file is in the state that it was in then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.digests.cache_file import CacheFile, cache_file_of
from ocrstate.digests.model import Content
from ocrstate.digests.remembered import Record, digests_in, encoded, key_of, records_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocrstate.digests.hashing import Read
    from ocrstate.store.model import Stamp, StoreId

_SECOND = 1_000_000_000
_FINE = _SECOND // 10  # systems advance the time of files every 1 to 16 ms
_COARSE = 2 * _SECOND  # some filesystems count in whole seconds, and some in steps of two


class Memory:
    """What is known of the models of one store, and what has been learned about them."""

    def __init__(self, file: CacheFile | None, known: dict[bytes, bytes]) -> None:
        self._file = file
        self._known = known
        self._learned: dict[str, Record] = {}

    @classmethod
    def of(cls, store: StoreId) -> Memory:
        """Return a memory that knows what earlier commands read, and keeps what this one reads."""
        file = cache_file_of(store)
        return cls(file, digests_in(file.read()) if file else {})

    @classmethod
    def fresh(cls, store: StoreId) -> Memory:
        """Return a memory that believes nothing of what was read earlier, and keeps what is read now."""
        return cls(cache_file_of(store), {})

    @classmethod
    def none(cls) -> Memory:
        """Return a memory that knows nothing and keeps nothing."""
        return cls(None, {})

    @property
    def knows_nothing(self) -> bool:
        """Whether nothing that was read earlier is known, so that no model need be looked up."""
        return not self._known

    def recall(self, stamp: Stamp) -> str | None:
        """Return the SHA-256, in hexadecimal, of a file that is still in the state that it was read in."""
        if not self._known:
            return None
        key = key_of(stamp)
        digest = None if key is None else self._known.get(key)
        return None if digest is None else digest.hex()

    def learn(self, name: str, read: Read) -> None:
        """Take a note of what was read of a model, unless its file could change now without looking changed."""
        stamp, content = read.stamp, read.reading
        key = None if stamp is None or is_racy(stamp, read.began) else key_of(stamp)
        if key is not None and isinstance(content, Content):
            self._learned[name] = Record(name.encode("utf-8", "surrogateescape"), key, bytes.fromhex(content.sha256))

    def keep(self, look: Callable[[str], Stamp | None]) -> None:
        """Write down what was learned, and forget what has changed since or left the store.

        Args:
            look: gives the stamp that a model's content has now; `None` where it has none.
        """
        if not self._learned or self._file is None:
            return
        digests = {record.key: record.digest for record in self._learned.values()}
        before = {record.name: record for record in records_in(self._file.read())}
        for learned in self._learned.values():
            before.pop(learned.name, None)
        others = [
            record._replace(digest=digests.get(record.key, record.digest))
            for record in before.values()
            if _is_current(record, look)
        ]
        self._file.replace(encoded((*others, *self._learned.values())))
        self._learned.clear()


def is_racy(stamp: Stamp, began: int) -> bool:
    """Tell whether a file was changed so shortly before, that another change could leave it with the same times."""
    in_seconds = stamp.mtime_ns % _SECOND == 0 and stamp.ctime_ns % _SECOND == 0
    return max(stamp.mtime_ns, stamp.ctime_ns) > began - (_COARSE if in_seconds else _FINE)


def _is_current(record: Record, look: Callable[[str], Stamp | None]) -> bool:
    stamp = look(record.name.decode("utf-8", "surrogateescape"))
    return stamp is not None and key_of(stamp) == record.key
