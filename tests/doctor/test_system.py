"""What is said of a system's gifts to .NET."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ocrstate.doctor.system import (
    Globalization,
    Interpreter,
    Limits,
    TemporaryFolder,
    judge_globalization,
    judge_interpreter,
    judge_limits,
    judge_proc,
    judge_streams,
    judge_temporary,
)

if TYPE_CHECKING:
    from ocrstate.doctor.model import Findings

INVARIANT = "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"


def told(found: Findings) -> tuple[str, str]:
    """Return the status, and all that is said."""
    (finding,) = found
    assert bool(finding.hint) is (finding.status.value != "ok")
    return finding.status.value, f"{finding.message} {finding.hint}"


@pytest.mark.parametrize(
    ("invariant", "override", "icu", "status", "words"),
    [
        (None, None, (67,), "ok", "ICU 67 is here"),
        (None, None, (67, 72), "ok", "ICU 67 is here"),
        ("1", None, (), "ok", "needs no ICU"),
        ("True", "99", (72,), "ok", "needs no ICU"),
        (None, None, (72,), "warn", f"set {INVARIANT}=1 in the application's environment"),
        (None, None, (), "warn", "finds no ICU library: an OCR application started like this aborts"),
        ("0", None, (72,), "warn", "whatever starts the engine aborts"),
        ("", "", (), "warn", "aborts when it makes its engine"),
        (None, "72", (72,), "ok", "leads .NET to ICU 72"),
        (None, "72.1", (72,), "ok", "leads .NET to ICU 72.1"),
        (None, "71", (72,), "warn", "ICU 71, which is not here"),
        (None, "\x1b", (67,), "warn", "ICU \\x1b, which is not here"),
    ],
)
def test_globalization(
    invariant: str | None, override: str | None, icu: tuple[int, ...], status: str, words: str
) -> None:
    found = told(judge_globalization(Globalization(invariant, override, icu)))
    assert (found[0], words in found[1]) == (status, True), found


FINE = TemporaryFolder(
    "/tmp",
    is_named=False,
    is_absolute=True,
    kind="folder",
    writable=True,
    read_only=False,
    free=10**9,
    diagnostics=None,
)


@pytest.mark.parametrize(
    ("seen", "status", "words"),
    [
        (FINE, "ok", "the folder for temporary files (/tmp) can be written, with 1.0 GB free"),
        (replace(FINE, is_named=True, path="/var/x"), "ok", "TMPDIR (/var/x)"),
        (replace(FINE, free=None), "ok", "can be written"),
        (replace(FINE, kind="missing"), "warn", "does not exist"),
        (replace(FINE, kind="other"), "warn", "is not a folder"),
        (replace(FINE, is_absolute=False, path="tmp"), "warn", "is a relative path"),
        (replace(FINE, path="/" + "x" * 250), "warn", "251 characters"),
        (replace(FINE, writable=False), "warn", "may not be written"),
        (replace(FINE, read_only=True, writable=False), "warn", "mounted read-only"),
        (replace(FINE, free=0), "warn", "is full"),
        (replace(FINE, kind="missing", diagnostics="0"), "ok", "does not exist; .NET does without"),
        (replace(FINE, kind="missing", diagnostics="1"), "warn", "aborts when it imports the engine"),
    ],
)
def test_the_folder_for_temporary_files(seen: TemporaryFolder, status: str, words: str) -> None:
    found = told(judge_temporary(seen))
    assert (found[0], words in found[1]) == (status, True), found


@pytest.mark.parametrize(
    ("limits", "low"),
    [
        (Limits(None, None, None), set()),
        (Limits(3_000_000_000, 64, 64), set()),
        (Limits(2_999_999_999, 64, 64), {"address-space"}),
        (Limits(None, 63, 64), {"open-files"}),
        (Limits(None, 1, 0), {"open-files", "processes"}),
    ],
)
def test_limits(limits: Limits, low: set[str]) -> None:
    found = judge_limits(limits)
    assert {each.code for each in found if each.status.value == "warn"} == low
    assert all("ulimit -" in each.hint for each in found if each.code in low)


def test_proc() -> None:
    assert [told(judge_proc(there))[0] for there in (True, False)] == ["ok", "warn"]


def test_a_python_that_cannot_be_found_by_this_user() -> None:
    assert told(judge_interpreter(Interpreter("/usr/bin/python", ())))[0] == "ok"
    status, words = told(judge_interpreter(Interpreter("/home/a b/bin/python", ("/home/a b",))))
    assert (status, "chmod a+x '/home/a b'" in words) == ("warn", True)


@pytest.mark.parametrize(
    ("closed", "status", "words"),
    [
        ((), "ok", "are open"),
        (("standard input",), "warn", "standard input was closed"),
        (("standard input", "standard error"), "warn", "standard input and standard error were closed"),
    ],
)
def test_standard_streams(closed: tuple[str, ...], status: str, words: str) -> None:
    found = told(judge_streams(closed))
    assert (found[0], words in found[1]) == (status, True)
