"""What changed between two manifests, as a JSON document; `schemas/` says what is in it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.render.diff_words import notice_words
from ocrstate.render.documents import manifest_document
from ocrstate.render.spelling import FORMAT_VERSION, Document, Json, json_text
from ocrstate.sources.model import shown

if TYPE_CHECKING:
    from ocrstate.manifest.desired import Desired, DesiredModel
    from ocrstate.manifest.differences import Change, Differences, Value


def diff_document(old: Desired, new: Desired, found: Differences) -> Document:
    """Describe what changed."""
    return {
        "format_version": FORMAT_VERSION,
        "kind": "diff",
        "old": manifest_document(old.path, old.sha256, old.bases),
        "new": manifest_document(new.path, new.sha256, new.bases),
        "differs": not found.are_none,
        "added": [_model(model) for model in found.added],
        "removed": [_model(model) for model in found.removed],
        "changed": [
            {"name": json_text(model.name), "differences": [_change("attribute", each) for each in model.changes]}
            for model in found.changed
        ],
        "patterns": [
            {"key": each.key, "pattern": json_text(each.pattern), "change": "added" if each.is_new else "removed"}
            for each in found.patterns
        ],
        "settings": [_change("setting", each) for each in found.settings],
        "notices": [
            {"code": code, "message": json_text(message)} for code, message in map(notice_words, found.notices)
        ],
    }


def _model(model: DesiredModel) -> Document:
    return {
        "name": json_text(model.name),
        "size": model.size,
        "sha256": model.sha256,
        "source": _value("source", model.source),
    }


def _change(noun: str, change: Change) -> Document:
    return {noun: change.what, "old": _value(change.what, change.old), "new": _value(change.what, change.new)}


def _value(what: str, value: Value) -> Json:
    if not isinstance(value, str):
        return value
    return json_text(shown(value) if what == "source" else value)
