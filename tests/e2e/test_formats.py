"""Answers for a pull request: what plan, show, check and validate write where GitHub reads it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from ocrstate.render.markdown import MARK
from ocrstate.text.escape import escape
from tests.e2e.engines import stand_in
from tests.e2e.host import MANIFEST, Host, snapshot
from tests.e2e.plans import PLAN, saved
from tests.e2e.test_names import STRANGE
from tests.render.test_markdown import read
from tests.support.github import annotated

if TYPE_CHECKING:
    from tests.e2e.host import Ended

GITHUB = ("--format", "github")
MARKDOWN = ("--format", "markdown")


@pytest.fixture(autouse=True)
def _outside_of_github(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)


def names_in(ended: Ended) -> list[str]:
    return [row[1] for row in read(ended.out).cells]


def test_the_plan_and_the_saved_plan_are_one_comment(host: Host) -> None:
    saved(host.has("en.bin", "old.bin").lists("en.bin", "fr.bin"))
    before = snapshot(host.app)
    ended = host.plan(*MARKDOWN)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(f"{MARK}\n**ocrstate plan**: 0 to fetch, 0 to replace, 1 to remove (")
    assert names_in(ended) == ["fr.bin", "old.bin"]
    assert "**apply would refuse:** of the listed models, 1 missing (`fr.bin`): a typo" in ended.out
    assert host.run("show", PLAN, *MARKDOWN).out == ended.out
    assert host.check(*MARKDOWN).code == 2
    assert host.plan(*MARKDOWN, "--detailed-exitcode", "-q").out.count("\n") == 2
    assert snapshot(host.app) == before


@pytest.mark.without_engine
def test_names_of_any_bytes_stay_in_their_cells(host: Host) -> None:
    names: list[str | bytes] = [
        *STRANGE,
        "a|b.bin",
        "`x`|y",
        "<script>",
        "@octocat",
        "[x](http:y)",
        "\u202egnp.bin",
        b"\xff.bin",
    ]
    host.has(*names).lists("en.bin")
    ended = host.plan(*MARKDOWN, "--color", "always")
    document = json.loads(host.plan("--json").out)
    assert ended.out.replace("\n", "").isprintable()
    assert len(names_in(ended)) == len(document["changes"]) >= len(names)
    assert {escape(name) for name in names if isinstance(name, str)} <= set(names_in(ended))


@pytest.mark.without_engine
def test_annotations_stand_at_the_lines_of_the_manifest_in_the_repository(host: Host) -> None:
    host.has("en.bin").lists("en.bin", "fr.bin", {"name": "de.bin", "size": 3})
    workspace = {"GITHUB_WORKSPACE": str(host.app.parent)}
    ended = host.run("plan", f"../app/{MANIFEST}", *GITHUB, env=workspace)
    lines = (host.app / MANIFEST).read_text().splitlines()
    found = annotated(ended.out)
    assert [each.level for each in found] == ["error", "error", "notice"]
    for each in found[:-1]:
        name = each.message.partition(":")[0]
        assert each.properties["file"] == f"app/{MANIFEST}"
        assert name in lines[int(each.properties["line"]) - 1]
    assert annotated(host.check(*GITHUB).out)[0].properties["file"] == MANIFEST
    assert [each.level for each in annotated(host.check(*GITHUB).out)] == ["warning", "warning", "warning"]


@pytest.mark.without_engine
def test_json_has_two_names_and_tolerates_no_third(host: Host) -> None:
    host.has("en.bin").lists("en.bin")
    for command in (("plan", MANIFEST), ("validate", MANIFEST)):
        asked_by_name = host.run(*command, "--format", "json")
        assert asked_by_name.document == host.run(*command, "--json").document
        assert host.run(*command, "--json", "--format", "json").out == asked_by_name.out
    for command in (("plan", MANIFEST), ("check", MANIFEST), ("show", PLAN), ("validate", MANIFEST)):
        refused = host.run(*command, "--json", *GITHUB)
        assert (refused.code, refused.document["error"]["code"]) == (64, "usage")
        assert "--json and --format github contradict each other" in refused.err


@pytest.mark.without_engine
def test_what_is_wrong_with_a_manifest_is_told_in_every_form(host: Host) -> None:
    host.lists("no", "../x")
    (host.app / MANIFEST).write_text("version: 1\nmodels:\n  - no\n  - ../x\n")
    as_text = host.validate()
    places = [(MANIFEST, "3", "5"), (MANIFEST, "4", "5")]
    for ended in (host.validate(*GITHUB), host.plan(*GITHUB), host.check(*GITHUB)):
        assert (ended.code, ended.err) == (1, as_text.err)
        found = annotated(ended.out)
        assert [(p["file"], p["line"], p["col"]) for _, p, _ in found] == places
        assert {each.level for each in found} == {"error"}
    ended = host.plan(*MARKDOWN)
    assert (ended.code, ended.err) == (1, as_text.err)
    assert ended.out.startswith(f"{MARK}\n**ocrstate plan**: an error, and no plan.\n")
    assert f"\n- `{MANIFEST}:3:5` " in ended.out


def test_what_is_wrong_with_the_engine_is_told_in_every_form(host: Host) -> None:
    stand_in(host.has("en.bin").lists("en.bin"), "aborts")
    (alone,) = annotated(host.plan(*GITHUB).out)
    assert (alone.level, alone.properties) == ("error", {"title": "ocrstate: engine-aborted"})
    assert "the engine gave up (SIGABRT)" in alone.message
    assert "> [!CAUTION]\n> **Error:** the engine gave up" in host.plan(*MARKDOWN).out


@pytest.mark.without_engine
def test_usage_errors_are_annotations_too(host: Host) -> None:
    ended = host.plan(*GITHUB, "--nonsense")
    assert ended.code == 64
    assert ended.out == "::error title=ocrstate%3A usage::No such option '--nonsense'.%0Asee ocrstate plan --help\n"


@pytest.mark.without_engine
def test_valid_manifests_have_no_annotation(host: Host) -> None:
    ended = host.lists("en.bin").validate(*GITHUB)
    assert (ended.code, ended.out, ended.err) == (0, f"Valid, 1 model: {MANIFEST}\n", "")


def test_a_check_that_finds_drift_names_what_drifted(host: Host) -> None:
    host.has("en.bin", "old_1.bin", "old_2.bin").lists("en.bin")
    (found,) = annotated(host.check(*GITHUB).out)
    assert (found.level, found.properties["title"], found.properties["file"]) == ("warning", "ocrstate check", MANIFEST)
    assert "to remove: old_1.bin, old_2.bin" in found.message
    host.lists("en.bin", "old_1.bin", "old_2.bin")
    assert [each.level for each in annotated(host.check(*GITHUB).out)] == ["notice"]


def test_a_command_without_formats_answers_in_none(host: Host) -> None:
    host.lists("en.bin")
    for form in ("markdown", "github"):
        ended = host.run("list", MANIFEST, "--format", form)
        assert (ended.code, ended.out) == (64, "")
        assert "No such option" in ended.err
