"""Whole texts, compared with the files in `texts/` (`scenes.py` says how to write them anew)."""

from __future__ import annotations

import pytest

from ocrstate.render.paint import Colour, Paint
from tests.render.scenes import SCENES, TEXTS, shown


@pytest.mark.parametrize("name", SCENES)
def test_the_text_is_as_written_in_its_file(name: str) -> None:
    assert shown(SCENES[name]) == (TEXTS / f"{name}.txt").read_text(encoding="utf-8")


def test_every_text_has_a_scene() -> None:
    assert {path.stem for path in TEXTS.iterdir()} == SCENES.keys()


def test_every_text_ends_with_one_line_break_or_is_empty() -> None:
    assert all(text == "" or (text.endswith("\n") and not text.endswith("\n\n")) for text in SCENES.values())


def test_columns_line_up_beside_wide_characters() -> None:
    from rich.cells import cell_len  # noqa: PLC0415 - as the renderer does

    lines = [line for line in SCENES["every-action-in-full"].splitlines() if line[:2] == "  " and " B " in line]
    ends = {cell_len(line[: line.index(" B ")]) for line in lines if line.split(" B ")[0][-1].isdigit()}
    assert len(ends) == 1


def test_colour_only_adds_to_the_text() -> None:
    plain = SCENES["every-action"]
    painted = SCENES["every-action-in-colour"]
    for code in ("\x1b[0m", *(f"\x1b[{colour.value}m" for colour in Colour)):
        painted = painted.replace(code, "")
    assert painted == plain


@pytest.mark.parametrize("colour", Colour)
def test_paint_without_colours_leaves_text_alone(colour: Colour) -> None:
    assert Paint(colours=False)(colour, "text") == "text"
