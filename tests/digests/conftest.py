from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.digests.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the user's cache folder, which is empty."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder / "ocrstate"


@pytest.fixture
def shelf(tmp_path: Path, cache: Path) -> Iterator[Shelf]:  # noqa: ARG001 - no test may touch the real one
    """Give an empty store."""
    with Shelf.opened(tmp_path / "models") as made:
        yield made
