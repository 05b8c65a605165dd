"""Look how this tool is installed."""

from __future__ import annotations

import os
import platform
import re
import sys
import sysconfig
from importlib import metadata
from typing import TYPE_CHECKING

from ocrstate import __version__
from ocrstate.doctor.installation import OnPath, Versions
from ocrstate.engine.package import PACKAGE
from ocrstate.store.opened import HAS_DESCRIPTORS

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROGRAM = "ocrstate"
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_LONGEST_FIRST_LINE = 512


def look_at_versions() -> Versions:
    """Look what runs here."""
    python = f"{platform.python_version()} ({platform.python_implementation()})"
    return Versions(__version__, python, platform.platform(), can_change=HAS_DESCRIPTORS)


def look_at_dependencies() -> tuple[tuple[str, str | None], ...]:
    """Look which releases of the packages that this one asks for are installed, the engine apart."""
    return tuple((name, _version_of(name)) for name in _required())


def _required() -> Iterator[str]:
    try:
        requirements = metadata.requires(_PROGRAM) or []
    except metadata.PackageNotFoundError:  # run from a checkout
        return
    for requirement in requirements:
        name = _NAME.match(requirement)
        if name and "extra ==" not in requirement and name[0] != PACKAGE:
            yield name[0]


def _version_of(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def look_at_path() -> tuple[OnPath, ...]:
    """Look which programs of this name a shell finds, each once, in the order in which it searches."""
    found: dict[str, OnPath] = {}
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(folder, _PROGRAM)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            found.setdefault(os.path.realpath(path), OnPath(path, _is_this(path)))
    return tuple(found.values())


def _is_this(path: str) -> bool:
    ours = (sys.argv[0], os.path.join(sysconfig.get_path("scripts"), _PROGRAM))
    return os.path.realpath(path) in map(os.path.realpath, ours) or _interpreter_of(path) == sys.executable


def _interpreter_of(script: str) -> str:
    """Return which program the first line of a script names."""
    try:
        with open(script, "rb") as file:
            first = file.readline(_LONGEST_FIRST_LINE)
    except OSError:
        return ""
    return os.fsdecode(first[2:].strip()) if first.startswith(b"#!") else ""
