"""A child and its parent, with engines that misbehave in every way we know of."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import pytest

from ocrstate.engine.process import EngineProcess
from ocrstate.engine.requests import ListRequest, ListStore
from ocrstate.errors import EngineError, OcrstateError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.stand_in import StandIn


def ask(request: ListRequest, timeout: float = 60) -> tuple[str, ...]:
    with EngineProcess.start() as process:
        process.send(request)
        return process.answer(timeout).entries


def refusal(store: Path, timeout: float = 60) -> OcrstateError:
    with pytest.raises(OcrstateError) as caught:
        ask(ListStore(str(store)), timeout)
    return caught.value


def send_and_fail(process: EngineProcess, store: Path) -> None:
    process.send(ListStore(str(store)))
    raise ZeroDivisionError


def in_list_local(body: str) -> str:
    return f"def misbehave(self):\n    {body}\nAsposeAI.list_local = misbehave\n"


CHANNEL = 3  # the first descriptor that the child opens is the one for its answer

MISBEHAVIOURS = {
    "aborts while it is imported": ("import os; os.abort()", "engine-aborted", "SIGABRT"),
    "aborts while it lists": (in_list_local("os.abort()"), "engine-aborted", "SIGABRT"),
    "crashes": (in_list_local("os.kill(os.getpid(), 11)"), "engine-crashed", "SIGSEGV"),
    "is killed": (in_list_local("os.kill(os.getpid(), 9)"), "engine-crashed", "SIGKILL"),
    "exits with 3": (in_list_local("os._exit(3)"), "engine-failed", "exit code 3"),
    "exits with 0 and no answer": (in_list_local("os._exit(0)"), "engine-garbled", "empty"),
    "breaks off in the middle of its answer": (
        in_list_local(f"os.write({CHANNEL}, b'ocrstate-engine-1\\0listing\\0003\\0a\\0b'); os._exit(0)"),
        "engine-garbled",
        "breaks off",
    ),
    "promises more than it says": (
        in_list_local(f"os.write({CHANNEL}, b'ocrstate-engine-1\\0listing\\0003\\0a\\0b\\0end\\0'); os._exit(0)"),
        "engine-garbled",
        "promises",
    ),
    "writes garbage where the answer belongs": (
        in_list_local(f"os.write({CHANNEL}, b'\\xff' * 1000); os._exit(0)"),
        "engine-garbled",
        "not UTF-8",
    ),
    "lists what is not in the store": (in_list_local("return ['/etc/passwd']"), "engine-garbled", "/etc/passwd"),
    "lists a name with NUL in it": (
        in_list_local("return ['Aspose.AI.LLM/models/a\\0b']"),
        "engine-garbled",
        "promises",
    ),
    "lists None": (in_list_local("return None"), "engine-error", "TypeError"),
    "raises": (in_list_local("raise RuntimeError('no \\x1b[31mluck')"), "engine-error", r"no \x1b[31mluck"),
    "cannot be imported": ("raise ImportError('libfoo.so: cannot open')", "engine-import-failed", "libfoo.so"),
    "is too old": ("del AsposeAI", "engine-too-old", "AsposeAI"),
    "cannot be constructed": ("AsposeAI.__init__ = lambda self: 1 / 0", "engine-error", "ZeroDivisionError"),
    "cannot be freed": ("AsposeAI.free_resources = lambda self: 1 / 0", "engine-failed", "ZeroDivisionError"),
}


@pytest.mark.parametrize("behaviour", MISBEHAVIOURS.values(), ids=MISBEHAVIOURS)
def test_an_engine_that_misbehaves_is_an_error_and_never_an_empty_list(
    stand_in: StandIn, store: Path, temporary: Path, behaviour: tuple[str, str, str]
) -> None:
    source, code, said = behaviour
    stand_in.is_(source)
    error = refusal(store)
    assert isinstance(error, EngineError)
    assert error.code == code
    assert said in error.message
    assert error.hint
    assert list(temporary.iterdir()) == []


HANGS = {
    "while it is imported": "import time; time.sleep(600)",
    "while it lists": in_list_local("import time; time.sleep(600)"),
    "and swallows every request to end": in_list_local(
        "import signal, time; [signal.signal(s, signal.SIG_IGN) for s in (2, 15)]; time.sleep(600)"
    ),
}


@pytest.mark.parametrize("source", HANGS.values(), ids=HANGS)
def test_an_engine_that_hangs_is_ended_when_its_time_is_up(
    stand_in: StandIn, store: Path, temporary: Path, source: str
) -> None:
    stand_in.is_(source)
    error = refusal(store, timeout=0.7)
    assert error.code == "engine-timeout"
    assert "0.7 seconds" in error.message
    assert "--engine-timeout" in error.hint
    assert list(temporary.iterdir()) == []


@pytest.mark.usefixtures("stand_in")
def test_the_time_of_an_engine_that_was_started_ahead_counts_from_the_question(store: Path) -> None:
    with EngineProcess.start() as process:
        time.sleep(1.5)  # as while models are fetched, or another run is waited for
        process.send(ListStore(str(store)))
        assert sorted(process.answer(1.5).entries) == ["de.bin", "fr.bin"]


def test_what_the_engine_prints_never_reaches_the_answer(stand_in: StandIn, store: Path) -> None:
    stand_in.is_("print('hello'); os.system('echo native; echo native >&2')")
    assert sorted(ask(ListStore(str(store)))) == ["de.bin", "fr.bin"]


@pytest.mark.parametrize("descriptor", [1, 2])
def test_a_megabyte_of_noise_blocks_nobody(stand_in: StandIn, store: Path, descriptor: int) -> None:
    stand_in.is_(f"[os.write({descriptor}, b'n' * 65536) for _ in range(16)]")
    assert sorted(ask(ListStore(str(store)))) == ["de.bin", "fr.bin"]


def test_only_the_last_lines_of_the_noise_are_shown(stand_in: StandIn, store: Path) -> None:
    stand_in.is_("os.write(2, b'noise\\n' * 200_000 + b'the \\x1b[31mreason\\n'); os._exit(3)")
    error = refusal(store)
    assert error.message.endswith(r"the \x1b[31mreason")
    assert len(error.message) < 500


def test_a_list_of_100000_models_arrives_whole(stand_in: StandIn, store: Path) -> None:
    stand_in.is_(in_list_local("return [f'Aspose.AI.LLM/models/{n:06}.bin' for n in range(100_000)]"))
    entries = ask(ListStore(str(store)))
    assert (len(entries), entries[0], entries[-1]) == (100_000, "000000.bin", "099999.bin")


def test_a_blind_engine_gives_an_empty_list_for_others_to_judge(stand_in: StandIn, store: Path) -> None:
    stand_in.is_(in_list_local("return []"))
    assert ask(ListStore(str(store))) == ()


def test_the_engine_is_freed_even_when_listing_failed(stand_in: StandIn, store: Path) -> None:
    stand_in.is_(in_list_local("raise ValueError") + "AsposeAI.free_resources = lambda self: os._exit(7)")
    assert "exit code 7" in refusal(store).message


def test_an_engine_that_changes_its_working_folder_leaves_no_litter(
    stand_in: StandIn, store: Path, temporary: Path
) -> None:
    stand_in.is_(in_list_local("os.chdir('/'); return ['Aspose.AI.LLM/models/a']"))
    assert ask(ListStore(str(store))) == ("a",)
    assert list(temporary.iterdir()) == []


def test_what_an_engine_leaves_in_its_working_folder_is_removed(
    stand_in: StandIn, store: Path, temporary: Path
) -> None:
    stand_in.is_(in_list_local("os.mkdir('aspose_data'); return []"))
    assert ask(ListStore(str(store))) == ()
    assert list(temporary.iterdir()) == []
    assert sorted(path.name for path in store.iterdir()) == ["de.bin", "fr.bin"]


def test_leaving_the_block_without_asking_ends_the_child(stand_in: StandIn) -> None:
    stand_in.is_("")
    with EngineProcess.start() as process:
        pass
    process.end()
    with pytest.raises(EngineError, match="SIGKILL"):
        process.answer(60)


def test_an_exception_in_the_block_ends_the_child(stand_in: StandIn, store: Path, temporary: Path) -> None:
    stand_in.is_(in_list_local("import time; time.sleep(600)"))
    process = EngineProcess.start()
    with pytest.raises(ZeroDivisionError), process:
        send_and_fail(process, store)
    with pytest.raises(EngineError, match="SIGKILL"):
        process.answer(60)
    assert list(temporary.iterdir()) == []


def test_a_path_with_nul_is_refused_before_it_is_sent(stand_in: StandIn) -> None:
    stand_in.is_("")
    with EngineProcess.start() as process, pytest.raises(ValueError, match="NUL"):
        process.send(ListStore("/srv/a\0b"))


def test_an_interpreter_that_cannot_be_started_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with EngineProcess.start() as process:
        process.send(ListStore("/srv"))
        with pytest.raises(EngineError) as caught:
            process.answer(60)
    assert caught.value.code == "engine-not-started"
