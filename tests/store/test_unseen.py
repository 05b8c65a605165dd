"""What lies too deep for the engine is counted, without following links, and within bounds."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from ocrstate.store import unseen
from ocrstate.store.model import Unseen
from ocrstate.store.opened import open_store
from ocrstate.store.unseen import unseen_in
from tests.support.users import without_privileges

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def sub(tmp_path: Path) -> Path:
    """Give a sub-folder of a store; the engine sees the files in it."""
    folder = tmp_path / "store" / "sub"
    folder.mkdir(parents=True)
    (folder / "seen.bin").write_bytes(b"seen")
    return folder


def counted(sub: Path) -> Unseen:
    with open_store(str(sub.parent)) as (store, descriptor):
        return unseen_in(store, descriptor, [sub.name])


def fill(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"12345")


def test_what_the_engine_sees_is_not_counted(sub: Path) -> None:
    (sub / "dead").symlink_to("nowhere")
    assert counted(sub) == Unseen(0, 0, 0, is_whole=True)


def test_folders_and_files_further_down_are_counted(sub: Path) -> None:
    fill(sub, "a/x", "a/b/y", "c/d/e/z")
    (sub / "empty").mkdir()
    assert counted(sub) == Unseen(6, 3, 15, is_whole=True)


def test_links_are_counted_and_not_followed(sub: Path, tmp_path: Path) -> None:
    fill(tmp_path / "outside", "many", "more", "deep/er")
    (sub / "link").symlink_to(tmp_path / "outside")
    fill(sub, "a/x")
    (sub / "a" / "up").symlink_to("..")
    size = 5 + len(os.fsencode(tmp_path / "outside")) + len("..")
    assert counted(sub) == Unseen(1, 3, size, is_whole=True)


def test_a_folder_that_became_a_link_is_not_entered(sub: Path, tmp_path: Path) -> None:
    fill(tmp_path / "outside", "deep/er")
    (sub / "seen.bin").unlink()
    sub.rmdir()
    sub.symlink_to(tmp_path / "outside")
    assert counted(sub) == Unseen(0, 0, 0, is_whole=False)


def test_names_that_are_not_utf8_are_counted(sub: Path) -> None:
    deep = os.path.join(os.fsencode(sub), b"d\xe9j\xe0")
    os.mkdir(deep)
    with open(os.path.join(deep, b"\xff"), "wb") as file:
        file.write(b"1")
    assert counted(sub) == Unseen(1, 1, 1, is_whole=True)


def test_what_cannot_be_read_makes_it_less_than_whole(sub: Path) -> None:
    fill(sub, "a/x", "closed/y")
    (sub / "closed").chmod(0)
    with open_store(str(sub.parent)) as (store, descriptor), without_privileges():
        found = unseen_in(store, descriptor, [sub.name])
    assert found == Unseen(2, 1, 5, is_whole=False)


def test_the_walk_ends_at_a_depth_that_leaves_descriptors(sub: Path) -> None:
    fill(sub, "/".join("d" * 60) + "/x")
    assert counted(sub) == Unseen(32, 0, 0, is_whole=False)


def test_the_walk_ends_after_so_many_entries(sub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(sub, *(f"a/{number}" for number in range(20)))
    monkeypatch.setattr(unseen, "_MOST", 10)  # the real bound would take a second to reach
    found = counted(sub)
    assert (found.folders, found.is_whole) == (1, False)
    assert 8 <= found.files <= 10
