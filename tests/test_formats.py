"""Which form an answer has is known from the words of a command line, whatever else is wrong with them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click
import pytest

from ocrstate.cli.formats import Format, agreed, asked, in_repository

if TYPE_CHECKING:
    from pathlib import Path

CASES = [
    ("plan m.yml", Format.TEXT),
    ("plan m.yml --json", Format.JSON),
    ("--json plan m.yml", Format.JSON),
    ("plan --format markdown m.yml", Format.MARKDOWN),
    ("plan --format=github m.yml", Format.GITHUB),
    ("plan --format json m.yml", Format.JSON),
    ("plan --format markdown --format github m.yml", Format.GITHUB),
    ("plan --format nonsense m.yml", Format.TEXT),
    ("plan m.yml --format", Format.TEXT),
    ("plan --format markdown --json m.yml", Format.JSON),
    ("list --format markdown m.yml", Format.TEXT),
    ("list --format markdown --json m.yml", Format.JSON),
    ("plan -- --json --format=github", Format.TEXT),
]


@pytest.mark.parametrize(("words", "answer_form"), CASES)
def test_the_form_of_an_error_is_that_of_the_answer(words: str, answer_form: Format) -> None:
    assert asked(words.split(), {"plan", "check"}) is answer_form


def test_two_names_of_one_form_agree_and_others_do_not() -> None:
    assert agreed("json", as_json=True) is Format.JSON
    assert agreed(None, as_json=False) is Format.TEXT
    for other in set(Format) - {Format.JSON}:
        assert agreed(other.value, as_json=False) is other
        with pytest.raises(click.UsageError, match="contradict"):
            agreed(other.value, as_json=True)


def test_paths_count_from_the_folder_that_github_names_or_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "repo" / "eu").mkdir(parents=True)
    os.symlink(tmp_path / "repo", tmp_path / "link")
    monkeypatch.chdir(tmp_path / "repo" / "eu")
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    assert in_repository()("models.yml") == "models.yml"
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / "link"))
    spelled = in_repository()
    assert [spelled("models.yml"), spelled("../base.yml")] == ["eu/models.yml", "base.yml"]
    assert spelled(f"{tmp_path}/repo/eu/models.yml") == "eu/models.yml"
    assert spelled("../../repository.yml") == str(tmp_path / "repository.yml")
