from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from ocrstate.runs.model import Mark, mark_of
from ocrstate.store.scan import stamp_of
from tests.support.runs import RUN, journal_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ocrstate.runs.model import Begun, Step

if sys.platform == "win32":
    collect_ignore_glob = ["test_read.py", "test_kept.py"]  # folders have no descriptors there


@dataclass(frozen=True)
class Store:
    """A folder with what runs leave in it, and its descriptor."""

    path: Path
    descriptor: int

    def folder(self, name: str) -> Path:
        made = self.path / ".ocrstate" / name
        made.mkdir(parents=True, exist_ok=True)
        return made

    def keeps(self, *names: str, run_id: str = RUN) -> list[Mark]:
        """Put models into a run's quarantine, and return what tells each of them."""
        return [self._keep(name, run_id) for name in names]

    def _keep(self, name: str, run_id: str) -> Mark:
        path = os.fsencode(self.folder(f"quarantine/{run_id}") / name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(b"x" * 10)
        return mark_of(stamp_of(os.lstat(path)))

    def has_open(self, begun: Begun, *steps: Step) -> None:
        self.has_journal("journal", begun.run_id, journal_of(begun, *steps))

    def has_closed(self, begun: Begun, *steps: Step) -> None:
        self.has_journal("history", begun.run_id, journal_of(begun, *steps))

    def has_journal(self, where: str, run_id: str, data: bytes) -> None:
        (self.folder(where) / f"{run_id}.journal").write_bytes(data)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    path = tmp_path / "store"
    path.mkdir()
    descriptor = os.open(path, os.O_RDONLY)
    yield Store(path, descriptor)
    os.close(descriptor)
