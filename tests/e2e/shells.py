"""A person at a shell who presses Tab: bash, zsh and fish at a terminal of their own."""

from __future__ import annotations

import os
import pty
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.e2e.host import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.e2e.host import Host

_COMMANDS = {
    "bash": ("bash", "--norc", "--noprofile", "-i"),
    "zsh": ("zsh", "-f", "-i"),
    "fish": ("fish", "--no-config", "--private"),
}
_BEGINS = {
    "bash": 'eval "$(ocrstate completion bash)"',
    "zsh": 'autoload -Uz compinit && compinit -u -D && eval "$(ocrstate completion zsh)"',
    "fish": "ocrstate completion fish | source",
}
SHELLS = tuple(_COMMANDS)
TAB = "\t"
_STAND_IN = """\
#!/bin/sh
if [ -n "$_OCRSTATE_COMPLETE" ] || [ "$1" = completion ]; then exec {python} -m ocrstate "$@"; fi
for word in "$@"; do printf '%s\\0' "$word"; done > heard.part
mv heard.part heard
"""
"""Completes as the command does, and writes down what it is called with instead of doing it."""


class Shell:
    """A shell in the application folder."""

    def __init__(self, terminal: int, folder: Path) -> None:
        self._terminal = terminal
        self._heard = folder / "heard"
        self.said = b""

    def hears(self, keys: str | bytes) -> list[str]:
        """Type keys, with Tabs in them, and Enter; return the words that the command is called with."""
        os.write(self._terminal, keys.encode() if isinstance(keys, str) else keys)
        os.write(self._terminal, b"\r")
        deadline = time.monotonic() + PATIENCE
        while not self._heard.exists():
            self._listen()
            assert time.monotonic() < deadline, self.said.decode("utf-8", "replace")
        words = self._heard.read_bytes().decode("utf-8", "surrogateescape").split("\0")
        self._heard.unlink()
        return words[:-1]

    def _listen(self) -> None:
        os.set_blocking(self._terminal, False)
        try:
            self.said += os.read(self._terminal, 65536)
        except (BlockingIOError, OSError):
            time.sleep(0.005)
        finally:
            os.set_blocking(self._terminal, True)


@contextmanager
def shell(name: str, host: Host) -> Iterator[Shell]:
    """Start a shell that completes ``ocrstate``, and end it."""
    tools = host.app.parent / "tools"
    tools.mkdir(exist_ok=True)
    stand_in = tools / "ocrstate"
    stand_in.write_text(_STAND_IN.format(python=sys.executable))
    stand_in.chmod(0o755)
    environment = {
        **host.environment,
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(host.outside),
        "TERM": "xterm",
        "HISTFILE": "",
        "TMPDIR": str(host.outside),  # where fish leaves what it knows
    }
    process, terminal = pty.fork()
    if not process:
        os.chdir(host.app)
        os.execvpe(_COMMANDS[name][0], _COMMANDS[name], environment)
    try:
        opened = Shell(terminal, host.app)
        assert opened.hears(f"{_BEGINS[name]}; ocrstate ready") == ["ready"]
        yield opened
    finally:
        os.kill(process, 9)
        os.close(terminal)
        os.waitpid(process, 0)
