"""Init, as a new user meets it: from nothing to a clean check with no document open."""

from __future__ import annotations

import json
import os
import re
import shlex
from typing import TYPE_CHECKING

import pytest

from tests.e2e.host import MANIFEST, POWERLESS, PROJECT, Ended, Host, models_in, snapshot
from tests.e2e.test_snapshot import HOSTILE

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.without_engine

SCHEMA = "manifest.schema.json"


def follow(host: Host, ended: Ended) -> list[Ended]:
    """Run the commands that were named, as they are spelled."""
    spelled = [line.strip() for line in ended.out.partition("Next:\n")[2].splitlines()]
    commands = [shlex.split(re.sub("  .*", "", line)) for line in spelled if line.startswith("ocrstate ")]
    assert len(commands) == 2
    defaults, host.defaults = host.defaults, ()
    ends = [host.run(*command[1:]) for command in commands]
    host.defaults = defaults
    return ends


def test_from_an_existing_store_to_a_clean_check(host: Host) -> None:
    host.has("en.bin", "notes/de.bin")
    before = snapshot(host.store)
    ended = host.run("init")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines()[:2] == [
        "Wrote models.yml: 2 models, 2.0 kB; names and sizes.",
        "Wrote manifest.schema.json: with it, editors help to write the manifest.",
    ]
    assert host.validate().out == "models.yml: valid, 2 models\n"
    assert host.plan("-q").out == "No changes. The store matches the manifest.\n"
    assert host.check().code == 0
    check, lock = follow(host, ended)
    assert (check.code, lock.code) == (0, 0)
    assert lock.last_line == "Locked 2 models in models.yml."
    assert host.run("verify", MANIFEST).last_line.startswith("Verified 2 models")
    assert host.check().code == 0
    assert snapshot(host.store) == before


@pytest.mark.real_engine
def test_what_the_engine_lists_is_what_it_says(host: Host) -> None:
    host.defaults = ()
    host.has("en.bin", "notes/de.bin")
    assert [each.code for each in follow(host, host.run("init"))] == [0, 0]


def test_at_a_terminal_the_same(host: Host) -> None:
    host.has("en.bin")
    ended = host.asked(b"", "init", "--digests")
    assert (ended.code, ended.out.splitlines()[0]) == (
        0,
        "Wrote models.yml: 1 model, 1.0 kB; names, sizes and digests.",
    )
    assert [each.code for each in follow(host, ended)] == [0, 0]


def test_the_first_apply_after_a_mistake_can_be_taken_back(host: Host) -> None:
    host.has("en.bin", "fr.bin", "de.bin")
    host.run("init")
    before = models_in(host.store)
    text = (host.app / MANIFEST).read_text(encoding="utf-8")
    few, fewer = (re.sub(rf"  - name: ({names})\n.*\n", "", text) for names in ("fr.bin", "fr.bin|de.bin"))
    (host.app / MANIFEST).write_text(fewer, encoding="utf-8")
    refused = host.apply("--yes")
    assert (refused.code, "max_remove" in refused.err) == (3, True)
    (host.app / MANIFEST).write_text(few, encoding="utf-8")
    assert host.apply("--yes").code == 0
    assert host.quarantined() == ["fr.bin"]
    assert host.run("restore").code == 0
    assert models_in(host.store) == before


def test_without_a_store_it_teaches_and_says_what_to_do(host: Host) -> None:
    host.store.rmdir()
    ended = host.run("init")
    assert ended.code == 0
    assert f"with examples alone: there is no store at {host.store} yet." in ended.out
    assert "--store DIR" in ended.out
    validate, plan = follow(host, ended)
    assert validate.out == "models.yml: valid, 0 models\n"
    for missing in (plan, host.check()):
        assert (missing.code, missing.out) == (1, "")
        assert str(host.store) in missing.err
        assert "create the folder" in missing.err
    host.has("en.bin", "fr.bin", "de.bin")
    before = models_in(host.store)
    assert host.check().code == 2
    assert host.apply("--yes").code == 3  # it lists none, and an empty list removes nothing by mistake
    assert models_in(host.store) == before


def test_an_empty_store_is_in_sync_at_once(host: Host) -> None:
    ended = host.run("init")
    assert ended.out.splitlines()[0] == f"Wrote models.yml: no models, because the store {host.store} holds none."
    assert [each.code for each in follow(host, ended)] == [0, 0]


