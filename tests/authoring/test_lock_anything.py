"""A manifest that is valid in the oddest way is locked right, or refused with words: never anything between."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ocrstate.authoring.locked import locked_text, written_models
from ocrstate.authoring.pins import Pin
from ocrstate.errors import ManifestError
from ocrstate.manifest.desired import Desired
from ocrstate.manifest.load import load_text
from tests.manifest.test_properties import PIECES
from tests.support.manifests import manifest_file

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
_TEXT_PIECES = [piece.decode() for piece in PIECES if piece.isascii()] + ["\x85", "\u2028", "é"]


@st.composite
def manifests(draw: st.DrawFn) -> str:
    text = START
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(_TEXT_PIECES)) + text[at + draw(st.integers(0, 3)) :]
    return text


def valid(text: str) -> Desired:
    return load_text([manifest_file("/app/models.yml", text)])


@settings(max_examples=600, deadline=None)
@given(text=manifests())
def test_it_is_locked_right_or_refused_with_words(text: str) -> None:
    try:
        valid(text)
    except ManifestError:
        return  # most are not valid; that is another test's matter
    pins = {model.name: Pin("12" * 32, 7) for model in written_models(text)}
    try:
        after = locked_text("models.yml", text, pins, valid)
    except ManifestError as error:
        assert error.code == "manifest-not-editable"
        return
    assert all((model.sha256, model.size) == ("12" * 32, 7) for model in valid(after).models)
