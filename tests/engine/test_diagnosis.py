"""From what is known about a failure to the error that people read."""

from __future__ import annotations

from dataclasses import replace
from errno import EACCES, EIO, ELOOP, ENOENT, ENOTDIR, EPERM

import pytest

from ocrstate.engine.answers import ChildFailure, Garbled
from ocrstate.engine.diagnosis import diagnose
from ocrstate.engine.endings import Died, Ending, NotStarted, TimedOut
from ocrstate.engine.errors import FolderVanishedError
from ocrstate.engine.package import System
from ocrstate.engine.surroundings import Surroundings
from ocrstate.errors import EngineError, OcrstateError, StoreError

LINUX = System("linux", "x86_64", "cpython", (3, 11), musl=False)
USUAL = Surroundings("", "26.7.0", LINUX, interpreter="/usr/bin/python")
BARE = replace(USUAL, installed=None)
NO_WHEEL = replace(BARE, system=replace(LINUX, machine="aarch64"))
OLD = replace(USUAL, installed="25.8.0")

NO_ASPOSE = ChildFailure("import", "ModuleNotFoundError", "No module named 'aspose'")
NO_OCR = ChildFailure("import", "ModuleNotFoundError", "No module named 'aspose.ocr'")
NO_CLASS = ChildFailure("import", "ImportError", "cannot import name 'AsposeAI' from 'aspose.ocr.ai'")
NO_MEMBER = ChildFailure("import", "AttributeError", "cannot access submodule 'AsposeAI' of module 'aspose.ocr.ai'")
NO_LIBRARY = ChildFailure("import", "ImportError", "libgdiplus.so: cannot open shared object file")


def refused(number: int) -> ChildFailure:
    return ChildFailure("store", str(number), "[Errno] as the system says", "/srv/models")


def proxy_error(kind: str, path: str) -> ChildFailure:
    text = {
        "DirectoryNotFoundException": f"Could not find a part of the path '{path}'.",
        "UnauthorizedAccessException": f"Access to the path '{path}' is denied. ---> IOException: Permission denied",
    }.get(kind, "Input/output error")
    words = f"Proxy error({kind}): {text}"
    return ChildFailure("list", "RuntimeError", words, "/srv/models", "/tmp/p/Aspose.AI.LLM/models", ("bad\udcff",))


def aborted(words: str) -> tuple[Ending, Surroundings]:
    return Died(-6), replace(USUAL, last_words=words)


SEEN_AS = "/tmp/p/Aspose.AI.LLM/models"

