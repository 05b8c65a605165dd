"""The package that holds the engine: what is required of it, and where it can be had. Pure but for the version."""

from __future__ import annotations

PACKAGE = "aspose-ocr-python-net"

BLIND_RELEASES = ("26.9.1", "26.10.0")
"""Releases that list nothing whatever is in the store (docs/engine.md)."""

OLDEST = "25.9"
"""The first release with ``aspose.ocr.ai.AsposeAI``."""

REQUIREMENT = f"{PACKAGE}>={OLDEST}" + "".join(f",!={release}" for release in BLIND_RELEASES)
"""What to give to pip; the same as in pyproject.toml."""

PLATFORMS = "Linux x86_64 with glibc, Windows on x86, and macOS, each with CPython up to 3.13"
"""Where the package has wheels, in words."""

_BEYOND_PYTHON = (3, 14)


def installed_version() -> str | None:
    """Return the installed package's version, without starting it; `None` if it is not installed."""
    from importlib import metadata  # noqa: PLC0415 - 20 ms that many commands do not need

    try:
        return metadata.version(PACKAGE)
    except metadata.PackageNotFoundError:
        return None


def is_too_old(version: str) -> bool:
    """Tell whether a release is older than the first that can list models."""
    return _order(version) < _order(OLDEST)


def has_wheel(*, sys_platform: str, machine: str, implementation: str, python: tuple[int, int], musl: bool) -> bool:
    """Tell whether some release has a wheel for such a system.

    Args:
        sys_platform: as in `sys.platform`.
        machine: as in `platform.machine`.
        implementation: as in `sys.implementation`, such as ``cpython``.
        python: major and minor version.
        musl: whether the C library is musl.
    """
    if implementation != "cpython" or python >= _BEYOND_PYTHON:
        return False
    match sys_platform:
        case "linux":
            return machine == "x86_64" and not musl
        case "win32":
            return machine.upper() != "ARM64"
        case _:
            return sys_platform == "darwin"


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
