"""Inventories of real folders say which runs are half-way."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from ocrstate.inventory.model import UnfinishedRuns
from ocrstate.inventory.take import take_from_folder
from ocrstate.inventory.which import ExplicitStore, folder_of
from ocrstate.runs.model import RunState, UnfinishedRun
from tests.support.runs import RUN, begun_of, journal_of

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="apply refuses on Windows, so no store there has runs")
BEGUN = begun_of("old.bin")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    (tmp_path / "store" / ".ocrstate" / "journal").mkdir(parents=True)
    return tmp_path / "store"


def test_a_run_that_was_broken_off_is_told(store: Path) -> None:
    (store / ".ocrstate" / "journal" / f"{RUN}.journal").write_bytes(journal_of(BEGUN))
    warnings = take_from_folder(ExplicitStore(str(store))).warnings
    assert warnings == (UnfinishedRuns((UnfinishedRun(RUN, BEGUN, RunState.MOVING, 0, at_work=False),)),)


def test_what_is_no_journal_is_not_told(store: Path) -> None:
    (store / ".ocrstate" / "journal" / "README").touch()
    assert take_from_folder(ExplicitStore(str(store))).warnings == ()


def test_the_folder_of_a_store_is_known_without_an_engine(store: Path) -> None:
    assert folder_of(ExplicitStore(str(store))) == str(store)
