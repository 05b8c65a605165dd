"""Why: one name, what happens to it, where that is written, and what to write for something else to happen."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.host import MANIFEST, Ended, Host, snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable

pytestmark = pytest.mark.without_engine

BASE = """\
version: 1
models:
  - en.bin
  - base_1.bin
protect: ["base_*"]
"""
TEXT = """\
version: 1
extends: [base.yml]
models:
  - en.bin
  - FR.bin
  - {name: de.bin, size: 999}
  - held/a.bin
  - name: it.bin
    source: golden.bin
ignore:
  - .gitkeep
absent: ["old_*"]
"""
HELD = ("base_1.bin", "base_2.bin", "en.bin", "fr.bin", "de.bin", "old_1.bin", "x.bin", "sub/y.bin", ".gitkeep")


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Host:
    """Give a host on which something of every kind lies; nothing is changed on it."""
    host = Host(tmp_path_factory.mktemp("why"))
    host.defaults = ("--inventory", "directory")
    host.has(*HELD, b"caf\xe9.bin")
    (host.app / "base.yml").write_text(BASE)
    (host.app / MANIFEST).write_text(TEXT)
    (host.app / "golden.bin").write_bytes(b"golden")
    for name in ("a.bin", "b.bin"):
        (host.outside / name).touch()
    os.symlink(host.outside, host.store / "held")
    os.symlink(host.outside, host.store / "gone")
    os.mkfifo(host.store / "pipe")
    (host.store / "sub" / "deep").mkdir()
    (host.store / "sub" / "deep" / "z.bin").touch()
    (host.store / "sub" / "way").symlink_to(host.outside)
    return host


def why(host: Host, name: str, *options: str) -> Ended:
    return host.run("why", MANIFEST, *options, "--", name)


@pytest.mark.parametrize(
    ("name", "answer", "place"),
    [
        ("en.bin", "en.bin stays: listed, and in the store", "listed at models.yml:4:5\n  also listed at base.yml:3:5"),
        ("base_1.bin", "base_1.bin stays: listed, and in the store", 'also "base_*" under `protect` at base.yml:5:11'),
        ("x.bin", "x.bin would be removed: not listed in models.yml or base.yml", "which is the default"),
        ("old_1.bin", 'old_1.bin would be removed: absent: "old_*"', '"old_*" under `absent` at models.yml:12:10'),
        ("FR.bin", "FR.bin is missing: listed, not in the store; did you mean fr.bin?", "listed at models.yml:5:5"),
        ("de.bin", "de.bin is not as listed: size 999 B listed, 1,000 B found", "`size: 999` at models.yml:6:26"),
        (".gitkeep", '.gitkeep is ignored: ".gitkeep" under `ignore` matches it', "at models.yml:11:5"),
        ("pipe", "pipe is blocked: not listed, and a named pipe", "If it is no model, add to the list `ignore`"),
        ("gone/b.bin", "gone/b.bin would be seen no more: seen through gone, which would be removed", ""),
        ("held", "held is blocked: link to the folder ", "held/a.bin: listed at models.yml:7:5"),
        ("sub/deep/z.bin", "sub/deep/z.bin is not looked at: the engine looks no deeper than one sub-folder", ""),
        ("sub/deep", "sub/deep is not looked at: the engine looks no deeper than one sub-folder", "move it up"),
        (".ocrstate/journal", ".ocrstate/journal stays: ocrstate keeps its own files there", ""),
        (os.fsdecode(b"caf\xe9.bin"), "caf\\xe9.bin is blocked: not listed, and its name is not UTF-8", "rename it"),
    ],
)  # fmt: skip
def test_the_answer_comes_first_and_then_the_place(fleet: Host, name: str, answer: str, place: str) -> None:
    ended = why(fleet, name)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(answer)
    assert place in ended.out
    assert len(ended.out.splitlines()) <= 24, "a screenful"


@pytest.mark.parametrize(
    "spelled", ["x.bin", "./x.bin", "Aspose.AI.LLM/models/x.bin", "caf\\xe9.bin", "sub/", "{store}/sub/y.bin"]
)
def test_a_name_may_be_given_as_plan_shows_it_or_as_a_path(fleet: Host, spelled: str) -> None:
    written = spelled.format(store=fleet.store) if "{" in spelled else spelled
    cwd = fleet.store if spelled == "./x.bin" else fleet.app
    ended = fleet.run("why", str(fleet.app / MANIFEST), "-C", str(cwd), "--store", str(fleet.store), "-q", written)
    name = spelled.rpartition("models/")[2].removeprefix("./").removeprefix("{store}/").rstrip("/")
    assert (ended.code, ended.out.split()[0], ended.out.count("\n")) == (0, name, 1)


def test_the_change_is_the_one_of_the_plan(fleet: Host) -> None:
    planned = {each["name"]: each for each in fleet.plan("--json").document["changes"]}
    for name in ("x.bin", "FR.bin", "de.bin", "pipe", "held", "it.bin"):
        document = why(fleet, name, "--json").document
        assert document["change"] == planned[name]
        assert document["state"] == planned[name]["action"]


def test_an_unknown_name_is_an_error_that_says_what_may_be_meant(fleet: Host) -> None:
    ended = why(fleet, "base_l.bin")
    assert (ended.code, ended.out) == (1, "")
    assert "Error: base_l.bin is neither in the store " in ended.err
    assert "  did you mean base_2.bin or base_1.bin?\n" in ended.err
    assert why(fleet, "IT.bin", "--json").document["error"]["hint"] == "did you mean it.bin? (differs in case)"
    assert why(fleet, "nothing like it", "--json").document["error"]["code"] == "name-unknown"


@pytest.mark.parametrize(
    "name",
    [
        *("/etc/passwd", "../../x/y", "../x", "{store}", "{store}/", "{store}/../y", ".", "/", "", "sub/../x.bin"),
        *(".ocrstate/../../y", "Aspose.AI.LLM/models", "{store}/../models-2/y"),
    ],
)
def test_a_path_that_leads_out_of_the_store_is_refused(fleet: Host, name: str) -> None:
    ended = why(fleet, name.format(store=fleet.store))
    assert (ended.code, ended.out) == (3, "")
    assert "names no model in a store\n  name it relative to the store" in ended.err


@pytest.mark.parametrize(
    "name", ["x/y/z.bin", "sub/deep/no.bin", "sub/way/a.bin", "sub/deep/z.bin/no", "held/no/a.bin"]
)
def test_what_is_not_there_is_not_said_to_lie_too_deep(fleet: Host, name: str) -> None:
    document = why(fleet, name, "--json").document
    assert document["error"]["code"] == "name-unknown"


def test_what_a_run_removed_can_be_told_from_what_never_was(host: Host) -> None:
    host.defaults = ("--inventory", "directory")
    host.has("en.bin", "old_en.bin", "-rf").lists("en.bin", policy={"retain": "7d"})
    assert host.apply("--yes").code == 0
    (run,) = host.runs()
    for words in (
        ("why", MANIFEST, "old_en.bin"),
        ("path", "old_en.bin"),
        ("why", MANIFEST, f"{host.store}/old_en.bin"),
    ):
        ended = host.run(*words)
        assert (ended.code, ended.out) == (1, "")
        assert f"old_en.bin is not in the store {host.store}: the run {run['run_id']} on 20" in ended.err
        assert " removed it\n  restorable until 20" in ended.err
        assert f": ocrstate restore {run['run_id']} old_en.bin --store {host.store}\n" in ended.err
    assert why(host, "old_en.bin", "--json").document["error"]["code"] == "model-removed"
    assert f"ocrstate restore {run['run_id']} --store {host.store} -- -rf\n" in why(host, "-rf").err
    host.lists("en.bin", "old_en.bin")
    assert why(host, "old_en.bin").out.startswith("old_en.bin is missing: ")
    host.lists("en.bin", store=str(host.store))
    assert host.run("restore", run["run_id"], "old_en.bin", "--store", str(host.store)).code == 0
    assert host.run("path", "old_en.bin").code == 0


def test_a_name_with_a_dash_in_front_a_name_alone_and_no_name_at_all(fleet: Host) -> None:
    assert why(fleet, "-rf").code == 1
    ended = fleet.run("why", MANIFEST)
    assert (ended.code, "say which manifest and which name" in ended.err) == (64, True)
    assert fleet.run("why").code == 64


def test_a_name_alone_is_told_with_the_manifest_in_the_folder(host: Host) -> None:
    def said(*words: str) -> str:
        ended = host.run("why", *words)
        assert (ended.code, ended.out) == (64, "")
        return ended.err

    assert "which name: MANIFEST... NAME\n" in said("x y.bin")
    host.lists("en.bin")
    assert "which name: ocrstate why models.yml 'x y.bin'\n" in said("x y.bin")
    assert "which name: ocrstate why models.yml -- -x\n" in said("--", "-x")
    assert f"which name: ocrstate why -C {host.app} models.yml x\n" in said("-C", str(host.app), "x")
    (host.app / "base.yml").touch()
    assert "which name: ocrstate why models.yml x.bin\n" in said("x.bin")
    assert "which name: MANIFEST... NAME\n" in said("models.yml")
    (host.app / MANIFEST).rename(host.app / "host.yaml")
    assert "which name: MANIFEST... NAME\n" in said("x.bin")


def test_several_manifests_are_given_before_the_name(fleet: Host) -> None:
    (fleet.app / "host.yml").write_text("version: 1\nmodels: [en.bin]\npolicy: {unlisted: report}\n")
    ended = fleet.run("why", "base.yml", "host.yml", "x.bin")
    assert ended.out.startswith("x.bin stays: not listed\n  `unlisted: report` at host.yml:3:20\n")


def test_nothing_is_changed_and_a_manifest_that_is_wrong_is_told_of(fleet: Host) -> None:
    before = snapshot(fleet.app)
    why(fleet, "x.bin", "-v")
    assert snapshot(fleet.app) == before
    (fleet.app / "wrong.yml").write_text("version: 1\nmodels: [no]\n")
    ended = fleet.run("why", "wrong.yml", "x.bin")
    assert (ended.code, "wrong.yml:2:10: YAML reads no as the boolean false here" in ended.err) == (1, True)


@pytest.mark.real_engine
def test_the_engine_is_asked_as_plan_asks_it(fleet: Host) -> None:
    found = Host.run(_asking(fleet), "why", MANIFEST, "x.bin", "--json").document
    assert (found["inventory"]["source"], found["state"]) == ("engine", "remove")


def _asking(host: Host) -> Host:
    asking = object.__new__(Host)
    asking.__dict__.update(host.__dict__, defaults=("--store", str(host.store)))
    return asking


# -- what it says to write, written


def remedies(ended: Ended) -> dict[str, dict[str, Any]]:
    return {each["goal"]: each for each in ended.document["remedies"]}


def paste(host: Host, remedy: dict[str, Any]) -> None:
    """Write the lines where the remedy says; a place is the key's, and they come behind its line, or at the end."""
    (step,) = (each for each in remedy["steps"] if each["lines"])
    path = host.app / step["path"]
    lines = path.read_text().splitlines()
    after = step["places"][0]["line"] if step["places"] else len(lines)
    lines[after:after] = step["lines"]
    path.write_text("\n".join(lines) + "\n")


