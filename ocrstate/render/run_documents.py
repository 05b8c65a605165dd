"""What runs did and what of it can be taken back, as JSON documents. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.render.spelling import FORMAT_VERSION, json_text
from ocrstate.runs.model import Finished, InQuarantine, InStaging, Purged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.applying.result import Purge, Recovered
    from ocrstate.render.spelling import Document, Json
    from ocrstate.runs.kept import PastRun
    from ocrstate.runs.model import Begun, Move, RunLog


def history_document(store_path: str, runs: Sequence[PastRun]) -> Document:
    """Describe runs, the last one first."""
    return {
        "format_version": FORMAT_VERSION,
        "kind": "history",
        "store": {"path": json_text(store_path)},
        "runs": [_run(run) for run in reversed(runs)],
        "bytes_held": sum(run.bytes_held for run in runs),
    }


def _run(run: PastRun) -> Document:
    log, begun = run.log, run.log.begun
    document: Document = {"run_id": log.run_id, "state": log.state.value.replace(" ", "_"), "open": run.is_open}
    if begun is not None:
        restorable = {each.name for each in run.restorable}
        document.update(
            kind=begun.kind.value,
            started=begun.who.started,
            ended=log.steps[-1].at if log.steps else None,
            user=json_text(begun.who.user),
            host=json_text(begun.who.host),
            command=json_text(begun.who.command),
            manifest=_manifest(begun),
            plan_id=begun.plan_id,
            restores=begun.restores,
            models=[
                {
                    "name": json_text(move.name),
                    "size": move.mark.size,
                    "moved": _direction(move),
                    "restorable": move.name in restorable and move.target == InQuarantine(log.run_id),
                }
                for move in begun.moves
            ],
            restorable_until=begun.keep_until if run.restorable else None,
        )
    return {**document, "bytes_held": run.bytes_held, "bytes_freed": _freed(log)}


def _direction(move: Move) -> str:
    if isinstance(move.target, InQuarantine):
        return "out"
    return "in" if isinstance(move.origin, InStaging) else "back"


def _manifest(begun: Begun) -> Json:
    if begun.manifest is None:
        return None
    return {"path": json_text(begun.manifest.path), "sha256": begun.manifest.sha256}


def _freed(log: RunLog) -> int:
    return sum(step.bytes_freed for step in log.steps if isinstance(step, Finished | Purged))


def recovery_document(store_path: str, recovered: Sequence[Recovered]) -> Document:
    """Describe what became of runs that had been broken off."""
    return {
        "format_version": FORMAT_VERSION,
        "kind": "recovery",
        "store": {"path": json_text(store_path)},
        "recovered": [recovered_document(each) for each in recovered],
    }


def recovered_document(each: Recovered) -> Document:
    """Describe what became of one run that had been broken off."""
    return {
        "run_id": each.run_id,
        "ended": each.ended.value,
        "started": each.started,
        "models": each.models,
        "gone": [json_text(name) for name in each.gone],
        "bytes_freed": each.bytes_freed,
        "restorable_until": each.keep_until,
    }


def purge_document(
    store_path: str, purged: Sequence[Purge], recovered: Sequence[Recovered] = (), staged: int = 0
) -> Document:
    """Describe what was deleted for good; ``staged`` are bytes of models that had been fetched, and never used."""
    return {
        "format_version": FORMAT_VERSION,
        "kind": "purge",
        "store": {"path": json_text(store_path)},
        "recovered": [recovered_document(each) for each in recovered],
        "purged": [purged_document(each) for each in purged],
        "bytes_freed": sum(each.bytes_freed for each in purged),
        "bytes_staged": staged,
    }


def purged_document(each: Purge) -> Document:
    """Describe what was deleted for good of what one run had kept."""
    return {
        "run_id": each.run_id,
        "models": each.models,
        "bytes_freed": each.bytes_freed,
        "bytes_freed_later": each.freed_later,
        "held_open_by": [{"pid": one.pid, "command": json_text(one.command)} for one in each.held_open],
        "stuck": [{"name": json_text(name), "cause": json_text(cause)} for name, cause in each.stuck],
    }
