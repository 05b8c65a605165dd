"""What runs did and what of it can be taken back, as text. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.names import QUARANTINE_FOLDER
from ocrstate.render.folding import beside, facts, fold, fold_lines, row, whole
from ocrstate.render.look import cells, name_column
from ocrstate.render.result_text import held_open_line
from ocrstate.runs.model import InQuarantine, InStaging, InStore, RunKind, RunState
from ocrstate.text.escape import escape
from ocrstate.text.shell import recover_command, restore_command
from ocrstate.text.times import readable_time
from ocrstate.text.units import counted, size_text

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from ocrstate.applying.result import Purge
    from ocrstate.runs.kept import PastRun
    from ocrstate.runs.model import Begun, ManifestRef, Move

_EMPTY = "No run is remembered: nothing was removed or restored here.\n"
_MOST_NAMED = 20
_LONGEST_COLUMN = 40
_BELOW = 4


def render_history(runs: Sequence[PastRun], store_path: str, moment: str, width: int | None) -> str:
    """Draw the runs, the last one first: when and what, by whom, and what can be taken back at that moment."""
    blocks = [_block(run, moment, width) for run in reversed(runs)]
    return "\n".join(blocks) + _how_to_restore(runs, store_path, width) if blocks else _EMPTY


def _block(run: PastRun, moment: str, width: int | None) -> str:
    begun = run.log.begun
    undo = f"{fold_lines(f'  {_undo(run, moment)}', width)}\n"
    if begun is None:
        return f"{beside(f'{run.log.run_id}  ', _did(run), width, _BELOW)}\n{undo}"
    by = f"by {escape(begun.who.user)} on {escape(begun.who.host)}"
    after = f", following {_manifest(begun.manifest)}" if begun.manifest and begun.kind is RunKind.APPLY else ""
    back = f", taking back {begun.restores}" if begun.restores else ""
    did = beside(f"{begun.run_id}  {readable_time(begun.who.started)}  ", _did(run), width, _BELOW)
    return "\n".join((did, fold_lines(f"  {by}{after}{back}", width), undo))


def _manifest(manifest: ManifestRef) -> str:
    return f"{escape(manifest.path)} (sha256 {manifest.sha256[:12]}…)"


def render_run(run: PastRun, moment: str, width: int | None) -> str:
    """Draw all that is known of one run."""
    begun = run.log.begun
    if begun is None:
        little = (("Run", run.log.run_id), ("State", _did(run)), ("Undo", _undo(run, moment)))
        return f"{facts(little, width)}\n"
    known = (
        ("Run", begun.run_id),
        ("Started", f"{begun.who.started} by {escape(begun.who.user)} on {escape(begun.who.host)}"),
        ("Command", escape(begun.who.command)),
        ("Manifest", _manifest(begun.manifest) if begun.manifest else ""),
        ("Restores", begun.restores or ""),
        ("State", _did(run)),
        ("Undo", _undo(run, moment)),
    )
    return f"{facts(known, width)}\n\n{_models(run, begun, width)}"


def _models(run: PastRun, begun: Begun, width: int | None) -> str:
    restorable = {each.name for each in run.restorable}
    shown = [(escape(move.name), move) for move in begun.moves[:_MOST_NAMED]]
    column = min(name_column([cells(name) for name, _ in shown], width), _LONGEST_COLUMN)
    lines = [_model(name, move, column - cells(name), restorable, width) for name, move in shown]
    if len(begun.moves) > _MOST_NAMED:
        lines.append(f"  and {len(begun.moves) - _MOST_NAMED:,} more (--json shows all)")
    return "".join(f"{line}\n" for line in lines)


def _model(name: str, move: Move, padding: int, restorable: Container[str], width: int | None) -> str:
    leaves = isinstance(move.target, InQuarantine)
    undo = "can be restored" if leaves and move.name in restorable else ""
    return row(f"  {'-' if leaves else '+'} {name}", padding, f"  {size_text(move.mark.size):>7}  ", undo, width)


def _did(run: PastRun) -> str:
    log = run.log
    begun = log.begun
    if begun is None:
        return "did nothing yet" if run.is_open else "its journal cannot be relied on"
    match log.state:
        case RunState.MOVING | RunState.NOT_BEGUN:
            return "half-way: at work, or broken off"
        case RunState.UNDONE:
            return "taken back: nothing was changed"
        case _:
            return _deeds(begun)


def _deeds(begun: Begun) -> str:
    """Say what a run did: so many models removed, fetched, replaced or restored."""
    if begun.kind is RunKind.RESTORE:
        return _deed("restored", [move for move in begun.moves if isinstance(move.target, InStore)])
    came = [move for move in begun.moves if isinstance(move.origin, InStaging)]
    names = {move.name for move in came}
    went = {move.name for move in begun.moves if isinstance(move.target, InQuarantine)}
    deeds = (
        _deed("fetched", [move for move in came if move.name not in went]),
        _deed("replaced", [move for move in came if move.name in went]),
        _deed("removed", [move for move in begun.moves if move.name not in names]),
    )
    return ", ".join(filter(None, deeds))


def _deed(verb: str, moves: Sequence[Move]) -> str:
    size = size_text(sum(move.mark.size for move in moves))
    return f"{verb} {counted(len(moves), 'model')} ({size})" if moves else ""


def _undo(run: PastRun, moment: str) -> str:
    begun = run.log.begun
    if begun is None:
        return _undo_unknown(run)
    if not run.restorable:
        return _not_restorable(run, begun)
    models, held = counted(len(run.restorable), "model"), f"{size_text(run.bytes_held)} held"
    if begun.keep_until is None or begun.keep_until <= moment:
        return f"{models} still restorable, {held}; the time is up: the next apply or purge deletes them"
    return f"{models} restorable until {readable_time(begun.keep_until)}, {held}"


def _undo_unknown(run: PastRun) -> str:
    if run.is_open:
        return "the next apply, or ocrstate recover, tidies up"
    if not run.models_held:
        return "nothing is left of it in quarantine"
    held = f"{counted(run.models_held, 'model')} ({size_text(run.bytes_held)}) held"
    return f"{held}: look into {QUARANTINE_FOLDER}/{run.log.run_id}, move back what you need, delete the rest"


def _not_restorable(run: PastRun, begun: Begun) -> str:
    held = f"{size_text(run.bytes_held)} held"
    match run.log.state:
        case RunState.MOVING | RunState.COMMITTED | RunState.NOT_BEGUN:
            return "the next apply, or ocrstate recover, finishes it or takes it back"
        case RunState.UNDONE:
            return "nothing to take back"
        case RunState.PURGING:
            return f"partly purged, {held}: ocrstate recover goes on"
        case RunState.PURGED:
            return "purged"
        case RunState.FINISHED if run.models_held:
            return f"nothing to restore: what is kept was altered, {held}"
        case RunState.FINISHED:
            return _nothing_left(begun)


def _nothing_left(begun: Begun) -> str:
    if begun.keep_until is not None:
        return "nothing is left to restore"
    if begun.kind is RunKind.RESTORE:
        return "it replaced nothing"
    took_away = any(isinstance(move.target, InQuarantine) for move in begun.moves)
    return "cannot be taken back" if took_away else "it took nothing away"


def _how_to_restore(runs: Sequence[PastRun], store_path: str, width: int | None) -> str:
    last = next((run for run in reversed(runs) if run.restorable), None)
    if last is None:
        return ""
    spelled = whole(restore_command(last.log.run_id, store_path))
    return f"\n{fold(spelled, width, lead='To put models back: ', indent=2)}\n"


def render_purges(purged: Sequence[Purge], store_path: str, staged: int = 0) -> str:
    """Say what was deleted for good; ``staged`` are bytes of models that had been fetched, and never used."""
    unused = f"Deleted {size_text(staged)} that had been fetched and not been used.\n" if staged else ""
    return unused if unused and not purged else f"{_purges(purged, store_path)}{unused}"


def _purges(purged: Sequence[Purge], store_path: str) -> str:
    if not purged:
        return "Nothing to purge: nothing is kept whose time is up.\n"
    stuck = [(name, cause) for each in purged for name, cause in each.stuck]
    models, freed = sum(each.models for each in purged), sum(each.bytes_freed for each in purged)
    lines = [f"Purged {counted(models, 'model')} of {counted(len(purged), 'run')}, freed {size_text(freed)}."]
    lines += [f"  {escape(name)}: could not be deleted: {escape(cause)}" for name, cause in stuck[:_MOST_NAMED]]
    if len(stuck) > _MOST_NAMED:
        lines.append(f"  and {len(stuck) - _MOST_NAMED:,} more")
    lines += [_held_open(each) for each in purged if each.held_open]
    if stuck:
        lines.append(f"Mend the cause, and run {recover_command(store_path)}.")
    return "".join(f"{line}\n" for line in lines)


def _held_open(purge: Purge) -> str:
    return held_open_line(purge.held_open, f"what the run {purge.run_id} had kept", purge.freed_later)
