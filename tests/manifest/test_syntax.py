"""What is no YAML, or no text at all: said in plain words, with its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from ocrstate.manifest import yaml_events

if TYPE_CHECKING:
    from tests.manifest.conftest import Problems

HEAD = "version: 1\nmodels:\n"


@pytest.fixture(params=["libyaml", "pure Python"])
def _parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML comes with and without libyaml."""
    if request.param == "pure Python":
        monkeypatch.setattr(yaml_events, "YamlParser", yaml_events.PurePythonParser)


@pytest.mark.usefixtures("_parser")
@pytest.mark.parametrize(
    ("text", "place", "part"),
    [
        pytest.param("\t- a\n", "3:1", "a tab cannot indent YAML; use spaces", id="tab"),
        pytest.param("- @a\n", "3:3", "a value cannot begin with @; quote it", id="at sign"),
        pytest.param("- a: b: c\n", "3:7", "a ':' is not expected here", id="two colons"),
        pytest.param("- *.bin\n", "3:3", "quote a value that begins with *", id="unquoted star"),
        pytest.param("- 'a\n- b\n", "3:3", "what begins here is never finished", id="open quote"),
        pytest.param("- [a\n", "3:3", "what begins here is never finished", id="open bracket"),
        pytest.param("- [a,\n", "4:1", "the file ends in the middle of a value", id="open end"),
        pytest.param("- {a: b]}\n", "3:8", "a ',' or '}' is expected here", id="wrong bracket"),
        pytest.param("- [a}]\n", "3:5", "a ',' or ']' is expected here", id="wrong brace"),
        pytest.param('- "a\\qb"\n', "3:[56]", "this escape is not known to YAML", id="unknown escape"),
        pytest.param('- "a\\xqq"\n', "3:7", "double the backslash", id="broken escape"),
        pytest.param("- 'a' b\n", "3:7", "mend the indentation or the quotes", id="text after a quote"),
        pytest.param("- !x!y z\n", "3:3", "this tag is not known; remove it", id="unknown tag handle"),
        pytest.param("- a\x07b\n", "3:4", r'the character "\x07" is not allowed; remove it', id="bell"),
        pytest.param("- a\x7fb\n", "3:4", r'the character "\x7f" is not allowed; remove it', id="delete"),
    ],
)
def test_broken_yaml_is_explained(problems: Problems, text: str, place: str, part: str) -> None:
    problem = problems(HEAD + text)[-1]
    assert re.fullmatch(place, f"{problem.line}:{problem.column}")  # the parsers differ by one after a backslash
    assert problem.code == "syntax"
    assert part in problem.message


@pytest.mark.usefixtures("_parser")
@pytest.mark.parametrize("escape", [r"\ud800", r"\UFFFFFFFF", r"\U00110000"])
def test_an_escape_that_stands_for_no_character_is_refused(problems: Problems, escape: str) -> None:
    assert problems(f'{HEAD}- "a{escape}b"\n')


@pytest.mark.usefixtures("_parser")
def test_what_was_found_before_broken_yaml_is_reported_too(problems: Problems) -> None:
    assert [problem.code for problem in problems("version: 1\nversion: 1\nmodels: [\n")] == ["duplicate-key", "syntax"]


@pytest.mark.parametrize(
    ("data", "place", "part"),
    [
        pytest.param(b"version: 1\nmodels: [\xff]\n", "2:10", "byte 21 of the file (0xff) is not UTF-8", id="Latin-1"),
        pytest.param("é: é\n".encode() + b"\xc3", "2:1", "byte 8 of the file (0xc3) is not UTF-8", id="cut off"),
        pytest.param(b"\xef\xbb\xbfa: \xff", "1:4", "byte 7 of the file (0xff)", id="after a byte order mark"),
        pytest.param(b"a: \xed\xa0\x80", "1:4", "byte 4 of the file (0xed)", id="surrogate"),
        pytest.param("version: 1".encode("utf-16"), "1:1", "the file is UTF-16; save it as UTF-8", id="UTF-16"),
        pytest.param("\ufeffversion: 1".encode("utf-16-be"), "1:1", "the file is UTF-16", id="UTF-16, big-endian"),
        pytest.param("version: 1".encode("utf-32"), "1:1", "the file is UTF-32; save it as UTF-8", id="UTF-32"),
        pytest.param("version: 1".encode("utf-16-le"), "1:2", "NUL byte", id="UTF-16 without mark"),
        pytest.param(b"version: 1\nmodels: [\0]", "2:10", "NUL byte", id="NUL"),
    ],
)
def test_what_is_not_utf_8_is_refused(problems: Problems, data: bytes, place: str, part: str) -> None:
    (problem,) = problems(data)
    assert (f"{problem.line}:{problem.column}", problem.code) == (place, "encoding")
    assert part in problem.message
