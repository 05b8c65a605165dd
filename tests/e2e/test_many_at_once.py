"""Several processes on one store at once: real ones, at moments drawn by chance; nothing is lost, whoever wins."""

from __future__ import annotations

import getpass
import os
import random
import signal
import socket
import threading
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from ocrstate.runs.read import is_at_work
from tests.e2e.engines import hangs, stand_in
from tests.e2e.host import MANIFEST, Ended, Host, end_of, models_in, snapshot

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator, Sequence

pytestmark = pytest.mark.without_engine

OLD = (*(f"old_{number}.bin" for number in range(30)), "sub/old.bin")
STAYING = ("en.bin", "base_1.bin", "notes.license")
APPLY = ("apply", MANIFEST, "--yes")
KEEP = (*APPLY, "--retain", "1d")
ROUNDS = 2


@pytest.fixture
def quick(host: Host) -> Host:
    """Give a host whose commands ask no engine, so that there can be many of them."""
    host.defaults = ("--inventory", "directory")
    return host.has(*STAYING, *OLD).lists("en.bin", protect=["base_*"], ignore=["*.license"])


@pytest.fixture
def at_work(host: Host) -> Iterator[tuple[Host, subprocess.Popen[bytes]]]:
    """Give a host on which an apply is half-way, and stays there until it gets a signal."""
    host.has("en.bin", "old_1.bin", "old_2.bin").lists("en.bin")
    stand_in(host, "lists", "hangs", "lists")
    with host.running(*APPLY, "--engine-timeout", "60") as process:
        host.wait_for(lambda: hangs(host))
        yield host, process


def at_once(host: Host, commands: Sequence[Sequence[str]], chance: random.Random) -> list[Ended]:
    """Run commands at the same time, each begun a little later than the one before."""
    with ExitStack() as running:
        processes = []
        for command in commands:
            processes.append(running.enter_context(host.running(*command)))
            time.sleep(chance.random() * 0.15)  # the moments are the point here
        return [end_of(process) for process in processes]


def staying(host: Host) -> dict[str, bytes]:
    return {name: (host.store / name).read_bytes() for name in STAYING}


def restorable(host: Host) -> set[str]:
    """Names of what can still be restored."""
    runs = host.run("history", "--json").document["runs"]
    return {model["name"] for run in runs for model in run["models"] if model["restorable"]}


def at_rest(host: Host) -> bool:
    """Whether no run is half-way any more."""
    journals = host.store / ".ocrstate" / "journal"
    return not (journals.exists() and os.listdir(journals))


def told(value: object) -> str:
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return "+".join(command[0] for command in value)
    return ""


CASES = [
    # commands at once, the codes they may end with, what is kept when all have ended
    ((KEEP, KEEP), {0}, {"aside"}),
    ((KEEP, ("plan", MANIFEST)), {0}, {"aside"}),
    ((KEEP, ("check", MANIFEST)), {0, 2}, {"aside"}),
    ((KEEP, ("history",)), {0}, {"aside"}),
    ((KEEP, ("restore",)), {0, 3}, {"aside", "back"}),
    ((KEEP, ("recover",)), {0}, {"aside"}),
    ((KEEP, ("purge", "--all", "--yes")), {0}, {"aside", "gone"}),
    ((KEEP, KEEP, ("restore",), ("purge",)), {0, 3}, {"aside", "back"}),
]


@pytest.mark.parametrize(("commands", "codes", "ends"), CASES, ids=told)
def test_whoever_comes_first_nothing_is_lost_and_nothing_is_left_half_done(
    quick: Host, commands: Sequence[Sequence[str]], codes: set[int], ends: set[str]
) -> None:
    chance = random.Random(str(commands))
    before = staying(quick)
    for _ in range(ROUNDS):
        quick.has(*OLD)
        ended = at_once(quick, commands, chance)
        assert {each.code for each in ended} <= codes, ended
        assert staying(quick) == before
        present, kept = OLD[0] in models_in(quick.store), set(OLD) <= restorable(quick)
        assert ("back" if present else "aside" if kept else "gone") in ends
        assert {name for name in models_in(quick.store) if name in OLD} == (set(OLD) if present else set())
        assert at_rest(quick)
        assert quick.run("purge", "--all", "--yes").code == 0
        assert quick.quarantined() == []


def test_a_plan_that_was_saved_is_carried_out_once(quick: Host) -> None:
    chance = random.Random(1)
    for number in range(ROUNDS):
        quick.has(*OLD)
        plan = f"plan-{number}.json"
        assert quick.plan("--out", plan).code == 0
        ended = at_once(quick, [("apply", plan)] * 2, chance)
        assert sorted(each.code for each in ended) == [0, 3], ended
        assert set(models_in(quick.store)) == set(STAYING)


def test_what_an_application_adds_meanwhile_goes_only_where_that_is_said(quick: Host) -> None:
    added: list[str] = []
    done = threading.Event()

    def add() -> None:
        while not done.wait(0.01):
            quick.has(f"new_{len(added)}.bin", size=10)
            added.append(f"new_{len(added)}.bin")

    application = threading.Thread(target=add)
    application.start()
    try:
        ended = [quick.run(*APPLY, "--json") for _ in range(ROUNDS)]
    finally:
        done.set()
        application.join()
    removed = [each["name"] for run in ended for each in run.document["outcomes"] if each["status"] == "removed"]
    assert {run.code for run in ended} <= {0, 2}
    assert len(removed) == len(set(removed))
    assert set(models_in(quick.store)) == ({*STAYING, *OLD, *added} - set(removed)) | set(STAYING)
    assert len(added) > ROUNDS
    assert quick.run(*APPLY).code == 0
    assert set(models_in(quick.store)) == set(STAYING)


