"""Which package is required, and where it can be had."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocrstate.engine.package import BLIND_RELEASES, REQUIREMENT, System, has_wheel, is_too_old
from tests.engine.stand_in import PROJECT


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
