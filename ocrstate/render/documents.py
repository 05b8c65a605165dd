"""Plans, results and errors as JSON documents; `schemas/` says what is in them. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ocrstate.errors import assert_never
from ocrstate.names import is_decodable, lossy
from ocrstate.plan.changes import (
    Blocked,
    Change,
    Drifted,
    Keep,
    LinkHoldsListed,
    LinkToFolder,
    MatchesAbsent,
    Missing,
    NeededByLink,
    NotListed,
    Protected,
    Remove,
    Unlisted,
)
from ocrstate.render.plan_text import STYLES, size_of
from ocrstate.render.words import not_acted_on_words, reason_words, refusal_words, warning_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ocrstate.apply.result import Outcome, Result
    from ocrstate.inventory.model import EngineFacts
    from ocrstate.manifest.problems import Problem
    from ocrstate.plan.guards import Refusal
    from ocrstate.plan.model import Plan

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Document = dict[str, Json]

FORMAT_VERSION = "1.0"


def to_text(document: Mapping[str, Json]) -> str:
    """Spell a document as one line of JSON."""
    return json.dumps(document, ensure_ascii=True) + "\n"


def plan_document(plan: Plan, refused: Sequence[Refusal]) -> Document:
    """Describe a plan."""
    return {
        "format_version": FORMAT_VERSION,
        "kind": "plan",
        "manifest": {"path": _text(plan.manifest_path), "sha256": plan.manifest_sha256},
        "store": {"path": _text(plan.store.path), "real_path": _text(plan.store.real_path)},
        "engine": _engine(plan.engine),
        "inventory": {
            "source": plan.source.value,
            "count": plan.listed,
            "ignored": plan.ignored,
            "warnings": [_coded(*warning_words(warning)) for warning in plan.inventory_warnings],
        },
        "warnings": [_coded(*not_acted_on_words(each)) for each in plan.not_acted_on],
        "in_sync": plan.in_sync,
        "changes": [_change(change) for change in plan.changes],
        "emptied_folders": [_text(folder) for folder in plan.emptied],
        "refusals": [{**_coded(code, message), "hint": hint} for code, message, hint in map(refusal_words, refused)],
        "summary": {
            "keep": plan.summary.keep,
            "remove": plan.summary.remove,
            "fetch": 0,
            "replace": 0,
            "missing": plan.summary.missing,
            "drifted": plan.summary.drifted,
            "protected": plan.summary.protected,
            "unlisted": plan.summary.unlisted,
            "blocked": plan.summary.blocked,
            "bytes_freed": plan.summary.bytes_freed,
            "bytes_fetched": 0,
        },
    }


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
        "store": {"path": _text(result.store_path)},
        "outcomes": [_outcome(outcome) for outcome in result.outcomes],
        "removed_folders": [_text(folder) for folder in result.removed_folders],
        "summary": {
            "removed": result.removed,
            "fetched": 0,
            "replaced": 0,
            "bytes_freed": result.bytes_freed,
            "bytes_fetched": 0,
        },
        "remaining": [
            {"name": _text(change.name), "action": STYLES[type(change)].action} for change in result.remaining
        ],
        "error": None if error is None else _error(error.code, error.message, error.hint),
    }


def error_document(code: str, message: str, hint: str, problems: Sequence[Problem] = ()) -> Document:
    """Describe why a command ended without an answer."""
    error = _error(code, message, hint)
    if problems:
        error["problems"] = [
            {
                "path": _text(problem.path),
                "line": problem.line,
                "column": problem.column,
                "code": problem.code,
                "message": _text(problem.message),
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
        "manifest": {"path": _text(path)},
        "models": models,
    }


def _engine(engine: EngineFacts | None) -> Json:
    if engine is None:
        return None
    return {"package": engine.package, "version": engine.version, "local_path": _text(engine.local_path)}


def _coded(code: str, message: str) -> Document:
    return {"code": code, "message": _text(message)}


def _error(code: str, message: str, hint: str) -> Document:
    return {"code": code, "message": _text(message), "hint": _text(hint)}


def _change(change: Change) -> Document:
    code, words = reason_words(change)
    document: Document = {
        "name": _text(change.name),
        "action": STYLES[type(change)].action,
        "reason": code,
        "explanation": _text(words),
        "size": size_of(change),
    }
    if not is_decodable(change.name):
        document["name_hex"] = change.name.encode("utf-8", "surrogateescape").hex()
    document.update(_details(change))
    return document


def _details(change: Change) -> Document:
    match change:
        case Keep() | Unlisted():
            return {}
        case Remove(freed=freed, reason=reason):
            return {"bytes_freed": freed, **_removal_details(reason)}
        case Missing(near=near):
            return {"did_you_mean": [_text(name) for name in near]}
        case Drifted(differences=differences):
            return {
                "differences": [
                    {"attribute": each.attribute, "declared": each.declared, "actual": each.actual}
                    for each in differences
                ]
            }
        case Protected(pattern=pattern):
            return {"pattern": _text(pattern)}
        case Blocked(obstacle=LinkHoldsListed(target, staying)):
            return {"target": _text(target), "staying": [_text(name) for name in staying]}
        case Blocked(obstacle=NeededByLink(staying)):
            return {"staying": [_text(name) for name in staying]}
        case Blocked():
            return {}
        case _:
            assert_never(change)


def _removal_details(reason: NotListed | MatchesAbsent | LinkToFolder) -> Document:
    match reason:
        case NotListed():
            return {}
        case MatchesAbsent(pattern):
            return {"pattern": _text(pattern)}
        case LinkToFolder(target, hides):
            return {"target": _text(target), "hides": hides}
        case _:
            assert_never(reason)


def _outcome(outcome: Outcome) -> Document:
    document: Document = {
        "name": _text(outcome.name),
        "action": "remove",
        "status": outcome.status.value,
        "bytes_freed": outcome.freed,
    }
    if outcome.cause:
        document["cause"] = _text(outcome.cause)
    return document


def _text(text: str) -> str:
    """Spell text as valid Unicode; bytes that are none become U+FFFD, as the engine shows them."""
    return text if is_decodable(text) else lossy(text)
