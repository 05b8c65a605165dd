"""Snapshot, as it is used on a host that is right already."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.e2e.host import POWERLESS, Host, snapshot

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.without_engine

HOSTILE = (
    *("no", "1e3", "2026-10-01", "-x", "a: b", "#a", '"', "it's", " ", "é", "e\u0301", "x" * 255, "sub/x.bin"),
    *(b"a\nb", b"\xff", b"a\\b", b"A.bin", b"a.bin", b"*"),
)


def git(host: Host, *words: str) -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    subprocess.run(["git", *who, *words], cwd=host.app, check=True, capture_output=True)


@pytest.mark.parametrize("options", [(), ("--no-digests",)])
def test_a_plan_with_the_snapshot_of_a_hostile_store_changes_nothing(host: Host, options: tuple[str, ...]) -> None:
    host.has(*HOSTILE)
    os.mkfifo(host.store / "x.bin")
    (host.store / "dead").symlink_to("nowhere")
    host.outside.joinpath("far.bin").write_bytes(b"far")
    (host.store / "link").symlink_to(host.outside)
    before = snapshot(host.store)
    made = host.run("snapshot", *options)
    (host.app / "made.yml").write_bytes(made.out.encode("utf-8"))
    assert made.code == 0
    plan = host.run("plan", "made.yml", "--json").document
    assert (plan["in_sync"], plan["summary"]["keep"], plan["summary"]["protected"]) == (True, 13, 2)
    assert host.run("verify", "made.yml").code == 0
    assert snapshot(host.store) == before


@pytest.mark.real_engine
def test_what_the_engine_lists_is_what_the_snapshot_says(host: Host) -> None:
    host.defaults = ()
    host.has("en.bin", "sub/de.bin")
    (host.app / "made.yml").write_text(host.run("snapshot").out)
    assert host.run("plan", "made.yml", "--quiet").out == "No changes. The store matches the manifest.\n"


def test_it_says_where_it_comes_from_and_which_schema_it_follows(host: Host) -> None:
    lines = host.has("en.bin").run("snapshot").out.splitlines()
    assert lines[0] == "# yaml-language-server: $schema=./manifest.schema.json"
    assert lines[1] == "# The schema, for editors: ocrstate schema manifest > manifest.schema.json"
    schema = host.run(*lines[1].split(": ocrstate ")[1].split(" > ")[0].split()).out
    assert json.loads(schema)["title"].lower().startswith("ocrstate manifest")
    assert lines[2].startswith(f"# Snapshot of {host.store} on ")
    assert lines[3:5] == ["version: 1", "models:"]


def test_what_cannot_be_listed_is_told_and_left_alone(host: Host) -> None:
    host.has("en.bin", b"a\nb")
    ended = host.run("snapshot", "--json")
    document = ended.document
    assert document["left_out"] == [{"name": "a\nb", "reason": "its name holds a control character"}]
    assert 'ignore:\n  - "a?b" # its name holds a control character\n' in document["text"]
    assert ended.err == "Warning: a\\nb is not listed, but put under `ignore`: its name holds a control character\n"


def test_an_empty_store_makes_a_manifest_that_lists_nothing(host: Host) -> None:
    ended = host.run("snapshot", "--output", "made.yml")
    assert (ended.code, ended.out) == (0, "Wrote made.yml: 0 models.\n")
    assert (host.app / "made.yml").read_text().endswith("version: 1\nmodels: []\n")
    assert host.run("check", "made.yml").code == 0


@pytest.mark.parametrize(
    ("folder", "line"),
    [
        ("it's: a #store", 'store: "{}"'),
        ("${HOME}", None),
        ("a\nb", None),
    ],
)
def test_a_store_that_was_named_is_in_the_manifest_if_it_can_be(host: Host, folder: str, line: str | None) -> None:
    store = host.outside / folder
    host.store.rename(store)
    host.store = store
    host.has("en.bin")
    ended = host.run("snapshot", "--store", str(store), "--output", "made.yml")
    written = [each for each in (host.app / "made.yml").read_text().splitlines() if each.startswith("store:")]
    assert (ended.code, written) == (0, [line.format(store)] if line else [])
    assert ("no manifest can say that the store is" in ended.err) is (line is None)
    assert host.run("check", "made.yml", *(() if line else ("--store", str(store)))).code == 0


def test_a_file_is_replaced_only_if_it_can_be_got_back(host: Host) -> None:
    made = host.app / "made.yml"
    git(host, "init", "-q")
    host.has("en.bin")
    assert host.run("snapshot", "--output", "made.yml").code == 0
    first = made.read_bytes()
    again = host.run("snapshot", "--output", "made.yml")
    assert (again.code, again.out) == (0, "made.yml says the same already; it was left as it is.\n")
    host.has("fr.bin")
    refused = host.run("snapshot", "--output", "made.yml")
    assert (refused.code, made.read_bytes()) == (3, first)
    git(host, "add", "made.yml")
    assert host.run("snapshot", "--output", "made.yml").code == 3  # staged, and not committed
    git(host, "commit", "-q", "-m", "x")
    assert host.run("snapshot", "--output", "made.yml", env={"GIT_DIR": "/nowhere"}).code == 0
    assert b"fr.bin" in made.read_bytes()
    host.has("de.bin")
    assert host.run("snapshot", "--output", "made.yml").code == 3  # changed since the commit
    assert host.run("snapshot", "--output", "made.yml", "--overwrite").code == 0
    assert b"de.bin" in made.read_bytes()


def test_without_git_nothing_counts_as_committed(host: Host, tmp_path: Path) -> None:
    git(host, "init", "-q")
    (host.app / "made.yml").write_text("mine")
    git(host, "add", "made.yml")
    git(host, "commit", "-q", "-m", "x")
    assert host.run("snapshot", "--output", "made.yml", env={"PATH": str(tmp_path)}).code == 3
    assert (host.app / "made.yml").read_text() == "mine"
    assert host.run("snapshot", "--output", "made.yml").code == 0


@pytest.mark.parametrize("place", ["", "sub/"])
def test_no_file_is_written_into_the_store(host: Host, place: str) -> None:
    host.has("sub/en.bin")
    before = snapshot(host.store)
    ended = host.run("snapshot", "--output", str(host.store / f"{place}made.yml"))
    assert (ended.code, "lies in the store" in ended.err) == (3, True)
    assert snapshot(host.store) == before


def test_content_that_cannot_be_read_refuses_the_snapshot(host: Host) -> None:
    host.has("en.bin")
    (host.store / "en.bin").chmod(0)
    ended = host.run("snapshot", "--output", "made.yml", through=POWERLESS)
    assert (ended.code, "en.bin: it cannot be read: Permission denied" in ended.err) == (1, True)
    assert not (host.app / "made.yml").exists()
    assert host.run("snapshot", "--no-digests", "--output", "made.yml", through=POWERLESS).code == 0


def test_in_any_locale_the_manifest_is_utf_8(host: Host) -> None:
    host.has("模型.bin")
    made = host.run("snapshot", env={"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"})
    assert '  - name: "模型.bin"\n' in made.out
