"""Talk to the installed engine directly, in a process of its own, with nothing of ours in between."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

from tests.engine.stand_in import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

LOCAL_PATH = "Aspose.AI.LLM/models"
SETTINGS = {"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1", "COMPlus_EnableDiagnostics": "0"}

WITHOUT_ROOTS_RIGHTS = """
import ctypes, os, sys
for capability in range(64):
    ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP: what is executed from here on goes without it
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Run as root, it starts a program that permissions bind like anybody else; for others it changes nothing."""


def run(
    code: str, folder: Path, *, settings: dict[str, str] | None = None, without_roots_rights: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run code that uses the engine in a working folder, by default with the settings that the engine needs."""
    kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    path = os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")]))
    prefix = [sys.executable, "-c", WITHOUT_ROOTS_RIGHTS] if without_roots_rights else []
    return subprocess.run(
        [*prefix, sys.executable, "-X", "utf8", "-c", textwrap.dedent(code)],
        cwd=folder,
        env={**kept, "PYTHONPATH": path, **(SETTINGS if settings is None else settings)},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def evaluate(expression: str, folder: Path) -> object:
    """Return what a Python expression over ``ai``, an `AsposeAI`, gives in a working folder."""
    done = run(
        f"""
        import os
        from aspose.ocr.ai import AsposeAI
        ai = AsposeAI()
        print(ascii({expression}))
        """,
        folder,
    )
    assert done.returncode == 0, done.stderr
    value: object = ast.literal_eval(done.stdout)
    return value