def cut(host: Host, places: Iterable[dict[str, Any]]) -> None:
    """Take out the lines at the places."""
    for place in sorted(places, key=lambda each: -int(each["line"])):
        path = host.app / place["path"]
        lines = path.read_text().splitlines()
        del lines[place["line"] - 1]
        path.write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize("name", ["x.bin", "no", "cafe\u0301.bin", "- #x", "sub/y [1].bin"])
@pytest.mark.parametrize(("goal", "state"), [("keep", "keep"), ("keep-unlisted", "protected")])
def test_what_is_pasted_keeps_the_model(host: Host, name: str, goal: str, state: str) -> None:
    host.has("en.bin", name)
    (host.app / MANIFEST).write_text("version: 1\nmodels: # these\n    - en.bin\n")
    paste(host, remedies(why(host, name, "--json"))[goal])
    assert why(host, name, "--json").document["state"] == state


def test_what_is_taken_out_lets_the_model_go(host: Host) -> None:
    host.has("base_1.bin", "en.bin")
    (host.app / "base.yml").write_text("version: 1\nmodels:\n  - base_1.bin\nprotect:\n  - base_*\n  - x\n")
    (host.app / MANIFEST).write_text("version: 1\nextends: [base.yml]\nmodels:\n  - en.bin\n  - base_1.bin\n")
    steps = remedies(why(host, "base_1.bin", "--json"))["let-go"]["steps"]
    (host.app / "base.yml").write_text((host.app / "base.yml").read_text().replace("models:\n", "models:\n  - y\n"))
    again = remedies(why(host, "base_1.bin", "--json"))["let-go"]["steps"]
    assert [each["kind"] for each in again] == [each["kind"] for each in steps] == ["take-out", "narrow-patterns"]
    cut(host, [place for step in again for place in step["places"]])
    assert why(host, "base_1.bin", "--json").document["state"] == "remove"


