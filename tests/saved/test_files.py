"""Saved plans as files: told from manifests without reading more than is needed, and written whole or not at all."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from ocrstate.errors import OutputError, RefusedError
from ocrstate.saved.files import is_saved_plan, read_plan_file, write_plan_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PLAN = '{"format_version": "1.0", "kind": "plan"}\n'


@pytest.fixture
def impatient() -> Iterator[None]:
    """End a test that waits."""
    before = signal.signal(signal.SIGALRM, _too_late)
    signal.alarm(10)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def _too_late(*_: object) -> None:
    raise AssertionError("it waits")


@pytest.mark.parametrize(
    ("content", "is_plan"),
    [
        (PLAN, True),
        ("\n  " + PLAN, True),
        ('{\n  "format_version": "1.0",', True),
        ('{"changes": [],\n "kind": "plan"}', True),
        ("version: 1\nmodels: [a]\n", False),
        ('{"version": 1, "models": ["a"]}', False),
        ("# kind: plan\nversion: 1\n", False),
        ('{"format_version": "1.0", "kind": "result"}', True),
        ("", False),
        ("\0", False),
    ],
)
def test_a_saved_plan_is_told_from_a_manifest(tmp_path: Path, content: str, *, is_plan: bool) -> None:
    (tmp_path / "file").write_text(content)
    assert is_saved_plan(str(tmp_path / "file")) is is_plan


@pytest.mark.parametrize("path", ["", ".", "nothing", "a\0b", "x" * 5000, "/dev/null", "/dev/zero"])
def test_what_cannot_be_read_does_not_look_like_a_saved_plan(path: str) -> None:
    assert not is_saved_plan(path)


@pytest.mark.usefixtures("impatient")
def test_a_pipe_is_not_even_opened(tmp_path: Path) -> None:
    """A manifest may come through one, and whoever opens it takes part of what comes."""
    os.mkfifo(tmp_path / "pipe")
    assert not is_saved_plan(str(tmp_path / "pipe"))


@pytest.mark.parametrize("path", ["", ".", "nothing", "a\0b", "x" * 5000])
def test_a_plan_that_cannot_be_read_is_refused_with_its_path(path: str) -> None:
    with pytest.raises(RefusedError) as caught:
        read_plan_file(path)
    assert caught.value.code == "plan-unreadable"
    assert caught.value.message.isprintable()


def test_a_plan_is_written_over_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    for text in ("first", "second"):
        write_plan_file(str(path), text, "/srv/store", "/etc/models.yml")
        assert path.read_text() == text
    assert os.listdir(tmp_path) == ["plan.json"]


def test_a_plan_that_cannot_be_written_whole_leaves_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text("first")
    with pytest.raises(UnicodeEncodeError):
        write_plan_file(str(path), "second\u00e9", "/srv/store", "/etc/models.yml")
    assert (path.read_text(), os.listdir(tmp_path)) == ("first", ["plan.json"])


def test_a_plan_can_be_written_through_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reading = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    write_plan_file(str(tmp_path / "pipe"), "text", "/srv/store", "/etc/models.yml")
    assert os.read(reading, 100) == b"text"
    os.close(reading)


@pytest.mark.parametrize("path", ["plan.json", "sub/plan.json", ".", "../store/plan.json", ".ocrstate/x/plan.json"])
def test_a_plan_is_not_written_into_the_store(tmp_path: Path, path: str) -> None:
    store = tmp_path / "store"
    (store / "sub").mkdir(parents=True)
    with pytest.raises(RefusedError) as caught:
        write_plan_file(str(store / path), "text", str(store), "/etc/models.yml")
    assert caught.value.code == "plan-in-store"
    assert os.listdir(store) == ["sub"]


def test_a_folder_whose_name_begins_as_the_stores_does_is_not_the_store(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store2").mkdir()
    write_plan_file(str(tmp_path / "store2" / "plan.json"), "text", str(tmp_path / "store"), "/etc/models.yml")
    assert os.listdir(tmp_path / "store2") == ["plan.json"]


@pytest.mark.parametrize("path", ["nowhere/plan.json", "x" * 300, "folder"])
def test_what_is_in_the_way_is_said(tmp_path: Path, path: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError) as caught:
        write_plan_file(str(tmp_path / path), "text", "/srv/store", "/etc/models.yml")
    assert caught.value.code == "output-failed"
    assert os.listdir(tmp_path) == ["folder"]