CASES: dict[str, tuple[tuple[Ending, Surroundings], str, str, str]] = {
    "not started": ((NotStarted("out of memory"), USUAL), "engine-not-started", "out of memory", "try again"),
    "not installed": ((NO_ASPOSE, BARE), "engine-not-installed", "is not installed", "/usr/bin/python -m pip install"),
    "another aspose": ((NO_OCR, BARE), "engine-not-installed", "is not installed", "!=26.10.0"),
    "no wheel": ((NO_ASPOSE, NO_WHEEL), "engine-no-wheel", "linux aarch64 with cpython 3.11", "--inventory directory"),
    "too old by its class": ((NO_CLASS, BARE), "engine-too-old", "AsposeAI", "pip install"),
    "too old by its way to fail": ((NO_MEMBER, OLD), "engine-too-old", "25.8.0", ">=25.9"),
    "too old by its version": ((NO_OCR, OLD), "engine-too-old", "25.8.0", ">=25.9"),
    "for another Python": ((NO_OCR, USUAL), "engine-import-failed", "No module named", "--force-reinstall"),
    "a library is missing": ((NO_LIBRARY, USUAL), "engine-import-failed", "libgdiplus", "reinstall"),
    "abort: ICU": (aborted("Couldn't find a valid ICU package"), "engine-aborted", "ICU", "INVARIANT"),
    "abort: memory": (aborted("coreclr_initialize failed (0x8007000e)"), "engine-aborted", "memory", "ulimit -v"),
    "abort: temporary files": (aborted("failed (0x80004005)"), "engine-aborted", "open what it needs", "TMPDIR"),
    "abort: /proc": (aborted("failed (0x8007001f)"), "engine-aborted", "/proc", "mount /proc"),
    "abort: descriptors": (aborted("Could not load file or assembly"), "engine-aborted", "files", "ulimit -n"),
    "abort: threads": (aborted("pthread_create failed"), "engine-aborted", "threads", "ulimit -u"),
    "abort: unknown": (aborted("oh no"), "engine-aborted", "oh no", "--inventory directory"),
    "crash": ((Died(-11), USUAL), "engine-crashed", "SIGSEGV", "reinstall"),
    "unnamed signal": ((Died(-250), USUAL), "engine-crashed", "signal 250", "reinstall"),
    "crash on Windows": ((Died(0xC0000005), USUAL), "engine-crashed", "exception 0xC0000005", "reinstall"),
    "exit code": ((Died(3), replace(USUAL, last_words="\x1b[31m")), "engine-failed", r"\x1b[31m", "reinstall"),
    "time-out": ((TimedOut(60), USUAL), "engine-timeout", "within 60 seconds", "--engine-timeout"),
    "garbled": ((Garbled("it is \x1b"), USUAL), "engine-garbled", r"it is \x1b", "26.7.0"),
    "constructor": ((ChildFailure("start", "E", "x"), USUAL), "engine-error", "E: x", "reinstall"),
    "no folder": ((ChildFailure("folder", "E", "/tmp: full", "/s"), USUAL), "engine-no-folder", "/tmp: full", "TMPDIR"),
    "store missing": ((refused(ENOENT), USUAL), "store-missing", "/srv/models", "--store"),
    "store is a file": ((refused(ENOTDIR), USUAL), "store-not-a-folder", "/srv/models", "--store"),
    "store is a loop": ((refused(ELOOP), USUAL), "store-link-loop", "/srv/models", "--store"),
    "store forbidden": ((refused(EACCES), USUAL), "store-unreadable", "/srv/models", "run as"),
    "store not permitted": ((refused(EPERM), USUAL), "store-unreadable", "/srv/models", "run as"),
    "store on a bad disk": ((refused(EIO), USUAL), "store-io-error", "as the system says", "disk"),
    "store vanished": (
        (proxy_error("DirectoryNotFoundException", SEEN_AS), USUAL), "store-missing", "/srv/models", "--store"
    ),
    "folder vanished": (
        (proxy_error("DirectoryNotFoundException", f"{SEEN_AS}/it's"), USUAL), "folder-vanished", "it's", "again"
    ),
    "folder undecodable": (
        (proxy_error("DirectoryNotFoundException", f"{SEEN_AS}/bad\ufffd"), USUAL),
        "folder-undecodable", r"bad\xff", "rename it",
    ),
    "store forbidden to the engine": (
        (proxy_error("UnauthorizedAccessException", SEEN_AS), USUAL), "store-unreadable", "/srv/models", "run as"
    ),
    "folder forbidden": (
        (proxy_error("UnauthorizedAccessException", f"{SEEN_AS}/it's"), USUAL), "folder-unreadable", "it's", "read it"
    ),
    "elsewhere": (
        (proxy_error("DirectoryNotFoundException", "/other"), USUAL), "engine-error", "/other", "report it"
    ),
    "bad disk": ((proxy_error("IOException", ""), USUAL), "engine-io-error", "Input/output error", "disk"),
    "unknown to us": ((proxy_error("NovelException", ""), USUAL), "engine-error", "NovelException", "report it"),
}  # fmt: skip

STORES_FAULT = {"store-", "folder-undecodable", "folder-unreadable", "engine-io-error"}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_error_says_what_happened_and_what_to_do(case: tuple[tuple[Ending, Surroundings], str, str, str]) -> None:
    (ending, around), code, said, advised = case
    error = diagnose(ending, around)
    assert error.code == code
    assert said in error.message
    assert advised in error.hint


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_kind_of_error_says_whose_fault_it_is(case: tuple[tuple[Ending, Surroundings], str, str, str]) -> None:
    (ending, around), code, *_ = case
    kind: type[OcrstateError] = StoreError if code.startswith(tuple(STORES_FAULT)) else EngineError
    assert isinstance(diagnose(ending, around), kind)


def test_only_a_vanished_folder_is_worth_another_try() -> None:
    kinds = {case[1] for case in CASES.values() if isinstance(diagnose(*case[0]), FolderVanishedError)}
    assert kinds == {"folder-vanished"}


def test_the_last_lines_are_quoted_without_net_stack_frames() -> None:
    words = "first\n\nUnhandled exception.\n   at System.Environment.FailFast()\n   at System.X()\n"
    message = diagnose(Died(3), replace(USUAL, last_words=words)).message
    assert message.endswith("it wrote:\n  first\n  Unhandled exception.")
