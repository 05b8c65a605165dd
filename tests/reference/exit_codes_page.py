"""The page about exit codes and the table in the README, made of the code that ends with them."""

from __future__ import annotations

from ocrstate.cli.exits import INTERRUPTED, Exit
from tests.reference.markdown import page, table

_INTRO = """\
# Exit codes

They are the same for every command, and stay as they are."""
_MORE = """\
What a script does about each code is told in [unattended runs](../deploy.md#what-to-do-about-each-exit-code).

With `--json`, what ended the command is also on standard output, as a document of the kind [error](json.md#error) with
a stable `code`."""


def exit_codes_page() -> str:
    """Return the page."""
    return page(_INTRO, exit_codes_table(), _MORE)


def exit_codes_table() -> str:
    """Return the table of all codes."""
    return table(("exit code", "meaning"), [*((str(each.value), each.meaning) for each in Exit), INTERRUPTED])
