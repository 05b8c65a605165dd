"""The manual page says what the commands say, and is one that man can show."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from ocrstate.cli.exits import Exit
from ocrstate.cli.main import group
from tests.manual import EXITS, PAGE, manual


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="ascii") == manual(), "run `make man`: commands, options or the version changed"


def test_every_command_and_every_exit_code_is_described() -> None:
    page = manual()
    assert [name for name in group.commands if f"\n.SS {name}\n" not in page] == []
    assert {str(int(code)) for code in Exit} <= EXITS.keys()


@pytest.mark.parametrize("section", ["SYNOPSIS", "OPTIONS", "EXIT STATUS", "FILES", "ENVIRONMENT", "EXAMPLES"])
def test_every_section_is_there(section: str) -> None:
    assert f"\n.SH {section}\n" in manual()


@pytest.mark.parametrize(
    "command",
    [
        ("groff", "-man", "-ww", "-Tutf8", "-rCHECKSTYLE=3", str(PAGE)),
        ("mandoc", "-Tlint", "-Wwarning", str(PAGE)),
        ("man", "--warnings", "--local-file", str(PAGE)),
    ],
    ids=lambda command: command[0],
)
def test_it_renders_without_warnings(command: tuple[str, ...]) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    rendered = subprocess.run(command, capture_output=True, check=True)
    assert rendered.stderr == b""
