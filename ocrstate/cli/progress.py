"""A bar on the terminal while many bytes are read or fetched."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from ocrstate.signals import undisturbed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress, TaskID

    from ocrstate.cli.console import Console

_ECHO = len("^C")  # what the terminal writes behind the bar on Ctrl-C: on another line, the bar would stay behind
_PATIENCE = 0.1  # seconds between two drawings


@contextmanager
def progress_bar(console: Console, *, quiet: bool, title: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show how many bytes are done, how fast, and the time left, for as long as the block runs.

    The block gets what is to be told of each further number of bytes, from any thread. Nothing is shown, and nothing
    imported, with ``quiet``, where there is nothing to do, or where standard error is no terminal that can draw.
    """
    if quiet or not total or not sys.stderr.isatty() or os.environ.get("TERM") in (None, "", "dumb"):
        yield _ignore
        return
    progress = _progress(console)
    task = progress.add_task(title, total=total)
    try:
        with undisturbed():  # a bar that is half drawn cannot be taken away
            progress.start()
        yield _Counter(progress, task).advance
    finally:
        with undisturbed():
            progress.stop()


def _ignore(_count: int) -> None:
    return


def _progress(console: Console) -> Progress:
    """Make a bar that leaves nothing behind."""
    from rich.console import Console as Terminal  # noqa: PLC0415 - 60 ms, where there is someone to see it alone
    from rich.progress import (  # noqa: PLC0415 - likewise
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    terminal = Terminal(stderr=True, no_color=True if console.color == "never" else None)
    terminal.width = max(1, terminal.width - _ECHO)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=terminal,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )


class _Counter:
    """Sums up what many threads tell in small pieces, and passes it on now and then: drawing is what costs."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task
        self._lock = threading.Lock()
        self._sum = 0
        self._told = monotonic()

    def advance(self, count: int) -> None:
        """Count some more bytes."""
        with self._lock:
            self._sum += count
            now = monotonic()
            if now - self._told < _PATIENCE:
                return
            self._told, ready, self._sum = now, self._sum, 0
        self._progress.advance(self._task, ready)
