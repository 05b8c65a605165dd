"""What is mounted in a store: read from the kernel's table, and shown with a real mount where that is allowed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ocrstate.store import mounts

if TYPE_CHECKING:
    from pathlib import Path

LINE = r"36 35 98:0 / %s rw,noatime shared:1 - ext4 /dev/root rw,errors=continue"

PROGRAM = """
import json, os, sys
from ocrstate.store.opened import open_store
from ocrstate.store.scan import scan
with open_store(sys.argv[1]) as (store, descriptor):
    found = scan(store, descriptor)
print(json.dumps({
    "mounts": sorted(found.mounts),
    "own": [e.name for e in found.entries if e.stamp.device == store.device],
    "other": [e.name for e in found.entries if e.stamp.device != store.device],
}))
"""


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand a file of ours in for the kernel's table."""
    path = tmp_path / "mountinfo"
    monkeypatch.setattr(mounts, "_TABLE", str(path))
    return path


@pytest.mark.parametrize(
    ("store", "mounted", "names"),
    [
        pytest.param("/srv/m", [], [], id="nothing is mounted"),
        pytest.param("/srv/m", ["/", "/srv", "/srv/m", "/srv/models", "/srv/m2/x"], [], id="nothing inside the store"),
        pytest.param(
            "/srv/m", ["/srv/m/fr.bin", "/srv/m/sub", "/srv/m/sub/x"], ["fr.bin", "sub", "sub/x"], id="inside"
        ),
        pytest.param("/srv/m", [r"/srv/m/a\040b", r"/srv/m/c\134d"], ["a b", "c\\d"], id="spaces and backslashes"),
        pytest.param("/srv/m", [r"/srv/m/a\012b\011c"], ["a\nb\tc"], id="line breaks and tabulators"),
        pytest.param("/srv/m", [r"/srv/m/a\134040b"], [r"a\040b"], id="what only looks like an escape"),
        pytest.param(
            "/srv/m", ["/srv/m/a\rb", "/srv/m/c"], ["a\rb", "c"], id="carriage returns, which are not escaped"
        ),
        pytest.param("/srv/m n", [r"/srv/m\040n/x"], ["x"], id="a store with a space"),
        pytest.param("/srv/\udcff", ["/srv/\udcff/\udcfe"], ["\udcfe"], id="names that are not UTF-8"),
    ],
)
def test_the_names_of_what_is_mounted_in_the_store_are_found(
    table: Path, store: str, mounted: list[str], names: list[str]
) -> None:
    table.write_bytes(b"".join(os.fsencode(LINE % path) + b"\n" for path in mounted))
    assert mounts.mount_points(store) == frozenset(names)


def test_a_system_without_such_a_table_has_no_mounts(table: Path) -> None:
    assert not table.exists()
    assert mounts.mount_points("/srv/m") == frozenset()


def test_a_mounted_file_and_a_mounted_folder_are_told_from_the_stores_own(tmp_path: Path) -> None:
    store = tmp_path / "store"
    (store / "sub folder").mkdir(parents=True)
    for name in ("fr.bin", "mounted.bin"):
        (store / name).touch()
    script = (
        'mount -t tmpfs none "$1/sub folder" && touch "$1/sub folder/a.bin" && '
        'mount --bind "$1/fr.bin" "$1/mounted.bin" && exec "$2" -c "$3" "$1"'
    )
    told = _with_own_mounts("sh", "-c", script, "sh", str(store), sys.executable, PROGRAM)
    if told is None:
        pytest.skip("this system lets this user mount nothing, not even in a namespace of its own")
    assert json.loads(told) == {
        "mounts": ["mounted.bin", "sub folder"],
        "own": ["fr.bin", "mounted.bin"],
        "other": ["sub folder/a.bin"],
    }


def _with_own_mounts(*command: str) -> str | None:
    """Run a command that may mount; `None` where that is not possible."""
    own = ("unshare", "--mount") if os.geteuid() == 0 else ("unshare", "--map-root-user", "--mount")
    try:
        subprocess.run([*own, "sh", "-c", "mount -t tmpfs none /mnt"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run([*own, *command], check=True, capture_output=True, text=True, env=environment).stdout