def test_of_two_applies_one_can_be_killed_at_any_moment(quick: Host) -> None:
    chance = random.Random(3)
    before = staying(quick)
    for _ in range(3 * ROUNDS):
        quick.has(*OLD)
        with quick.running(*KEEP) as victim, quick.running(*KEEP) as other:
            time.sleep(0.1 + chance.random() * 0.4)  # the moments are the point here
            victim.kill()
            ended = end_of(other)
        assert ended.code == 0, ended
        assert staying(quick) == before
        assert at_rest(quick) or quick.run("recover").code == 0
        assert quick.run(*KEEP).code == 0
        assert set(models_in(quick.store)) == set(STAYING)
        assert quick.run("restore").code == 0
        assert set(models_in(quick.store)) >= set(OLD)


def test_two_recoveries_at_once_recover_once(at_work: tuple[Host, subprocess.Popen[bytes]]) -> None:
    host, process = at_work
    process.kill()
    process.wait()
    ended = at_once(host, [("recover", "--json")] * 2, random.Random(4))
    assert [each.code for each in ended] == [0, 0]
    assert sorted(len(each.document["recovered"]) for each in ended) == [0, 1]
    assert set(models_in(host.store)) == {"en.bin", "old_1.bin", "old_2.bin"}
    assert host.quarantined() == []


def test_a_plan_says_that_a_run_is_at_work_as_long_as_it_is(at_work: tuple[Host, subprocess.Popen[bytes]]) -> None:
    host, process = at_work
    for ended, code in ((host.plan(), 0), (host.check(), 2)):
        assert ended.code == code
        assert "(ocrstate apply) is at work on this store: what is shown here may be half of what it does" in ended.out
    process.send_signal(signal.SIGTERM)
    assert end_of(process).code == 143
    assert "at work" not in host.plan().out


def test_who_is_at_work_can_be_asked_without_disturbing(at_work: tuple[Host, subprocess.Popen[bytes]]) -> None:
    host, process = at_work
    store = os.open(host.store, os.O_RDONLY)
    try:
        before = snapshot(host.store)
        assert [is_at_work(store) for _ in range(100)] == [True] * 100
        process.kill()
        process.wait()
        assert is_at_work(store) is False
        assert snapshot(host.store) == before
    finally:
        os.close(store)


def test_nobody_is_at_work_on_a_store_that_was_never_changed(host: Host) -> None:
    store = os.open(host.store, os.O_RDONLY)
    try:
        assert is_at_work(store) is False
    finally:
        os.close(store)
    assert os.listdir(host.store) == []


@pytest.mark.parametrize("command", [APPLY, ("restore",), ("recover",), ("purge", "--all", "--yes")], ids=" ".join)
def test_who_does_not_want_to_wait_is_told_who_holds_the_lock(
    at_work: tuple[Host, subprocess.Popen[bytes]], command: Sequence[str]
) -> None:
    host, process = at_work
    before = models_in(host.store), host.quarantined()
    started = time.monotonic()
    ended = host.run(*command, "--lock-timeout", "0", "--json")
    assert time.monotonic() - started < 5
    assert (ended.code, ended.document["error"]["code"]) == (5, "locked")
    assert f"process {process.pid} of {getpass.getuser()} on {socket.gethostname()}, started 20" in ended.err
    assert f"ocrstate apply {MANIFEST} --yes --engine-timeout 60)" in ended.err
    assert (models_in(host.store), host.quarantined()) == before


def test_a_signal_ends_the_wait_for_the_lock(at_work: tuple[Host, subprocess.Popen[bytes]]) -> None:
    host, _ = at_work
    before = models_in(host.store), host.quarantined()
    with host.running("recover", "--lock-timeout", "60") as waiting:
        time.sleep(0.7)  # by then it waits
        assert waiting.poll() is None
        waiting.send_signal(signal.SIGINT)
        ended = end_of(waiting)
    assert (ended.code, ended.err) == (130, "Interrupted by SIGINT: nothing was changed.\n")
    assert (models_in(host.store), host.quarantined()) == before


@pytest.mark.needs("strace")
def test_a_check_does_not_take_a_run_that_ends_meanwhile_for_none(
    at_work: tuple[Host, subprocess.Popen[bytes]],
) -> None:
    """It reads the folder while the models are aside; before it looks for runs at work they are back."""
    host, process = at_work
    slowly = ("strace", "-f", "-qq", "-o", "/dev/null", "-P", "/proc/self/mountinfo")
    through = (*slowly, "--inject=openat:delay_enter=2000000")
    with host.running("check", MANIFEST, "--inventory", "directory", through=through) as check:
        time.sleep(1.2)
        process.send_signal(signal.SIGTERM)
        assert end_of(process).code == 143
        ended = end_of(check)
    assert set(models_in(host.store)) == {"en.bin", "old_1.bin", "old_2.bin"}
    assert ended.code == 2, ended.out
