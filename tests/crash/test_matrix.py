"""The crash matrix: killed or failing at any call, all is old or all is new as soon as the next command has run.

Each scenario is a process of its own, which goes through all of its points (`tests.crash.driver`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.crash.scenarios import SCENARIOS, Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PROJECT = Path(__file__).parents[2]
PATIENCE = 600
SHOWN = 3
FEWEST_KILLS = {
    "apply": 60,
    "fetch": 120,
    "apply-retain": 60,
    "apply-rolled-back": 70,
    "restore": 40,
    "restore-overwrite": 45,
}
FEWEST_KILLS_OF_OTHERS = 5
FAULTS_TO_A_KILL = 2
MEMORY = "/dev/shm"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Give a folder in memory, where there is such a thing: thousands of stores are made in it."""
    if not os.access(MEMORY, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=MEMORY) as made:
        yield Path(made)


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_whatever_happens_at_any_call_all_is_old_or_all_is_new(
    scenario: Scenario, folder: Path, record_property: Callable[[str, object], None]
) -> None:
    matrix = points_of(scenario, folder)
    for kind in ("kills", "faults"):
        record_property(f"crash matrix: {kind}", matrix[kind])
    assert matrix["kills"] >= FEWEST_KILLS.get(scenario.name, FEWEST_KILLS_OF_OTHERS)
    assert matrix["faults"] >= FAULTS_TO_A_KILL * matrix["kills"] * scenario.meets_faults
    assert not matrix["violations"], told(matrix["violations"])


def points_of(scenario: Scenario, folder: Path) -> dict[str, Any]:
    driver = [sys.executable, "-m", "tests.crash.driver", scenario.name, str(folder)]
    environment = {**os.environ, "XDG_CACHE_HOME": f"{folder}/cache"}
    ended = subprocess.run(
        driver, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert ended.returncode == 0, ended.stderr
    matrix: dict[str, Any] = json.loads(ended.stdout)
    return matrix


def told(violations: list[dict[str, Any]]) -> str:
    shown = "\n".join(_told(each) for each in violations[:SHOWN])
    return f"promises were broken at {len(violations)} points, such as\n{shown}"


def _told(violation: dict[str, Any]) -> str:
    broken = "\n  ".join(violation["broken"])
    said = violation["said"].replace("\n", "\n    | ")
    return f"{violation['call']} {violation['trouble']}:\n  {broken}\n  it ended with {violation['code']}\n    | {said}"
