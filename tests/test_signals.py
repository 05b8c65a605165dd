"""Signals in a process that others use as well; what they do to a command is told in `tests/e2e/test_processes.py`."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from ocrstate.engine.process import EngineProcess
from ocrstate.errors import Interrupted, OcrstateError
from ocrstate.runs.folders import opened
from ocrstate.signals import borrowed_signals, heed, undisturbed
from ocrstate.store.opened import open_store
from ocrstate.writer.folders import Folders
from tests.e2e.host import PATIENCE, read_until
from tests.support.interrupting import interrupted_at_each_step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture(autouse=True)
def handlers() -> Iterator[list[object]]:
    """Put back what handles signals; give it as it is."""
    before = {number: signal.getsignal(number) for number in ENDING}
    try:
        yield list(before.values())
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def handled_by_us(*numbers: int, error: type[BaseException] | None = None) -> Iterator[list[int]]:
    """Handle signals as an application does: note them, and raise an error."""
    heard: list[int] = []

    def handle(number: int, _frame: FrameType | None) -> None:
        heard.append(number)
        if error is not None:
            raise error

    for number in numbers:
        signal.signal(number, handle)
    yield heard


def get(*numbers: int) -> None:
    """Send signals to this very process, as others do."""
    for number in numbers:
        os.kill(os.getpid(), number)


def in_thread(do: Callable[[], object]) -> list[BaseException]:
    """Do something in another thread; return what it raised."""
    raised: list[BaseException] = []

    def work() -> None:
        try:
            do()
        except BaseException as error:  # noqa: BLE001 - it is looked at
            raised.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(PATIENCE)
    return raised


# -- swallowed by Python

SWALLOWED = """
import os, signal, weakref
from ocrstate.errors import Interrupted
from ocrstate.signals import act_on_signals, heed

class Thing: pass

act_on_signals()
heed()
thing = Thing()
reference = weakref.ref(thing, lambda _: os.kill(os.getpid(), signal.SIGTERM) or [None for _ in range(100_000)])
del thing
print("swallowed")
try:
    heed()
except Interrupted as error:
    print("heeded", error.signal_number)
"""


def test_a_signal_that_python_swallows_is_heeded_later_and_not_shown() -> None:
    ended = subprocess.run([sys.executable, "-c", SWALLOWED], capture_output=True, text=True, check=True)
    assert (ended.stdout.split(), ended.stderr) == (["swallowed", "heeded", "15"], "")


# -- borrowed from an application


def test_all_signals_are_delivered_in_their_order_and_each_once() -> None:
    with handled_by_us(signal.SIGINT, signal.SIGTERM) as heard, borrowed_signals() as pending:
        get(signal.SIGTERM, signal.SIGINT, signal.SIGTERM)
        assert (heard, pending.number) == ([], signal.SIGTERM)
    assert heard == [signal.SIGTERM, signal.SIGINT]


def test_a_handler_that_raises_keeps_no_other_from_its_signal_and_finds_all_handlers_back(
    handlers: list[object],
) -> None:
    with handled_by_us(signal.SIGTERM, error=SystemExit) as heard:
        ours = signal.getsignal(signal.SIGTERM)
        with pytest.raises(SystemExit) as caught, borrowed_signals():
            get(signal.SIGINT, signal.SIGTERM)
    assert heard == [signal.SIGTERM]
    assert isinstance(caught.value.__context__, KeyboardInterrupt)
    after = [signal.getsignal(number) for number in ENDING]
    assert after == [handlers[0], ours, handlers[2]]


def test_a_request_to_read_the_configuration_again_is_none_to_end() -> None:
    with handled_by_us(signal.SIGHUP, signal.SIGTERM) as heard, borrowed_signals() as pending:
        with pending.let_through():
            signal.raise_signal(signal.SIGHUP)
        assert (heard, pending.number) == ([signal.SIGHUP], None)
        signal.raise_signal(signal.SIGTERM)
    assert heard == [signal.SIGHUP, signal.SIGTERM]


def test_a_terminal_that_is_closed_ends_the_work_where_nobody_handles_that() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    with borrowed_signals() as pending:
        signal.raise_signal(signal.SIGHUP)
        with pytest.raises(Interrupted), pending.let_through():
            pass
        pending.numbers.clear()  # or else it ends the tests
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_DFL


def test_a_handler_that_is_not_pythons_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = signal.getsignal(signal.SIGTERM)
    asked = signal.getsignal
    monkeypatch.setattr(signal, "getsignal", lambda number: None if number == signal.SIGTERM else asked(number))
    with handled_by_us(signal.SIGINT) as heard, borrowed_signals() as pending, pending.let_through(), undisturbed():
        monkeypatch.undo()
        assert signal.getsignal(signal.SIGTERM) is theirs
    assert heard == []
    assert signal.getsignal(signal.SIGTERM) is theirs


def test_work_that_a_signal_ended_is_an_error_where_the_application_goes_on() -> None:
    with handled_by_us(signal.SIGTERM) as heard:
        told = pytest.raises(OcrstateError, match="interrupted by a signal: nothing was changed")
        with told, borrowed_signals() as pending, pending.let_through():
            get(signal.SIGTERM)
        assert heard == [signal.SIGTERM]
    heed()


# -- threads


def test_a_signal_ends_what_the_main_thread_does_and_no_other_thread_stops_for_it_or_forgets_it() -> None:
    with handled_by_us(signal.SIGTERM), suppress(OcrstateError), borrowed_signals() as pending:
        with suppress(Interrupted), pending.let_through():
            signal.raise_signal(signal.SIGTERM)
        assert in_thread(heed) == []
        assert in_thread(_borrow) == []
        with pytest.raises(Interrupted):
            heed()
    heed()


def _borrow() -> None:
    with borrowed_signals() as pending, pending.let_through(), undisturbed():
        pending.check()


# -- undisturbed


def test_what_arrives_for_any_thread_waits_for_the_end_of_the_block() -> None:
    done: list[str] = []
    ended = threading.Event()
    threading.Thread(target=ended.wait).start()

    def work() -> None:
        get(signal.SIGTERM, signal.SIGINT)
        in_thread(lambda: done.append("all of it"))
        done.extend(str(number) for number in heard)
        ended.set()

    with handled_by_us(signal.SIGTERM, signal.SIGINT, error=KeyboardInterrupt) as heard:
        with pytest.raises(KeyboardInterrupt), undisturbed():
            work()
        assert done == ["all of it"]
        assert heard == [signal.SIGTERM, signal.SIGINT]
    assert signal.pthread_sigmask(signal.SIG_BLOCK, []).isdisjoint(ENDING)


def test_a_signal_that_is_acted_on_while_handlers_change_leaves_them_as_they_were(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with handled_by_us(signal.SIGINT, signal.SIGTERM, signal.SIGHUP, error=KeyboardInterrupt) as heard:
        ours = [signal.getsignal(number) for number in ENDING]
        set_handler, calls = signal.signal, 0

        def interrupted_between(number: int, handler: object) -> object:
            nonlocal calls
            calls += 1
            if calls == moment:
                os.kill(os.getpid(), signal.SIGHUP)
            return set_handler(number, handler)  # type: ignore[arg-type] # passed on as it came

        monkeypatch.setattr(signal, "signal", interrupted_between)
        for moment in range(1, 8):
            calls = 0
            heard.clear()
            with suppress(KeyboardInterrupt), undisturbed():
                pass
            assert [signal.getsignal(number) for number in ENDING] == ours
            assert heard == ([signal.SIGHUP] if moment < 7 else [])


DRAWS = """
import os, signal, threading, time
from ocrstate.cli.console import Console
from ocrstate.cli.progress import progress_bar
from ocrstate.errors import Interrupted
from ocrstate.signals import act_on_signals
from rich.progress import Progress

