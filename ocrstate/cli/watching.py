"""Shows at the terminal what takes longer than a second."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from ocrstate.cli.progress import progress_bar
from ocrstate.signals import undisturbed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ocrstate.cli.console import Console
    from ocrstate.watch import Progress

_PATIENCE = 1.0  # seconds: what is done by then needs no words
_PAUSE = 0.2  # seconds between two drawings
_USUAL = 80  # columns, where the terminal does not say
_ERASE = "\r\x1b[K"


class Watching:
    """Shows a person what is waited for, on standard error, and takes it away again.

    Nothing is shown with ``quiet``, or where standard error is no terminal that can draw.
    """

    def __init__(self, console: Console, *, quiet: bool) -> None:
        self._console = console
        self._quiet = quiet

    def progress(self, title: str) -> Progress:
        """Return what shows how many of a number of bytes are done."""
        return lambda total: progress_bar(self._console, quiet=self._quiet, title=title, total=total)

    @contextmanager
    def waiting(self, title: str) -> Iterator[None]:
        """Show for how long something is waited for."""
        since = monotonic()
        with self._line(lambda: f"{title}… {monotonic() - since:.0f} s"):
            yield

    @contextmanager
    def counting(self, title: str, total: int) -> Iterator[Callable[[], None]]:
        """Show how many of a number of steps are done."""
        done = _Tally()
        with self._line(lambda: f"{title}: {done.count:,} of {total:,}"):
            yield done.step

    @contextmanager
    def _line(self, words: Callable[[], str]) -> Iterator[None]:
        if self._quiet or not can_draw():
            yield
            return
        ended = threading.Event()
        drawer = threading.Thread(target=self._draw_until, args=(ended, words), daemon=True)
        drawer.start()
        try:
            yield
        finally:
            with undisturbed():  # a line that is half drawn cannot be taken away
                ended.set()
                drawer.join()

    def _draw_until(self, ended: threading.Event, words: Callable[[], str]) -> None:
        if ended.wait(_PATIENCE):
            return
        while not ended.is_set():
            self._console.tell(f"{_ERASE}{words()[: _room()]}")
            ended.wait(_PAUSE)
        self._console.tell(_ERASE)


class _Tally:
    """Counts steps."""

    def __init__(self) -> None:
        self.count = 0

    def step(self) -> None:
        """Count one."""
        self.count += 1


def _room() -> int:
    """Return the columns for a line that stays one line, also where the terminal writes ``^C`` behind it."""
    try:
        columns = os.get_terminal_size(sys.stderr.fileno()).columns or _USUAL
    except (OSError, ValueError):
        columns = _USUAL
    return max(columns - len("^C") - 1, 1)


def can_draw() -> bool:
    """Tell whether a person sees standard error at a terminal whose lines can be drawn over."""
    return sys.stderr.isatty() and os.environ.get("TERM") not in (None, "", "dumb")
