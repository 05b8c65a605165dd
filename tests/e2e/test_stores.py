"""Stores that hold more than models."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from tests.e2e.host import MANIFEST, Host, models_in, snapshot


def test_what_is_behind_a_link_to_a_folder_is_never_touched(host: Host) -> None:
    host.has("en.bin").lists("en.bin")
    for name in ("precious.bin", "old.bin"):
        (host.outside / name).write_text("precious")
    os.symlink(host.outside, host.store / "link")
    os.symlink("/etc", host.store / "etc")
    before, etc = snapshot(host.outside), sorted(os.listdir("/etc"))

    planned = host.plan("--json")
    assert planned.actions() == {"en.bin": "keep", "etc": "remove", "link": "remove"}
    assert "only the link goes" in host.plan().out

    assert host.apply("--yes").code == 0
    assert set(models_in(host.store)) == {"en.bin"}
    assert snapshot(host.outside) == before
    assert sorted(os.listdir("/etc")) == etc


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("a", "."),
        ("a", "../models"),
        ("x", "x"),
        ("dead", "nowhere"),
        ("file", "../../../outside/file"),
        ("up", "../.."),
    ],
)
def test_of_a_link_the_link_alone_goes(host: Host, name: str, target: str) -> None:
    host.has("en.bin", "sub/fr.bin").lists("en.bin", "sub/fr.bin")
    (host.outside / "file").write_text("precious")
    before = {**models_in(host.app), **snapshot(host.outside)}
    os.symlink(target, host.store / name)

    assert host.plan("--json").actions() == {"en.bin": "keep", "sub/fr.bin": "keep", name: "remove"}
    assert host.apply("--yes").code == 0
    after = {**models_in(host.app), **snapshot(host.outside)}
    assert {key for key in after if ".ocrstate" not in key} == set(before)


def test_two_links_that_lead_to_each_other_go(host: Host) -> None:
    host.has("en.bin").lists("en.bin")
    os.symlink("b", host.store / "a")
    os.symlink("a", host.store / "b")
    assert host.apply("--yes").code == 0
    assert set(models_in(host.store)) == {"en.bin"}


def test_a_link_through_which_listed_models_are_seen_stays(host: Host) -> None:
    host.has("en.bin").lists("en.bin", "link/fr.bin")
    (host.outside / "fr.bin").write_text("precious")
    os.symlink(host.outside, host.store / "link")
    assert host.check().code == 0

    (host.outside / "other.bin").write_text("precious")
    before = snapshot(host.outside)
    assert host.plan("--json").actions() == {"en.bin": "keep", "link": "blocked", "link/fr.bin": "keep"}
    assert host.apply("--yes").code == 3
    assert snapshot(host.outside) == before


@pytest.mark.parametrize("key", ["models", "protect", "ignore"])
@pytest.mark.parametrize(
    ("links", "needed"),
    [
        ([("middle.bin", "../../../outside/real.bin"), ("fr.bin", "middle.bin")], "middle.bin"),
        ([("link", "../../../outside"), ("fr.bin", "link/real.bin")], "link"),
        ([("twin.bin", "../../../outside/real.bin"), ("fr.bin", "sub/../twin.bin")], "twin.bin"),
    ],
    ids=["by another link", "by a link to a folder", "by a sub-folder"],
)
def test_what_a_model_that_must_stay_is_reached_by_stays(
    host: Host, links: list[tuple[str, str]], needed: str, key: str
) -> None:
    (host.outside / "real.bin").write_text("precious")
    host.has("en.bin", "sub/old.bin").lists(**{key: ["fr.bin"], "models": ["en.bin", *["fr.bin"] * (key == "models")]})
    for name, target in links:
        os.symlink(target, host.store / name)
    assert host.plan("--json").actions()[needed] == "blocked"
    assert host.apply("--yes").code == 3
    assert (host.store / "fr.bin").read_text() == "precious"


def test_a_sub_folder_that_a_listed_link_crosses_stays_when_it_is_emptied(host: Host) -> None:
    host.has("en.bin", "sub/old.bin").lists("en.bin", "fr.bin")
    os.symlink("sub/../en.bin", host.store / "fr.bin")
    assert host.apply("--yes").code == 0
    assert host.check().code == 0
    assert set(models_in(host.store)) == {"en.bin", "fr.bin", "sub"}


def test_a_listed_model_may_be_a_link_to_a_file_elsewhere(host: Host) -> None:
    host.lists("en.bin", models=[{"name": "en.bin", "size": 8}])
    (host.outside / "en.bin").write_text("precious")
    os.symlink(host.outside / "en.bin", host.store / "en.bin")
    assert host.check().code == 0


def test_what_is_no_model_blocks_until_it_is_ignored(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    host.has("en.bin", "old.bin").lists("en.bin")
    os.mkfifo(host.store / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        monkeypatch.chdir(host.store)  # the path of a socket is short
        listening.bind("socket")
    before = models_in(host.store)

    assert host.plan("--json").actions() == {
        "en.bin": "keep",
        "old.bin": "remove",
        "pipe": "blocked",
        "socket": "blocked",
    }
    refused = host.apply("--yes")
    assert refused.code == 3
    assert "under `ignore`" in refused.err
    assert models_in(host.store) == before

    host.lists("en.bin", ignore=["pipe", "socket"])
    assert host.apply("--yes").code == 0
    assert set(models_in(host.store)) == {"en.bin", "pipe", "socket"}


def test_only_what_the_disk_gains_counts_as_freed(host: Host) -> None:
    host.has("en.bin", "shared.bin", "twin_1.bin", size=8192).lists("en.bin")
    os.link(host.store / "shared.bin", host.outside / "held.bin")
    os.link(host.store / "twin_1.bin", host.store / "twin_2.bin")
    with open(host.store / "sparse.bin", "wb") as sparse:
        sparse.truncate(1 << 40)
    twin = os.stat(host.store / "twin_1.bin").st_blocks * 512
    hole = os.stat(host.store / "sparse.bin").st_blocks * 512

    planned = {each["name"]: each.get("bytes_freed") for each in host.plan("--json").document["changes"]}
    assert (planned["shared.bin"], planned["sparse.bin"]) == (0, hole)
    assert planned["twin_1.bin"] + planned["twin_2.bin"] == twin

    assert host.apply("--yes", "--json").document["summary"]["bytes_freed"] == twin + hole
    assert (host.outside / "held.bin").stat().st_size == 8192


def test_emptied_folders_go_and_folders_with_something_in_them_stay(host: Host) -> None:
    host.has("en.bin", "emptied/old.bin", "deep/old.bin", "deep/er/data", "mixed/old.bin", "mixed/fr.bin")
    host.lists("en.bin", "mixed/fr.bin")
    (host.store / "was_empty").mkdir()

    applied = host.apply("--yes", "--json").document
    assert applied["removed_folders"] == ["emptied"]
    assert set(models_in(host.store)) == {
        *("en.bin", "mixed", "mixed/fr.bin", "deep", "deep/er", "deep/er/data", "was_empty")
    }


def test_a_store_that_is_a_link_is_followed_and_stays_one(host: Host) -> None:
    host.has("en.bin", "old.bin").lists("en.bin")
    moved = host.outside / "models"
    host.store.rename(moved)
    os.symlink(moved, host.store)

    assert host.apply("--yes").code == 0
    assert host.store.is_symlink()
    assert set(models_in(moved)) == {"en.bin"}
    assert host.check("--store", str(host.store)).code == 0


@pytest.mark.parametrize(("kind", "code"), [("link", 1), ("link to a folder with files", 3), ("file", 3)])
def test_apply_does_not_use_a_private_folder_that_is_none(host: Host, kind: str, code: int) -> None:
    host.has("en.bin", "old.bin").lists("en.bin")
    private = host.store / ".ocrstate"
    if kind == "file":
        private.write_text("not ours")
    else:
        os.symlink(host.outside, private)
    if kind == "link to a folder with files":
        (host.outside / "precious.txt").write_text("not ours")
    before = snapshot(host.app), snapshot(host.outside)

    ended = host.apply("--yes")
    assert ended.code == code
    assert private.name in ended.err
    assert (snapshot(host.app), snapshot(host.outside)) == before


def test_a_missing_store_is_an_error_with_a_next_step(host: Host) -> None:
    host.lists("en.bin")
    host.store.rmdir()
    for ended in (host.plan(), host.check(), host.apply("--yes"), host.plan("--inventory", "directory")):
        assert (ended.code, ended.out) == (1, "")
        assert str(host.store) in ended.err
        assert "--store" in ended.err
    assert not host.store.exists()


@pytest.mark.parametrize(
    ("command", "store"),
    [
        *(("plan", store) for store in ("/", "/etc", "/etc/..", "/usr/lib", "HOME", "HOME/..", "HOME/link-to-root")),
        *(("plan --inventory directory", "/etc"), ("check", "HOME"), ("apply --yes", "HOME"), ("apply --yes", "/")),
    ],
)
def test_a_folder_that_is_no_store_is_refused_by_plan_already(host: Host, command: str, store: str) -> None:
    home = host.outside / "home" / "me"
    home.mkdir(parents=True)
    os.symlink("/", home / "link-to-root")
    host.lists("en.bin")
    name, *options = command.split()
    ended = host.run(name, MANIFEST, *options, "--store", store.replace("HOME", str(home)), env={"HOME": str(home)})
    assert (ended.code, ended.out) == (3, "")
    assert "not a model store" in ended.err


def test_a_manifest_that_lies_in_the_store_is_not_removed_by_itself(host: Host) -> None:
    host.has("en.bin", "old.bin").lists("en.bin")
    inside = host.store / MANIFEST
    (host.app / MANIFEST).rename(inside)
    before = models_in(host.store)

    refused = host.run("apply", str(inside), "--yes")
    assert refused.code == 3
    assert "the manifest models.yml lies in the store and would be removed" in refused.err
    assert models_in(host.store) == before

    inside.write_text(f"{inside.read_text()}\nignore: [{MANIFEST}]\n")
    assert host.run("apply", str(inside), "--yes").code == 0
    assert set(models_in(host.store)) == {"en.bin", MANIFEST}


def test_a_store_that_is_a_working_copy_loses_none_of_it(host: Host) -> None:
    host.has("en.bin", "old.bin", ".git/HEAD", ".git/objects/ab/cd").lists("en.bin")
    before = models_in(host.store)
    refused = host.apply("--yes")
    assert refused.code == 3
    assert 'add ".git/" under `ignore`' in refused.err
    assert models_in(host.store) == before

    host.lists("en.bin", ignore=[".git/"])
    assert host.apply("--yes").code == 0
    assert {".git/HEAD", ".git/objects/ab/cd"} < set(models_in(host.store))


def test_nothing_of_ours_is_seen_as_a_model_afterwards(host: Host) -> None:
    host.has("en.bin", "old.bin").lists("en.bin")
    assert host.apply("--yes").code == 0
    assert Path(host.store, ".ocrstate").is_dir()
    assert host.plan("--json", "-v").actions() == {"en.bin": "keep"}


@pytest.mark.parametrize("descriptors", [64, 256])
def test_a_store_with_more_sub_folders_than_a_process_may_open_is_changed_and_changed_back(
    host: Host, descriptors: int
) -> None:
    host.defaults = ("--inventory", "directory")
    host.has("en.bin", *(f"sub_{number}/old.bin" for number in range(300))).lists("en.bin")
    before = models_in(host.store)
    through = ("sh", "-c", f'ulimit -n {descriptors}; exec "$@"', "sh")
    ended = host.apply("--yes", "--retain", "1d", through=through)
    assert ended.code == 0, ended.err
    assert set(models_in(host.store)) == {"en.bin"}
    ended = host.run("restore", through=through)
    assert ended.code == 0, ended.err
    assert models_in(host.store) == before


def test_names_of_one_content_go_and_come_back_as_names_of_one_content(host: Host) -> None:
    host.has("en.bin", "old_1.bin").lists("en.bin")
    os.link(host.store / "old_1.bin", host.store / "old_2.bin")
    os.link(host.store / "en.bin", host.store / "en_old.bin")
    before = {path.name: path.stat().st_ino for path in host.store.iterdir()}
    assert host.apply("--yes", "--retain", "1d").code == 0
    assert set(models_in(host.store)) == {"en.bin"}
    assert host.run("restore").code == 0
    assert {name: (host.store / name).stat().st_ino for name in models_in(host.store)} == before


# -- a store that does not exist

MISSING = [
    ("plan", MANIFEST),
    ("plan", MANIFEST, "--inventory", "directory"),
    ("check", MANIFEST),
    ("apply", MANIFEST),
    ("verify", MANIFEST),
    ("list", MANIFEST),
    ("history", "--manifest", MANIFEST),
    ("path", "--manifest", MANIFEST),
    ("recover", "--manifest", MANIFEST),
]


@pytest.mark.parametrize("words", MISSING, ids=" ".join)
@pytest.mark.parametrize(
    ("store", "options", "said"),
    [
        ("../outside/modles", (), "named by `store` at models.yml:3:8, does not exist; did you mean {}/models?"),
        (
            "../outside/models",
            ("--store", "../outside/Modell"),
            "named with --store, does not exist; did you mean {}/models?",
        ),
        ("../otside/models", (), "named by `store` at models.yml:3:8, does not exist; did you mean {}/models?"),
        ("../outside/xyz", (), "named by `store` at models.yml:3:8, does not exist\n"),
        (None, (), "the engine's own, does not exist\n"),
    ],
)
def test_who_named_a_store_that_does_not_exist_is_said_by_all(
    host: Host, words: tuple[str, ...], store: str | None, options: tuple[str, ...], said: str
) -> None:
    (host.outside / "models").mkdir()
    host.store.rmdir()
    host.lists("en.bin", **({} if store is None else {"store": store}))
    ended = host.run(*words, *options)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("Error: the store ")
    assert said.format(host.outside) in ended.err
    assert ("-C DIR" in ended.err) == (store is None)
