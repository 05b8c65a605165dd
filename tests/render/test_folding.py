"""Text folded to a width: no line is wider, nothing is lost, and what is to be copied stays whole."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocrstate.render.folding import LEAST_ROOM, beside, fold, fold_items, fold_lines, row, shown_cells, whole
from ocrstate.render.paint import Colour, Paint
from tests.render.drawing import WIDTHS
from tests.render.scenes import SCENES, shown

words = st.lists(
    st.one_of(st.text("abc.", min_size=1, max_size=9), st.sampled_from(("模型", "e\u0301", "x" * 70, "😀" * 3))),
    min_size=1,
    max_size=30,
)
widths = st.integers(min_value=1, max_value=120)


@given(words, widths, st.integers(min_value=0, max_value=10))
def test_folding_changes_nothing_but_the_spaces_between_words(drawn: list[str], width: int, indent: int) -> None:
    assert fold(" ".join(drawn), width, indent=indent).split() == drawn


@given(words, widths, st.integers(min_value=0, max_value=10))
def test_only_a_word_that_no_line_can_hold_makes_a_line_too_wide(drawn: list[str], width: int, indent: int) -> None:
    for line in fold(" ".join(drawn), width, indent=indent).split("\n"):
        assert shown_cells(line) <= width or any(shown_cells(word) > width for word in line.split())


@given(words, st.sampled_from(Colour), widths)
def test_colours_take_up_no_room(drawn: list[str], colour: Colour, width: int) -> None:
    text = " ".join(drawn)
    painted = fold(Paint(colours=True)(colour, text), width)
    assert re.sub(r"\x1b\[[0-9]*m", "", painted) == fold(text, width)


@given(words, st.integers(min_value=0, max_value=40))
def test_without_a_width_a_line_stays_one_line(drawn: list[str], indent: int) -> None:
    text = " ".join(drawn)
    assert fold(text, None, indent=indent) == fold_lines(text, None) == text
    assert beside("lead ", text, None, below=2) == row("lead", 1, "", text, None) == f"lead {text}"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("one two three", "one two\n  three"),
        ("frees 12 GB now", "frees\n  12 GB\n  now"),
        ("frees (12 GB)", "frees\n  (12 GB)"),
        ("run `a b c` it", "run\n  `a b c`\n  it"),
        (f"run {whole('a b c')} on", "run a b c\n  on"),
        ("run ocrstate recover --store /a now", "run\nocrstate recover --store /a\n  now"),
        ("ocrstate lock 'a b' c --store '/d e'; x", "ocrstate lock 'a b' c --store '/d e';\n  x"),
        ("a/path/b is", "a/path/b\n  is"),
        ("in a/long/p", "in\na/long/p"),
        ("x a/path/that/is/longer y", "x a/path/that/is/longer\n  y"),
        ("模型 模型 模型", "模型 模型\n  模型"),
    ],
)
def test_what_belongs_together_stays_together(text: str, folded: str) -> None:
    assert fold(text, 10 if "long/p" not in text else 8, indent=2) == folded


def test_words_stand_beside_what_leads_them_or_beneath_it_where_room_is_scarce() -> None:
    text = "words " * 5 + "end"
    assert beside("lead  ", text, 6 + LEAST_ROOM, below=2) == "lead  words words words words\n      words end"
    assert beside("lead  ", text, 5 + LEAST_ROOM, below=2) == "lead\n  words words words words\n  words end"
    assert beside("lead  ", "few", 9, below=2) == "lead  few"
    assert beside("lead  ", "", 4, below=2) == "lead  "


def test_a_name_longer_than_its_column_pushes_the_rest_beneath_where_it_would_not_fit() -> None:
    assert row("long_name", -4, "  1 B  ", "not listed", 80) == "long_name  1 B  not listed"
    assert row("long_name", -4, "  1 B  ", "not listed", 30) == "long_name  1 B  not listed"
    assert row("a" * 30, -20, "  1 B  ", "not listed", 30) == f"{'a' * 30}\n{' ' * 12}1 B  not listed"
    assert row("a" * 30, -20, "  ", "", 30) == "a" * 30


def test_items_are_set_beside_each_other_and_not_broken() -> None:
    assert fold_items(["a b", "c d", "e f"], 8, "  ") == "a b  c d\ne f"
    assert fold_items(["a b", "c d", "e f"], None, "  ") == "a b  c d  e f"


def test_lines_that_go_on_are_indented_deeper_than_they_begin() -> None:
    assert fold_lines("a b c\n  d e f\n", 5) == "a b c\n  d e\n    f\n"


@pytest.mark.parametrize("name", [name for name in SCENES if name.rpartition("-")[2] in ("60", "200")])
def test_no_line_of_a_scene_is_wider_than_its_terminal_unless_it_is_one_word(name: str) -> None:
    width = WIDTHS[name.rpartition("-")[2]]
    assert width is not None
    wide = [line for line in SCENES[name].split("\n") if shown_cells(line) > width]
    assert [
        line for line in wide if not any(shown_cells(word) + len("      listed  ") > width for word in line.split())
    ] == []


@pytest.mark.parametrize("name", [name.removesuffix("-60") for name in SCENES if name.endswith("-60")])
def test_scenes_say_the_same_at_every_width(name: str) -> None:
    said = {suffix: sorted(shown(SCENES[f"{name}-{suffix}"]).split()) for suffix in WIDTHS}
    assert said["60"] == said["200"] == said["piped"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("If right, accept it: ocrstate lock m.yml dr.bin", "If right, accept it:\n  ocrstate lock m.yml dr.bin"),
        ("Back: ocrstate restore 1-a --store /a/long/way", "Back:\nocrstate restore 1-a --store /a/long/way"),
        ("See /a/way/that/is/longer/than/any/line", "See /a/way/that/is/longer/than/any/line"),
    ],
)
def test_a_command_stays_whole_on_a_line_of_its_own(text: str, expected: str) -> None:
    assert fold(text, 30, indent=2) == expected
