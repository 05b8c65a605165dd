"""Tell what a run did, and return the exit code that goes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.cli import exits
from ocrstate.cli.formats import Format
from ocrstate.cli.reporting import report_interrupt, report_problem
from ocrstate.errors import Interrupted, OutputError, UnfinishedError
from ocrstate.render.documents import result_document
from ocrstate.render.result_text import recovered_line, render_result
from ocrstate.render.spelling import to_text
from ocrstate.text.units import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.applying.result import Recovered, Result
    from ocrstate.cli.console import Console
    from ocrstate.cli.site import Site


def finish_with(site: Site, result: Result) -> tuple[int, bool]:
    """Tell a result; return the exit code and whether anything was changed."""
    _tell_result(site, result)
    if result.error is not None:
        report_problem(site.console, result.error.message, result.error.hint)
    return ended(site.console, exits.of_result(result), result.interrupted_by), result.changed


def ended(console: Console, code: int, signal_number: int | None) -> int:
    """Return the exit code of what was finished, and say so if a signal had asked to end it."""
    if signal_number is None:
        return code
    state = (
        "the run is half-way, see above" if code == exits.Exit.UNFINISHED else "what had been begun was finished first"
    )
    report_interrupt(console, signal_number, state, Format.TEXT)
    return exits.of_error(Interrupted(signal_number))


def tell_recovered(console: Console, recovered: Sequence[Recovered]) -> None:
    """Tell of runs that had been broken off, and were finished or taken back."""
    for each in recovered:
        console.tell_prose(f"{recovered_line(each)}\n")


def _tell_result(site: Site, result: Result) -> None:
    """Write the result to standard output.

    Raises:
        OutputError: it cannot be written, and the store is as it was.
        UnfinishedError: it cannot be written, and the store was changed.
    """
    try:
        if site.common.as_json:
            site.console.answer(to_text(result_document(result)))
        else:
            site.console.answer(render_result(result, site.console.look()))
    except OutputError as error:
        if not result.changed:
            raise
        done = f"{counted(result.removed, 'model')} removed" if result.removed else f"{result.restored} restored"
        raise UnfinishedError(
            error.code,
            f"{done}, but {error.message}",
            f"{error.hint}; to see how the store stands, run ocrstate check with the same manifest",
        ) from error
