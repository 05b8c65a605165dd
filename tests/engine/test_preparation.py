"""What is set up before the engine starts: its environment, and places for its folder."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ocrstate.engine.child import prepare
from ocrstate.engine.places import places_for, remove_leftovers

if TYPE_CHECKING:
    from pathlib import Path

INVARIANT, ICU, DIAGNOSTICS = (
    "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT",
    "CLR_ICU_VERSION_OVERRIDE",
    "COMPlus_EnableDiagnostics",
)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {INVARIANT: "1", DIAGNOSTICS: "0"}),
        ({INVARIANT: ""}, {INVARIANT: "1", DIAGNOSTICS: "0"}),
        ({INVARIANT: "0"}, {INVARIANT: "0", DIAGNOSTICS: "0"}),
        ({ICU: "72"}, {ICU: "72", DIAGNOSTICS: "0"}),
        ({ICU: "72", INVARIANT: "1"}, {ICU: "72", INVARIANT: "1", DIAGNOSTICS: "0"}),
        ({DIAGNOSTICS: "1"}, {INVARIANT: "1", DIAGNOSTICS: "1"}),
    ],
)
def test_net_is_set_up_unless_the_user_chose_otherwise(given: dict[str, str], expected: dict[str, str]) -> None:
    environment = dict(given)
    prepare(environment)
    assert environment == {**expected, "XDG_DATA_HOME": "/dev/null/none"}


def test_the_places_named_by_the_environment_come_first() -> None:
    places = places_for({"TMPDIR": "/a", "XDG_RUNTIME_DIR": "/b", "TMP": "/a"}, "mine")
    assert places[:2] == ("/a/mine", "/b/mine")
    assert "/tmp/mine" in places
    assert "/dev/shm/mine" in places


@pytest.mark.parametrize("folder", ["", "relative", "/préfix", "/" + "l" * 250, "/a\udcff"])
def test_places_where_the_engine_cannot_work_are_left_out(folder: str) -> None:
    assert places_for({"TMPDIR": folder}, "mine") == places_for({}, "mine")


def test_links_in_leftovers_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "fr.bin").touch()
    (tmp_path / "left").mkdir()
    (tmp_path / "left" / "link").symlink_to(tmp_path / "store")
    remove_leftovers([str(tmp_path / "left"), str(tmp_path / "never-there")])
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["fr.bin", "store"]


def test_starting_imports_nothing_that_python_has_not_loaded_before_the_child_runs() -> None:
    code = (
        "import sys; before = set(sys.modules); import ocrstate.engine.process; "
        "print(*sorted(name for name in set(sys.modules) - before if not name.startswith('ocrstate')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.split() == ["__future__"]
