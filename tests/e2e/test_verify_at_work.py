"""`verify` while it works: signals, the bar on a terminal, and memory."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import sys
import time
from hashlib import sha256
from typing import Any

import pytest

from tests.e2e.host import (
    ENDING_SIGNALS,
    MANIFEST,
    Ended,
    Host,
    end_of,
    read_until,
)
from tests.e2e.verifying import SETTLED, reads_models, verify

pytestmark = pytest.mark.without_engine


@pytest.fixture
def endless(host: Host) -> Host:
    """Give a host with models that take hours to read, all holes."""
    models = [{"name": f"{number}.bin", "sha256": "0" * 64} for number in range(3)]
    for model in models:
        host.has(model["name"])
        os.truncate(host.store / model["name"], 1 << 40)
    host.lists(*models)
    return host


@pytest.mark.parametrize(("number", "code"), ENDING_SIGNALS.items())
def test_a_signal_ends_it_at_once(endless: Host, number: signal.Signals, code: int) -> None:
    with endless.running("verify", MANIFEST, "--json") as process:
        endless.wait_for(lambda: reads_models(process.pid, endless))
        sent = time.monotonic()
        process.send_signal(number)
        ended = end_of(process)
    assert time.monotonic() - sent < 10
    assert (ended.code, ended.document["error"]["code"]) == (code, "interrupted")
    assert ended.err == f"Interrupted by {number.name}: nothing was changed.\n"


def test_what_was_read_before_a_signal_need_not_be_read_again(endless: Host) -> None:
    (endless.store / "0.bin").write_bytes(b"small")
    (endless.store / "0.bin").rename(endless.store / "small.bin")
    time.sleep(SETTLED)
    listed: dict[str, Any] = {"version": 1, "models": [{"name": "small.bin", "sha256": sha256(b"small").hexdigest()}]}
    (endless.app / "small.yml").write_text(json.dumps(listed))
    listed["models"].append({"name": "1.bin", "sha256": "0" * 64})
    (endless.app / MANIFEST).write_text(json.dumps(listed))
    if len(os.sched_getaffinity(0)) == 1:
        pytest.skip("with one processor, the small file waits until the endless one is read")
    with endless.running("verify", MANIFEST) as process:
        endless.wait_for(lambda: reads_models(process.pid, endless))
        time.sleep(0.5)  # the small one takes no time
        process.send_signal(signal.SIGINT)
        assert end_of(process).code == 130
    assert "Nothing read" in endless.run("verify", "small.yml").last_line


def at_a_terminal(host: Host, *options: str, interrupted: bool, **ways: Any) -> tuple[Ended, str]:  # noqa: ANN401 - as for Host.run
    """Run verify with standard error at a terminal; return what was seen there."""
    ours, theirs = pty.openpty()
    with host.running("verify", MANIFEST, *options, stderr=theirs, **ways) as process:
        os.close(theirs)
        seen = ""
        if interrupted:
            seen = read_until(ours, "Verifying")
            process.send_signal(signal.SIGINT)
        seen += read_until(ours, None)
        os.close(ours)
        return end_of(process), seen


def test_a_bar_shows_how_far_it_is_and_leaves_the_terminal_as_it_was(endless: Host) -> None:
    ended, seen = at_a_terminal(endless, interrupted=True, env={"TERM": "xterm", "COLUMNS": "100"})
    assert ended.code == 130
    assert re.search(r"Verifying .*/3\.3 TB", seen)
    assert seen.count("\x1b[?25l") <= seen.count("\x1b[?25h")
    assert seen.rindex("\x1b[?25h") > seen.rindex("\x1b[?25l"), "the cursor is shown again"
    assert seen.endswith("Interrupted by SIGINT: nothing was changed.\r\n")


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_a_bar_leaves_room_for_what_the_terminal_writes_on_ctrl_c(endless: Host, columns: int) -> None:
    _, seen = at_a_terminal(endless, interrupted=True, env={"TERM": "xterm", "COLUMNS": str(columns)})
    assert re.search(r"\r\x1b\[1A\x1b\[2K(\x1b\[\?25h)*Interrupted", seen), (
        "the bar is taken away first, whenever a signal arrives"
    )
    drawn = [re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", line) for line in re.split(r"[\r\n]+", seen)]
    bars = [line for line in drawn if line.startswith("Verifying")]
    assert bars
    assert max(map(len, bars)) <= columns - len("^C")


@pytest.mark.parametrize(("options", "term"), [(["-q"], "xterm"), ([], "dumb"), ([], None)])
def test_there_is_no_bar_where_none_is_wanted_or_could_be_drawn(
    pinned: Host, options: list[str], term: str | None
) -> None:
    ended, seen = at_a_terminal(pinned, *options, interrupted=False, env={"TERM": term})
    assert (ended.code, seen) == (0, "")


def test_a_bar_goes_to_standard_error_alone(pinned: Host) -> None:
    ended, seen = at_a_terminal(pinned, "--json", interrupted=False, env={"TERM": "xterm"})
    assert ended.document["as_declared"] is True
    assert "Verifying" in seen


MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[2:])
with open(sys.argv[1], "w") as notes:
    notes.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
"""
"""Runs a command, and notes the peak of its memory in KiB."""


def test_however_large_a_file_is_the_memory_stays_small(host: Host) -> None:
    host.has("big.bin")
    os.truncate(host.store / "big.bin", 1 << 30)
    host.lists({"name": "big.bin", "sha256": "0" * 64})
    notes = host.app.parent / "peak"
    assert "1 with other content" in verify(host, through=(sys.executable, "-c", MEASURED, str(notes))).last_line
    assert int(notes.read_text()) / 1024 < 96
