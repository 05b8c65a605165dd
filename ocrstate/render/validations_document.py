"""What several manifests are, each checked by itself, as a JSON document. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.render.documents import error_document
from ocrstate.render.spelling import FORMAT_VERSION, Document, Json, json_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocrstate.errors import OcrstateError


def validations_document(checked: Mapping[str, int | OcrstateError]) -> Document:
    """Describe manifests, by their paths as named: how many models each lists, or what is wrong with it."""
    return {
        "format_version": FORMAT_VERSION,
        "kind": "validations",
        "valid": all(isinstance(found, int) for found in checked.values()),
        "manifests": [_manifest(path, found) for path, found in checked.items()],
    }


def _manifest(path: str, found: int | OcrstateError) -> Json:
    if isinstance(found, int):
        return {"path": json_text(path), "valid": True, "models": found}
    error = error_document(found.code, found.message, found.hint, getattr(found, "problems", ()))["error"]
    return {"path": json_text(path), "valid": False, "error": error}
