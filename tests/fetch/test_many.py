"""Several models at once: all or none, and a signal ends it."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import TYPE_CHECKING

import pytest

from ocrstate.errors import FetchError, Interrupted
from ocrstate.signals import hold_back_signals
from tests.fetch.stores import wanted_of
from tests.servers.web import PIECE, Page, WebServer, content_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrstate.fetch.model import Wanted
    from tests.fetch.stores import Fetching

CONTENTS = {f"/{number}.bin": content_of(5 * PIECE + number, seed=number) for number in range(8)}


@pytest.fixture
def server() -> Iterator[WebServer]:
    with WebServer({path: Page(content) for path, content in CONTENTS.items()}) as running:
        yield running


def all_of(server: WebServer) -> list[Wanted]:
    return [wanted_of(server.url(path), content, name=path[1:]) for path, content in CONTENTS.items()]


@pytest.mark.parametrize("jobs", [1, 3, 20])
def test_all_come_in_the_order_in_which_they_are_wanted(server: WebServer, fetching: Fetching, jobs: int) -> None:
    staged = fetching(*all_of(server), jobs=jobs)
    assert [each.name for each in staged] == [path[1:] for path in CONTENTS]
    assert [fetching.content(each) for each in staged] == list(CONTENTS.values())
    assert sum(fetching.watched) == sum(map(len, CONTENTS.values()))


def test_one_job_needs_no_thread_and_more_leave_none(server: WebServer, fetching: Fetching) -> None:
    names: set[str] = set()
    before = set(threading.enumerate())
    fetching(*all_of(server), watch=lambda _: names.add(threading.current_thread().name))
    assert names == {threading.current_thread().name}
    fetching.store.joinpath(".ocrstate").rename(fetching.store.with_name("done"))
    fetching(*all_of(server), jobs=3, watch=lambda _: names.add(threading.current_thread().name))
    assert len(names) > 1
    ours = {thread for thread in set(threading.enumerate()) - before if thread.name.startswith("fetch")}
    assert ours == set()


def test_so_many_at_once_and_no_more(server: WebServer, fetching: Fetching) -> None:
    most, lock = 0, threading.Lock()
    for page in server.pages.values():
        page.stalls = 0.005

    def watch(_: int) -> None:
        nonlocal most
        alive = sum(thread.name.startswith("fetch") for thread in threading.enumerate())
        with lock:
            most = max(most, alive)

    fetching(*all_of(server), jobs=3, watch=watch)
    assert most == 3


@pytest.mark.parametrize("jobs", [1, 3])
def test_the_first_failure_stops_the_others_and_they_keep_what_they_have(
    server: WebServer, fetching: Fetching, jobs: int
) -> None:
    fetching.patient(stall=30.0)
    for path, page in server.pages.items():
        page.stalls = 0.02 if path == "/0.bin" else 0.05
        page.statuses = [403] if path == "/2.bin" else []
        page.before = lambda asked: time.sleep(0.3 if asked.path == "/2.bin" else 0.0)
    begin = time.monotonic()
    with pytest.raises(FetchError, match=r"2\.bin cannot be fetched") as caught:
        fetching(*all_of(server), jobs=jobs)
    assert caught.value.code == "source-denied"
    assert time.monotonic() - begin < 5
    for page in server.pages.values():
        page.stalls, page.before = 0.0, None
    sent = len(server.asked)
    staged = fetching(*all_of(server), jobs=jobs)
    assert [fetching.content(each) for each in staged] == list(CONTENTS.values())
    assert server.sent(since=sent) < sum(map(len, CONTENTS.values()))


@pytest.mark.parametrize("jobs", [1, 3])
@pytest.mark.parametrize("when", ["no byte comes", "bytes come", "it pauses between attempts"])
def test_a_signal_ends_it_at_once(
    server: WebServer, fetching: Fetching, jobs: int, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ocrstate.signals._arrived", [])  # signals that arrived are remembered until a process ends
    fetching.patient(stall=30.0, first_pause=20.0, longest_pause=60.0)
    for page in server.pages.values():
        page.stalls = {"no byte comes": 20.0, "bytes come": 0.05}.get(when, 0.0)
        page.statuses = [503] if when == "it pauses between attempts" else []
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM))
    begin = time.monotonic()
    try:
        pending = hold_back_signals()
        timer.start()
        with pytest.raises(Interrupted), pending.let_through():
            fetching(*all_of(server), jobs=jobs)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert 0.2 < time.monotonic() - begin < 3
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("fetch")] == []
    assert list(fetching.staging.glob("*.model")) == [] or when == "bytes come"
