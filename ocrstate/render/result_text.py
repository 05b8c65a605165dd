"""What a run did, as text. Pure."""

from __future__ import annotations

from ocrstate.apply.result import OutcomeStatus, Result, RunStatus
from ocrstate.render.paint import Colour, Paint
from ocrstate.render.plan_text import STYLES
from ocrstate.render.words import reason_words
from ocrstate.text.escape import escape
from ocrstate.text.units import counted, size_text

_MOST_SHOWN = 10


def render_result(result: Result, paint: Paint) -> str:
    """Say what a run did; its error, if there is one, is shown by whoever ends the command."""
    lines = [line for line in (_done(result), *_not_done(result), _proof(result, paint)) if line]
    return "".join(f"{line}\n" for line in ["", *lines]) if lines else ""


def _done(result: Result) -> str:
    if not result.removed:
        return ""
    folders = f" and {counted(len(result.removed_folders), 'emptied folder')}" if result.removed_folders else ""
    return f"Removed {counted(result.removed, 'model')}{folders}, freed {size_text(result.bytes_freed)}."


def _not_done(result: Result) -> list[str]:
    stuck = [outcome for outcome in result.outcomes if outcome.status is OutcomeStatus.IN_QUARANTINE]
    shown = stuck[:_MOST_SHOWN]
    lines = [f"  {escape(outcome.name)}: still in quarantine: {escape(outcome.cause)}" for outcome in shown]
    return [*lines, f"  and {len(stuck) - _MOST_SHOWN:,} more"] if len(stuck) > _MOST_SHOWN else lines


def _proof(result: Result, paint: Paint) -> str:
    if result.status is not RunStatus.SUCCESS or not result.changed:
        return ""
    if result.in_sync:
        return paint(Colour.GOOD, "Listed again: the store matches the manifest.")
    shown = [f"  {STYLES[type(each)].symbol} {escape(each.name)}  {reason_words(each)[1]}" for each in result.remaining]
    more = [f"  and {len(shown) - _MOST_SHOWN:,} more"] if len(shown) > _MOST_SHOWN else []
    head = "Listed again: what was shown is done; " + (
        "what was allowed to differ still does:"
        if result.allowed
        else "since then the store has changed, and differs from the manifest again:"
    )
    return "\n".join([paint(Colour.ATTENTION, head), *shown[:_MOST_SHOWN], *more])
