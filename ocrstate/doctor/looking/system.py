"""Look at what the system gives to processes that are started as this one was."""

from __future__ import annotations

import os
import re
import stat
import sys

from ocrstate.doctor.system import Globalization, Interpreter, Limits, TemporaryFolder

_ICU = re.compile(r"libicuuc\.so\.(\d+)\Z")
_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64")
_DIAGNOSTICS = "COMPlus_EnableDiagnostics"  # as .NET spells it
_TEMPORARY = "/tmp"  # noqa: S108 - it is looked at, not used


def look_at_globalization() -> Globalization:
    """Look which variables are set, and which ICU libraries lie where programs find them."""
    environment = os.environ.get
    return Globalization(
        environment("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"), environment("CLR_ICU_VERSION_OVERRIDE"), _icu_versions()
    )


def _icu_versions() -> tuple[int, ...]:
    found = {int(match[1]) for folder in _library_folders() for match in map(_ICU.match, _names_in(folder)) if match}
    return tuple(sorted(found))


def _library_folders() -> list[str]:
    named = [folder for folder in os.environ.get("LD_LIBRARY_PATH", "").split(":") if folder]
    nested = [
        os.path.join(folder, name)
        for folder in ("/lib", "/usr/lib")
        for name in _names_in(folder)
        if name.endswith(("-linux-gnu", "-linux-musl"))
    ]
    return [*named, *_LIBRARIES, *nested]


def _names_in(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def look_at_temporary() -> TemporaryFolder:
    """Look at the folder for temporary files.

    Raises:
        OSError: it cannot be looked at, though it may be there.
    """
    named = os.environ.get("TMPDIR")
    path = named or _TEMPORARY
    kind = _kind_of(path)
    room = os.statvfs(path) if kind == "folder" else None
    return TemporaryFolder(
        path,
        is_named=bool(named),
        is_absolute=os.path.isabs(path),
        kind=kind,
        writable=may(path, os.W_OK | os.X_OK),
        read_only=room is not None and bool(room.f_flag & os.ST_RDONLY),
        free=None if room is None else room.f_bavail * room.f_frsize,
        diagnostics=os.environ.get(_DIAGNOSTICS),
    )


def _kind_of(path: str) -> str:
    try:
        return "folder" if stat.S_ISDIR(os.stat(path).st_mode) else "other"
    except (FileNotFoundError, NotADirectoryError):
        return "missing"


def look_at_limits() -> Limits:
    """Look at the limits of this process, on POSIX systems."""
    import resource  # noqa: PLC0415 - POSIX alone has it

    def soft(kind: int) -> int | None:
        limit = resource.getrlimit(kind)[0]
        return None if limit == resource.RLIM_INFINITY else limit

    return Limits(soft(resource.RLIMIT_AS), soft(resource.RLIMIT_NOFILE), soft(resource.RLIMIT_NPROC))


def look_at_proc() -> bool:
    """Look whether /proc tells of this process."""
    return os.path.exists("/proc/self/stat")


def look_at_interpreter() -> Interpreter:
    """Look which folders on the way to this Python, by its name and by where links lead, may not be searched."""
    ways = [folder for path in (sys.executable, os.path.realpath(sys.executable)) for folder in _folders_above(path)]
    return Interpreter(sys.executable, tuple(folder for folder in dict.fromkeys(ways) if not may(folder, os.X_OK)))


def _folders_above(path: str) -> list[str]:
    folders = []
    while path != (path := os.path.dirname(path)):
        folders.append(path)
    return folders[::-1]


def look_at_streams() -> tuple[str, ...]:
    """Look which standard streams were closed at the start: Python names those that it found open after themselves."""
    streams = (("standard input", sys.stdin), ("standard output", sys.stdout), ("standard error", sys.stderr))
    return tuple(words for words, stream in streams if isinstance(getattr(stream, "name", 0), int))


def may(path: str, mode: int) -> bool:
    """Tell whether this process may do something with a path, as far as rights tell."""
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)