def test_the_name_that_is_meant_is_found_once_it_is_written(host: Host) -> None:
    host.has("cafe\u0301.bin").lists("caf\u00e9.bin")
    ended = why(host, "cafe\u0301.bin")
    assert 'which is listed and missing, write "cafe\\u0301.bin" at models.yml:2:3\n' in ended.out
    (host.app / MANIFEST).write_text('version: 1\nmodels:\n- "cafe\\u0301.bin"\n')
    assert why(host, "cafe\u0301.bin", "--json").document["state"] == "keep"


def test_what_is_there_is_accepted_with_the_command_that_is_named(host: Host) -> None:
    host.has("my de.bin").lists({"name": "my de.bin", "size": 5})
    (sentence,) = (line for line in why(host, "my de.bin").out.splitlines() if "accept it with" in line)
    assert sentence.endswith("ocrstate lock models.yml 'my de.bin'")
    assert host.run("lock", MANIFEST, "my de.bin", "--yes").code == 0
    assert why(host, "my de.bin", "--json").document["state"] == "keep"


def test_what_would_hold_apply_back_is_said(host: Host) -> None:
    host.has("x.bin").lists("gone.bin")
    assert "apply would refuse the whole plan: of the listed models, 1 missing (gone.bin)" in why(host, "x.bin").out
    assert why(host, "x.bin", "--json").document["refusals"][0]["code"] == "listed-models-amiss"
    assert why(host, "gone.bin", "--json").document["refusals"] == []


def test_contents_are_compared_where_that_is_asked_for(host: Host) -> None:
    host.has("en.bin").lists({"name": "en.bin", "sha256": "0" * 64})
    assert "its content was not compared (--verify does)" in why(host, "en.bin").out
    ended = why(host, "en.bin", "--verify")
    assert ended.out.startswith("en.bin is not as listed: sha256 000000000000… listed, ")
    assert f"`sha256: {'0' * 64}` at models.yml:3:11" in ended.out
