"""Judge what the system gives to .NET, which the engine runs on (docs/engine.md). Pure.

ocrstate starts the engine with what it needs; the OCR application is on its own. So most of this is about the latter,
as far as it runs in an environment like this one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrstate.doctor.model import Area, Topic
from ocrstate.text.escape import escape
from ocrstate.text.shell import shell_word
from ocrstate.text.units import counted, size_text

if TYPE_CHECKING:
    from ocrstate.doctor.model import Facts, Finding, Findings

GLOBALIZATION = Topic(Area.SYSTEM, "globalization")
TEMPORARY = Topic(Area.SYSTEM, "temporary-folder")
ADDRESS_SPACE = Topic(Area.SYSTEM, "address-space")
OPEN_FILES = Topic(Area.SYSTEM, "open-files")
PROCESSES = Topic(Area.SYSTEM, "processes")
PROC = Topic(Area.SYSTEM, "proc")
INTERPRETER = Topic(Area.SYSTEM, "interpreter")
STREAMS = Topic(Area.SYSTEM, "standard-streams")

_KNOWN_ICU = range(50, 71)  # of these .NET finds the newest by itself
_LEAST_ADDRESS_SPACE = 3_000_000_000
_LEAST_OPEN_FILES = 64
_LEAST_PROCESSES = 64
_LONGEST_TEMPORARY = 249
_LEAST_ROOM = 1 << 16


@dataclass(frozen=True, slots=True)
class Globalization:
    """How .NET comes to know of languages, on Linux.

    Attributes:
        invariant: DOTNET_SYSTEM_GLOBALIZATION_INVARIANT; `None` if it is not set.
        override: CLR_ICU_VERSION_OVERRIDE, likewise.
        icu: major versions of the ICU libraries on this machine, the oldest first.
    """

    invariant: str | None
    override: str | None
    icu: tuple[int, ...]


def judge_globalization(seen: Globalization) -> Findings:
    """Tell whether an OCR application would abort when it makes an engine."""
    return (
        _globalization(seen).with_facts(
            {
                "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": seen.invariant,
                "CLR_ICU_VERSION_OVERRIDE": seen.override,
                "icu": tuple(map(str, seen.icu)),
            }
        ),
    )


def _globalization(seen: Globalization) -> Finding:
    variable = "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"
    known = [version for version in seen.icu if version in _KNOWN_ICU]
    if (seen.invariant or "").lower() in ("1", "true"):
        return GLOBALIZATION.ok(f"{variable} is set, so .NET needs no ICU library")
    if seen.override:
        if seen.override.partition(".")[0] in map(str, seen.icu):
            return GLOBALIZATION.ok(f"CLR_ICU_VERSION_OVERRIDE leads .NET to ICU {escape(seen.override)}")
        return GLOBALIZATION.warn(
            f"CLR_ICU_VERSION_OVERRIDE leads .NET to ICU {escape(seen.override)}, which is not here: it aborts",
            f"unset CLR_ICU_VERSION_OVERRIDE, and set {variable}=1",
        )
    if known:
        return GLOBALIZATION.ok(f"ICU {known[-1]} is here, which .NET finds")
    here = f"ICU {seen.icu[-1]} is here, which .NET does not find" if seen.icu else ".NET finds no ICU library"
    if seen.invariant:
        return GLOBALIZATION.warn(
            f"{here}, and {variable} is {escape(seen.invariant)}: whatever starts the engine aborts",
            f"set {variable}=1, or install ICU {_KNOWN_ICU[-1]} or older",
        )
    return GLOBALIZATION.warn(
        f"{here}: an OCR application started like this aborts when it makes its engine (ocrstate sets {variable}=1 for "
        "its own)",
        f"set {variable}=1 in the application's environment, before it imports aspose.ocr",
    )


@dataclass(frozen=True, slots=True)
class TemporaryFolder:
    """Where .NET puts temporary files, on POSIX systems.

    Attributes:
        path: as named by TMPDIR, or the usual one.
        is_named: whether TMPDIR names it.
        is_absolute: whether the path is absolute.
        kind: what is there: ``folder``, ``missing`` or ``other``.
        writable: whether this user may write there, as far as rights tell.
        read_only: whether its filesystem is mounted read-only.
        free: bytes free for this user; `None` where that is not known.
        diagnostics: COMPlus_EnableDiagnostics; `None` if it is not set.
    """

    path: str
    is_named: bool
    is_absolute: bool
    kind: str
    writable: bool
    read_only: bool
    free: int | None
    diagnostics: str | None


def judge_temporary(seen: TemporaryFolder) -> Findings:
    """Tell whether an OCR application would abort when it imports the engine."""
    facts: Facts = {
        "path": seen.path,
        "is_named_by_TMPDIR": seen.is_named,
        "free": seen.free,
        "COMPlus_EnableDiagnostics": seen.diagnostics,
    }
    named = f"{'TMPDIR' if seen.is_named else 'the folder for temporary files'} ({escape(seen.path)})"
    trouble = _trouble(seen)
    if trouble is None:
        room = "" if seen.free is None else f", with {size_text(seen.free)} free"
        found = TEMPORARY.ok(f"{named} can be written{room}")
    elif seen.diagnostics == "0":
        found = TEMPORARY.ok(f"{named} {trouble}; .NET does without, as COMPlus_EnableDiagnostics is 0")
    else:
        found = TEMPORARY.warn(
            f"{named} {trouble}: an OCR application started like this aborts when it imports the engine (ocrstate sets "
            "COMPlus_EnableDiagnostics=0 for its own)",
            "point TMPDIR at a folder that can be written, or set COMPlus_EnableDiagnostics=0 for the application",
        )
    return (found.with_facts(facts),)


def _trouble(seen: TemporaryFolder) -> str | None:
    if not seen.is_absolute:
        return "is a relative path"
    if len(seen.path) > _LONGEST_TEMPORARY:
        return f"has a path of {len(seen.path)} characters, which is too long"
    if seen.kind == "missing":
        return "does not exist"
    if seen.kind != "folder":
        return "is not a folder"
    if seen.read_only:
        return "is on a filesystem that is mounted read-only"
    if not seen.writable:
        return "may not be written by this user"
    if seen.free is not None and seen.free < _LEAST_ROOM:
        return "is full"
    return None


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process may have; `None` for no limit.

    Attributes:
        address_space: bytes.
    """

    address_space: int | None
    open_files: int | None
    processes: int | None


