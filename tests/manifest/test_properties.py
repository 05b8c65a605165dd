"""Whatever the bytes are, loading them gives a manifest or an error for people."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from yaml.reader import ReaderError

from ocrstate.errors import ManifestError
from ocrstate.manifest import yaml_events
from ocrstate.manifest.decode import BrokenTextError
from ocrstate.manifest.load import load
from ocrstate.manifest.parse import parse
from ocrstate.manifest.problems import InvalidManifestError
from ocrstate.manifest.source_text import SourceText

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrstate.manifest.desired import Desired

VALID = (Path(__file__).parents[2] / "examples" / "full.yml").read_bytes()
PIECES = [
    piece.encode("utf-8", "surrogateescape")
    for piece in (
        *(
            "\n",
            "\r\n",
            "\t",
            "  ",
            "- ",
            ": ",
            "? ",
            "{",
            "}",
            "[",
            "]",
            ", ",
            "&a ",
            "*a",
            "!!int ",
            "!x ",
            "|\n",
            ">-\n",
        ),
        *(
            "'",
            '"',
            "\\",
            "#",
            "%",
            "@",
            "---\n",
            "...\n",
            "<<: ",
            "~",
            "no",
            "1:30",
            "0x_",
            ".nan",
            "1.0e+999",
            "9" * 300,
        ),
        *("2026-10-01", "\udcff", "\0", "\ufeff", "\u2028", "\udced\udca0\udc80", '"\\ud800"', "\x1b[2J", "\x85"),
        *("name: ", "models:\n", "version: 1\n", "extends: ", "- 1.5\n", "size: 010\n"),
    )
]

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same parser as ours, where there is a choice


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    data = bytearray(VALID)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 20)))
        data[start:end] = draw(st.sampled_from(PIECES) | st.binary(max_size=4))
    return bytes(data)


anything = st.binary(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=25).map(b"".join) | mutated()


@pytest.fixture(scope="module")
def path() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        yield os.path.join(folder, "manifest.yml")


def outcome(path: str, data: bytes, parser: type) -> Desired | ManifestError:
    Path(path).write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_events, "YamlParser", parser)
        try:
            return load(path)
        except ManifestError as error:
            return error


@pytest.mark.parametrize("parser", [yaml_events.YamlParser, yaml_events.PurePythonParser])  # PyYAML may lack libyaml
@settings(max_examples=400, deadline=None)
@given(data=anything)
def test_no_bytes_make_a_traceback(path: str, data: bytes, parser: type) -> None:
    found = outcome(path, data, parser)
    if not isinstance(found, InvalidManifestError):
        return
    lines = data.decode(errors="replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert found.problems
    for problem in found.problems:
        assert problem.message.isprintable()
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
    assert list(found.problems) == sorted(found.problems, key=lambda problem: (problem.line, problem.column))


@settings(max_examples=300, deadline=None)
@given(data=anything)
def test_where_pyyaml_reads_a_value_too_it_is_the_same(data: bytes) -> None:
    try:
        text = data.decode()
        document = parse(SourceText(text))
        expected = yaml.load(text, _Loader)
    except (BrokenTextError, yaml.YAMLError, ValueError, LookupError):  # PyYAML stumbles over `=` and `!!int`
        return
    assert document.findings or document.data == expected


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=40))
def test_lines_and_columns_are_those_of_the_text(text: str) -> None:
    lines = text.replace("\r\n", " \n").replace("\r", "\n").split("\n")
    for at, char in enumerate(text):
        line, column = SourceText(text).position(at)
        assert (lines[line - 1] + "\n")[column - 1] == (char if char != "\r" else (lines[line - 1] + "\n")[column - 1])


def test_text_that_yaml_cannot_hold_is_an_error_in_pyyaml_too() -> None:
    with pytest.raises(ReaderError):
        yaml.safe_load("a: \x07")
