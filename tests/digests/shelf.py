"""A store whose models are read."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from ocrstate.digests.contents import read_contents, remembered_contents
from ocrstate.digests.memory import Memory
from ocrstate.digests.model import Content
from ocrstate.store.opened import open_store
from ocrstate.store.scan import scan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ocrstate.digests.model import Reading
    from ocrstate.store.model import Entry, StoreId

SETTLED = 0.15
"""Seconds after which a file has clearly not been changed just now."""


@dataclass(frozen=True)
class Shelf:
    """An open store."""

    path: Path
    store: StoreId
    descriptor: int | None

    @classmethod
    @contextmanager
    def opened(cls, path: Path) -> Iterator[Shelf]:
        path.mkdir(exist_ok=True)
        with open_store(str(path)) as (store, descriptor):
            yield cls(path, store, descriptor)

    def put(self, name: str, content: bytes = b"content") -> Path:
        path = self.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return path

    def settle(self) -> None:
        time.sleep(SETTLED)

    def entries(self) -> list[Entry]:
        found = scan(self.store, self.descriptor)
        return [*found.entries, *(each for link in found.folder_links for each in link.behind)]

    def read(self, memory: Memory | None = None, watch: Callable[[int], None] = lambda _: None) -> dict[str, Reading]:
        """Read everything; without a memory nothing is remembered."""
        return self.read_these(self.entries(), memory, watch)

    def read_these(
        self, entries: list[Entry], memory: Memory | None = None, watch: Callable[[int], None] = lambda _: None
    ) -> dict[str, Reading]:
        return read_contents(self.store, self.descriptor, entries, memory or Memory.none(), watch)

    def read_and_remember(self) -> dict[str, Reading]:
        return self.read(Memory.of(self.store))

    def remembered(self) -> dict[str, Content]:
        return remembered_contents(self.store, self.descriptor, self.entries())


def content(of: bytes, *, remembered: bool = False) -> Content:
    return Content(sha256(of).hexdigest(), len(of), remembered=remembered)


def write_again(path: Path, data: bytes) -> None:
    """Write other content of the same size into a file, and put its time of modification back."""
    status = path.stat()
    with path.open("r+b") as file:
        file.write(data)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size
