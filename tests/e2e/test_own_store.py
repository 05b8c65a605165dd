"""Without --store and `store:`, the store is the one that an application of this user, started here, would see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.host import IN_SYNC, MANIFEST

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.host import Host

LOCAL_PATH = "Aspose.AI.LLM/models"

READERS = [
    ("plan", MANIFEST),
    ("plan", MANIFEST, "--inventory", "directory"),
    ("list",),
    ("verify", MANIFEST),
    ("history",),
    ("path",),
]


@pytest.fixture
def data(host: Host) -> Path:
    """Give a user's data folder with a store in it, beside the one below the working folder."""
    home = host.outside / "home"
    store = home / ".local" / "share" / LOCAL_PATH
    store.mkdir(parents=True)
    (store / "own.bin").write_bytes(b"own")
    host.has("other.bin").lists("own.bin")
    host.environment["HOME"] = str(home)
    host.environment["XDG_DATA_HOME"] = ""
    return home / ".local" / "share"


@pytest.mark.parametrize("words", READERS, ids=" ".join)
def test_every_command_finds_it_in_the_users_data_folder(host: Host, data: Path, words: tuple[str, ...]) -> None:
    ended = host.run(*words, "--json")
    assert ended.code == 0, ended.err
    assert ended.document["store"]["path"] == str(data / LOCAL_PATH)


def test_apply_works_there_and_nowhere_else(host: Host, data: Path) -> None:
    (data / LOCAL_PATH / "old.bin").write_bytes(b"old")
    assert host.apply("--yes", "--retain", "1d").code == 0
    assert sorted(path.name for path in (data / LOCAL_PATH).glob("*.bin")) == ["own.bin"]
    assert (host.store / "other.bin").exists()
    assert host.run("restore").code == 0
    assert (data / LOCAL_PATH / "old.bin").exists()


def test_what_xdg_data_home_names_counts_first(host: Host, data: Path) -> None:
    elsewhere = host.outside / "data"
    (data / LOCAL_PATH).parent.rename(elsewhere.parent / "moved")
    elsewhere.mkdir()
    (elsewhere.parent / "moved").rename(elsewhere / "Aspose.AI.LLM")
    ended = host.plan("-q", env={"XDG_DATA_HOME": str(elsewhere)})
    assert (ended.code, ended.out) == (0, IN_SYNC)


@pytest.mark.parametrize("missing", ["HOME", "XDG_DATA_HOME"])
def test_without_a_data_folder_it_is_below_the_working_folder(host: Host, data: Path, missing: str) -> None:
    assert data.exists()
    host.lists("other.bin")
    ended = host.plan("-q", env={missing: str(host.outside / "none")})
    assert (ended.code, ended.out) == (0, IN_SYNC)


def test_another_store_can_be_named_all_the_same(host: Host, data: Path) -> None:
    assert data.exists()
    ended = host.lists("other.bin").plan("--store", str(host.store), "--json")
    assert ended.document["store"]["path"] == str(host.store)
    assert ended.document["in_sync"] is True


def test_a_store_that_is_not_there_is_named_where_it_should_be(host: Host, data: Path) -> None:
    (data / LOCAL_PATH / "own.bin").unlink()
    (data / LOCAL_PATH).rmdir()
    ended = host.plan()
    assert ended.code == 1
    assert str(data / LOCAL_PATH) in ended.err


def test_init_follows_it(host: Host, data: Path) -> None:
    assert data.exists()
    assert host.run("init", "first.yml").code == 0
    assert host.run("check", "first.yml").code == 0
