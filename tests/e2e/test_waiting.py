"""What takes longer than a second says so at a terminal, and leaves nothing behind."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from ocrstate.applying.lock import locked
from ocrstate.store.opened import open_store
from ocrstate.work.who import whoami
from ocrstate.writer.store_writer import StoreWriter
from tests.e2e.engines import stand_in
from tests.e2e.host import MANIFEST, PATIENCE, PROJECT, end_of, read_until

if TYPE_CHECKING:
    from tests.e2e.host import Host

ERASE = "\r\x1b[K"
TERMINAL = {"TERM": "xterm"}


@pytest.mark.parametrize(
    ("command", "code", "said"), [("check", 2, "Asking the engine… 1 s"), ("doctor", 0, "Trying the engine… 1 s")]
)
def test_an_engine_that_takes_its_time_is_said_to_be_waited_for(full: Host, command: str, code: int, said: str) -> None:
    stand_in(full, "lingers")
    ours, theirs = pty.openpty()
    with full.running(command, MANIFEST, stderr=theirs, env=TERMINAL) as process:
        os.close(theirs)
        seen = read_until(ours, None)
        os.close(ours)
        assert end_of(process).code == code
    assert said in seen
    assert seen.endswith(ERASE)


@pytest.mark.parametrize(("options", "term"), [(["-q"], "xterm"), ([], "dumb"), ([], None)])
def test_nothing_is_said_where_it_is_not_wanted_or_could_not_be_taken_away(
    full: Host, options: list[str], term: str | None
) -> None:
    stand_in(full, "lingers")
    ours, theirs = pty.openpty()
    with full.running("check", MANIFEST, *options, stderr=theirs, env={"TERM": term}) as process:
        os.close(theirs)
        assert read_until(ours, None) == ""
        os.close(ours)
        assert end_of(process).code == 2


def test_who_waits_for_another_run_is_told_so_and_may_end_it(full: Host) -> None:
    ours, theirs = pty.openpty()
    with open_store(str(full.store)) as (store, descriptor), ExitStack() as held:
        assert descriptor is not None
        writer = held.enter_context(StoreWriter(store, descriptor, lambda change: change()))
        held.enter_context(locked(writer, whoami("test"), 0))
        process = held.enter_context(full.running("apply", MANIFEST, "--yes", stderr=theirs, env=TERMINAL))
        os.close(theirs)
        seen = read_until(ours, "end… 1 s")
        process.send_signal(signal.SIGINT)
        seen += read_until(ours, None)
        os.close(ours)
        assert end_of(process).code == 130
    assert f"{ERASE}Waiting for another run to end… 1 s" in seen
    assert seen.endswith(f"{ERASE}Interrupted by SIGINT: nothing was changed.\r\n")


@pytest.mark.needs("strace")
def test_an_apply_that_takes_its_time_counts_what_it_moves_and_deletes(full: Host) -> None:
    slowly = ("strace", "-f", "-qq", "-o", "/dev/null", "--inject=renameat,renameat2,unlinkat:delay_enter=700000")
    ours, theirs = pty.openpty()
    with full.running("apply", MANIFEST, "--yes", stderr=theirs, env=TERMINAL, through=slowly) as process:
        os.close(theirs)
        seen = read_until(ours, None)
        os.close(ours)
        assert end_of(process).code == 0
    assert re.search(r"Moving models: [12] of 3", seen)
    assert re.search(r"Deleting models: [12] of 3", seen)
    assert seen.endswith(ERASE)


MOVING = """
import time
from ocrstate.cli.console import Console
from ocrstate.cli.watching import Watching

with Watching(Console("auto"), quiet=False).counting("Moving models", 12_000) as step:
    for _ in range(1_500):
        step()
    time.sleep(1.3)
"""


@pytest.mark.parametrize("columns", [25, 60])
def test_many_moves_are_counted_on_one_line_that_fits(columns: int) -> None:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {**os.environ, **TERMINAL, "PYTHONPATH": str(PROJECT)}
    with subprocess.Popen([sys.executable, "-c", MOVING], stderr=theirs, env=environment) as process:
        os.close(theirs)
        seen = read_until(ours, None)
        os.close(ours)
        assert process.wait(PATIENCE) == 0
    lines = re.sub(r"\x1b\[K", "", seen).split("\r")
    assert "Moving models: 1,500 of 12,000"[: columns - 3] in lines
    assert max(map(len, lines)) < columns
    assert lines[-1] == ""