def judge_limits(seen: Limits) -> Findings:
    """Tell which limits are so low that .NET does not start."""
    return (
        _address_space(seen.address_space).with_facts({"limit": seen.address_space}),
        _open_files(seen.open_files).with_facts({"limit": seen.open_files}),
        _processes(seen.processes).with_facts({"limit": seen.processes}),
    )


def _address_space(limit: int | None) -> Finding:
    if limit is None or limit >= _LEAST_ADDRESS_SPACE:
        return ADDRESS_SPACE.ok(f"address space: {'no limit' if limit is None else size_text(limit)}")
    return ADDRESS_SPACE.warn(
        f"address space is limited to {size_text(limit)}: .NET needs about 3 GB to start",
        "raise the limit (ulimit -v) to 4 GB at least, or lift it",
    )


def _open_files(limit: int | None) -> Finding:
    if limit is None or limit >= _LEAST_OPEN_FILES:
        return OPEN_FILES.ok(f"open files: {_limit_words(limit)}")
    return OPEN_FILES.warn(
        f"only {counted(limit, 'file')} may be open at a time: .NET may not start",
        "raise the limit (ulimit -n) to 256 at least",
    )


def _processes(limit: int | None) -> Finding:
    if limit is None or limit >= _LEAST_PROCESSES:
        return PROCESSES.ok(f"processes of one user: {_limit_words(limit)}")
    return PROCESSES.warn(
        f"a user may have no more than {limit} processes and threads: .NET may not start",
        "raise the limit (ulimit -u)",
    )


def _limit_words(limit: int | None) -> str:
    return "no limit" if limit is None else f"{limit:,}"


def judge_proc(is_there: bool) -> Findings:  # noqa: FBT001 - it is all that was seen
    """Tell whether /proc is there, on Linux."""
    if is_there:
        return (PROC.ok("/proc is mounted"),)
    return (
        PROC.warn(
            "/proc is not mounted: .NET does not start, and what is mounted in the store or who has models open is not "
            "known",
            "mount /proc where this runs",
        ),
    )


@dataclass(frozen=True, slots=True)
class Interpreter:
    """The Python that runs here.

    Attributes:
        closed: folders on the way to it that this user may not search.
    """

    path: str
    closed: tuple[str, ...]


def judge_interpreter(seen: Interpreter) -> Findings:
    """Tell whether .NET can find the program that it runs in."""
    facts: Facts = {"path": seen.path, "closed": seen.closed}
    if not seen.closed:
        return (INTERPRETER.ok(f"the Python at {escape(seen.path)} can be found").with_facts(facts),)
    return (
        INTERPRETER.warn(
            f"this user may not search {escape(seen.closed[0])}, on the way to the Python at {escape(seen.path)}: .NET "
            "does not start",
            f"let this user search it (chmod a+x {shell_word(seen.closed[0])}), or use a Python elsewhere",
        ).with_facts(facts),
    )


def judge_streams(closed: tuple[str, ...]) -> Findings:
    """Tell which standard streams were closed when this process started."""
    if not closed:
        return (STREAMS.ok("standard input, output and error are open", closed=closed),)
    return (
        STREAMS.warn(
            f"{' and '.join(closed)} {'was' if len(closed) == 1 else 'were'} closed when this was started: in an OCR "
            "application started so, pipes of .NET take the place, and what it prints lands in one",
            "start it with </dev/null, >/dev/null or 2>/dev/null instead",
            closed=closed,
        ),
    )
