"""Totals, causes, holders of open files and last lines: what is said is what was observed."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.engines import hangs, stand_in
from tests.e2e.host import ENDING_SIGNALS, MANIFEST, Ended, Host, end_of, models_in
from tests.e2e.journals import expire
from tests.e2e.test_failing_moves import outcomes
from tests.e2e.tracing import failing, probes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SIZE = 50_000
MOVES = "?renameat,?renameat2"
_HOLDS = """
import mmap, os, sys
file = os.open(sys.argv[1], os.O_RDONLY)
if sys.argv[2] == "mapped":
    kept = mmap.mmap(file, 0, prot=mmap.PROT_READ)
    os.close(file)
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def usual(host: Host) -> Host:
    host.defaults = ("--inventory", "directory")
    return host.has("en.bin", "old_1.bin", "old_2.bin", size=SIZE).lists("en.bin")


@contextmanager
def held(path: Path, how: str = "open") -> Iterator[str]:
    """Let another process hold a file, and give what is to be said of that process."""
    command = [sys.executable, "-c", _HOLDS, str(path), how]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        yield f"process {process.pid} ({Path(f'/proc/{process.pid}/comm').read_text().strip()})"
        process.communicate()


def allocated(path: Path) -> int:
    return path.stat().st_blocks * 512


def outcome(ended: Ended, name: str) -> dict[str, Any]:
    (found,) = (each for each in ended.document["outcomes"] if each["name"] == name)
    return dict(found)


# -- bytes


def test_freed_is_what_the_removed_models_took_up_on_disk(usual: Host) -> None:
    with open(usual.store / "old_2.bin", "wb") as sparse:
        sparse.truncate(10 << 20)
    measured = {name: allocated(usual.store / name) for name in ("old_1.bin", "old_2.bin")}
    ended = usual.apply("--yes", "--json")
    assert {each["name"]: each["bytes_freed"] for each in ended.document["outcomes"]} == measured
    assert ended.document["summary"]["bytes_freed"] == sum(measured.values()) < 10 << 20


@pytest.mark.parametrize("how", ["open", "mapped"])
def test_what_a_process_holds_is_removed_but_not_free_yet_and_the_process_is_named(usual: Host, how: str) -> None:
    held_bytes, other_bytes = allocated(usual.store / "old_1.bin"), allocated(usual.store / "old_2.bin")
    with held(usual.store / "old_1.bin", how) as holder:
        ended = usual.apply("--yes")
    assert ended.code == 0, "what was asked for is done"
    assert "Removed 2 models, freed 53 kB." in ended.out
    (line,) = [line for line in ended.out.splitlines() if holder in line]
    assert "old_1.bin" in line
    assert "53 kB more are freed when" in line
    assert held_bytes == other_bytes == 53248


@pytest.mark.parametrize("how", ["open", "mapped"])
def test_in_json_too_the_holder_is_named_and_its_bytes_are_none_that_were_freed(usual: Host, how: str) -> None:
    with held(usual.store / "old_1.bin", how) as holder:
        ended = usual.apply("--yes", "--json")
    (named,) = outcome(ended, "old_1.bin")["held_open_by"]
    assert f"process {named['pid']} ({named['command']})" == holder
    assert (outcome(ended, "old_1.bin")["status"], outcome(ended, "old_1.bin")["bytes_freed"]) == ("removed", 0)
    assert "held_open_by" not in outcome(ended, "old_2.bin")
    summary = ended.document["summary"]
    assert (summary["removed"], summary["bytes_freed"], summary["bytes_freed_later"]) == (2, 53248, 53248)


def test_who_holds_a_model_that_has_another_name_elsewhere_keeps_nothing_from_being_freed(usual: Host) -> None:
    os.link(usual.store / "old_1.bin", usual.outside / "kept.bin")
    with held(usual.store / "old_1.bin"):
        summary = usual.apply("--yes", "--json").document["summary"]
    assert (summary["bytes_freed"], summary["bytes_freed_later"]) == (53248, 0)


def test_a_process_that_closed_a_model_before_it_was_deleted_keeps_nothing(usual: Host) -> None:
    stand_in(usual, "lists", "lingers")
    with usual.running("apply", MANIFEST, "--yes", "--json") as process:
        with held(usual.store / "old_1.bin"):
            usual.wait_for(lambda: len(usual.quarantined()) == 2)
            time.sleep(0.5)  # by then it has looked who has the models open; it has not yet listed again
        assert len(usual.quarantined()) == 2
        ended = end_of(process)
    summary = ended.document["summary"]
    assert (summary["bytes_freed"], summary["bytes_freed_later"]) == (2 * 53248, 0)


