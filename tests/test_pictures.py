"""Pictures show what the commands print now."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from tests.pictures import FOLDER, PICTURES, Picture, colours_of, drawn, lines_of


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_pictures_are_up_to_date(picture: Picture) -> None:
    """Their text and colours are; how rich draws them may change with its release."""
    kept, now = FOLDER.joinpath(f"{picture.name}.svg").read_text(encoding="utf-8"), drawn(picture)
    assert lines_of(kept) == lines_of(now), "run make pictures"
    assert colours_of(kept) == colours_of(now) != set(), "run make pictures"


def test_each_picture_is_of_a_command_that_runs() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == {picture.name for picture in PICTURES}


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_pictures_are_small_and_take_nothing_from_elsewhere(picture: Picture) -> None:
    text = FOLDER.joinpath(f"{picture.name}.svg").read_text(encoding="utf-8")
    assert len(text) < 30_000
    assert "url(http" not in text
    assert ET.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"
