"""Which package is required, and where it can be had."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ocrstate.engine.package import (
    BLIND_RELEASES,
    NEWEST_LISTING,
    REQUIREMENT,
    System,
    has_wheel,
    installed_copies,
    installed_version,
    is_for_python,
    is_newer,
    is_too_old,
    leftovers,
)
from tests.engine.stand_in import PROJECT

if TYPE_CHECKING:
    from pathlib import Path


def test_the_requirement_is_the_one_in_the_project_file() -> None:
    assert f'"{REQUIREMENT};' in (PROJECT / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("release", BLIND_RELEASES)
def test_the_requirement_leaves_blind_releases_out(release: str) -> None:
    assert f"!={release}" in REQUIREMENT.split(",")


@pytest.mark.parametrize(
    ("release", "too_old"),
    [("23.7.0", True), ("25.8.0", True), ("25.9.0", False), ("25.11.0", False), ("26.1.0", False), ("100.0", False)],
)
def test_releases_before_25_9_are_too_old(release: str, too_old: bool) -> None:  # noqa: FBT001 - a table's column
    assert is_too_old(release) == too_old


LINUX = System("linux", "x86_64", "cpython", (3, 11), musl=False)


@pytest.mark.parametrize(
    "system",
    [
        LINUX,
        replace(LINUX, python=(3, 13)),
        replace(LINUX, platform="win32", machine="AMD64"),
        replace(LINUX, platform="darwin", machine="arm64"),
    ],
    ids=str,
)
def test_there_are_wheels_for(system: System) -> None:
    assert has_wheel(system)


@pytest.mark.parametrize(
    "system",
    [
        replace(LINUX, python=(3, 14)),
        replace(LINUX, implementation="pypy"),
        replace(LINUX, machine="aarch64"),
        replace(LINUX, musl=True),
        replace(LINUX, platform="win32", machine="ARM64"),
        replace(LINUX, platform="freebsd14"),
    ],
    ids=str,
)
def test_there_are_no_wheels_for(system: System) -> None:
    assert not has_wheel(system)


@pytest.mark.parametrize(
    ("release", "python", "fits"),
    [
        ("25.9.0", (3, 11), True),
        ("26.5.0", (3, 11), True),
        ("26.5.0", (3, 12), False),
        ("26.6.0", (3, 12), True),
        ("26.10.0", (3, 13), True),
        ("26.7.0", (3, 14), False),
    ],
)
def test_releases_are_for_some_pythons(release: str, python: tuple[int, int], fits: bool) -> None:  # noqa: FBT001 - a table's column
    assert is_for_python(release, python) == fits


def test_newer_is_by_number() -> None:
    assert is_newer("26.10.0", NEWEST_LISTING)
    assert not is_newer("26.7.0", NEWEST_LISTING)
    assert not is_newer("25.12.0", NEWEST_LISTING)


def test_every_copy_that_python_could_find_is_found_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, again = (tmp_path / name for name in ("first", "second", "again"))
    for folder, version in ((first, "26.7.0"), (second, "26.5.0")):
        (folder / f"aspose_ocr_python_net-{version}.dist-info").mkdir(parents=True)
    (second / "~spose").mkdir()
    (second / "~spose_ocr_python_net-26.4.0.dist-info").mkdir()
    again.symlink_to(first)
    monkeypatch.setattr(sys, "path", [str(each) for each in (first, again, second, tmp_path / "nowhere")])
    assert installed_copies() == (("26.7.0", str(first)), ("26.5.0", str(second)))
    assert sorted(leftovers()) == [str(second / "~spose"), str(second / "~spose_ocr_python_net-26.4.0.dist-info")]
    assert installed_version() == "26.7.0"
