"""What is said of what runs left behind, and of how this tool is installed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ocrstate.doctor.installation import OnPath, Versions, judge_dependencies, judge_path, judge_versions
from ocrstate.doctor.upkeep import (
    Cache,
    Lock,
    Quarantine,
    judge_cache,
    judge_lock,
    judge_quarantine,
    judge_runs,
    judge_staging,
)
from ocrstate.runs.model import RunState, UnfinishedRun
from tests.support.runs import LATER_RUN, RUN, WHO, begun_of

if TYPE_CHECKING:
    from ocrstate.doctor.model import Findings

STORE = "/srv/a b"
BROKEN = UnfinishedRun(RUN, begun_of("a.bin"), RunState.MOVING, 2, at_work=False)
AT_WORK = replace(BROKEN, at_work=True)
UNKNOWN = replace(BROKEN, at_work=None, begun=None, waiting=0)
DAMAGED = UnfinishedRun(LATER_RUN, None, None, 0, at_work=False)


def check(found: Findings, status: str, words: str) -> None:
    (finding,) = found
    said = f"{finding.message} {finding.hint}"
    assert (finding.status.value, words in said) == (status, True), said
    assert bool(finding.hint) is (status != "ok")


@pytest.mark.parametrize(
    ("runs", "status", "words"),
    [
        ((), "ok", "no run was broken off"),
        ((AT_WORK,), "ok", "is at work"),
        ((BROKEN,), "warn", f"the run {RUN} (ocrstate apply) was broken off; 2 models wait in quarantine"),
        ((BROKEN,), "warn", "ocrstate recover --store '/srv/a b', or the next apply"),
        ((BROKEN, replace(BROKEN, run_id=LATER_RUN)), "warn", ", and 1 other was broken off; 4 models wait"),
        ((UNKNOWN,), "warn", f"the run {RUN} is at work, or was broken off "),
        ((AT_WORK, BROKEN), "warn", "was broken off"),
        ((BROKEN, DAMAGED), "fail", f"the journal of the run {LATER_RUN} cannot be relied on"),
    ],
)
def test_runs(runs: tuple[UnfinishedRun, ...], status: str, words: str) -> None:
    check(judge_runs(STORE, runs), status, words)


@pytest.mark.parametrize(
    ("lock", "status", "words"),
    [
        (Lock(is_held=False, holder=None), "ok", "no run holds the lock"),
        (Lock(is_held=True, holder=None), "warn", "has not left a name"),
        (Lock(is_held=True, holder=WHO), "warn", "since 2026-11-21 06:00 UTC (process 4711)"),
        (Lock(is_held=None, holder=None), "warn", "cannot be told"),
    ],
)
def test_the_lock(lock: Lock, status: str, words: str) -> None:
    check(judge_lock(lock), status, words)


def test_who_holds_the_lock_is_for_the_eyes_of_this_host() -> None:
    (found,) = judge_lock(Lock(is_held=True, holder=replace(WHO, command="\x1b")))
    assert found.detail == "deploy on ocr-1: \\x1b"
    assert "deploy" not in f"{found.message} {found.hint} {found.facts}"


@pytest.mark.parametrize(
    ("quarantine", "status", "words"),
    [
        (Quarantine(0, 0, 0, 0), "ok", "nothing is kept"),
        (Quarantine(1, 1000, 0, 0), "ok", "1 model (1.0 kB) is kept in quarantine, to be restored"),
        (Quarantine(3, 3000, 2, 2000), "warn", "of 2 (2.0 kB) the time is up"),
        (Quarantine(3, 3000, 2, 2000), "warn", "ocrstate purge --store '/srv/a b'"),
    ],
)
def test_the_quarantine(quarantine: Quarantine, status: str, words: str) -> None:
    check(judge_quarantine(STORE, quarantine), status, words)


def test_staging() -> None:
    check(judge_staging(STORE, ()), "ok", "nothing is half fetched")
    check(judge_staging(STORE, (1000, 500)), "warn", "2 models (1.5 kB) fetched, whole or in part")


@pytest.mark.parametrize(
    ("cache", "status", "words"),
    [
        (Cache("/home/x/.cache/ocrstate", None), "ok", "/home/x/.cache/ocrstate"),
        (Cache("/nowhere", "cannot be made"), "warn", "/nowhere cannot be made, so"),
        (Cache(None, None), "warn", "there is no cache folder outside the store, so"),
    ],
)
def test_the_cache(cache: Cache, status: str, words: str) -> None:
    check(judge_cache(cache), status, words)


def test_versions() -> None:
    versions = Versions("1.0", "3.11.7 (CPython)", "Linux-6", can_change=True)
    check(judge_versions(versions), "ok", "ocrstate 1.0, Python 3.11.7 (CPython), Linux-6")
    check(judge_versions(replace(versions, can_change=False)), "warn", "refuse on this system")


@pytest.mark.parametrize(
    ("packages", "status", "words"),
    [
        ((("click", "8.1"), ("rich", "13.7")), "ok", "click 8.1, rich 13.7"),
        ((("click", "8.1"), ("rich", None)), "fail", "not installed: rich; some commands fail pip install"),
        ((), "ok", "not known"),
    ],
)
def test_dependencies(packages: tuple[tuple[str, str | None], ...], status: str, words: str) -> None:
    check(judge_dependencies(packages, "pip install"), status, words)


THIS, OTHER = OnPath("/venv/bin/ocrstate", is_this=True), OnPath("/usr/bin/ocrstate", is_this=False)


@pytest.mark.parametrize(
    ("found", "status", "words"),
    [
        ((), "ok", "no ocrstate is on PATH"),
        ((THIS,), "ok", "starts this one: /venv/bin/ocrstate"),
        ((OTHER, THIS), "warn", "starts another one: /usr/bin/ocrstate"),
        ((THIS, OTHER), "warn", "behind this one: /usr/bin/ocrstate"),
    ],
)
def test_the_name_on_the_path(found: tuple[OnPath, ...], status: str, words: str) -> None:
    check(judge_path(found), status, words)