stop = Progress.stop

def interrupted_stop(self):
    os.kill(os.getpid(), signal.SIGTERM)  # which another thread may take
    time.sleep(0.1)
    stop(self)

act_on_signals()
Progress.stop = interrupted_stop
threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
try:
    with progress_bar(Console("never"), quiet=False, title="Reading", total=100):
        time.sleep(0.3)
except Interrupted:
    os.write(2, b"interrupted")
"""
SHOW_CURSOR = "\x1b[?25h"


def test_a_bar_on_a_terminal_is_taken_away_before_a_signal_is_acted_on() -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", DRAWS]
    environment = {**os.environ, "TERM": "xterm"}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        shown = read_until(ours, None)
        assert process.wait(PATIENCE) == 0
    os.close(ours)
    assert "Reading" in shown
    assert shown.index(SHOW_CURSOR) < shown.index("interrupted")
    assert shown.endswith("interrupted")


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[Folders]:
    (tmp_path / "a" / "b" / "c").mkdir(parents=True)
    with open_store(str(tmp_path)) as (store, descriptor):
        assert descriptor is not None
        yield Folders(store, descriptor)


def descend(folders: Folders) -> None:
    with folders.descend(["a", "b", "c"]):
        pass


def read(folders: Folders) -> None:
    with opened(folders.descriptor, "a/b/c"):
        pass


@pytest.mark.parametrize("open_and_close", [descend, read])
def test_an_interrupt_at_any_step_of_opening_a_folder_is_told_as_what_it_is(
    folders: Folders, open_and_close: Callable[[Folders], None]
) -> None:
    raised = list(interrupted_at_each_step(lambda: open_and_close(folders)))
    assert len(raised) > 50
    assert [error for error in raised if not isinstance(error, Interrupted)] == []


def test_an_interrupt_at_any_step_of_ending_the_engine_is_told_as_what_it_is() -> None:
    running = [EngineProcess.start()]

    def end_twice() -> None:
        with running.pop() as process:
            process.end()

    raised = 0
    for error in interrupted_at_each_step(end_twice):
        assert isinstance(error, Interrupted)
        raised += 1
        running.append(EngineProcess.start())
    assert raised > 50
