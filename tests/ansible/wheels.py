"""Wheels of this project, and a Python that makes virtual environments which have what they depend on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from tests.e2e.host import PROJECT

_NOT_LENT = ("ocrstate", "_editable", "__editable__", "_ocrstate", "pip")
_PYTHON = """#!/bin/sh
{python} "$@" || exit
for folder do :; done
for packages in "$folder"/lib/python*/site-packages; do
    if [ -d "$packages" ]; then echo {lent} > "$packages/lent.pth"; fi
done
"""


def wheel(folder: Path, version: str, word: str) -> Path:
    """Build a wheel of this project.

    Args:
        folder: where to build it.
        version: which version it says it is.
        word: what makes it another one than those of the same version.
    """
    folder.mkdir(parents=True)
    for name in ("ocrstate", "schemas", "docs"):
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(PROJECT / name, folder)
    says = folder / "ocrstate" / "__init__.py"
    lines = [line for line in says.read_text(encoding="utf-8").splitlines() if not line.startswith("__version__")]
    says.write_text("\n".join([*lines, f'__version__ = "{version}"', f"# {word}", ""]), encoding="utf-8")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", "dist"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    (built,) = (folder / "dist").iterdir()
    return built


def index(folder: Path, wheel: Path) -> str:
    """Lay out a package index that has one wheel of ocrstate, and return its address."""
    page = folder / "ocrstate" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text(f'<a href="{wheel.as_uri()}">{wheel.name}</a>\n', encoding="utf-8")
    return folder.as_uri()


def lending_python(folder: Path) -> Path:
    """Write a Python whose virtual environments have the packages of this one, but for ocrstate and pip.

    So pip finds what ocrstate depends on, and has not to fetch it.
    """
    lent = lend_packages(folder / "lent", but=_NOT_LENT)
    python = folder / "lending-python"
    python.write_text(_PYTHON.format(python=sys.executable, lent=lent), encoding="utf-8")
    python.chmod(0o755)
    return python


def lend_packages(folder: Path, but: tuple[str, ...]) -> Path:
    """Make a folder with the packages of this Python, but for those whose names begin so; return it."""
    folder.mkdir()
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if not path.name.startswith(but):
            (folder / path.name).symlink_to(path)
    return folder


def installed(virtualenv: Path) -> tuple[str, str]:
    """Return the version that an installed ocrstate tells, and the word of its wheel."""
    command = [str(virtualenv / "bin" / "ocrstate"), "--version"]
    said = subprocess.run(command, env=_without_project(), check=True, capture_output=True, text=True).stdout
    (module,) = virtualenv.glob("lib/python*/site-packages/ocrstate/__init__.py")
    return said.split()[-1], module.read_text(encoding="utf-8").split()[-1]


def _without_project() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