def test_what_is_kept_takes_up_what_is_said_however_many_names_it_has(usual: Host) -> None:
    os.link(usual.store / "old_1.bin", usual.store / "old_3.bin")
    os.link(usual.store / "en.bin", usual.store / "en_old.bin")
    usual.lists("en.bin", policy={"retain": "1d"})
    foretold = usual.plan("--json").document["summary"]["bytes_kept"]
    told = usual.apply("--yes", "--json").document["summary"]["bytes_kept"]
    remembered = usual.run("history", "--json").document["bytes_held"]
    freed = usual.run("purge", "--all", "--yes", "--json").document["bytes_freed"]
    assert [foretold, told, remembered, freed] == [2 * 53248] * 4


def test_a_purge_does_not_count_as_freed_what_a_process_holds(usual: Host) -> None:
    with held(usual.store / "old_1.bin") as holder:
        assert usual.apply("--yes", "--retain", "1d").code == 0
        ended = usual.run("purge", "--all", "--yes")
    assert ended.code == 0
    assert "freed 53 kB" in ended.out
    assert holder in ended.out


# -- causes


@pytest.mark.needs("strace")
@pytest.mark.parametrize(("calls", "when"), [(MOVES, "1"), (MOVES, "2"), (MOVES, "1..4"), ("unlinkat", "2..4")])
def test_what_is_busy_for_a_moment_is_tried_again(usual: Host, calls: str, when: str) -> None:
    of_the_run = re.sub(r"\d+", lambda number: str(int(number[0]) + probes(calls)), when)
    through = ("strace", "-f", "-qq", "-o", "/dev/null", f"--inject={calls}:error=EBUSY:when={of_the_run}")
    ended = usual.apply("--yes", "--json", through=through)
    assert (ended.code, ended.err) == (0, "")
    assert ended.document["summary"]["removed"] == 2
    assert set(models_in(usual.store)) == {"en.bin"}
    assert usual.quarantined() == []


@pytest.mark.needs("strace")
def test_what_stays_busy_is_given_up_within_a_limit_and_named_with_its_holder(usual: Host) -> None:
    before = models_in(usual.store)
    started = time.monotonic()
    with held(usual.store / "old_1.bin") as holder:
        ended = usual.apply("--yes", "--json", through=failing((MOVES, "EBUSY", "1+")))
    assert 4 < time.monotonic() - started < 15
    assert (ended.code, ended.document["status"], ended.document["changed"]) == (1, "failed", False)
    assert f"old_1.bin cannot be moved aside: Device or resource busy; {holder} has it open" in ended.err
    assert outcomes(ended) == {"old_1.bin": "failed", "old_2.bin": "not_started"}
    assert outcome(ended, "old_1.bin")["cause"] == "Device or resource busy"
    (named,) = outcome(ended, "old_1.bin")["held_open_by"]
    assert f"process {named['pid']} ({named['command']})" == holder
    assert models_in(usual.store) == before


@pytest.mark.needs("strace")
def test_who_wants_the_run_to_end_does_not_wait_for_what_is_busy(usual: Host) -> None:
    before = models_in(usual.store)
    with usual.running("apply", MANIFEST, "--yes", through=failing((MOVES, "EBUSY", "1+"))) as tracer:
        usual.wait_for(lambda: (usual.store / ".ocrstate" / "journal").exists() and _journals(usual))
        started = time.monotonic()
        os.kill(_child_of(tracer.pid), signal.SIGTERM)
        ended = end_of(tracer)
    assert time.monotonic() - started < 3
    assert ended.code != 0
    assert models_in(usual.store) == before


def _journals(host: Host) -> list[str]:
    return os.listdir(host.store / ".ocrstate" / "journal")


def _child_of(process: int) -> int:
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return int(children[-1])


SECOND_DELETION = "3+"  # on a new store, the name of the lock's last holder is dropped before


@pytest.mark.needs("strace")
def test_what_cannot_be_deleted_is_named_with_its_cause_and_its_holder(usual: Host) -> None:
    with held(usual.store / "old_2.bin") as holder:
        ended = usual.apply("--yes", "--json", through=failing(("unlinkat", "EBUSY", SECOND_DELETION)))
    assert (ended.code, ended.document["status"], ended.document["changed"]) == (4, "needs_recovery", True)
    assert outcomes(ended) == {"old_1.bin": "removed", "old_2.bin": "in_quarantine"}
    assert ended.document["summary"]["bytes_freed"] == 53248
    assert "old_2.bin: Device or resource busy" in ended.err
    recovered = usual.run("recover", "--json")
    assert [each["bytes_freed"] for each in recovered.document["recovered"]] == [53248]
    assert usual.quarantined() == []
    assert holder in ended.err


# -- last lines


def test_who_recovered_a_run_before_the_signal_came_does_not_say_that_nothing_was_changed(host: Host) -> None:
    host.has("en.bin", "old_1.bin").lists("en.bin")
    stand_in(host, "lists", "hangs", "lists", "hangs")
    with host.running("apply", MANIFEST, "--yes") as killed:
        host.wait_for(lambda: hangs(host))
        killed.kill()
        killed.wait()
    (host.temporary.parent / "turns.hanging").unlink()
    with host.running("apply", MANIFEST, "--yes") as process:
        host.wait_for(lambda: hangs(host))
        process.send_signal(signal.SIGINT)
        ended = end_of(process)
    assert ended.code == 130
    assert set(models_in(host.store)) == {"en.bin", "old_1.bin"}
    assert "had been broken off and was taken back" in ended.err
    assert "nothing was changed" not in ended.err


