"""Run an example as its user would: in a shell, with the programs that it calls on the PATH."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.e2e.host import PATIENCE, PROJECT, Ended

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.e2e.host import Host

EXAMPLES = PROJECT / "examples"


def programs(host: Host) -> Path:
    """Return a folder that comes first on the PATH; ocrstate is in it."""
    folder = host.app.parent / "bin"
    if not folder.exists():
        folder.mkdir()
        program(host, "ocrstate", f'exec {" ".join(host.command())} "$@"')
    return folder


def program(host: Host, name: str, script: str) -> Path:
    """Write a program in shell."""
    path = programs(host) / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def environment(host: Host, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a command that finds these programs."""
    path = os.pathsep.join([str(programs(host)), os.path.dirname(sys.executable), os.environ["PATH"]])
    return {**host.environment, "PATH": path, **(more or {})}


def run(host: Host, *command: str, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> Ended:
    """Run a command to its end."""
    done = subprocess.run(
        command,
        cwd=cwd or host.app,
        env=environment(host, env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)
