"""What is said of the engine's package and of what its engine does with one file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocrstate.doctor.engine import Failed, Installation, Listed, Releases, Trial, judge_engine

RELEASES = Releases("aspose-ocr-python-net", "python -m pip install 'it'", "Linux", "26.7.0")
USUAL = Installation(
    RELEASES,
    (("26.7.0", "/lib/site-packages"),),
    (),
    "linux x86_64 with cpython 3.11",
    "3.11",
    has_wheel=True,
    is_for_python=True,
    is_too_old=False,
    is_blind=False,
    is_newer=False,
)
LISTS = Listed(("canary",), "canary", 0.123)
BLIND = Listed((), "canary", 0.2)
NOT_INSTALLED = Failed("engine-not-installed", "it is not installed", "install it")
ABORTED = Failed("engine-aborted", "the engine gave up", "help it")
BARE = replace(USUAL, copies=())

Case = tuple[Installation, Trial, dict[str, str], str]
CASES: dict[str, Case] = {
    "as it should be": (USUAL, LISTS, {}, "0.12 s"),
    "an older release": (replace(USUAL, copies=(("26.5.0", "/lib"),)), LISTS, {}, "the newest that is known to do so"),
    "a newer release": (replace(USUAL, copies=(("27.1.0", "/lib"),), is_newer=True), LISTS, {}, "newer than those"),
    "too old": (
        replace(USUAL, copies=(("25.8.0", "/lib"),), is_too_old=True),
        ABORTED,
        {"engine-release": "fail", "engine-listing": "fail"},
        "has no AsposeAI",
    ),
    "blind, and known to be": (
        replace(USUAL, copies=(("26.10.0", "/lib"),), is_blind=True),
        BLIND,
        {"engine-release": "warn", "engine-listing": "warn"},
        "26.10.0 is known to be blind",
    ),
    "blind by what it does": (USUAL, BLIND, {"engine-listing": "warn"}, "it is blind"),
    "for another Python": (replace(USUAL, is_for_python=False), LISTS, {"engine-release": "warn"}, "Python 3.11"),
    "for another system": (replace(USUAL, has_wheel=False), LISTS, {"engine-platform": "warn"}, "no release is made"),
    "two copies": (
        replace(USUAL, copies=(("26.7.0", "/a"), ("26.5.0", "/b"))),
        LISTS,
        {"engine-package": "warn"},
        "26.7.0 in /a, 26.5.0 in /b",
    ),
    "an installation that broke off": (
        replace(USUAL, leftovers=("/lib/~spose",)),
        LISTS,
        {"engine-package": "warn"},
        "/lib/~spose",
    ),
    "not installed": (BARE, NOT_INSTALLED, {"engine-package": "fail"}, "is not installed"),
    "not to be had": (
        replace(BARE, has_wheel=False),
        replace(NOT_INSTALLED, code="engine-no-wheel"),
        {"engine-package": "fail"},
        "does not exist for linux x86_64",
    ),
    "not installed by pip": (BARE, LISTS, {"engine-package": "warn"}, "which release it is, is not known"),
    "it dies": (USUAL, ABORTED, {"engine-listing": "fail"}, "the engine gave up"),
    "it lists something else": (
        USUAL,
        Listed(("\x1b[31m", "canary"), "canary", 1),
        {"engine-listing": "fail"},
        "\\x1b[31m, canary",
    ),
}


@pytest.mark.parametrize(("installation", "trial", "expected", "words"), CASES.values(), ids=CASES)
def test_the_engine_is(installation: Installation, trial: Trial, expected: dict[str, str], words: str) -> None:
    found = judge_engine(installation, trial, must_list=False)
    assert {each.code: each.status.value for each in found if each.status.value != "ok"} == expected
    assert words in " ".join(each.message for each in found)
    assert all(bool(each.hint) is (each.status.value != "ok") for each in found)


def test_what_is_not_installed_is_said_once() -> None:
    assert [each.code for each in judge_engine(BARE, NOT_INSTALLED, must_list=False)] == [
        "engine-package",
        "engine-platform",
    ]


def test_a_blind_engine_is_a_failure_where_nothing_else_may_list() -> None:
    (found,) = (each for each in judge_engine(USUAL, BLIND, must_list=True) if each.code == "engine-listing")
    assert (found.status.value, "--inventory auto" in found.hint) == ("fail", True)
