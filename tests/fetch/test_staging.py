"""The staging folder: what is in the way, what is left over, and a disk that is full."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest

from ocrstate.errors import FetchError, StoreError
from ocrstate.names import STAGING_FOLDER
from ocrstate.store.opened import open_store
from ocrstate.store.scan import scan
from tests.fetch.stores import opened, wanted_of
from tests.servers.web import content_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.fetch.stores import Fetching

CONTENT = content_of(300_000)


@pytest.fixture
def source(tmp_path: Path) -> str:
    path = tmp_path / "source.bin"
    path.write_bytes(CONTENT)
    return str(path)


def test_staging_is_not_seen_as_models_and_has_the_rights_of_the_store(fetching: Fetching, source: str) -> None:
    fetching.store.chmod(0o2775)
    staged = fetching.one(source, CONTENT)
    with open_store(str(fetching.store)) as (identity, descriptor):
        assert scan(identity, descriptor).entries == ()
    assert STAGING_FOLDER == ".ocrstate/staging"
    assert stat.S_IMODE((fetching.staging / f"{staged.key}.model").stat().st_mode) == 0o664


@pytest.mark.parametrize("left", [None, 0o664, 0o600], ids=["nothing left", "a part for all", "a private part"])
@pytest.mark.parametrize("mode", [0o640, 0o600, 0o750])
def test_what_replaces_a_private_model_is_private_while_it_comes(
    fetching: Fetching, source: str, mode: int, left: int | None
) -> None:
    wanted = wanted_of(source, CONTENT)
    lay(fetching.store / wanted.name, b"old", mode)
    part = fetching.staging / f"{wanted.key}.part"
    if left is not None:
        part.parent.mkdir(parents=True)
        lay(part, CONTENT[:1000], left)
    with part.open("rb") if left else nullcontext() as opened_before:
        seen: list[int] = []
        (staged,) = fetching(wanted, watch=lambda _: seen.append(stat.S_IMODE(part.stat().st_mode)))
        if opened_before is not None and left != 0o600:
            assert opened_before.read() == CONTENT[:1000]
    assert set(seen) == {0o600}
    assert stat.S_IMODE((fetching.staging / f"{staged.key}.model").stat().st_mode) == 0o600


def lay(path: Path, content: bytes, mode: int) -> None:
    path.write_bytes(content)
    path.chmod(mode)


def test_what_came_for_a_private_model_is_open_to_all_where_nothing_has_the_name_any_more(
    fetching: Fetching, source: str
) -> None:
    wanted = wanted_of(source, CONTENT)
    lay(fetching.store / wanted.name, b"old", 0o600)
    (staged,) = fetching(wanted)
    (fetching.store / wanted.name).unlink()
    with opened(fetching.store) as writer:
        writer.staging.take_after(staged.key, wanted.name)
    assert stat.S_IMODE((fetching.staging / f"{staged.key}.model").stat().st_mode) == 0o644


IN_THE_WAY: dict[str, Callable[[Path, Path], object]] = {
    "a link to a file": lambda path, victim: path.symlink_to(victim),
    "a link to nothing": lambda path, victim: path.symlink_to(victim.with_name("new")),
    "a second name of a file": lambda path, victim: path.hardlink_to(victim),
    "a pipe": lambda path, _: os.mkfifo(path),
    "a file that nobody may open": lambda path, _: path.touch(0),
}


@pytest.mark.parametrize("suffix", ["part", "json", "model"])
@pytest.mark.parametrize("make", IN_THE_WAY.values(), ids=IN_THE_WAY)
def test_what_is_in_the_way_is_neither_followed_nor_written_through(
    fetching: Fetching, source: str, tmp_path: Path, suffix: str, make: Callable[[Path, Path], object]
) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(CONTENT[:100])
    fetching.staging.mkdir(parents=True)
    make(fetching.staging / f"{wanted_of(source, CONTENT).key}.{suffix}", victim)
    fetching.one(source, CONTENT)
    assert victim.read_bytes() == CONTENT[:100]
    assert not victim.with_name("new").exists()


@pytest.mark.parametrize("suffix", ["part", "json", "model"])
def test_a_folder_in_the_way_is_refused(fetching: Fetching, source: str, suffix: str) -> None:
    wanted = wanted_of(source, CONTENT)
    folder = fetching.staging / f"{wanted.key}.{suffix}"
    folder.mkdir(parents=True)
    (folder / "precious").touch()
    with pytest.raises(FetchError) as caught:
        fetching(wanted)
    assert caught.value.code == "store-not-writable"
    assert (folder / "precious").exists()


@pytest.mark.parametrize("place", [".ocrstate", ".ocrstate/staging"])
def test_a_link_in_the_place_of_the_folder_is_refused(
    fetching: Fetching, source: str, tmp_path: Path, place: str
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    link = fetching.store / place
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(elsewhere)
    with pytest.raises(StoreError) as caught:
        fetching(wanted_of(source, CONTENT))
    assert caught.value.code == "private-folder-occupied"
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("found", [b"", CONTENT[:-1], CONTENT + b"x", bytes(len(CONTENT))])
def test_a_model_from_an_earlier_run_is_read_before_it_is_believed(
    fetching: Fetching, source: str, found: bytes
) -> None:
    staged = fetching.one(source, CONTENT)
    (fetching.staging / f"{staged.key}.model").write_bytes(found)
    assert fetching.one(source, CONTENT).transferred == len(CONTENT)


@pytest.mark.parametrize("note", ["", "{", "[]", "{}", '{"address": 1}', "[" * 3000, "\0" * 5000])
def test_a_damaged_note_costs_no_more_than_a_new_start(fetching: Fetching, source: str, note: str) -> None:
    wanted = wanted_of(source, CONTENT)
    fetching.staging.mkdir(parents=True)
    (fetching.staging / f"{wanted.key}.part").write_bytes(CONTENT[:100])
    (fetching.staging / f"{wanted.key}.json").write_text(note)
    assert fetching.one(source, CONTENT).transferred == len(CONTENT)


def test_what_nobody_will_ask_for_again_is_forgotten(fetching: Fetching, source: str) -> None:
    kept = fetching.one(source, CONTENT)
    (other,) = fetching(wanted_of(source, CONTENT, name="other.bin"))
    (fetching.staging / f"{other.key}.part").touch()
    (fetching.staging / "notes-of-somebody.txt").touch()
    with opened(fetching.store) as writer:
        sizes = writer.staging.sizes()
        assert set(sizes) == {kept.key, other.key}
        assert sizes[kept.key] >= len(CONTENT)
        writer.staging.forget_all_but({kept.key})
    assert sorted(path.name for path in fetching.staging.iterdir()) == [f"{kept.key}.model", "notes-of-somebody.txt"]


def test_where_nothing_was_ever_got_nothing_is_to_forget(fetching: Fetching) -> None:
    with opened(fetching.store) as writer:
        assert writer.staging.sizes() == {}
        writer.staging.forget_all_but(())
    assert list(fetching.store.iterdir()) == []


def test_nothing_wanted_changes_nothing(fetching: Fetching) -> None:
    assert fetching() == ()
    assert list(fetching.store.iterdir()) == []


def test_too_little_space_is_told_before_the_first_byte(
    fetching: Fetching, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    little = os.statvfs_result((4096, 4096, 100, 50, 10, 0, 0, 0, 0, 255))
    monkeypatch.setattr(os, "fstatvfs", lambda _: little)
    error = fetching.fails(wanted_of(source, CONTENT))
    assert error.code == "store-full"
    assert "it needs 300 kB more, 41 kB are free" in error.message
    assert fetching.watched == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_fills_up_meanwhile_is_made_empty_again(
    fetching: Fetching, source: str, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, data: full(number) if len(data) > 50_000 else write(file, data))
    error = fetching.fails(wanted_of(source, CONTENT))
    assert error.code == "store-full"
    assert "it needs 300 kB more" in error.message
    assert list(fetching.staging.iterdir()) == []


def full(number: int) -> int:
    raise OSError(number, os.strerror(number))


def test_a_disk_that_cannot_settle_what_was_written_lets_nothing_in(
    fetching: Fetching, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ocrstate.writer.staging.settle_file", lambda _: full(errno.EIO))
    error = fetching.fails(wanted_of(source, CONTENT))
    assert error.code == "store-not-writable"
    assert "Input/output error" in error.message
    assert list(fetching.staging.glob("*.model")) == []
