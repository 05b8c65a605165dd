from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine.stand_in import StandIn

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """Give an engine that behaves until a test says otherwise; children of this process find it."""
    engine = StandIn(tmp_path / "engine")
    engine.is_("")
    monkeypatch.setenv("PYTHONPATH", engine.environment["PYTHONPATH"])
    return engine


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the one folder for temporary files, so that litter in it is seen."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Make a store with two models, which is not where the engine itself would look."""
    folder = tmp_path / "store"
    folder.mkdir()
    for name in ("de.bin", "fr.bin"):
        (folder / name).touch()
    return folder
