"""Which filesystem a path is on, as the system's table of mounts tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ocrstate.store import mounts
from ocrstate.store.mounts import mount_of

if TYPE_CHECKING:
    from pathlib import Path

TABLE = b"""\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,discard
30 22 0:40 / /srv rw,relatime shared:2 master:1 - nfs4 files:/export rw,vers=4.2,local_lock=none
31 22 0:41 / /srv/a\\040b rw - tmpfs none rw,size=1024k
32 22 0:42 / /srv/\xff ro - cifs //ann@files/share rw,username=ann
33 22 0:43 / /srv/a\\040b ro - xfs /dev/sdb1 rw
"""


@pytest.fixture(autouse=True)
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mountinfo"
    path.write_bytes(TABLE)
    monkeypatch.setattr(mounts, "_TABLE", str(path))


@pytest.mark.parametrize(
    ("path", "point", "kind"),
    [
        ("/", "/", "ext4"),
        ("/home", "/", "ext4"),
        ("/srv", "/srv", "nfs4"),
        ("/srvx", "/", "ext4"),
        ("/srv/models", "/srv", "nfs4"),
        ("/srv/a b", "/srv/a b", "xfs"),
        ("/srv/a b/c", "/srv/a b", "xfs"),
        ("/srv/\udcff/c", "/srv/\udcff", "cifs"),
    ],
)
def test_the_innermost_and_latest_mount_counts(path: str, point: str, kind: str) -> None:
    mount = mount_of(path)
    assert mount is not None
    assert (mount.point, mount.kind) == (point, kind)


def test_options_are_those_of_mount_and_filesystem() -> None:
    mount = mount_of("/srv")
    assert mount is not None
    assert {"relatime", "local_lock=none", "vers=4.2"} <= mount.options


def test_without_a_table_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mounts, "_TABLE", "/nowhere")
    assert mount_of("/srv") is None
