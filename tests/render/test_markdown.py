"""A plan as a comment on a pull request, read by a Markdown parser as GitHub reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ocrstate.errors import OcrstateError
from ocrstate.manifest.problems import Problem
from ocrstate.planning.guards import Consent, RemovesManifest, refusals
from ocrstate.planning.planner import plan
from ocrstate.render.look import Detail
from ocrstate.render.markdown import MARK, error_markdown, plan_markdown
from ocrstate.render.plan_text import STYLES, shown_changes
from ocrstate.text.escape import escape
from tests.render.scenes import EVERY_ACTION, HOSTILE, IN_SYNC, NO_WAY, REFUSED, WARNED
from tests.render.test_hostile_text import names, plan_of
from tests.support.manifests import desired_of
from tests.support.stores import STORE, inventory_of, scan_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

    from ocrstate.planning.model import Plan
    from tests.render.drawing import Case

GITHUBS_LIMIT = 65_536
OUR_TAGS = {"<br>", "<code>", "</code>"}
OUR_BLOCKS = {f"{MARK}\n", "</details>\n"}
OUR_MARKUP = {"text", "code_inline", "html_inline", "softbreak", "strong_open", "strong_close"}
OUR_CHARACTERS = re.compile(r"(?:[A-Za-z0-9 ,;:.?()!-]|\[!(?:WARNING|NOTE|CAUTION)\])*")
SPECIAL = (
    *("a|b", "a`b", "``", "|", "\\|", "a\\|b`", "<script>alert(1)</script>", "<!--", "-->", "</details>", "@octocat"),
    *("#12", "[x](http://evil.example)", "![x](y)", "**bold**", "_x_", "~~x~~", "&lt;", "&#64;", ":smile:", "$x$"),
    *("https://evil.example", "www.evil.example", "a@b.example", "| --- |", "> quote", "- item", "1. item", "GH-12"),
    *("`<b>`", "<code>", "</code>@you", "a b  c", "x" * 255),
)
hostile = st.one_of(names, st.sampled_from(SPECIAL), st.text("|`\\<>&@#*_[]()!~:$\"' -.1a\n\u202e", min_size=1)).map(
    lambda name: name.replace("/", "_")
)


@dataclass(frozen=True)
class Read:
    """What a reader of the comment sees.

    Attributes:
        cells: of the table's rows, the head left out, as text.
        markup: the kinds of things in running text.
        outside: running text that is not shown as code.
    """

    cells: list[list[str]]
    markup: set[str]
    html: set[str]
    outside: str


def read(text: str) -> Read:
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text)
    inner = [child for token in tokens for child in token.children or ()]
    rows: list[list[str]] = []
    for before, token in pairwise(tokens):
        if before.type == "tr_open":
            rows.append([])
        if before.type in ("th_open", "td_open"):
            rows[-1].append(shown(token))
    html = {token.content for token in (*tokens, *inner) if token.type in ("html_inline", "html_block")}
    outside = "\n".join(shown(token, code=False) for token in tokens if token.type == "inline")
    return Read(rows[1:], {child.type for child in inner}, html, outside)


def shown(inline: Token, *, code: bool = True) -> str:
    said, in_code = "", False
    for child in inline.children or ():
        in_code = child.content == "<code>" or (in_code and child.content != "</code>")
        if (child.type in ("text", "text_special") and (code or not in_code)) or (child.type == "code_inline" and code):
            said += child.content
    return said


def markdown_of(made: Plan, detail: Detail = Detail.CHANGES) -> str:
    refused = (*refusals(made, desired_of(), Consent(max_remove=0)), RemovesManifest(made.manifest_path))
    return plan_markdown(made, refused, detail)


def assert_rows(seen: Read, made: Plan, detail: Detail) -> None:
    """Every change has one row, with just its name."""
    rank = {kind: number for number, kind in enumerate(STYLES)}
    changes = sorted(shown_changes(made, detail), key=lambda change: -rank[type(change)])
    assert [row[1] for row in seen.cells] == [escape(change.name) for change in changes]
    assert [row[0].split()[-1] for row in seen.cells] == [STYLES[type(change)].action for change in changes]
    assert {len(row) for row in seen.cells} <= {4}


def assert_harmless(seen: Read, folded: Sequence[str] = ()) -> None:
    assert seen.markup <= OUR_MARKUP
    assert seen.html <= OUR_TAGS | OUR_BLOCKS | set(folded)
    for line in seen.outside.replace("\n\n", "\n").split("\n"):
        assert OUR_CHARACTERS.fullmatch(line), line
        assert "www.e" not in line


@settings(deadline=None, max_examples=60)
@given(hostile, st.sampled_from((Detail.CHANGES, Detail.EVERYTHING)))
def test_whatever_is_in_a_name_it_stays_in_its_cell_and_is_only_characters(name: str, detail: Detail) -> None:
    made = plan_of(name)
    text = markdown_of(made, detail)
    seen = read(text)
    assert_rows(seen, made, detail)
    assert_harmless(seen, re.findall(r"<details><summary>\d+ changes</summary>\n", text))
    assert text.replace("\n", "").isprintable()
    assert len(text) < GITHUBS_LIMIT


@given(hostile)
def test_whatever_is_in_an_error_it_is_only_characters(text: str) -> None:
    for problems in ((), [Problem(text, 3, 5, "code", text)] * 2):
        said = error_markdown(OcrstateError("code", text, text), problems)
        seen = read(said)
        assert_harmless(seen)
        assert said.startswith(f"{MARK}\n**ocrstate plan**: an error, and no plan.\n")


SCENES: dict[str, Case] = {
    "every action": EVERY_ACTION,
    "hostile": HOSTILE,
    "no way": NO_WAY,
    "refused": REFUSED,
    "warned": WARNED,
}


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("detail", [Detail.CHANGES, Detail.EVERYTHING])
def test_each_change_is_a_row_and_nothing_else_is(scene: str, detail: Detail) -> None:
    made = plan(*SCENES[scene])
    assert_rows(read(markdown_of(made, detail)), made, detail)


def test_the_headline_is_the_summary_and_comes_first() -> None:
    made = plan(*EVERY_ACTION)
    first, second, *_ = plan_markdown(made, (), Detail.CHANGES).split("\n")
    assert first == MARK
    assert second.startswith("**ocrstate plan**: 1 to fetch (4.0 GB), 1 to replace (5.0 MB), 3 to remove (")
    assert plan_markdown(made, (), Detail.SUMMARY) == f"{first}\n{second}\n"


def test_a_plan_without_changes_has_no_table() -> None:
    text = plan_markdown(plan(*IN_SYNC), (), Detail.CHANGES)
    assert "**ocrstate plan**: No changes. The store matches the manifest.\n" in text
    assert read(text).cells == []
    assert "Manifest `/etc/app/models.yml`<br>Store `/app/models`<br>Models 2, listed by the engine 26.7.0" in text


def test_what_needs_attention_comes_first() -> None:
    actions = [row[0] for row in read(markdown_of(plan(*EVERY_ACTION))).cells]
    assert actions[:3] == ["x blocked", "! missing", "~ drifted"]


def test_why_apply_would_refuse_is_a_block_of_its_own_with_what_to_do() -> None:
    made = plan(*REFUSED)
    text = plan_markdown(made, refusals(made, REFUSED[0], Consent()), Detail.CHANGES)
    assert text.count("> [!WARNING]\n> **apply would refuse:** ") == 8
    assert "<br>what is no model belongs under `ignore` in the manifest" in text


def test_what_is_odd_about_the_inventory_is_said() -> None:
    assert markdown_of(plan(*WARNED)).count("> [!NOTE]\n> **Warning:** ") == 4


def of_many(count: int, name: str = "old") -> Plan:
    return plan(desired_of("en.bin"), inventory_of(scan_of("en.bin", *(f"{name}_{n:06}" for n in range(count)))))


def test_a_long_table_is_folded() -> None:
    assert "<details>" not in markdown_of(of_many(20))
    folded = markdown_of(of_many(21))
    assert "<details><summary>21 changes</summary>\n\n|  | Model |" in folded
    assert len(read(folded).cells) == 21


@pytest.mark.parametrize("name", ["old", "long" * 50, "|" * 250, "\udcff" * 250])
def test_what_a_comment_cannot_hold_is_counted(name: str) -> None:
    made = of_many(2_000, name)
    text = markdown_of(made)
    assert 50_000 < len(text) < GITHUBS_LIMIT
    shown_rows = len(read(text).cells)
    left_out = re.search(r"^([0-9,]+) more changes left out: ", text, re.MULTILINE)
    assert left_out
    assert shown_rows + int(left_out[1].replace(",", "")) == 2_000
    assert text.rstrip().endswith("stay as listed")


def test_very_long_paths_and_very_many_problems_fit() -> None:
    made = plan(*REFUSED)
    made = replace(made, manifest_path="/" + "|/" * 2000, store=replace(STORE, path="/" + "@/" * 2000))
    assert len(markdown_of(made)) < GITHUBS_LIMIT
    problems = [Problem("|" * 4000, 1, n, "code", "<" * 4000) for n in range(1, 1001)]
    said = error_markdown(OcrstateError("code", "x" * 10_000, "y" * 10_000), problems)
    assert len(said) < GITHUBS_LIMIT
    assert re.search(r"^[0-9,]+ more problems left out: ", said, re.MULTILINE)
