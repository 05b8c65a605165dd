"""A plan and what is wrong with a manifest as annotations, read as GitHub's runner reads them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocrstate.errors import OcrstateError
from ocrstate.manifest.desired import DesiredModel
from ocrstate.manifest.problems import Problem
from ocrstate.planning.guards import Consent, RemovesManifest, refusals
from ocrstate.planning.planner import plan
from ocrstate.render.github import error_commands, plan_commands
from ocrstate.render.look import Detail
from ocrstate.text.escape import escape, escape_message
from tests.render.scenes import EVERY_ACTION, IN_SYNC, NO_WAY, REFUSED, WARNED
from tests.render.test_hostile_text import names, plan_of
from tests.support.github import Annotation, annotated
from tests.support.manifests import desired_of
from tests.support.stores import folder_link, inventory_of, scan_of

if TYPE_CHECKING:
    from tests.render.drawing import Case

hostile = st.one_of(names, st.text("%:,=\r\n0AD25a::", min_size=1))


def as_is(path: str) -> str:
    return path


def told(case: Case, consent: Consent | None = None) -> list[Annotation]:
    made = plan(*case)
    refused = refusals(made, case[0], consent or Consent())
    return annotated(plan_commands(made, refused, Detail.CHANGES, as_is))


def placed(found: list[Annotation]) -> list[tuple[str, str | None, str]]:
    return [(each.level, each.properties.get("line"), each.properties["title"]) for each in found]


def test_what_is_amiss_stands_at_the_line_that_lists_it() -> None:
    assert placed(told(EVERY_ACTION)) == [
        ("error", None, "ocrstate: blocked"),
        ("error", "5", "ocrstate: drifted"),
        ("error", "9", "ocrstate: missing"),
        ("error", "15", "ocrstate: drifted"),
        ("notice", None, "ocrstate plan"),
    ]
    assert {each.properties.get("file") for each in told(EVERY_ACTION)} == {"/etc/app/models.yml", None}


def test_what_apply_may_lack_is_a_warning() -> None:
    lenient = told(EVERY_ACTION, Consent(allow_missing=True))
    assert [each.level for each in lenient] == ["error", *["warning"] * 3, "notice"]
    made = plan(*EVERY_ACTION)
    without_apply = annotated(plan_commands(made, (), Detail.CHANGES, as_is))
    assert [each.level for each in without_apply] == [*["warning"] * 4, "notice"]


def test_a_source_that_cannot_be_had_is_an_error_at_its_model() -> None:
    found = told(NO_WAY)
    assert placed(found)[:2] == [
        ("error", "1", "ocrstate: apply would refuse"),
        ("error", "3", "ocrstate: apply would refuse"),
    ]
    assert found[1].message.startswith("c.bin cannot be had from ../gone/c.bin: there is no such file\nmend the source")


def test_what_is_about_no_model_stands_at_the_manifest() -> None:
    titles = [each for each in told(REFUSED) if each.properties["title"] == "ocrstate: apply would refuse"]
    assert len(titles) == 6
    assert all(each.properties["file"] == "/srv/models/m.yml" and "line" not in each.properties for each in titles)


def test_a_link_that_cannot_go_stands_at_the_model_behind_it() -> None:
    listed = DesiredModel("link/en.bin", 7)
    scan = scan_of(links=[folder_link("link", "/srv/other", ["en.bin", "fr.bin"])])
    assert ("error", "7", "ocrstate: blocked") in placed(told((desired_of(listed), inventory_of(scan))))


def test_the_file_is_that_which_lists_the_model_and_is_spelled_as_github_knows_it() -> None:
    made = plan(
        desired_of(DesiredModel("a.bin", 3, path="/repo/base.yml"), path="/repo/m.yml"), inventory_of(scan_of())
    )
    text = plan_commands(made, (), Detail.CHANGES, lambda path: path.removeprefix("/repo/"))
    assert annotated(text)[0].properties["file"] == "base.yml"


def test_warnings_of_the_inventory_are_warnings() -> None:
    assert [each.level for each in told(WARNED)].count("warning") == 4


@pytest.mark.parametrize("detail", Detail)
def test_the_summary_is_a_notice_and_in_brief_all_there_is(detail: Detail) -> None:
    text = plan_commands(plan(*IN_SYNC), (), detail, as_is)
    assert text == "::notice title=ocrstate plan::No changes. The store matches the manifest.\n"
    assert plan_commands(plan(*EVERY_ACTION), (), Detail.SUMMARY, as_is).count("\n") == 1


@settings(deadline=None)
@given(hostile)
def test_whatever_is_in_a_name_each_annotation_is_one_line_that_says_it(name: str) -> None:
    made = plan_of(name.replace("/", "_"))
    made = replace(made, manifest_path=f"/etc/{name}")
    text = plan_commands(made, (RemovesManifest(name),), Detail.CHANGES, as_is)
    assert text.replace("\n", "").isprintable()
    found = annotated(text)
    assert len(found) == text.count("\n")
    assert {each.level for each in found} == {"error", "warning", "notice"}
    shown = f"/etc/{name}" if name.isprintable() else escape(f"/etc/{name}")
    assert found[0].properties["file"] == shown
    (missing,) = [each for each in found if each.properties["title"] == "ocrstate: missing" and each.message[0] in '"m']
    assert missing.message.startswith(escape(f"missing{name.replace('/', '_')}"))


@given(hostile)
def test_every_problem_of_a_manifest_is_an_annotation_at_its_place(name: str) -> None:
    problems = [Problem(name, 3, 5, "bad-name", name), Problem(name, 4, 1, "bad-name", name)]
    error = OcrstateError("manifest-invalid", name, name)
    found = annotated(error_commands(error, [*problems, problems[0]], as_is))
    assert [(each.properties["line"], each.properties["col"]) for each in found] == [("3", "5"), ("4", "1")]
    assert {each.message for each in found} == {escape_message(name)}
    (alone,) = annotated(error_commands(error, (), as_is))
    assert alone.properties == {"title": "ocrstate: manifest-invalid"}
