"""The engine is tried on one file in a folder of its own, which is gone afterwards, whatever happens."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ocrstate.engine.process import EngineProcess
from ocrstate.engine.requests import ListCanary
from ocrstate.errors import EngineError
from tests.engine.stand_in import ASK
from tests.engine.test_bad_days import SUDDEN_ENDS, TELL_PID, is_gone, told_pid, within_seconds

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.stand_in import StandIn

WHERE = """
def tell(self, listed=AsposeAI.list_local):
    open({told!r}, "w").write(os.getcwd())
    return listed(self)
AsposeAI.list_local = tell
"""


def test_the_canary_alone_is_listed_and_nothing_is_left(stand_in: StandIn, store: Path, temporary: Path) -> None:
    told = store.parent / "told"
    stand_in.is_(WHERE.format(told=str(told)))
    with EngineProcess.start() as process:
        process.send(ListCanary(str(store)))
        listing = process.answer(60)
    assert listing.entries == (process.private_name,)
    assert told.read_text(encoding="utf-8") == str(temporary / process.private_name)
    assert list(temporary.iterdir()) == []
    assert sorted(os.listdir(store)) == ["de.bin", "fr.bin"]


def test_the_canary_is_never_in_the_store(stand_in: StandIn, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = store.parent / "told"
    stand_in.is_(WHERE.format(told=str(told)))
    monkeypatch.setenv("TMPDIR", str(store))
    monkeypatch.setenv("TEMP", str(store / "."))
    with EngineProcess.start() as process:
        process.send(ListCanary(str(store)))
        assert len(process.answer(60).entries) == 1
    assert not told.read_text(encoding="utf-8").startswith(str(store))
    assert sorted(os.listdir(store)) == ["de.bin", "fr.bin"]


@pytest.mark.parametrize(
    "source",
    [
        "AsposeAI.list_local = lambda self: os.abort()",
        "AsposeAI.list_local = lambda self: __import__('time').sleep(60)",
    ],
    ids=["dies", "hangs"],
)
def test_an_engine_that_fails_on_the_canary_leaves_nothing(stand_in: StandIn, temporary: Path, source: str) -> None:
    stand_in.is_(source)
    with EngineProcess.start() as process:
        process.send(ListCanary(os.devnull))
        with pytest.raises(EngineError):
            process.answer(1)
    assert list(temporary.iterdir()) == []


def test_a_child_whose_parent_was_killed_leaves_nothing(stand_in: StandIn, store: Path, temporary: Path) -> None:
    told = store.parent / "told"
    stand_in.is_(SUDDEN_ENDS["lists"].format(tell=TELL_PID.format(pid=str(told))))
    asking = "from ocrstate.engine.requests import ListCanary\nask(ListCanary('/dev/null'))"
    parent = subprocess.Popen([sys.executable, "-c", ASK + asking], env=stand_in.environment)
    child = told_pid(told)
    assert list(temporary.rglob("ocrstate-*/Aspose.AI.LLM/models/ocrstate-*")) != []
    parent.kill()
    parent.wait(30)
    assert within_seconds(30, lambda: is_gone(child))
    assert list(temporary.iterdir()) == []
