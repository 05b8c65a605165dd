"""Run commands and take their time."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Run:
    """One run.

    Attributes:
        seconds: on the clock.
        peak: of the memory of its largest process, in MiB.
        processor: seconds of it that were used, children included.
    """

    seconds: float
    peak: float
    processor: float


def timed(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Run:
    """Run a command to its end.

    Args:
        command: what to run.
        folder: where.
        environment: what to set besides what every command gets.

    Raises:
        SystemExit: it failed.
    """
    os.sync()  # what the command before has written must not slow this one down
    start = time.perf_counter()
    with subprocess.Popen(
        command, cwd=folder, env=surroundings(folder, environment), stdout=subprocess.DEVNULL
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} failed with exit code {process.returncode}")
    return Run(seconds, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime)


def surroundings(folder: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a command that is measured."""
    # an installed package has its bytecode, and a checkout gets it in the warm-up run
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "XDG_CACHE_HOME": str(folder / "cache"), **(more or {})}


def in_turns(
    commands: Sequence[Sequence[str]], folder: Path, rounds: int, before: Callable[[], None] = lambda: None
) -> list[list[Run]]:
    """Run commands in turns, after one of each that does not count; return the runs of each.

    Args:
        commands: what to run.
        folder: where.
        rounds: how often.
        before: is called before each run, and not measured.
    """

    def run(command: Sequence[str]) -> Run:
        before()
        return timed(command, folder)

    for command in commands:
        run(command)
    measured = [[run(command) for command in commands] for _ in range(rounds)]
    return [list(column) for column in zip(*measured, strict=True)]


def median(runs: Sequence[Run]) -> float:
    """Return the median of the seconds."""
    return statistics.median(run.seconds for run in runs)


def ratio(ours: Sequence[Run], theirs: Sequence[Run]) -> float:
    """Return our time over theirs, the median over pairs."""
    return statistics.median(a.seconds / b.seconds for a, b in zip(ours, theirs, strict=True))


def table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Spell a table in Markdown."""
    return [f"| {' | '.join(row)} |" for row in (titles, ["---:"] * len(titles), *rows)]
