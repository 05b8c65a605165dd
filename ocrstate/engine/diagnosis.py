"""From what is known about a failed engine to an error that a person can act on. Pure."""

from __future__ import annotations

import re
import signal
from typing import TYPE_CHECKING

from ocrstate.engine.answers import ChildFailure, Garbled
from ocrstate.engine.endings import Died, NotStarted, TimedOut
from ocrstate.engine.package import OLDEST, PACKAGE, PLATFORMS, REQUIREMENT, has_wheel, is_too_old
from ocrstate.engine.store_faults import WITHOUT, not_listed, unreadable_store
from ocrstate.errors import EngineError, assert_never
from ocrstate.text.escape import escape, escape_message

if TYPE_CHECKING:
    from ocrstate.engine.endings import Ending
    from ocrstate.engine.surroundings import Surroundings
    from ocrstate.errors import OcrstateError


_LINES = 5
_LINE = 200
_UNKNOWN_CAUSE = f"run again with more memory and descriptors, or reinstall {PACKAGE}; {WITHOUT}"

_ABORTS = (
    (r"valid ICU package|libicu", ".NET found no ICU library",
     "unset CLR_ICU_VERSION_OVERRIDE and DOTNET_SYSTEM_GLOBALIZATION_INVARIANT, or set the latter to 1"),
    (r"0x8007000e|[Oo]ut of memory|OutOfMemory|Cannot allocate memory|bad_alloc", "there is too little memory",
     "free some, or raise the limit on address space (ulimit -v) to 4 GB at least"),
    (r"0x8007001f", ".NET needs /proc", "mount /proc where this runs"),
    (r"0x80004005", ".NET could not open what it needs to start",
     "unset COMPlus_EnableDiagnostics, point TMPDIR at a folder that can be written, raise ulimit -n to 256 at least"),
    (r"Too many open files|Could not load file or assembly", "the engine could not open its own files",
     f"raise the limit on open files (ulimit -n) to 256 at least, or reinstall {PACKAGE}"),
    (r"Resource temporarily unavailable|pthread_create|create thread", "no more threads may be started",
     "raise the limit on processes (ulimit -u)"),
)  # fmt: skip
"""What .NET says before it gives up, what that means, what helps (docs/engine.md)."""


def diagnose(ending: Ending, around: Surroundings) -> OcrstateError:
    """Say what happened, where, and what to do next."""
    match ending:
        case NotStarted(why):
            return EngineError(
                "engine-not-started",
                f"the engine's process could not be started: {why}",
                f"this may pass: try again; {WITHOUT}",
            )
        case TimedOut(seconds):
            return EngineError(
                "engine-timeout",
                f"the engine did not answer within {seconds:g} seconds{_quoted(around)}",
                f"give it longer with --engine-timeout SECONDS, and see whether the store's disk answers; {WITHOUT}",
            )
        case Died(code):
            return _died(code, around)
        case Garbled(why):
            return EngineError(
                "engine-garbled",
                f"the engine's answer cannot be trusted: {escape(why)}{_quoted(around)}",
                f"run again; if it stays so, report it with the version of {PACKAGE} ({around.installed}); {WITHOUT}",
            )
        case ChildFailure():
            return _failed(ending, around)
        case _:
            assert_never(ending)


def _died(code: int, around: Surroundings) -> EngineError:
    words = _quoted(around)
    if code == -signal.SIGABRT:
        cause, remedy = _cause_of_abort(around.last_words)
        return EngineError("engine-aborted", f"the engine gave up (SIGABRT): {cause}{words}", remedy)
    if code < 0 or code >= 0xC0000000:  # noqa: PLR2004 - from here on Windows counts exceptions
        return EngineError(
            "engine-crashed",
            f"the engine crashed ({_signal_name(code)}){words}",
            f"if nobody killed it, and memory was not short, reinstall {PACKAGE}; {WITHOUT}",
        )
    return EngineError(
        "engine-failed",
        f"the engine's process ended with exit code {code}{words}",
        f"what it wrote says why; if that does not help, reinstall {PACKAGE}; {WITHOUT}",
    )


def _cause_of_abort(words: str) -> tuple[str, str]:
    for pattern, cause, remedy in _ABORTS:
        if re.search(pattern, words):
            return cause, f"{remedy}; {WITHOUT}"
    return "it does not say why in a way known here", _UNKNOWN_CAUSE


def _signal_name(code: int) -> str:
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}" if code < 0 else f"exception 0x{code:08X}"


def _failed(failure: ChildFailure, around: Surroundings) -> OcrstateError:
    match failure.stage:
        case "import":
            return _not_imported(failure, around)
        case "store":
            return unreadable_store(failure)
        case "list":
            return not_listed(failure)
        case "elsewhere":
            return EngineError(
                "engine-elsewhere",
                f"the engine looks in {escape(failure.text)} and cannot be led to {escape(failure.store)}",
                WITHOUT,
            )
        case "folder":
            return EngineError(
                "engine-no-folder",
                f"there is no place for the small folder through which the engine is led to {escape(failure.store)} "
                f"({escape_message(failure.text)})",
                f"point TMPDIR at a folder outside the store that can be written and holds links; {WITHOUT}",
            )
        case _:
            return EngineError(
                "engine-error",
                f"the engine failed while it started: {failure.kind}: {escape_message(failure.text)}{_quoted(around)}",
                f"reinstall {PACKAGE}; {WITHOUT}",
            )


def _not_imported(failure: ChildFailure, around: Surroundings) -> EngineError:
    install = f"{around.interpreter} -m pip install '{REQUIREMENT}'"
    said = f"{failure.kind}: {escape_message(failure.text)}"
    absent = failure.kind == "ModuleNotFoundError" and re.search(r"'aspose(\.ocr)?'", failure.text) is not None
    if absent and around.installed is None and has_wheel(around.system):
        return EngineError("engine-not-installed", f"{PACKAGE} is not installed", f"{install}; {WITHOUT}")
    if absent and not has_wheel(around.system):
        return EngineError(
            "engine-no-wheel",
            f"{PACKAGE} does not exist for {around.system}: it comes for {PLATFORMS}",
            WITHOUT,
        )
    if "AsposeAI" in failure.text or "aspose.ocr.ai" in failure.text or is_too_old(around.installed or OLDEST):
        return EngineError(
            "engine-too-old",
            f"{PACKAGE} {around.installed or 'as found'} has no AsposeAI, which came with {OLDEST} ({said})",
            f"{install}; {WITHOUT}",
        )
    return EngineError(
        "engine-import-failed",
        f"{PACKAGE} {around.installed or 'as found'} could not be loaded: {said}{_quoted(around)}",
        f"reinstall it for {around.system}: {install} --force-reinstall; {WITHOUT}",
    )


def _quoted(around: Surroundings) -> str:
    """Quote the last lines that the engine wrote, without the frames of .NET's stack."""
    lines = [line.strip() for line in around.last_words.splitlines() if not line.startswith("   at ")]
    last = [escape_message(line)[:_LINE] for line in lines if line][-_LINES:]
    return "".join(["; it wrote:", *(f"\n  {line}" for line in last)]) if last else ""