def test_whatever_is_in_the_store_the_manifest_fits(host: Host) -> None:
    host.has(*HOSTILE)
    os.mkfifo(host.store / "x.bin")
    (host.store / "dead").symlink_to("nowhere")
    host.outside.joinpath("far.bin").write_bytes(b"far")
    (host.store / "link").symlink_to(host.outside)
    ended = host.run("init")
    assert "is not listed, but put under `ignore`: " in ended.err
    assert host.check().code == 0
    assert follow(host, ended)[0].code == 0


def test_what_is_there_is_never_written_over(host: Host, tmp_path: Path) -> None:
    host.has("en.bin")
    (host.app / MANIFEST).write_text("mine")
    refused = host.run("init")
    assert (refused.code, refused.out, (host.app / MANIFEST).read_text()) == (3, "", "mine")
    hint = refused.err.splitlines()[1]
    assert hint.startswith("  name another file; ")
    command = shlex.split(hint.rpartition(": ")[2])
    assert host.run(*command[1:]).code == 0
    assert host.check().code == 0
    assert not (host.app / SCHEMA).exists()
    for name, target in (("dead.yml", "nowhere"), ("other.yml", str(tmp_path)), ("null.yml", os.devnull)):
        (host.app / name).symlink_to(target)
        assert host.run("init", name).code == 3
    assert sorted(os.listdir(host.app)) == ["Aspose.AI.LLM", "dead.yml", MANIFEST, "null.yml", "other.yml"]


def test_a_schema_that_is_there_is_left_as_it_is(host: Host) -> None:
    (host.app / SCHEMA).write_text("mine")
    ended = host.run("init")
    assert "manifest.schema.json is there already, and was left as it is.\n" in ended.out
    assert (host.app / SCHEMA).read_text() == "mine"


def test_the_schema_lies_where_the_manifest_says(host: Host) -> None:
    (host.app / "conf").mkdir()
    host.run("init", "conf/ocr.yml")
    first = (host.app / "conf" / "ocr.yml").read_text(encoding="utf-8").splitlines()[0]
    place = host.app / "conf" / first.removeprefix("# yaml-language-server: $schema=")
    assert place.read_text(encoding="utf-8") == (PROJECT / "schemas" / SCHEMA).read_text(encoding="utf-8")
    assert host.run("init", "--no-schema").code == 0
    assert not (host.app / SCHEMA).exists()


def test_a_store_below_the_manifest_moves_along_with_it(host: Host) -> None:
    host.has("en.bin")
    host.store.rename(host.app / "my store")
    ended = host.run("init", "--store", "my store")
    assert 'store: "./my store"\n' in (host.app / MANIFEST).read_text(encoding="utf-8")
    host.app.rename(host.app.with_name("moved"))
    host.app = host.app.with_name("moved")
    assert [each.code for each in follow(host, ended)] == [0, 0]


def test_a_store_elsewhere_is_named_in_full(host: Host) -> None:
    host.has("en.bin")
    host.store = host.store.rename(host.outside / "models")
    ended = host.run("init", "--store", "../outside/models")
    assert f'store: "{host.store}"\n' in (host.app / MANIFEST).read_text(encoding="utf-8")
    assert [each.code for each in follow(host, ended)] == [0, 0]


def test_the_next_commands_have_what_this_one_had(host: Host) -> None:
    host.has("en.bin")
    ended = host.run("-C", str(host.app), "init", "it's.yml", cwd=host.outside)
    assert f"""  ocrstate -C {host.app} check 'it'"'"'s.yml' --inventory directory\n""" in ended.out
    assert [each.code for each in follow(host, ended)] == [0, 0]
    dashed = host.run("init", "--", "-f.yml")
    assert "ocrstate check ./-f.yml" in dashed.out
    assert [each.code for each in follow(host, dashed)] == [0, 0]


def test_a_store_that_no_manifest_can_name_stays_an_option(host: Host) -> None:
    host.has("en.bin")
    host.store = host.store.rename(host.app / "${HOME}")
    ended = host.run("init", "--store", "${HOME}")
    assert "no manifest can say that the store is" in ended.err
    assert "--store '${HOME}'" in ended.out
    assert [each.code for each in follow(host, ended)] == [0, 0]


@pytest.mark.parametrize("place", ["", "notes/"])
def test_it_is_not_written_into_the_store(host: Host, place: str) -> None:
    host.has("notes/en.bin")
    before = snapshot(host.store)
    ended = host.run("init", str(host.store / f"{place}models.yml"))
    assert (ended.code, "lies in the store" in ended.err) == (3, True)
    assert snapshot(host.store) == before
    assert host.run("init", "--store", ".", cwd=host.store).code == 3
    assert snapshot(host.store) == before


