"""A stand-in for the engine's package, put first on PYTHONPATH: our real child and parent run with it."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]

USUAL = """
import os

class AsposeAI:
    def get_local_path(self):
        return "Aspose.AI.LLM/models"

    def list_local(self):
        return [os.path.join("Aspose.AI.LLM/models", name) for name in os.listdir("Aspose.AI.LLM/models")]

    def free_resources(self):
        pass
"""

ASK = """
import sys
from ocrstate.engine.process import EngineProcess
from ocrstate.engine.requests import ListDefault, ListStore
from ocrstate.errors import OcrstateError

def ask(request, timeout=60):
    with EngineProcess.start() as process:
        process.send(request)
        return process.answer(timeout)

def show(request, timeout=60):
    try:
        print(*sorted(ask(request, timeout).entries), sep="\\n")
    except OcrstateError as error:
        print(error.code, error.message, error.hint, sep="\\n")
"""
"""What a process of its own needs to ask an engine; ``show`` prints the entries or the error."""


@dataclass(frozen=True)
class StandIn:
    """A folder with a package ``aspose`` in it, and what processes need to find that and us."""

    folder: Path

    def is_(self, source: str) -> None:
        """Let ``aspose.ocr.ai`` consist of the usual engine, followed by this source."""
        package = self.folder / "aspose" / "ocr"
        package.mkdir(parents=True, exist_ok=True)
        for init in (package / "__init__.py", package.parent / "__init__.py"):
            init.touch()
        (package / "ai.py").write_text(USUAL + textwrap.dedent(source), encoding="utf-8")

    @property
    def environment(self) -> dict[str, str]:
        path = os.pathsep.join([str(self.folder), str(PROJECT)])
        return {**os.environ, "PYTHONPATH": path}


def run_asking(
    code: str, environment: dict[str, str], *, interpreter: str = sys.executable
) -> subprocess.CompletedProcess[str]:
    """Run code that asks an engine in a process of its own."""
    return subprocess.run(
        [interpreter, "-c", ASK + textwrap.dedent(code)],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        timeout=60,
        check=False,
    )
