"""What became of changes, and in what models differ from the manifest, as parts of JSON documents. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.applying.result import Action
from ocrstate.render.spelling import json_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.applying.result import Outcome
    from ocrstate.planning.changes import Difference
    from ocrstate.render.spelling import Document, Json


def outcome_document(outcome: Outcome) -> Document:
    """Describe what became of one model."""
    document: Document = {
        "name": json_text(outcome.name),
        "action": outcome.action.value,
        "status": outcome.status.value,
        "size": outcome.size,
        "bytes_freed": outcome.freed,
    }
    if outcome.action is Action.REPLACE:
        document["differences"] = difference_documents(outcome.differences)
    if outcome.fetched:
        document.update(bytes_fetched=outcome.fetched, bytes_transferred=outcome.transferred)
    if outcome.freed_later:
        document["bytes_freed_later"] = outcome.freed_later
    if outcome.held_open:
        document["held_open_by"] = [{"pid": each.pid, "command": json_text(each.command)} for each in outcome.held_open]
    if outcome.cause:
        document["cause"] = json_text(outcome.cause)
    return document


def difference_documents(differences: Sequence[Difference]) -> list[Json]:
    """Describe in what a model differs from the manifest."""
    return [
        {"attribute": each.attribute, "declared": _value(each.declared), "actual": _value(each.actual)}
        for each in differences
    ]


def _value(value: str | int) -> str | int:
    return json_text(value) if isinstance(value, str) else value