def test_who_deleted_what_was_kept_before_the_signal_came_does_not_say_that_nothing_was_changed(host: Host) -> None:
    host.has("en.bin", "old_1.bin").lists("en.bin")
    stand_in(host, "lists", "lists", "lists", "hangs")
    assert host.apply("--yes", "--retain", "1d").code == 0
    expire(host.journals()[0])
    host.has("old_2.bin")
    with host.running("apply", MANIFEST, "--yes") as process:
        host.wait_for(lambda: hangs(host))
        process.send_signal(signal.SIGINT)
        ended = end_of(process)
    assert ended.code == 130
    assert set(models_in(host.store)) == {"en.bin", "old_2.bin"}
    assert (host.quarantined() == []) is ("nothing was changed" not in ended.err)


@pytest.mark.needs("strace")
def test_a_run_that_a_signal_ends_with_something_left_to_delete_does_not_say_that_it_is_finished(usual: Host) -> None:
    with usual.running("apply", MANIFEST, "--yes", through=failing(("unlinkat", "EBUSY", SECOND_DELETION))) as tracer:
        usual.wait_for(lambda: usual.quarantined() == ["old_2.bin"])
        os.kill(_child_of(tracer.pid), signal.SIGTERM)
        ended = end_of(tracer)
    assert usual.quarantined() == ["old_2.bin"]
    assert ended.code in (4, 143)
    assert "ocrstate recover" in ended.err
    assert "finished first" not in ended.err


def all_there(host: Host) -> None:
    host.has("en.bin", *OLD).lists("en.bin")


def all_kept(host: Host) -> None:
    all_there(host)
    assert host.apply("--yes", "--retain", "1d").code == 0


def half_way(host: Host) -> None:
    all_there(host)
    killed = ("strace", "-f", "-qq", "-o", "/dev/null", f"--inject={MOVES}:signal=SIGKILL:when=150")
    assert host.apply("--yes", through=killed).code != 0
    assert 0 < len(host.quarantined()) < len(OLD)


OLD = tuple(f"old_{number}.bin" for number in range(300))
INTERRUPTED = [
    # how it is before, command, what is there before and what is there if it goes through: in the store, in quarantine
    (all_there, "apply models.yml --yes", (301, 0), (1, 0)),
    (all_there, "apply models.yml --yes --retain 1d", (301, 0), (1, 300)),
    (all_kept, "restore", (1, 300), (301, 0)),
    (all_kept, "purge --all --yes", (1, 300), (1, 0)),
    (half_way, "recover", None, (301, 0)),
]


@pytest.mark.needs("strace")
@pytest.mark.parametrize(
    ("prepare", "command", "before", "done"), INTERRUPTED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_many_signals_at_any_moment_leave_all_or_nothing_and_a_true_line(
    host: Host, prepare: Callable[[Host], None], command: str, before: tuple[int, int] | None, done: tuple[int, int]
) -> None:
    host.defaults = ("--inventory", "directory")
    chance = random.Random(command)
    for _ in range(4):
        prepare(host)
        number, previous = chance.choice(list(ENDING_SIGNALS)), before or standing(host)
        ended = signalled(host, command, number, chance.random() * 0.06)
        if ended.code == ENDING_SIGNALS[number]:
            (line,) = ended.err.splitlines()[-1:]
            assert line.startswith(f"Interrupted by {number.name}: ")
            assert standing(host) == (previous if line.endswith(" nothing was changed.") else done)
        else:
            assert ended.code in (0, -number), "it had ended, or Python had not yet begun to run it"
            assert standing(host) == (done if ended.code == 0 else previous)
        host.run("recover")
        assert host.run("recover").out == "Nothing to recover: no run was broken off.\n"
        assert host.run("purge", "--all", "--yes").code == 0


def signalled(host: Host, command: str, number: signal.Signals, after: float) -> Ended:
    """Run a command, and send it several signals so many seconds after it has begun to change something."""
    untouched = touched(host)
    with host.running(*command.split()) as process:
        host.wait_for(lambda: touched(host) != untouched or process.poll() is not None)
        time.sleep(after)  # the moments are the point here
        for _ in range(5):
            process.send_signal(number)
            time.sleep(0.002)
        return end_of(process)


def standing(host: Host) -> tuple[int, int]:
    """Count the models in the store, and those in quarantine."""
    return len(models_in(host.store)), len(host.quarantined())


def touched(host: Host) -> list[int]:
    """Note when names came and went last, in the store and in its quarantine."""
    quarantine = host.store / ".ocrstate" / "quarantine"
    return [folder.stat().st_mtime_ns for folder in (host.store, *quarantine.glob("*"))]
