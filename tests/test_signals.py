"""Signals that Python swallows; what signals do to a command is told in `tests/e2e/test_processes.py`."""

from __future__ import annotations

import subprocess
import sys

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
