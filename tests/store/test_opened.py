"""Which directory a path stands for, and why it cannot be a store."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from ocrstate.errors import StoreError
from ocrstate.store.opened import open_store
from tests.support.users import without_privileges

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_an_opened_store_says_which_directory_it_is(tmp_path: Path) -> None:
    status = tmp_path.stat()
    with open_store(str(tmp_path)) as (store, descriptor):
        assert (store.path, store.real_path) == (str(tmp_path), os.path.realpath(tmp_path))
        assert (store.device, store.inode) == (status.st_dev, status.st_ino)
        assert descriptor is not None
        assert os.fstat(descriptor).st_ino == status.st_ino


def test_it_stays_the_same_directory_when_its_name_is_given_to_another(tmp_path: Path) -> None:
    store = tmp_path / "store"
    store.mkdir()
    (store / "fr.bin").touch()
    with open_store(str(store)) as (_, descriptor):
        store.rename(tmp_path / "moved")
        store.mkdir()
        assert os.listdir(descriptor) == ["fr.bin"]


def test_it_is_closed_in_the_end(tmp_path: Path) -> None:
    with open_store(str(tmp_path)) as (_, descriptor):
        pass
    assert descriptor is not None
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)


def test_it_is_closed_if_nobody_can_say_which_directory_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    stat = os.stat

    def fail(path: str | int, *, follow_symlinks: bool = True) -> os.stat_result:
        if not isinstance(path, int):
            return stat(path, follow_symlinks=follow_symlinks)
        asked.append(path)
        raise OSError(errno.ESTALE, "Stale file handle")

    with monkeypatch.context() as patched:
        patched.setattr(os, "stat", fail)
        with pytest.raises(StoreError, match="Stale"), open_store(str(tmp_path)):
            pass
    (descriptor,) = asked
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        pytest.param(lambda _: None, "store-missing", id="missing"),
        pytest.param(lambda path: path.symlink_to("nowhere"), "store-missing", id="a dead link"),
        pytest.param(lambda path: path.write_text(""), "store-not-a-folder", id="a file"),
        pytest.param(os.mkfifo, "store-not-a-folder", id="a pipe"),
        pytest.param(lambda path: path.symlink_to(path.name), "store-unreadable", id="a link loop"),
    ],
)
def test_what_is_no_readable_folder_is_refused(tmp_path: Path, prepare: Callable[[Path], None], code: str) -> None:
    path = tmp_path / "store"
    prepare(path)
    with pytest.raises(StoreError) as caught, open_store(str(path)):
        pass
    assert caught.value.code == code
    assert str(path) in caught.value.message
    assert caught.value.hint


def test_a_path_below_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError) as caught, open_store(str(tmp_path / "file" / "store")):
        pass
    assert caught.value.code == "store-not-a-folder"


def test_a_path_that_is_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="too long"), open_store(str(tmp_path / ("x" * 300))):
        pass


def test_a_store_that_this_user_may_not_read_is_refused(tmp_path: Path) -> None:
    store = tmp_path / "store"
    store.mkdir(mode=0o000)
    with without_privileges(), pytest.raises(StoreError) as caught, open_store(str(store)):
        pass
    assert caught.value.code == "store-unreadable"
    assert "permission" in caught.value.hint
