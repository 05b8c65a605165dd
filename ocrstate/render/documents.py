"""Plans, results and errors as JSON documents; `schemas/` says what is in them. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.errors import assert_never
from ocrstate.names import is_decodable
from ocrstate.planning.changes import (
    Blocked,
    Change,
    Drifted,
    Fetch,
    Keep,
    LinkHoldsListed,
    LinkToFolder,
    MatchesAbsent,
    Missing,
    NeededByLink,
    NotListed,
    Protected,
    Remove,
    Replace,
    Unlisted,
    size_of,
)
from ocrstate.render.near_words import near_documents
from ocrstate.render.outcome_documents import difference_documents, outcome_document
from ocrstate.render.plan_text import STYLES
from ocrstate.render.refusal_words import refusal_words
from ocrstate.render.run_documents import purged_document, recovered_document
from ocrstate.render.spelling import FORMAT_VERSION, Document, Json, json_text
from ocrstate.render.warning_words import warning_words
from ocrstate.render.words import reason_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.applying.result import Result
    from ocrstate.inventory.model import EngineFacts, InventoryWarning
    from ocrstate.manifest.desired import ManifestFile
    from ocrstate.manifest.problems import Problem
    from ocrstate.planning.changes import Obstacle
    from ocrstate.planning.disk import Disk
    from ocrstate.planning.evidence import Supply
    from ocrstate.planning.guards import Refusal
    from ocrstate.planning.model import Plan
    from ocrstate.runs.model import ManifestRef


def plan_document(plan: Plan, refused: Sequence[Refusal]) -> Document:
    """Describe a plan."""
    return {
        "format_version": FORMAT_VERSION,
        "kind": "plan",
        **surroundings_document(plan),
        "warnings": [],
        "in_sync": plan.in_sync,
        "unfinished_runs": [run.run_id for run in plan.unfinished_runs],
        "changes": [change_document(change, plan.retain) for change in plan.changes],
        "emptied_folders": [json_text(folder) for folder in plan.emptied],
        "refusals": refusal_documents(refused),
        "summary": {
            "keep": plan.summary.keep,
            "remove": plan.summary.remove,
            "fetch": plan.summary.fetch,
            "replace": plan.summary.replace,
            "missing": plan.summary.missing,
            "drifted": plan.summary.drifted,
            "protected": plan.summary.protected,
            "unlisted": plan.summary.unlisted,
            "blocked": plan.summary.blocked,
            "bytes_freed": plan.summary.bytes_freed,
            "bytes_kept": plan.summary.bytes_removed + plan.summary.bytes_replaced - plan.summary.bytes_freed,
            "bytes_fetched": plan.summary.bytes_fetched,
            "unverified": plan.unverified,
        },
        "disk": _disk(plan.disk),
        "retain": plan.retain,
    }


def surroundings_document(plan: Plan) -> Document:
    """Describe what a plan is about: the manifest, the store, and who listed what is in it."""
    return {
        "manifest": manifest_document(plan.manifest_path, plan.manifest_sha256, plan.extends),
        "store": {"path": json_text(plan.store.path), "real_path": json_text(plan.store.real_path)},
        "engine": engine_document(plan.engine),
        "inventory": {
            "source": plan.source.value,
            "count": plan.listed,
            "ignored": plan.ignored,
            "warnings": _warnings(plan.inventory_warnings),
        },
    }


def refusal_documents(refused: Sequence[Refusal]) -> list[Json]:
    """Describe why apply would refuse a plan."""
    return [{**_coded(code, message), "hint": hint} for code, message, hint in map(refusal_words, refused)]


def manifest_document(path: str, sha256: str, bases: Sequence[ManifestRef | ManifestFile]) -> Document:
    """Describe a manifest and those that it extends."""
    extends: list[Json] = [{"path": json_text(base.path), "sha256": base.sha256} for base in bases]
    return {"path": json_text(path), "sha256": sha256, "extends": extends}


def result_document(result: Result) -> Document:
    """Describe what a run did."""
    error = result.error
    return {
        "format_version": FORMAT_VERSION,
        "kind": "result",
        "run_id": result.run_id,
        "status": result.status.value,
        "changed": result.changed,
        "in_sync": result.in_sync,
        "store": {"path": json_text(result.store_path)},
        "restores": result.restores,
        "outcomes": [outcome_document(outcome) for outcome in result.outcomes],
        "removed_folders": [json_text(folder) for folder in result.removed_folders],
        "summary": {
            "removed": result.removed,
            "fetched": result.fetched,
            "replaced": result.replaced,
            "restored": result.restored,
            "bytes_freed": result.bytes_freed,
            "bytes_freed_later": result.bytes_freed_later,
            "bytes_kept": result.bytes_kept,
            "bytes_fetched": result.bytes_fetched,
            "bytes_transferred": result.bytes_transferred,
        },
        "restorable_until": result.keep_until if result.changed else None,
        "recovered": [recovered_document(each) for each in result.recovered],
        "purged": [purged_document(each) for each in result.purged],
        "new_since_plan": [json_text(name) for name in result.new_since],
        "remaining": [
            {"name": json_text(change.name), "action": STYLES[type(change)].action} for change in result.remaining
        ],
        "warnings": _warnings(result.warnings),
        "error": None if error is None else _error(error.code, error.message, error.hint),
    }


def error_document(code: str, message: str, hint: str, problems: Sequence[Problem] = ()) -> Document:
    """Describe why a command ended without an answer."""
    error = _error(code, message, hint)
    if problems:
        error["problems"] = [
            {
                "path": json_text(problem.path),
                "line": problem.line,
                "column": problem.column,
                "code": problem.code,
                "message": json_text(problem.message),
            }
            for problem in problems
        ]
    return {"format_version": FORMAT_VERSION, "kind": "error", "error": error}


def validation_document(path: str, models: int) -> Document:
    """Describe a manifest that is valid."""
    return {
        "format_version": FORMAT_VERSION,
        "kind": "validation",
        "valid": True,
        "manifest": {"path": json_text(path)},
        "models": models,
    }


def engine_document(engine: EngineFacts | None) -> Json:
    """Describe the engine that was asked; nothing if none was."""
    if engine is None:
        return None
    return {"package": engine.package, "version": engine.version, "local_path": json_text(engine.local_path)}


def _disk(disk: Disk | None) -> Json:
    if disk is None:
        return None
    return {
        "free": disk.free,
        "needed": disk.needed,
        "unknown": disk.unknown,
        "given": disk.given,
        "free_after": disk.free_after,
        "fits": disk.fits,
    }


def _warnings(warnings: Sequence[InventoryWarning]) -> list[Json]:
    return [_coded(*warning_words(warning)) for warning in warnings]


def _coded(code: str, message: str) -> Document:
    return {"code": code, "message": json_text(message)}


def _error(code: str, message: str, hint: str) -> Document:
    return {"code": code, "message": json_text(message), "hint": json_text(hint)}


def change_document(change: Change, retain: int) -> Document:
    """Describe what happens to one model; ``retain`` is for how many seconds what goes is kept."""
    code, words = reason_words(change)
    document: Document = {
        "name": json_text(change.name),
        "action": STYLES[type(change)].action,
        "reason": code,
        "explanation": json_text(words),
        "size": size_of(change),
    }
    if not is_decodable(change.name):
        document["name_hex"] = change.name.encode("utf-8", "surrogateescape").hex()
    document.update(_details(change, retain))
    return document


def _details(change: Change, retain: int) -> Document:
    match change:
        case Unlisted():
            return {}
        case Keep(model=model, is_verified=is_verified):
            return {} if model.sha256 is None else {"verified": is_verified}
        case Fetch(supply=supply, near=near):
            meant = near_documents(near) if near else {}
            return {**_supply(supply), "bytes_fetched": change.size_to_come, **meant}
        case Replace(supply=supply, freed=freed, differences=differences):
            return {
                **_supply(supply),
                "bytes_fetched": change.size_to_come,
                "bytes_freed": 0 if retain else freed,
                "differences": difference_documents(differences),
            }
        case Remove(freed=freed, reason=reason):
            return {"bytes_freed": 0 if retain else freed, **_removal_details(reason)}
        case Missing(near=near):
            return near_documents(near)
        case Drifted(differences=differences):
            return {"differences": difference_documents(differences)}
        case Protected(pattern=pattern):
            return {"pattern": json_text(pattern)}
        case Blocked(obstacle=obstacle):
            return _obstacle_details(obstacle)
        case _:
            assert_never(change)


def _obstacle_details(obstacle: Obstacle) -> Document:
    match obstacle:
        case LinkHoldsListed(target, staying):
            return {"target": json_text(target), "staying": [json_text(name) for name in staying]}
        case NeededByLink(staying):
            return {"staying": [json_text(name) for name in staying]}
        case _:
            return {}


def _supply(supply: Supply) -> Document:
    return {"source": json_text(supply.shown), "bytes_staged": supply.staged}


def _removal_details(reason: NotListed | MatchesAbsent | LinkToFolder) -> Document:
    match reason:
        case NotListed():
            return {}
        case MatchesAbsent(pattern):
            return {"pattern": json_text(pattern)}
        case LinkToFolder(target, behind):
            return {"target": json_text(target), "hides": len(behind)}
        case _:
            assert_never(reason)
