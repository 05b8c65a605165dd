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


@pytest.mark.parametrize(
    "words", [*READERS, ("apply", MANIFEST), ("restore",), ("recover",), ("purge",), ("check", MANIFEST)]
)
def test_where_it_is_not_there_every_command_says_that_the_other_one_is_not_used(
    host: Host, data: Path, words: tuple[str, ...]
) -> None:
    (data / LOCAL_PATH / "own.bin").unlink()
    (data / LOCAL_PATH).rmdir()
    ended = host.run(*words)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        f"Error: the store {data / LOCAL_PATH}, the engine's own in the user's data folder, does not exist; "
        f"{host.store} is there, but the engine uses the user's data folder\n"
        f"  to use that one: --store ./{LOCAL_PATH}, or `store:` in the manifest\n"
    )
    assert host.run("list", "--store", f"./{LOCAL_PATH}").code == 0
    (host.store / "other.bin").unlink()
    host.store.rmdir()
    ended = host.run(*words)
    assert ended.code == 1
    assert "-C DIR" not in ended.err  # it changes nothing


def test_where_both_are_there_it_is_said_which_one_is_not_used(host: Host, data: Path) -> None:
    said = f"the store {host.store} is there, but the engine uses the one in the user's data folder"
    plan = host.plan("--json").document
    assert [each["code"] for each in plan["inventory"]["warnings"]] == ["store-passed-over"]
    assert said in " ".join(host.plan().out.split())
    assert said in host.run("init", "first.yml").err
    assert host.plan("--out", "plan.json").code == 0
    assert host.run("apply", "plan.json").code == 0
    found = {each["code"]: each for each in host.run("doctor", "--json").document["checks"]}
    assert found["store-choice"]["status"] == "warn"
    assert str(host.store) in found["store-choice"]["message"]
    named = host.run("doctor", "--store", str(data / LOCAL_PATH), "--json").document["checks"]
    assert {each["code"]: each for each in named}["store-choice"]["status"] == "ok"
    assert host.plan("--store", str(data / LOCAL_PATH), "--json").document["inventory"]["warnings"] == []


def test_init_without_it_says_how_the_other_one_is_used(host: Host, data: Path) -> None:
    (data / LOCAL_PATH / "own.bin").unlink()
    (data / LOCAL_PATH).rmdir()
    said = " ".join(host.run("init", "first.yml").out.split())
    assert f"The store {host.store} is there, but the engine uses the user's data folder." in said
    assert "-C DIR" not in said
    assert host.run("init", "other.yml", "--store", str(host.store)).code == 0


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


@pytest.mark.parametrize("exists", [True, False])
def test_a_plan_for_it_is_not_applied_by_a_user_who_has_another_one(host: Host, data: Path, *, exists: bool) -> None:
    (data / LOCAL_PATH / "old.bin").write_bytes(b"old")
    assert host.plan("--out", "plan.json").code == 0
    other = host.outside / "other" / ".local" / "share"
    (other / LOCAL_PATH if exists else other).mkdir(parents=True)
    ended = host.run("apply", "plan.json", "--json", env={"HOME": str(other.parents[1])})
    assert (ended.code, ended.document["error"]["code"]) == (3, "plan-elsewhere")
    for path in (data, other):
        assert str(path / LOCAL_PATH) in ended.document["error"]["message"]
    assert (data / LOCAL_PATH / "old.bin").exists()
    assert host.run("apply", "plan.json").code == 0
