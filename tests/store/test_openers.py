"""Who has files open."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from ocrstate.store.openers import openers_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ocrstate.store.openers import Identity

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who has a file open")

OPENS = "file = open(sys.argv[1], 'rb')"
MAPS = f"""
{OPENS}
mmap = ctypes.CDLL(None).mmap  # Python's own keeps the file open beside it
mmap.restype = ctypes.c_void_p
mmap(None, ctypes.c_size_t(1), 1, 2, file.fileno(), ctypes.c_long(0))  # PROT_READ, MAP_PRIVATE
file.close()
"""


@contextmanager
def holding(path: Path, how: str) -> Iterator[int]:
    """Let another process hold a file, and give its id."""
    program = f"import ctypes, sys\n{how}\nprint(flush=True)\nsys.stdin.read()"
    arguments = [sys.executable, "-c", program, str(path)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        yield process.pid


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "old 1\n.bin"
    path.write_bytes(b"x" * 5_000)
    return path


def identity(path: Path) -> Identity:
    status = path.stat()
    return status.st_dev, status.st_ino


@pytest.mark.parametrize("how", [OPENS, MAPS], ids=["opened", "mapped"])
def test_a_process_that_holds_a_file_is_found(model: Path, how: str) -> None:
    with holding(model, how) as pid:
        (opener,) = openers_of({identity(model): model.name})[identity(model)]
    assert (opener.pid, opener.command.startswith("python")) == (pid, True)
    assert openers_of({identity(model): model.name}) == {}


def test_each_process_is_told_once_in_the_order_of_their_ids(model: Path) -> None:
    with holding(model, f"{MAPS}\n{OPENS}\nsecond = open(sys.argv[1])") as first, holding(model, OPENS) as second:
        found = openers_of({identity(model): model.name})[identity(model)]
    assert [opener.pid for opener in found] == sorted((first, second))


def test_files_that_nobody_asks_for_are_not_told(model: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.bin"
    other.touch()
    with holding(model, OPENS):
        assert openers_of({}) == {}
        assert openers_of({identity(other): other.name}) == {}


def test_the_process_that_asks_is_none_of_them(model: Path) -> None:
    with model.open("rb"):
        assert openers_of({identity(model): model.name}) == {}


def test_a_file_that_was_closed_again_is_not_open(model: Path) -> None:
    with holding(model, f"{OPENS}; file.close()"):
        assert openers_of({identity(model): model.name}) == {}


def test_a_file_of_the_same_name_elsewhere_is_another_file(model: Path, tmp_path: Path) -> None:
    other = tmp_path / "sub" / model.name
    other.parent.mkdir()
    other.write_bytes(b"x")
    with holding(other, OPENS) as pid:
        assert openers_of({identity(model): model.name}) == {}
        assert [each.pid for each in openers_of({identity(other): other.name})[identity(other)]] == [pid]


def test_a_file_that_was_moved_while_open_is_found(model: Path, tmp_path: Path) -> None:
    with holding(model, OPENS) as pid:
        (tmp_path / "aside").mkdir()
        moved = model.rename(tmp_path / "aside" / model.name)
        assert [each.pid for each in openers_of({identity(moved): moved.name})[identity(moved)]] == [pid]


@pytest.mark.parametrize("name", ["caf\u00e9.bin", "with space.bin", "line\nbreak.bin", "\udcff.bin", " (deleted)"])
@pytest.mark.parametrize("how", [OPENS, MAPS], ids=["opened", "mapped"])
def test_no_name_is_too_strange(tmp_path: Path, how: str, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"x")
    with holding(path, how) as pid:
        assert [each.pid for each in openers_of({identity(path): name})[identity(path)]] == [pid]


def test_names_do_not_depend_on_the_locale(tmp_path: Path) -> None:
    path = tmp_path / "caf\u00e9.bin"
    path.write_bytes(b"x")
    asks = f"from ocrstate.store.openers import openers_of; print(len(openers_of({{{identity(path)}: {path.name!a}}})))"
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    with holding(path, OPENS):
        told = subprocess.run(
            [sys.executable, "-c", asks], env=environment, capture_output=True, text=True, check=False
        )
    assert (told.stdout, told.stderr) == ("1\n", "")


def test_a_file_that_is_gone_is_open_nowhere() -> None:
    assert openers_of({(0, 0): "gone.bin"}) == {}
