"""A sample of the crash matrix with the real engine and real system calls; and in which order a run reaches disk."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.e2e.host import Ended, Host, Snapshot, models_in, snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

KILLED = -9
CALLS = ("mkdirat", "renameat", "renameat2", "linkat", "unlinkat", "ftruncate", "fsync")
POINTS = 12
KEPT = {"en.bin", "sub", "sub/en.bin"}
REMOVED = ("gone/old.bin", "old_1.bin", "old_2.bin", "sub/old.bin")


def traced(noted: str, *options: str) -> tuple[str, ...]:
    """Trace the process itself, not the engine's."""
    return ("strace", "-qq", "-y", "-s", "400", "-o", noted, *options)


@cache
def may_trace() -> bool:
    return (
        shutil.which("strace") is not None
        and subprocess.run([*traced(os.devnull), "true"], capture_output=True, check=False).returncode == 0
    )


pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="strace is of Linux"),
    pytest.mark.skipif(not may_trace(), reason="strace is not installed, or may not trace here"),
]


class Call(NamedTuple):
    """A system call on something in the store."""

    name: str
    said: str

    @property
    def folders(self) -> list[str]:
        """Which open files or folders it is about."""
        return re.findall(r"\d+<(/[^>]*)>", self.said)


def calls_in(noted: Path) -> list[Call]:
    lines = noted.read_text("utf-8", "replace").splitlines()
    return [Call(*line.split("(", 1)) for line in lines if "(" in line and not line.startswith(("+", "-"))]


def has_old_and_new(host: Host) -> Host:
    return host.has("en.bin", "sub/en.bin", *REMOVED).lists("en.bin", "sub/en.bin")


@cache
def steps() -> tuple[tuple[str, int], ...]:
    """Which calls on the store an apply makes: the name, and the how many-th of that name it is."""
    with TemporaryDirectory() as folder:
        host, noted = has_old_and_new(Host(Path(folder))), Path(folder) / "noted"
        ended = host.apply("--yes", through=traced(str(noted), f"--trace={','.join(f'?{name}' for name in CALLS)}"))
        assert ended.code == 0, ended
        counted: Counter[str] = Counter()
        found = []
        for call in calls_in(noted):
            counted[call.name] += 1
            if any(path.startswith(str(host.store)) for path in call.folders):
                found.append((call.name, counted[call.name]))
    return tuple(found)


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    made = has_old_and_new(Host(tmp_path))
    yield made
    made.wait_for(lambda: not made.processes())  # an engine outlives its caller for a moment


@pytest.mark.parametrize("part", range(POINTS))
def test_killed_at_a_system_call_the_next_command_finishes_or_undoes_the_run(host: Host, part: int) -> None:
    name, number = steps()[part * (len(steps()) - 1) // (POINTS - 1)]
    before, outside = models_in(host.store), snapshot(host.outside)
    assert killed_at(host, name, number).code == KILLED
    assert kept(models_in(host.store)) == kept(before)

    assert_plan_only_tells(host)
    assert host.run("recover").code == 0
    assert models_in(host.store) in (before, kept(before))
    assert broken_off(host) == []

    assert host.apply("--yes").code == 0
    assert models_in(host.store) == kept(before)
    assert host.quarantined() == []
    assert snapshot(host.outside) == outside


def killed_at(host: Host, name: str, number: int) -> Ended:
    inject = f"--inject={name}:signal=KILL:when={number}"
    return host.apply("--yes", through=traced(os.devnull, f"--trace={name}", inject))


def kept(models: Snapshot) -> Snapshot:
    return {name: noted for name, noted in models.items() if name in KEPT}


def broken_off(host: Host) -> list[str]:
    return [path.stem for path in (host.store / ".ocrstate").glob("journal/*")]


def assert_plan_only_tells(host: Host) -> None:
    before = snapshot(host.store)
    ended = host.plan()
    assert ended.code == 0
    assert all(run in ended.out + ended.err for run in broken_off(host))
    assert snapshot(host.store) == before


def test_each_step_is_on_disk_before_the_next_one_relies_on_it(host: Host, tmp_path: Path) -> None:
    noted = tmp_path / "noted"
    wanted = ",".join(f"?{name}" for name in (*CALLS, "write"))
    assert host.apply("--yes", through=traced(str(noted), f"--trace={wanted}")).code == 0
    calls = calls_in(noted)
    begun, committed = written(calls, "begun"), written(calls, "committed")
    moves = [at for at, call in enumerate(calls) if call.name.startswith("rename") and aside(call)]
    deleted = next(at for at, call in enumerate(calls) if call.name == "unlinkat" and aside(call))

    assert len(moves) == len(REMOVED)
    assert begun < moves[0] < moves[-1] < committed < deleted
    journal = Path(calls[begun].folders[0])
    assert not {*map(str, (journal, *journal.parents[:3]))} - synced(calls[begun : moves[0]]), "before the first move"
    changed = {folder for call in calls[begun:committed] if gives_names(call) for folder in call.folders}
    assert not changed - synced(calls[moves[-1] : committed]), "before the commit"
    assert str(journal) in synced(calls[committed:deleted]), "before the first deletion"


def written(calls: list[Call], record: str) -> int:
    return next(at for at, call in enumerate(calls) if call.name == "write" and f'record\\":\\"{record}' in call.said)


def aside(call: Call) -> bool:
    return "/.ocrstate/quarantine/" in call.folders[-1]


def gives_names(call: Call) -> bool:
    return call.name in ("mkdirat", "renameat", "renameat2") and call.said.endswith("= 0")


def synced(calls: list[Call]) -> set[str]:
    return {call.folders[0] for call in calls if call.name == "fsync"}
