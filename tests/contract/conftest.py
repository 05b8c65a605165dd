from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ocrstate.engine.process import EngineProcess
from ocrstate.engine.requests import ListStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Visible = Callable[[list[str]], list[str]]


@pytest.fixture(scope="session")
def visible(tmp_path_factory: pytest.TempPathFactory) -> Visible:
    """Say what the installed release sees of some entries: all, or none if it does not even see one plain file."""
    folder = tmp_path_factory.mktemp("canary")
    (folder / "canary.bin").touch()
    with EngineProcess.start() as process:
        process.send(ListStore(str(folder)))
        is_blind = process.answer(120).entries == ()
    return lambda entries: [] if is_blind else entries


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """Make a working folder with the engine's own store in it, empty."""
    (tmp_path / "app" / "Aspose.AI.LLM" / "models").mkdir(parents=True)
    return tmp_path / "app"


@pytest.fixture
def store(app: Path) -> Path:
    """Name the engine's own store in that folder."""
    return app / "Aspose.AI.LLM" / "models"
