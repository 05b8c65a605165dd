"""A store to fetch into, and what a test says of it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ocrstate.errors import FetchError
from ocrstate.fetch.fetch import fetch_all
from ocrstate.fetch.model import Pace, Staged, Wanted
from ocrstate.sources.model import parse_source, shown
from ocrstate.store.opened import open_store
from ocrstate.writer.store_writer import StoreWriter
from tests.servers.web import sha256_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

QUICK = Pace(attempts=4, first_pause=0.001, longest_pause=0.01, longest_asked=2.0, connect=2.0, stall=2.0)
NAME = "fr.bin"


def wanted_of(
    source: str, content: bytes | None = None, name: str = NAME, *, size: int | None = None, sha256: str | None = None
) -> Wanted:
    """Want a model; with ``content``, it must have its digest."""
    digest = sha256_of(content) if content is not None else sha256
    return Wanted(name, parse_source(source, ""), shown(source), digest, size)


@contextmanager
def opened(store: Path) -> Iterator[StoreWriter]:
    """Open a store for changing."""
    with open_store(str(store)) as (identity, descriptor):
        assert descriptor is not None
        with StoreWriter(identity, descriptor, lambda change: change()) as writer:
            yield writer


class Fetching:
    """Fetches into one store.

    Attributes:
        watched: the bytes that were told of, in turn.
    """

    def __init__(self, store: Path) -> None:
        self.store = store
        self.pace = QUICK
        self.watched: list[int] = []

    @property
    def staging(self) -> Path:
        """Where models wait."""
        return self.store / ".ocrstate" / "staging"

    def __call__(
        self, *wanted: Wanted, jobs: int = 1, watch: Callable[[int], None] | None = None
    ) -> tuple[Staged, ...]:
        """Fetch."""
        self.watched.clear()
        with opened(self.store) as writer:
            return fetch_all(writer, wanted, jobs, watch or self.watched.append, self.pace)

    def one(self, source: str, content: bytes, *, size: int | None = None) -> Staged:
        """Fetch one model, which has to be right."""
        (staged,) = self(wanted_of(source, content, size=size))
        assert self.content(staged) == content
        assert (staged.size, staged.sha256) == (len(content), sha256_of(content))
        assert sum(self.watched) == len(content)
        assert [path.name for path in self.staging.iterdir()] == [f"{staged.key}.model"]
        return staged

    def fails(self, *wanted: Wanted, jobs: int = 1) -> FetchError:
        """Fetch in vain; nothing that is wrong is left as a model."""
        with pytest.raises(FetchError) as caught:
            self(*wanted, jobs=jobs)
        for each in wanted:
            for path in self.staging.glob(f"{each.key}.model"):
                assert sha256_of(path.read_bytes()) == each.sha256
        return caught.value

    def content(self, staged: Staged) -> bytes:
        """Return what was got."""
        path = self.staging / f"{staged.key}.model"
        status = path.lstat()
        assert (status.st_ino, status.st_size, status.st_mtime_ns) == tuple(staged.mark)
        return path.read_bytes()

    def part(self) -> int:
        """Return the length of the only part that is there."""
        (path,) = self.staging.glob("*.part")
        return path.stat().st_size

    def patient(self, **changes: float) -> None:
        """Change the pace."""
        self.pace = replace(self.pace, **changes)  # type: ignore[arg-type] # attempts are whole numbers
