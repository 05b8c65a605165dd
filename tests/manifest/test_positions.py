"""Problems are found where an editor shows them, and all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.manifest.conftest import Manifest, Problems


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param("version: 1\nmodels:\n- ok\n-   no\n", "4:5", id="block style"),
        pytest.param("{version: 1, models: [ok, no]}", "1:27", id="flow style"),
        pytest.param("version: 1\nmodels: [\n\tok,\n\t\tno]\n", "4:3", id="tabs count as one column"),
        pytest.param("version: 1\nmodels: ['é€😀', no]\n", "2:17", id="columns count characters"),
        pytest.param("version: 1\r\nmodels:\r\n- ok\r\n- no\r\n", "4:3", id="CRLF"),
        pytest.param("version: 1\rmodels:\r- ok\r- no\r", "4:3", id="CR"),
        pytest.param("\ufeffversion: 1\nmodels: [no]\n", "2:10", id="byte order mark"),
        pytest.param("\ufeff{version: 1, models: [no]}\n", "1:23", id="byte order mark in the same line"),
        pytest.param("# a\nversion: 1 # b\n\nmodels: # c\n# d\n- ok # e\n- no # f\n", "7:3", id="comments"),
        pytest.param("version: 1 # \u2028 \x85\nmodels: [no]\n", "2:10", id="line ends that only YAML 1.1 knows"),
        pytest.param("--- # a\nversion: 1\nmodels: [no]\n...\n", "3:10", id="document marks"),
        pytest.param("version: 1\nmodels: [ok, &x no]\n", "2:14", id="anchor"),
        pytest.param("version: 1\nstore: &x 1\nmodels: [*x]\n", "2:8", id="anchor of an alias"),
        pytest.param('version: 1\nmodels: ["a\n  b", no]\n', "3:7", id="text over two lines"),
        pytest.param("version: 1\nmodels:\n- name: |\n    ok\n  size: no\n", "3:9", id="block text"),
    ],
)
def test_the_place_is_right(problems: Problems, text: str, place: str) -> None:
    first, *_ = problems(text)
    assert f"{first.line}:{first.column}" == place, first


def test_an_alias_is_reported_at_its_own_place_with_the_text_of_its_anchor(problems: Problems) -> None:
    anchor, alias = problems("version: 1\nmodels:\n- &x no\n- *x\n")
    assert (anchor.line, alias.line) == (3, 4)
    assert anchor.message == alias.message


def test_all_problems_are_reported_at_once_in_the_order_of_the_file(problems: Problems) -> None:
    text = """\
version: 2
store: ~
modles: []
models:
- no
- 2026-10-01
- ../up
- name: fr.bin
  nmae: fr
  size: 010
  size: 8
  sha256: 12
- FR.bin
- !x y
ignore: [/abs, 'fr.*']
policy:
  unlisted: delete
  max_remove: {percent: 101}
"""
    assert [(problem.line, problem.column, problem.code) for problem in problems(text)] == [
        (1, 10, "bad-value"),
        (2, 8, "unquoted"),
        (3, 1, "unknown-key"),
        (5, 3, "unquoted"),
        (6, 3, "unquoted"),
        (7, 3, "bad-name"),
        (8, 9, "listed-and-ignore"),
        (9, 3, "unknown-key"),
        (10, 9, "number-notation"),
        (11, 3, "duplicate-key"),
        (12, 11, "unquoted"),
        (13, 3, "duplicate-name"),
        (14, 3, "tag"),
        (15, 10, "bad-pattern"),
        (17, 13, "bad-value"),
        (18, 25, "bad-value"),
    ]


def test_one_place_is_reported_once(problems: Problems) -> None:
    assert len(problems("version: 1\nmodels:\n- ''\n- /a\n- a\\b\n- {name: .}\n- 2026-10-01\n")) == 5
    assert len(problems("version: 1\nmodels:\n- &x {name: a, size: -1}\nabsent: [old_*, 'old_*', /a]\n")) == 2


@pytest.mark.parametrize(
    ("entry", "extra"), [("- 1", 0), ("- a", 0), ("- {size: 1, name: a, x: 1}", 1_000), ("- !x a", 1)]
)
def test_very_many_problems_are_cut(problems: Problems, entry: str, extra: int) -> None:
    assert len(problems(f"version: 1\nmodels:\n{entry}\n" + f"{entry}\n" * 5_000)) == 1_000 + extra


def test_a_value_is_shown_short_and_without_what_a_terminal_obeys(problems: Problems) -> None:
    first, second = problems(
        f'version: 1\nmodels: ["/\\e[2J\\u202e\\u2028\\"{"x" * 5_000}", ok]\nstore: [{"y, " * 5_000}]\n'
    )
    assert first.message.startswith(r'"/\x1b[2J\u202e\u2028\"xxx')
    assert "…" in first.message
    assert len(first.message) < 250
    assert second.message == "store must be text, not a list"


def test_the_lines_of_models_are_kept(manifest: Manifest) -> None:
    desired = manifest("version: 1\r\nmodels:\r\n- b\r\n- name: c\r\n  size: 1\r\n\r\n- {size: 1,\r\n   name: a}\r\n")
    assert [(model.name, model.line) for model in desired.models] == [("a", 7), ("b", 3), ("c", 4)]
