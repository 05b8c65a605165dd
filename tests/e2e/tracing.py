"""Let system calls of a command fail, or be slow, by tracing it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from functools import cache


def failing(*faults: tuple[str, str, str]) -> tuple[str, ...]:
    """Make system calls fail: the kind, the error, and which ones of the run's own, counted from 1."""
    injected = [f"--inject={calls}:error={error}:when={later(when, probes(calls))}" for calls, error, when in faults]
    return ("strace", "-f", "-qq", "-o", "/dev/null", *injected)


@cache
def probes(calls: str) -> int:
    """Count the calls that the lock library makes on its import, which on some Pythons tries out hard links."""
    with tempfile.NamedTemporaryFile() as noted:
        command = ["strace", "-f", "-qq", "-e", f"trace={calls}", "-o", noted.name]
        subprocess.run([*command, sys.executable, "-c", "import filelock"], capture_output=True, check=False)
        return sum(b"(" in line for line in noted.read().splitlines())


def later(when: str, calls: int) -> str:
    return f"{int(when.rstrip('+')) + calls}{'+' if when.endswith('+') else ''}"


@cache
def traceable() -> bool:
    tried = subprocess.run([*failing(("?renameat,?renameat2", "EIO", "9")), "true"], capture_output=True, check=False)
    return tried.returncode == 0
