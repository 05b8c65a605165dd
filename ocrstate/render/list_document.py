"""What is in a store, as a JSON document. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.names import is_decodable
from ocrstate.planning.audit import Ignored, Seen, entry_of, found_size, selected, status_of
from ocrstate.render.documents import engine_document, manifest_document
from ocrstate.render.list_text import path_in
from ocrstate.render.plan_text import STYLES
from ocrstate.render.spelling import FORMAT_VERSION, Document, Json, json_text
from ocrstate.render.warning_words import warning_words
from ocrstate.render.words import reason_words
from ocrstate.text.escape import escape
from ocrstate.text.times import moment_text

if TYPE_CHECKING:
    from ocrstate.planning.audit import Audit, Finding, Kept, Selection
    from ocrstate.store.model import Space, Unseen


def list_document(audit: Audit, selection: Selection) -> Document:
    """Describe the models that are chosen, and totals of all that there are."""
    manifest = audit.manifest
    return {
        "format_version": FORMAT_VERSION,
        "kind": "list",
        "manifest": None if manifest is None else manifest_document(manifest.path, manifest.sha256, audit.extends),
        "store": {"path": json_text(audit.store.path), "real_path": json_text(audit.store.real_path)},
        "engine": engine_document(audit.engine),
        "inventory": {
            "source": audit.source.value,
            "count": audit.listed,
            "warnings": [
                {"code": code, "message": json_text(words)} for code, words in map(warning_words, audit.warnings)
            ],
        },
        "in_sync": audit.in_sync,
        "models": [_model(audit, each) for each in selected(audit.findings, selection)],
        "summary": _summary(audit),
        "disk": _disk(audit.surroundings.disk),
        "invisible": _unseen(audit.surroundings.unseen),
        "kept": _kept(audit.surroundings.kept),
        "staged": {"models": audit.surroundings.staged.models, "bytes": audit.surroundings.staged.size},
        "own": _unseen(audit.surroundings.own),
    }


def path_document(store_path: str, name: str | None) -> Document:
    """Describe where a model is, or the store itself where no name is given."""
    document: Document = {
        "format_version": FORMAT_VERSION,
        "kind": "path",
        "store": {"path": json_text(store_path)},
        "name": None if name is None else json_text(name),
        "path": json_text(store_path if name is None else f"{store_path.rstrip('/')}/{name}"),
    }
    if name is not None and not is_decodable(name):
        document["name_hex"] = _hex(name)
    return document


def _model(audit: Audit, finding: Finding) -> Document:
    status, entry = status_of(finding), entry_of(finding)
    action, reason, words = _judgement(finding)
    document: Document = {
        "name": json_text(finding.name),
        "status": None if status is None else status.value,
        "size": found_size(finding),
        "modified": None if entry is None else moment_text(entry.stamp.mtime_ns),
        "path": json_text(path_in(audit, finding)),
        "action": action,
        "reason": reason,
        "explanation": json_text(words),
    }
    if not is_decodable(finding.name):
        document["name_hex"] = _hex(finding.name)
    return document


def _judgement(finding: Finding) -> tuple[str | None, str | None, str]:
    """Return what apply would do about it, the stable code of the reason, and that in words."""
    match finding:
        case Ignored(pattern=pattern):
            return None, "matches-ignore", f'ignored by "{escape(pattern)}"'
        case Seen(confirmed=True):
            return None, None, ""
        case Seen():
            return None, "not-confirmed", "the engine does not see it"
        case _:
            return STYLES[type(finding)].action, *reason_words(finding)


def _hex(name: str) -> str:
    return name.encode("utf-8", "surrogateescape").hex()


def _summary(audit: Audit) -> Document:
    there = audit.there
    statuses: Json = None
    if audit.manifest is not None:
        totals = audit.totals.items()
        statuses = {status.value: {"models": total.models, "bytes": total.size} for status, total in totals}
    return {"models": there.models, "bytes": there.size, "unverified": audit.unverified, "statuses": statuses}


def _kept(kept: Kept) -> Document:
    return {"models": kept.models, "restorable": kept.restorable, "bytes": kept.size, "complete": kept.is_whole}


def _disk(disk: Space | None) -> Json:
    return None if disk is None else {"free": disk.free, "total": disk.total}


def _unseen(unseen: Unseen) -> Document:
    return {"files": unseen.files, "folders": unseen.folders, "bytes": unseen.size, "complete": unseen.is_whole}
