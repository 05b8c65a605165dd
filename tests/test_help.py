"""What --help shows: for every command an example that works, and no line that a terminal would break."""

from __future__ import annotations

import inspect
import re
import shlex
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from ocrstate.cli.main import group

if TYPE_CHECKING:
    import click

WIDTH = 80
COMMANDS: dict[str, click.Command] = {"": group, **group.commands}
_CALL = re.compile(r"\bocrstate((?: +(?:'[^']*'|[^\s|&;<>()\"]+))*)")


def examples(command: click.Command) -> list[str]:
    """Return the lines of the block of examples."""
    block = re.search(r"\x08\nExample:\n((?: +\S.*(?:\n|$))+)", inspect.cleandoc(command.help or ""))
    return block[1].splitlines() if block else []


def calls() -> list[str]:
    return [call for command in COMMANDS.values() for line in examples(command) for call in _CALL.findall(line)]


@pytest.mark.parametrize("name", COMMANDS)
def test_there_is_an_example_of_the_command_itself(name: str) -> None:
    lines = examples(COMMANDS[name])
    assert lines
    assert [line for line in lines if f"ocrstate {name}".strip() not in line] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_line_fits(name: str) -> None:
    shown = CliRunner().invoke(group, [*([name] if name else []), "--help"], prog_name="ocrstate", terminal_width=WIDTH)
    assert shown.exit_code == 0
    assert [line for line in shown.output.splitlines() if len(line) > WIDTH] == []


@pytest.mark.parametrize("name", sorted(group.commands))
def test_there_is_a_short_help_that_is_shown_whole(name: str) -> None:
    short = group.commands[name].short_help
    assert short
    assert short.endswith(".")
    shown = CliRunner().invoke(group, ["--help"], prog_name="ocrstate", terminal_width=WIDTH).output
    assert re.search(rf"^  {name} +{re.escape(short)}$", shown, re.MULTILINE)


@pytest.mark.parametrize("call", calls())
def test_what_an_example_calls_is_there(call: str) -> None:
    words = shlex.split(call)
    with group.make_context("ocrstate", words) as context:
        name, command, rest = group.resolve_command(context, [*context._protected_args, *context.args])  # noqa: SLF001 - the words that are left have no other name
        assert command is not None
        with command.make_context(name, rest, parent=context):
            pass
