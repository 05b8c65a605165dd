"""The command that compares two manifests; it needs neither an engine nor a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ocrstate.cli.console import Console
from ocrstate.cli.exits import Exit
from ocrstate.cli.options import output_options
from ocrstate.cli.shell.completers import complete_manifests

if TYPE_CHECKING:
    from ocrstate.manifest.desired import Desired
    from ocrstate.manifest.differences import Differences

# What the command needs beyond click is imported inside it: --help needs none of it.
# ruff: noqa: PLC0415


@click.command("diff", short_help="Show what changed between two manifests.")
@click.argument("old", metavar="OLD", shell_complete=complete_manifests)
@click.argument("new", metavar="NEW", shell_complete=complete_manifests)
@output_options
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 if they differ.")
def diff_command(  # noqa: PLR0913 - one parameter an option
    old: str, new: str, chdir: str, color: str, *, as_json: bool, quiet: bool, detailed_exitcode: bool
) -> int:
    """Show what changed between two manifests, each with what it extends, and what to notice about it. For reviews.

    \b
    Example:
      git show HEAD~1:models.yml | ocrstate diff - models.yml
    """
    from ocrstate.cli.folder import enter
    from ocrstate.manifest.differences import compare
    from ocrstate.manifest.load import load
    from ocrstate.manifest.part import STDIN

    if old == new == STDIN:
        raise click.UsageError("standard input can be OLD or NEW, and not both: name a file for one of them")
    enter(chdir)
    before, after = load(old), load(new)
    found = compare(before, after)
    _show(Console(color), before, after, found, as_json=as_json, quiet=quiet)
    return Exit.CHANGES if detailed_exitcode and not found.are_none else Exit.DONE


def _show(  # noqa: PLR0913 - what to show, and how
    console: Console, old: Desired, new: Desired, found: Differences, *, as_json: bool, quiet: bool
) -> None:
    if as_json:
        from ocrstate.render.diff_document import diff_document
        from ocrstate.render.spelling import to_text

        console.answer(to_text(diff_document(old, new, found)))
        return
    from ocrstate.render.diff_text import differences_line, render_differences

    if quiet:
        console.answer_prose(f"{differences_line(found)}\n")
    else:
        console.answer(render_differences(old, new, found, console.look()))
