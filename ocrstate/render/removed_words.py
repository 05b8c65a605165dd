"""The wording for a model that is not there because a run removed it, and that can be restored. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.runs.model import RunKind
from ocrstate.text.escape import escape
from ocrstate.text.shell import restore_command
from ocrstate.text.times import readable_time

if TYPE_CHECKING:
    from ocrstate.runs.kept import PastRun


def removed_words(name: str, run: PastRun, store_path: str, moment: str) -> tuple[str, str]:
    """Return what became of it, and how to get it back.

    Args:
        name: of the model.
        run: keeps it.
        store_path: where it was.
        moment: the time; RFC 3339 in UTC.
    """
    begun = run.log.begun
    when = "" if begun is None else f" on {readable_time(begun.who.started)}"
    did = "put aside" if begun is not None and begun.kind is RunKind.RESTORE else "removed"
    until = None if begun is None else begun.keep_until
    is_over = until is None or until <= moment
    how_long = "still, until the next apply or purge" if is_over else f"until {readable_time(until or '')}"
    return (
        f"{escape(name)} is not in the store {escape(store_path)}: the run {run.log.run_id}{when} {did} it",
        f"restorable {how_long}: {restore_command(run.log.run_id, store_path, name)}",
    )
