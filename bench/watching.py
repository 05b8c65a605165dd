"""Run a command and watch its processes, which the times of its children do not tell apart. Linux only."""

from __future__ import annotations

import os
import select
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_BETWEEN_LOOKS = 0.1
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Watched:
    """One run of a command that forks.

    Attributes:
        seconds: on the clock.
        processor: seconds of it that all its processes used.
        processor_of_first: the part of the process that was started.
        peak_of_first: of the memory of that process, in MiB.
        peak_of_forks: of the memory of that process and its forks together, each page counted once, in MiB.
    """

    seconds: float
    processor: float
    processor_of_first: float
    peak_of_first: float
    peak_of_forks: float


def watched(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Watched:
    """Run a command to its end.

    Raises:
        SystemExit: it failed.
    """
    os.sync()
    first = forks = 0.0
    start = time.perf_counter()
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL) as process:
        while not _has_ended(process.pid, within=_BETWEEN_LOOKS):
            first = max(first, _peak(process.pid))
            forks = max(forks, sum(map(_proportional, (process.pid, *_forks(process.pid)))))
        seconds = time.perf_counter() - start
        used = _used(process.pid)  # it has ended, and is there until it is waited for
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} failed with exit code {process.returncode}")
    return Watched(seconds, usage.ru_utime + usage.ru_stime, used, first, forks)


def _has_ended(pid: int, within: float) -> bool:
    handle = os.pidfd_open(pid)
    try:
        readable, _, _ = select.select([handle], [], [], within)
    finally:
        os.close(handle)
    return bool(readable)


def _forks(pid: int) -> Iterator[int]:
    """Name the children that have not become another program."""
    line = _read(pid, "cmdline")
    for child in _read(pid, f"task/{pid}/children").split():
        if _read(int(child), "cmdline") == line:
            yield int(child)


def _proportional(pid: int) -> float:
    return _mebibytes(_read(pid, "smaps_rollup"), "Pss")


def _peak(pid: int) -> float:
    return _mebibytes(_read(pid, "status"), "VmHWM")


def _mebibytes(text: str, key: str) -> float:
    return sum(int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith(f"{key}:"))


def _used(pid: int) -> float:
    fields = _read(pid, "stat").rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _read(pid: int, name: str) -> str:
    """Read what the system says of a process; nothing where it has ended meanwhile."""
    try:
        return Path(f"/proc/{pid}/{name}").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
