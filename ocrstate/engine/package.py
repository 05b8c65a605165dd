"""The package that holds the engine: what is required of it, and where it can be had. Pure but for the version."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass

PACKAGE = "aspose-ocr-python-net"

BLIND_RELEASES = ("26.9.1", "26.10.0")
"""Releases that list nothing whatever is in the store (docs/engine.md)."""

OLDEST = "25.9"
"""The first release with ``aspose.ocr.ai.AsposeAI``."""

REQUIREMENT = f"{PACKAGE}>={OLDEST}" + "".join(f",!={release}" for release in BLIND_RELEASES)
"""What to give to pip; the same as in pyproject.toml."""

PLATFORMS = "Linux x86_64 with glibc, Windows on x86, and macOS, each with CPython up to 3.13"
"""Where the package has wheels, in words."""

_METADATA_FOLDER = re.compile(rf"{re.sub('-', '[-_.]', PACKAGE)}-([^-]+)\.dist-info\Z", re.IGNORECASE)
_BEYOND_PYTHON = (3, 14)


def installed_version() -> str | None:
    """Return the installed package's version, without starting it; `None` if it is not installed.

    An installer names the folder of a package's metadata after its version; `importlib.metadata`, which knows the
    other forms as well, takes 20 ms to import, a fifth of a whole plan.
    """
    for folder in sys.path:
        for name in _names_in(folder):
            found = _METADATA_FOLDER.match(name)
            if found:
                return found[1]
    return _version_by_other_means()


def _names_in(folder: str) -> list[str]:
    try:
        return os.listdir(folder or os.curdir)
    except OSError:
        return []


def _version_by_other_means() -> str | None:
    from importlib import metadata  # noqa: PLC0415 - see above

    try:
        return metadata.version(PACKAGE)
    except metadata.PackageNotFoundError:
        return None


def is_too_old(version: str) -> bool:
    """Tell whether a release is older than the first that can list models."""
    return _order(version) < _order(OLDEST)


@dataclass(frozen=True, slots=True)
class System:
    """What decides which wheels fit.

    Attributes:
        platform: as in `sys.platform`.
        machine: as in `platform.machine`.
        implementation: as in `sys.implementation.name`.
        python: major and minor version.
        musl: whether the C library is musl.
    """

    platform: str
    machine: str
    implementation: str
    python: tuple[int, int]
    musl: bool

    def __str__(self) -> str:
        libc = " (musl)" if self.musl else ""
        return f"{self.platform} {self.machine}{libc} with {self.implementation} {self.python[0]}.{self.python[1]}"


def has_wheel(system: System) -> bool:
    """Tell whether some release has a wheel for a system."""
    if system.implementation != "cpython" or system.python >= _BEYOND_PYTHON:
        return False
    match system.platform:
        case "linux":
            return system.machine == "x86_64" and not system.musl
        case "win32":
            return system.machine.upper() != "ARM64"
        case platform:
            return platform == "darwin"


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
