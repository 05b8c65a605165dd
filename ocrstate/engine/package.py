"""The package that holds the engine: what is required of it, and where it can be had. Pure but for the version."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PACKAGE = "aspose-ocr-python-net"

BLIND_RELEASES = ("26.9.1", "26.10.0")
"""Releases that list nothing whatever is in the store (docs/engine.md)."""

NEWEST_LISTING = "26.7.0"
"""The newest release that is known to list models (docs/engine.md)."""

OLDEST = "25.9"
"""The first release with ``aspose.ocr.ai.AsposeAI``."""

REQUIREMENT = f"{PACKAGE}>={OLDEST}" + "".join(f",!={release}" for release in BLIND_RELEASES)
"""What to give to pip; the same as in pyproject.toml."""

PLATFORMS = "Linux x86_64 with glibc, Windows on x86, and macOS, each with CPython up to 3.13"
"""Where the package has wheels, in words."""

_METADATA_FOLDER = re.compile(rf"{re.sub('-', '[-_.]', PACKAGE)}-([^-]+)\.dist-info\Z", re.IGNORECASE)
_LEFTOVER = re.compile(rf"~{re.sub('-', '[-_.]', PACKAGE[1:])}-.+\.dist-info\Z|~spose\Z", re.IGNORECASE)
_BEYOND_PYTHON = (3, 14)
_BEYOND_PYTHON_AT_FIRST = (3, 12)
_OPENED_UP = "26.6"  # the first release beyond that


class Copy(NamedTuple):
    """A release as it is installed, and the folder of packages that it is in."""

    version: str
    folder: str


def installed_version() -> str | None:
    """Return the installed package's version, without starting it; `None` if it is not installed.

    An installer names the folder of a package's metadata after its version; `importlib.metadata`, which knows the
    other forms as well, takes 20 ms to import, a fifth of a whole plan.
    """
    first = next(_copies_in(sys.path), None)
    return _version_by_other_means() if first is None else first.version


def installed_copies() -> tuple[Copy, ...]:
    """Return every copy of the package that Python could find, the one that it takes first."""
    copies = tuple(_copies_in(_folders()))
    if copies:
        return copies
    version = _version_by_other_means()
    return () if version is None else (Copy(version, ""),)


def leftovers() -> tuple[str, ...]:
    """Return the paths of what an installer that was interrupted put aside and left behind."""
    return tuple(
        os.path.join(folder, name) for folder in _folders() for name in _names_in(folder) if _LEFTOVER.match(name)
    )


def _copies_in(folders: Iterable[str]) -> Iterator[Copy]:
    for folder in folders:
        for name in _names_in(folder):
            found = _METADATA_FOLDER.match(name)
            if found:
                yield Copy(found[1], folder)


def _folders() -> Iterator[str]:
    """Yield the folders that Python looks for packages in, each once, whatever ways lead there."""
    seen: set[str] = set()
    for folder in sys.path:
        real = os.path.realpath(folder)
        if real not in seen:
            seen.add(real)
            yield folder


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


def is_newer(version: str, than: str) -> bool:
    """Tell whether a release came after another."""
    return _order(version) > _order(than)


def is_for_python(version: str, python: tuple[int, int]) -> bool:
    """Tell whether a release is meant for a Python: up to 26.5.0 wheels ask for one before 3.12 (docs/engine.md)."""
    beyond = _BEYOND_PYTHON_AT_FIRST if _order(version) < _order(_OPENED_UP) else _BEYOND_PYTHON
    return python < beyond


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
