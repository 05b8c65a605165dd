"""What is missing comes, what is wrong is replaced, what is not listed goes: in one run, or not at all."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from tests.e2e.fetching import sends, sourced, staged, wants
from tests.e2e.host import IN_SYNC, MANIFEST, Host, models_in, snapshot
from tests.servers.web import PIECE, WebServer, content_of

if TYPE_CHECKING:
    from pathlib import Path

FR = content_of(3 * PIECE + 5)
DE = content_of(2000, seed=1)
WRONG = content_of(2000, seed=2)


@pytest.fixture
def mixed(host: Host, web: WebServer) -> Host:
    """Give a host where one model is missing, one is wrong, and one is not listed."""
    sends(web, "/fr.bin", FR)
    (host.app / "approved").mkdir()
    (host.app / "approved" / "de.bin").write_bytes(DE)
    host.has("en.bin", "old/es.bin")
    (host.store / "de.bin").write_bytes(WRONG)
    return wants(host, "en.bin", sourced("sub/fr.bin", FR, web.url()), sourced("de.bin", DE, "file:approved/de.bin"))


def test_one_apply_fetches_replaces_and_removes(mixed: Host, web: WebServer) -> None:
    planned = mixed.plan("--verify", "--json")
    assert planned.actions() == {
        "de.bin": "replace",
        "en.bin": "keep",
        "old/es.bin": "remove",
        "sub/fr.bin": "fetch",
    }
    assert web.asked == [], "a plan uses no network"

    applied = mixed.apply("--yes", "--json")
    assert (applied.code, applied.err) == (0, "")
    result = applied.document
    assert {each["name"]: (each["action"], each["status"]) for each in result["outcomes"]} == {
        "de.bin": ("replace", "replaced"),
        "old/es.bin": ("remove", "removed"),
        "sub/fr.bin": ("fetch", "fetched"),
    }
    summary = result["summary"]
    assert [summary[each] for each in ("fetched", "replaced", "removed")] == [1, 1, 1]
    assert summary["bytes_fetched"] == summary["bytes_transferred"] == len(FR) + len(DE)
    assert (result["in_sync"], result["changed"], web.sent()) == (True, True, len(FR))
    assert contents(mixed) == {"en.bin", "de.bin", "sub", "sub/fr.bin"}
    assert (mixed.store / "sub" / "fr.bin").read_bytes() == FR
    assert (mixed.store / "de.bin").read_bytes() == DE


def contents(host: Host) -> set[str]:
    return set(models_in(host.store))


def test_then_all_is_right_and_a_second_apply_changes_nothing(mixed: Host, web: WebServer) -> None:
    told = mixed.apply("--yes")
    assert told.code == 0
    assert "Fetched 1 model and replaced 1 (" in told.out
    assert told.last_line == "Listed again: the store matches the manifest."
    assert staged(mixed) == {}

    before = snapshot(mixed.store)
    assert mixed.check("-q").out == IN_SYNC
    assert mixed.run("verify", MANIFEST).code == 0
    again = mixed.apply("--yes")
    assert (again.code, again.out[-len(IN_SYNC) :], len(web.asked)) == (0, IN_SYNC, 1)
    assert snapshot(mixed.store) == before


@pytest.mark.without_engine
def test_what_was_replaced_and_removed_can_be_restored_bit_for_bit(mixed: Host) -> None:
    before = models_in(mixed.store)
    assert mixed.apply("--yes", "--retain", "7d").code == 0
    (run,) = mixed.runs()
    assert {each["name"] for each in run["models"] if each["restorable"]} == {"de.bin", "old/es.bin"}
    told = mixed.run("history", run["run_id"]).out
    assert "State     fetched 1 model (49 kB), replaced 1 model (2.0 kB), removed 1 model (1.0 kB)" in told
    assert "+ sub/fr.bin" in told

    restored = mixed.run("restore", "--overwrite", "--yes")
    assert restored.code == 0, restored.err
    after = models_in(mixed.store)
    assert {name: noted for name, noted in after.items() if name not in ("sub", "sub/fr.bin")} == before
    assert (mixed.store / "sub" / "fr.bin").read_bytes() == FR, "what was fetched is not taken away"


@pytest.mark.without_engine
def test_restore_without_overwrite_says_what_is_in_the_way(mixed: Host) -> None:
    assert mixed.apply("--yes", "--retain", "7d").code == 0
    before = models_in(mixed.store)
    refused = mixed.run("restore")
    assert refused.code == 3
    assert "--overwrite" in refused.err
    assert models_in(mixed.store) == before


# -- rights


@pytest.mark.without_engine
@pytest.mark.root
@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_a_replaced_model_keeps_owner_group_and_mode(mixed: Host, umask: int) -> None:
    path = mixed.store / "de.bin"
    path.chmod(0o640)
    os.chown(path, 1234, 2345)
    assert mixed.apply("--yes", through=("sh", "-c", f'umask {umask:o}; exec "$@"', "sh")).code == 0
    assert rights(path) == (0o640, 1234, 2345)
    assert path.read_bytes() == DE


def rights(path: Path) -> tuple[int, int, int]:
    status = path.lstat()
    return stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid


@pytest.mark.without_engine
@pytest.mark.root
def test_a_new_model_belongs_to_the_group_of_the_store_and_its_folder_looks_like_it(mixed: Host) -> None:
    os.chown(mixed.store, 1234, 2345)
    mixed.store.chmod(0o2770)
    assert mixed.apply("--yes", through=("sh", "-c", 'umask 077; exec "$@"', "sh")).code == 0
    assert rights(mixed.store / "sub") == (0o2770, 1234, 2345)
    mode, _, group = rights(mixed.store / "sub" / "fr.bin")
    assert (oct(mode), group) == (oct(0o664), 2345)


# -- names and places


@pytest.mark.without_engine
@pytest.mark.parametrize("name", ["two words.bin", 'l\'été "x".bin', "模型/фр.bin", "-rf.bin", "a%20b#c?.bin"])
def test_whatever_a_model_is_called_it_comes(host: Host, web: WebServer, name: str) -> None:
    sends(web, "/fr.bin", FR)
    wants(host, sourced(name, FR, web.url()))
    assert host.apply("--yes").code == 0
    assert (host.store / name).read_bytes() == FR
    assert host.plan().out.endswith(IN_SYNC)


@pytest.mark.without_engine
@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("my models/fr 1.bin", "my models/fr 1.bin"),
        ("100%.bin", "100%.bin"),
        ("file:my%20models/100%25.bin", "my models/100%.bin"),
        ("~/fr.bin", "../outside/fr.bin"),
        ("file:../outside/fr.bin", "../outside/fr.bin"),
        ("été.bin", "été.bin"),
    ],
)
def test_whatever_a_local_source_is_called_it_is_found(host: Host, web: WebServer, source: str, path: str) -> None:  # noqa: ARG001 - for the home
    (host.app / path).parent.mkdir(exist_ok=True)
    (host.app / path).write_bytes(FR)
    wants(host, {"name": "fr.bin", "source": source})
    ended = host.apply("--yes")
    assert ended.code == 0, ended.err
    assert (host.store / "fr.bin").read_bytes() == FR


@pytest.mark.without_engine
def test_a_source_in_the_store_renames_a_model(host: Host) -> None:
    host.has("old.bin")
    content = (host.store / "old.bin").read_bytes()
    wants(host, sourced("new.bin", content, host.store / "old.bin"))
    assert host.apply("--yes").code == 0
    assert contents(host) == {"new.bin"}
    assert (host.store / "new.bin").read_bytes() == content


@pytest.mark.without_engine
def test_two_models_may_change_places(host: Host) -> None:
    host.has("a.bin", "b.bin")
    a, b = ((host.store / name).read_bytes() for name in ("a.bin", "b.bin"))
    wants(host, sourced("a.bin", b, host.store / "b.bin"), sourced("b.bin", a, host.store / "a.bin"))
    assert host.apply("--yes").code == 0
    assert [(host.store / name).read_bytes() for name in ("a.bin", "b.bin")] == [b, a]
