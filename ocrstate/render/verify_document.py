"""What verify found, as a JSON document. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.errors import assert_never
from ocrstate.planning.verification import (
    Changing,
    Differs,
    NoContent,
    NotThere,
    SizeDiffers,
    Unpinned,
    Unread,
    Verdict,
    Verified,
)
from ocrstate.render.near_words import near_documents
from ocrstate.render.spelling import FORMAT_VERSION, Document, Json, json_text
from ocrstate.render.verify_words import found_size, holes_words, verdict_words
from ocrstate.render.warning_words import warning_words

if TYPE_CHECKING:
    from ocrstate.planning.verification import Verification

_COUNTED: dict[str, tuple[type[Verdict], ...]] = {
    "verified": (Verified,),
    "differs": (Differs, SizeDiffers, NoContent),
    "missing": (NotThere,),
    "unreadable": (Unread,),
    "changed": (Changing,),
    "unpinned": (Unpinned,),
}


def verification_document(verification: Verification) -> Document:
    """Describe what was found of each listed model."""
    counts = verification.counts
    return {
        "format_version": FORMAT_VERSION,
        "kind": "verification",
        "manifest": {"path": json_text(verification.manifest_path), "sha256": verification.manifest_sha256},
        "store": {"path": json_text(verification.store.path), "real_path": json_text(verification.store.real_path)},
        "as_declared": verification.is_as_declared,
        "warnings": [
            {"code": code, "message": json_text(message)} for code, message in map(warning_words, verification.warnings)
        ],
        "models": [_model(verdict) for verdict in verification.verdicts],
        "summary": {
            **{name: sum(counts[kind] for kind in kinds) for name, kinds in _COUNTED.items()},
            "bytes_read": verification.bytes_read,
            "bytes_remembered": verification.bytes_remembered,
            "seconds": round(verification.seconds, 3),
        },
    }


def _model(verdict: Verdict) -> Document:
    code, words = verdict_words(verdict)
    document: Document = {
        "name": json_text(verdict.name),
        "verdict": code,
        "explanation": json_text(words),
        "expected": {"sha256": verdict.model.sha256, "size": verdict.model.size},
        "actual": {"sha256": _found_sha256(verdict), "size": found_size(verdict)},
    }
    match verdict:
        case Verified(content=content, on_disk=on_disk) | Differs(content=content, on_disk=on_disk):
            document["remembered"] = content.remembered
            document.update(_holes(verdict, on_disk))
        case Unpinned(on_disk=on_disk):
            document.update(_holes(verdict, on_disk))
        case NotThere(near=near):
            document.update(near_documents(near))
        case SizeDiffers() | NoContent() | Unread() | Changing():
            pass
        case _:
            assert_never(verdict)
    return document


def _found_sha256(verdict: Verdict) -> Json:
    return verdict.content.sha256 if isinstance(verdict, Verified | Differs) else None


def _holes(verdict: Verdict, on_disk: int | None) -> Document:
    return {} if on_disk is None else {"bytes_on_disk": on_disk, "note": holes_words(verdict)}
