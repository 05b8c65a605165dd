"""A manifest that is valid in the oddest way is locked right, or refused with words: never anything between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from ocrstate.authoring.locked import locked_text, written_models
from ocrstate.authoring.pins import Pin
from ocrstate.errors import ManifestError
from ocrstate.manifest.load import load_text

if TYPE_CHECKING:
    from ocrstate.manifest.desired import Desired

START = """\
version: 1
models:
  - ru.bin
  - &n sub/de.bin # comment
  - name: fr.bin
    sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    size: 46 # bytes
    source: "file:x"
  - {name: en.bin, size: 3}
ignore: ["*.x"]
"""
PIECES = (
    *(" ", "  ", "\t", "\n", "\r\n", "\r", "\x85", "\u2028", " # c", "\n# c\n", "\n  # c", ",", "x", "é", "''", "\\"),
    *(
        "&a ",
        "*n",
        "!!str ",
        "!!map ",
        "!!int ",
        "! ",
        "? ",
        "'",
        '"',
        "- ",
        ": ",
        "|-\n   ",
        ">\n",
        "{",
        "}",
        "[",
        "]",
    ),
)


@st.composite
def manifests(draw: st.DrawFn) -> str:
    text = START
    for _ in range(draw(st.integers(1, 2))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(PIECES)) + text[at + draw(st.integers(0, 1)) :]
    return text


def valid(text: str) -> Desired:
    return load_text([manifest_file("/app/models.yml", text)])


@settings(max_examples=800, deadline=None)
@given(text=manifests())
def test_it_is_locked_right_or_refused_with_words(text: str) -> None:
    try:
        valid(text)
    except ManifestError:
        return  # most are not valid; that is another test's matter
    pins = {model.name: Pin("12" * 32, 7) for model in written_models(text)}
    after = locked_or_refused(text, pins)
    locked = [] if after is None else [(model.sha256, model.size) for model in valid(after).models]
    assert set(locked) <= {("12" * 32, 7)}


def locked_or_refused(text: str, pins: dict[str, Pin]) -> str | None:
    try:
        return locked_text("models.yml", text, pins, valid)
    except ManifestError as error:
        if error.code != "manifest-not-editable":
            raise
        return None
