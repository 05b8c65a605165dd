"""An explanation as a JSON document. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.names import is_decodable
from ocrstate.planning.fates import BehindLink, Fate, Ignored, IsFolder, LinkStays, OnlyEngineSees, OwnFile, TooDeep
from ocrstate.render.documents import change_document, refusal_documents, surroundings_document
from ocrstate.render.plan_text import STYLES
from ocrstate.render.remedy_words import remedy_words, step_words
from ocrstate.render.spelling import FORMAT_VERSION, Document, Json, json_text
from ocrstate.render.why_words import answer_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.manifest.places import Where
    from ocrstate.planning.guards import Refusal
    from ocrstate.planning.matching import Rule
    from ocrstate.planning.model import Plan
    from ocrstate.planning.steps import Remedy, Step
    from ocrstate.planning.why import Why


def why_document(why: Why, plan: Plan, refused: Sequence[Refusal]) -> Document:
    """Describe an explanation."""
    document: Document = {
        "format_version": FORMAT_VERSION,
        "kind": "why",
        **surroundings_document(plan),
        "name": json_text(why.name),
        "state": _state(why.fate),
        "explanation": json_text(": ".join(answer_words(why))),
        "change": _change(why.fate, plan.retain),
        "link": json_text(why.fate.link) if isinstance(why.fate, BehindLink) else None,
        "decided_by": None if why.decided_by is None else _rule(why.decided_by),
        "also": [_rule(rule) for rule in why.also],
        "remedies": [_remedy(remedy, why.name) for remedy in why.remedies],
        "refusals": refusal_documents(refused),
    }
    if not is_decodable(why.name):
        document["name_hex"] = why.name.encode("utf-8", "surrogateescape").hex()
    return document


def _state(fate: Fate) -> str:
    match fate:
        case Ignored():
            return "ignored"
        case LinkStays():
            return "link-stays"
        case BehindLink():
            return "behind-link"
        case IsFolder():
            return "folder"
        case OnlyEngineSees():
            return "only-in-engine"
        case OwnFile():
            return "own-file"
        case TooDeep():
            return "too-deep"
        case _:
            return STYLES[type(fate)].action


def _change(fate: Fate, retain: int) -> Json:
    """Describe its own change, or that of the link through which it is seen."""
    match fate:
        case BehindLink(fate=of_link):
            return _change(of_link, retain)
        case Ignored() | LinkStays() | IsFolder() | OnlyEngineSees() | OwnFile() | TooDeep():
            return None
        case _:
            return change_document(fate, retain)


def _rule(rule: Rule) -> Document:
    return {"kind": rule.kind.value, "name": json_text(rule.name), **_place(rule.where), "text": json_text(rule.text)}


def _place(where: Where | None) -> Document:
    if where is None:
        return {"path": None, "line": None, "column": None}
    return {"path": json_text(where.path), "line": where.line, "column": where.column}


def _remedy(remedy: Remedy, name: str) -> Document:
    sentence, lines = remedy_words(remedy, name)
    return {
        "goal": remedy.goal.value,
        "explanation": json_text(sentence),
        "lines": [json_text(line) for line in lines],
        "steps": [_step(step, name) for step in remedy.steps],
    }


def _step(step: Step, name: str) -> Document:
    told = step_words(step, name)
    return {
        "kind": told.kind,
        "explanation": json_text(told.words),
        "path": None if told.path is None else json_text(told.path),
        "lines": [json_text(line) for line in told.lines],
        "places": [_place(where) for where in told.places],
    }
