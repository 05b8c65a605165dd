"""Tell why a command ended: what happened, where, what to do; as text, and in the form that the answer would have had.

The text comes first: standard error may be all that is left.
"""

from __future__ import annotations

import platform
import sys
from typing import TYPE_CHECKING

from ocrstate import __version__
from ocrstate.cli.formats import Format, answer_error
from ocrstate.errors import OcrstateError
from ocrstate.render.paint import Colour
from ocrstate.text.escape import escape_message
from ocrstate.text.units import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.cli.console import Console
    from ocrstate.manifest.problems import Problem


def report_error(console: Console, error: OcrstateError, answer_form: Format) -> None:
    """Report a failure that a person can act on."""
    report_problem(console, error.message, error.hint, getattr(error, "problems", ()))
    answer_error(console, answer_form, error)


def report_problem(console: Console, message: str, hint: str, problems: Sequence[Problem] = ()) -> None:
    """Report on standard error what happened, each place, and what to do."""
    paint = console.paint(for_stderr=True)
    for problem in problems:
        console.tell_prose(f"{escape_message(str(problem))}\n")
    if problems:
        message = f"{counted(len(problems), 'problem')} in {_manifests(problems)}"
    console.tell_prose(f"{paint(Colour.LOSS, 'Error:')} {escape_message(message)}\n", indent=4)
    if hint:
        console.tell_prose(f"  {escape_message(hint)}\n", indent=0)


def _manifests(problems: Sequence[Problem]) -> str:
    paths = {problem.path for problem in problems}
    return f"the manifest {problems[0].path}" if len(paths) == 1 else f"{len(paths)} manifests"


def report_interrupt(console: Console, signal_number: int, state: str, answer_form: Format) -> None:
    """Say in one line that a signal ended the command, and what state the store is in."""
    import signal  # noqa: PLC0415 - only here

    name = signal.Signals(signal_number).name
    console.tell_prose(f"Interrupted by {name}: {state}.\n")
    answer_error(console, answer_form, OcrstateError("interrupted", f"interrupted by {name}; {state}"))


def report_bug(console: Console, error: BaseException, answer_form: Format) -> None:
    """Give a report to paste: nobody but us can mend this."""
    import traceback  # noqa: PLC0415 - only here

    message = f"this is a bug in ocrstate: {type(error).__name__}: {error}"
    hint = "please report it with the lines below"
    trace = "".join(traceback.format_exception(error))
    facts = f"ocrstate {__version__}, Python {platform.python_version()}, {platform.platform()}"
    console.tell(f"Error: {escape_message(message)}\n  {hint}\n\n{facts}\n{sys.argv[1:]!r}\n{escape_message(trace)}")
    answer_error(console, answer_form, OcrstateError("bug", message, hint))
