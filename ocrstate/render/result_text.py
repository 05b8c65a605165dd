"""What a run did, as text. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.applying.result import Ended, HeldOpen, Outcome, OutcomeStatus, Recovered, Result, RunStatus
from ocrstate.errors import assert_never
from ocrstate.render.folding import fold_lines, whole
from ocrstate.render.paint import Colour, Paint
from ocrstate.render.plan_text import STYLES
from ocrstate.render.words import reason_words
from ocrstate.text.escape import escape
from ocrstate.text.shell import restore_command
from ocrstate.text.times import readable_time
from ocrstate.text.units import counted, size_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.render.look import Look

_MOST_SHOWN = 10


def render_result(result: Result, look: Look) -> str:
    """Say what a run did; its error, if there is one, is shown by whoever ends the command."""
    said = (
        *_purged(result),
        _done(result),
        _restored(result),
        *_held_open(result),
        *_not_done(result),
        _new(result),
        _proof(result, look.paint),
    )
    lines = [line for line in said if line]
    apart = [""] if result.restores is None else []  # from the plan, which is shown before
    return fold_lines("".join(f"{line}\n" for line in [*apart, *lines]), look.width) if lines else ""


def recovered_line(each: Recovered) -> str:
    """Say what became of a run that had been broken off."""
    which = f"The run {each.run_id}, begun {readable_time(each.started)}, had been broken off"
    gone = f"; {counted(len(each.gone), 'model')} had been taken or replaced by something else" if each.gone else ""
    match each.ended:
        case Ended.UNDONE:
            return f"{which} and was taken back: {_back(each)}{gone}."
        case Ended.FINISHED:
            return f"{which} after it had been decided, and was finished: {_gained(each)}."
        case _:
            assert_never(each.ended)


def _gained(each: Recovered) -> str:
    if each.keep_until is None:
        return f"freed {size_text(each.bytes_freed)}"
    return f"what it removed can be restored until {readable_time(each.keep_until)}"


def _back(each: Recovered) -> str:
    match each.models:
        case 0:
            return "it had changed nothing"
        case 1:
            return "1 model is where it was"
        case number:
            return f"{number:,} models are where they were"


def _purged(result: Result) -> list[str]:
    lines = []
    for each in result.purged:
        if each.models:
            kept = f"{counted(each.models, 'model')} kept since the run {each.run_id}"
            lines.append(f"Deleted {kept}: the time was up, freed {size_text(each.bytes_freed)}.")
        if each.stuck:
            lines.append(
                f"Of what the run {each.run_id} had kept, {counted(len(each.stuck), 'model')} cannot be deleted:"
            )
        lines += [f"  {escape(name)}: {escape(cause)}" for name, cause in each.stuck[:_MOST_SHOWN]]
        if each.held_open:
            lines.append(held_open_line(each.held_open, counted(each.models, "model"), each.freed_later))
    return lines


def _done(result: Result) -> str:
    return "\n".join(filter(None, (_arrived(result), _gone(result))))


def _arrived(result: Result) -> str:
    if result.fetched:
        what = f"Fetched {counted(result.fetched, 'model')}"
        what += f" and replaced {result.replaced:,}" if result.replaced else ""
    elif result.replaced:
        what = f"Replaced {counted(result.replaced, 'model')}"
    else:
        return ""
    before = result.bytes_fetched - result.bytes_transferred
    earlier = f", of which an earlier run had brought {size_text(before)}" if before > 0 else ""
    return f"{what} ({size_text(result.bytes_fetched)}{earlier})."


def _gone(result: Result) -> str:
    if result.keep_until is not None:
        return _kept(result, result.keep_until)
    freed = f"{size_text(result.bytes_freed)}."
    if result.removed:
        return f"{_removed(result)}, freed {freed}"
    return f"Freed {freed}" if result.replaced else ""


def _kept(result: Result, until: str) -> str:
    size, words = size_text(result.bytes_kept), f"on disk until {readable_time(until)}."
    if result.removed:
        stays = f"{_removed(result)}; {size} stay {words}"
    elif result.replaced:
        stays = f"What was replaced ({size}) stays {words}"
    else:
        return ""
    return f"{stays}\nTo put them back: {_restore_command(result, ' --overwrite' if result.replaced else '')}"


def _restore_command(result: Result, option: str) -> str:
    return whole(f"{restore_command(result.run_id, result.store_path)}{option}")


def _removed(result: Result) -> str:
    folders = f" and {counted(len(result.removed_folders), 'emptied folder')}" if result.removed_folders else ""
    return f"Removed {counted(result.removed, 'model')}{folders}"


def _restored(result: Result) -> str:
    if not result.restored:
        return ""
    return "\n".join(
        (
            f"Restored {counted(result.restored, 'model')}; listed again, and there.",
            *_made_way(result),
            "The next apply removes again what its manifest does not list.",
        )
    )


def _made_way(result: Result) -> list[str]:
    if result.keep_until is None:
        return []
    return [
        f"What had the names before ({size_text(result.bytes_kept)}) is kept until {readable_time(result.keep_until)}.",
        f"To put that back: {_restore_command(result, ' --overwrite')}",
    ]


def _held_open(result: Result) -> list[str]:
    by_holders: dict[tuple[HeldOpen, ...], list[Outcome]] = {}
    for outcome in result.outcomes:
        if outcome.held_open:
            by_holders.setdefault(outcome.held_open, []).append(outcome)
    lines = [_held_by(holders, held) for holders, held in by_holders.items()]
    more = [f"  and {counted(len(lines) - _MOST_SHOWN, 'group')} of processes more"] if len(lines) > _MOST_SHOWN else []
    return [*lines[:_MOST_SHOWN], *more]


def _held_by(holders: Sequence[HeldOpen], held: Sequence[Outcome]) -> str:
    what = escape(held[0].name) if len(held) == 1 else f"{len(held):,} of the removed models"
    return held_open_line(holders, what, sum(outcome.freed_later for outcome in held))


def held_open_line(holders: Sequence[HeldOpen], what: str, freed_later: int) -> str:
    """Say that the disk gains more when processes close what they have open."""
    who = " and ".join(f"process {each.pid} ({escape(each.command)})" for each in holders)
    verb = "closes" if len(holders) == 1 else "close"
    return f"{size_text(freed_later)} more are freed when {who} {verb} {what}."


def _new(result: Result) -> str:
    if not result.new_since or result.status is not RunStatus.SUCCESS:
        return ""
    shown = ", ".join(escape(name) for name in result.new_since[:_MOST_SHOWN])
    more = f" and {len(result.new_since) - _MOST_SHOWN:,} more" if len(result.new_since) > _MOST_SHOWN else ""
    return f"New since the plan: {shown}{more}; left alone."


def _not_done(result: Result) -> list[str]:
    stuck = [outcome for outcome in result.outcomes if outcome.status is OutcomeStatus.IN_QUARANTINE]
    shown = stuck[:_MOST_SHOWN]
    lines = [f"  {escape(outcome.name)}: still in quarantine: {escape(outcome.cause)}" for outcome in shown]
    return [*lines, f"  and {len(stuck) - _MOST_SHOWN:,} more"] if len(stuck) > _MOST_SHOWN else lines


def _proof(result: Result, paint: Paint) -> str:
    if result.status is not RunStatus.SUCCESS or not (result.removed or result.fetched or result.replaced):
        return ""
    if result.in_sync:
        return paint(Colour.GOOD, "Listed again: the store matches the manifest.")
    left = [each for each in result.remaining if each.name not in result.new_since]
    if not left:
        return paint(Colour.GOOD, "Listed again: what was shown is done.")
    shown = [f"  {STYLES[type(each)].symbol} {escape(each.name)}  {reason_words(each)[1]}" for each in left]
    more = [f"  and {len(shown) - _MOST_SHOWN:,} more"] if len(shown) > _MOST_SHOWN else []
    head = "Listed again: what was shown is done; " + (
        "what was allowed to differ still does:"
        if result.allowed
        else "since then the store has changed, and differs from the manifest again:"
    )
    return "\n".join([paint(Colour.ATTENTION, head), *shown[:_MOST_SHOWN], *more])