@pytest.mark.parametrize("place", [".", "notes", "notes/deeper"])
@pytest.mark.parametrize("command", [("init",), ("snapshot", "--output", MANIFEST)], ids=lambda words: words[0])
def test_nor_into_one_in_which_it_is_started_although_the_engine_would_look_elsewhere(
    host: Host, place: str, command: tuple[str, ...]
) -> None:
    (host.has("en.bin").store / place).mkdir(parents=True, exist_ok=True)
    (host.outside / "Aspose.AI.LLM" / "models").mkdir(parents=True)
    for data in (host.outside, host.outside / "nonexistent"):
        here = ("--store", str(host.outside)) if command[0] == "snapshot" else ()
        before = snapshot(host.store)
        ended = host.run(*command, *here, cwd=host.store / place, env={"XDG_DATA_HOME": str(data)})
        assert (ended.code, "lies in the store" in ended.err) == (3, True)
        assert snapshot(host.store) == before


@pytest.mark.parametrize(
    ("folder", "words", "advised"),
    [
        ("Aspose.AI.LLM/models", (), "ocrstate init ../../models.yml --store . --inventory directory"),
        ("Aspose.AI.LLM/models/notes", (), "ocrstate init ../../../models.yml --store .. --inventory directory"),
        (".", ("Aspose.AI.LLM/models/my.yml", "--no-schema"), "ocrstate init my.yml --no-schema --inventory directory"),
    ],
)
def test_what_to_do_instead_can_be_pasted(host: Host, folder: str, words: tuple[str, ...], advised: str) -> None:
    host.has("en.bin", "notes/de.bin")
    hint = host.run("init", *words, cwd=host.app / folder).err.splitlines()[-1]
    assert hint == f"  write it elsewhere: {advised}"
    host.defaults = ()
    assert host.run(*shlex.split(advised)[1:], cwd=host.app / folder).code == 0
    (manifest,) = host.app.glob("m*.yml")
    assert host.run("check", str(manifest), "--inventory", "directory").code == 0


def test_on_standard_output_there_is_the_manifest_alone(host: Host) -> None:
    host.has("en.bin")
    ended = host.run("init", "-")
    assert ended.err == ""
    assert os.listdir(host.app) == ["Aspose.AI.LLM"]
    (host.app / MANIFEST).write_text(ended.out, encoding="utf-8")
    assert host.check().code == 0


def test_for_scripts_there_is_a_document(host: Host) -> None:
    host.has("en.bin", b"a\nb")
    document = host.run("init", "--json").document
    assert document["kind"] == "init"
    assert (document["models"], document["written"]) == (1, str(host.app / MANIFEST))
    assert document["schema"] == {"path": str(host.app / SCHEMA), "written": True}
    assert document["left_out"] == [{"name": "a\nb", "reason": "its name holds a control character"}]
    assert [shlex.split(each)[1] for each in document["next"]] == ["check", "lock"]
    assert "models:\n" in host.run("init", "-", "--json").document["text"]
    refused = json.loads(host.run("init", "--json").out)
    assert (refused["kind"], refused["error"]["code"]) == ("error", "output-exists")
    host.store.rename(host.outside / "gone")
    assert host.run("init", "other.yml", "--json").document["store"] == {"path": str(host.store), "exists": False}


def test_quiet_says_one_line(host: Host) -> None:
    assert host.has("en.bin").run("init", "-q").out == "Wrote models.yml: 1 model, 1.0 kB; names and sizes.\n"


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda host: host.store.chmod(0), 1),
        (lambda host: host.app.chmod(0o500), 1),
        (lambda host: (host.store.rmdir(), host.store.symlink_to("nowhere")), 1),
        (lambda host: (host.store.rmdir(), host.store.write_text("")), 1),
    ],
    ids=["unreadable store", "no right to write", "dead link", "no folder"],
)
def test_nothing_is_left_behind_where_it_fails(host: Host, spoil: object, code: int) -> None:
    assert callable(spoil)
    before = sorted(os.listdir(host.app))
    spoil(host)
    ended = host.run("init", through=POWERLESS)
    assert (ended.code, ended.out) == (code, "")
    assert sorted(os.listdir(host.app)) == before
    for folder in (host.app, host.store):
        if folder.is_dir():
            folder.chmod(0o700)


def test_content_that_cannot_be_read_is_only_a_reason_with_digests(host: Host) -> None:
    host.has("en.bin")
    (host.store / "en.bin").chmod(0)
    assert host.run("init", "--digests", through=POWERLESS).code == 1
    assert not (host.app / MANIFEST).exists()
    assert host.run("init", through=POWERLESS).code == 0
