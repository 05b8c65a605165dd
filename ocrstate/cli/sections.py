"""A group of commands whose help shows them in sections, in the order in which they are needed."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEAST_MARGIN = 6  # columns of a line that hold no help text: an indent, and what separates name and help


class SectionedGroup(click.Group):
    """A group of commands in sections."""

    @cached_property
    def _sections(self) -> dict[str, tuple[click.Command, ...]]:
        return {}

    def add_section(self, title: str, commands: Sequence[click.Command]) -> None:
        """Add commands under a title."""
        self._sections[title] = tuple(commands)
        for command in commands:
            self.add_command(command)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click calls it
        """Name all commands in their order."""
        return [command.name or "" for commands in self._sections.values() for command in commands]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - likewise
        """Write the sections, all with one column of names."""
        longest = max(map(len, self.commands), default=0)
        room = formatter.width - _LEAST_MARGIN - longest
        for title, commands in self._sections.items():
            rows = [(f"{command.name or '':<{longest}}", command.get_short_help_str(room)) for command in commands]
            with formatter.section(title):
                formatter.write_dl(rows)
