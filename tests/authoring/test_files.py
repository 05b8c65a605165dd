"""A manifest's file is replaced as a whole, by one like it, and only while it says what was read."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from ocrstate.authoring.files import create_file, replace_manifest, write_manifest
from ocrstate.errors import OutputError, RefusedError
from tests.support.users import NOBODY

if TYPE_CHECKING:
    from pathlib import Path


def never(_path: str, _content: bytes) -> bool:
    return False


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664, 0o755])
def test_mode_and_owner_stay(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "m.yml"
    path.write_text("old")
    path.chmod(mode)
    if os.geteuid() == 0:
        os.chown(path, NOBODY, NOBODY)
    before = path.stat()
    replace_manifest(str(path), "old", "new é\r\n")
    after = path.stat()
    assert path.read_bytes() == "new é\r\n".encode()
    assert (stat.S_IMODE(after.st_mode), after.st_uid, after.st_gid) == (mode, before.st_uid, before.st_gid)
    assert os.listdir(tmp_path) == ["m.yml"]


@pytest.mark.parametrize("now", ["other", None])
def test_what_was_changed_or_removed_meanwhile_is_left_so(tmp_path: Path, now: str | None) -> None:
    path = tmp_path / "m.yml"
    if now is not None:
        path.write_text(now)
    with pytest.raises(RefusedError) as caught:
        replace_manifest(str(path), "old", "new")
    assert caught.value.code == ("manifest-changed" if now else "manifest-not-a-file")
    assert [each.read_text() for each in tmp_path.iterdir()] == ([now] if now else [])


def test_an_empty_file_is_there_too(tmp_path: Path) -> None:
    path = tmp_path / "m.yml"
    path.touch(mode=0o640)
    asked: list[tuple[str, bytes]] = []

    def may_replace(real: str, content: bytes) -> bool:
        asked.append((real, content))
        return True

    assert write_manifest(str(path), "new", "/store", may_replace)
    assert (asked, path.read_text(), stat.S_IMODE(path.stat().st_mode)) == ([(str(path), b"")], "new", 0o640)


def test_the_same_content_is_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "m.yml"
    assert write_manifest(str(path), "new", "/store", never)
    inode = path.stat().st_ino
    assert not write_manifest(str(path), "new", "/store", never)
    assert path.stat().st_ino == inode


def test_what_may_not_go_stays(tmp_path: Path) -> None:
    path = tmp_path / "m.yml"
    path.write_text("old")
    with pytest.raises(RefusedError) as caught:
        write_manifest(str(path), "new", "/store", never)
    assert (caught.value.code, path.read_text()) == ("output-exists", "old")


@pytest.mark.parametrize("name", ["missing/m.yml", "folder", "x" * 300])
def test_where_nothing_can_be_written_that_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError) as caught:
        write_manifest(str(tmp_path / name), "new", "/store", never)
    assert caught.value.code == "output-failed"
    assert caught.value.hint.startswith("create its folder") is name.startswith("missing")
    assert os.listdir(tmp_path) == ["folder"]


@pytest.mark.parametrize("has_links", [True, False])
def test_a_new_file_takes_no_name_that_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_links: bool
) -> None:
    if not has_links:
        monkeypatch.setattr(os, "link", _knows_no_links)
    path = tmp_path / "models.yml"
    assert create_file(str(path), "first")
    assert not create_file(str(path), "second")
    (tmp_path / "dead").symlink_to("nowhere")
    assert not create_file(str(tmp_path / "dead"), "third")
    assert path.read_text() == "first"
    assert sorted(os.listdir(tmp_path)) == ["dead", "models.yml"]


def _knows_no_links(*_: object) -> None:
    raise PermissionError(1, "Operation not permitted")


def test_a_new_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught:
        create_file(str(tmp_path / "nowhere" / "models.yml"), "text")
    assert "create its folder" in caught.value.hint
    assert os.listdir(tmp_path) == []
