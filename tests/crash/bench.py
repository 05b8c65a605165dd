"""Run ocrstate's command line many times from one warm process; in a fork of it where it is to be killed."""

from __future__ import annotations

import io
import os
import signal
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from ocrstate.cli.main import run
from ocrstate.work.engines import Engines
from tests.crash.seam import Seam
from tests.crash.world import World

if TYPE_CHECKING:
    from pathlib import Path

KILLED = -signal.SIGKILL
_COULD_NOT_RUN = 99


class Ended(NamedTuple):
    """How a command ended; the code is negative where a signal ended it."""

    code: int
    said: str


class Bench:
    """A world, and ocrstate run in it."""

    def __init__(self, folder: Path) -> None:
        self.world = World(folder / "world")
        self._said = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - for as long as the process lives
        Seam().install()

    def calmly(self, *words: str) -> Ended:
        """Run a command in this process."""
        said = io.StringIO()
        with redirect_stdout(said), redirect_stderr(said):
            code = self._run(words)
        return Ended(code, said.getvalue())

    def failing(self, words: tuple[str, ...], seam: Seam) -> Ended:
        """Run a command in this process, with calls that fail."""
        seam.install()
        try:
            return self.calmly(*words)
        finally:
            Seam().install()

    def killed(self, words: tuple[str, ...], seam: Seam) -> Ended:
        """Run a command in a process of its own, which the seam is to kill."""
        self._said.seek(0)
        self._said.truncate()
        child = os.fork()
        if not child:
            self._die(words, seam)
        _, status = os.waitpid(child, 0)
        self._said.seek(0)
        return Ended(os.waitstatus_to_exitcode(status), self._said.read().decode("utf-8", "replace"))

    def _die(self, words: tuple[str, ...], seam: Seam) -> NoReturn:
        code = _COULD_NOT_RUN
        try:
            for stream in (1, 2):
                os.dup2(self._said.fileno(), stream)
            seam.install()
            code = self._run(words)
        finally:
            sys.stdout.flush()
            os._exit(code)

    def _run(self, words: tuple[str, ...]) -> int:
        command, *rest = words
        arguments = [self.world.manifest if word == "MANIFEST" else word for word in rest]
        arguments = [command, *arguments, "--store", self.world.store, "--inventory", "directory"]
        return run(arguments, Engines())
