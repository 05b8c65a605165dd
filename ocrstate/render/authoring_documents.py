"""Locks and snapshots as JSON documents; `schemas/` says what is in them. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.render.spelling import FORMAT_VERSION, Document, json_text

if TYPE_CHECKING:
    from ocrstate.authoring.pins import Locking, Pinned
    from ocrstate.authoring.snapshot import Snapshot


def lock_document(manifest_path: str, store_path: str, found: Locking, written: str | None) -> Document:
    """Describe what a lock changed, or would change where nothing was written."""
    return {
        "format_version": FORMAT_VERSION,
        "kind": "lock",
        "manifest": {"path": json_text(manifest_path)},
        "store": {"path": json_text(store_path)},
        "changed": [_pinned(each) for each in found.pinned],
        "missing": [json_text(name) for name in found.missing],
        "differing": [_pinned(each) for each in found.contradicted],
        "written": None if written is None else json_text(written),
    }


def snapshot_document(store_path: str, made: Snapshot, text: str, written: str | None) -> Document:
    """Describe a snapshot; its text is in there unless it was written to a file."""
    return {
        "format_version": FORMAT_VERSION,
        "kind": "snapshot",
        "store": {"path": json_text(store_path)},
        "models": len(made.models),
        "left_out": [{"name": json_text(each.name), "reason": json_text(each.reason)} for each in made.left],
        "written": None if written is None else json_text(written),
        "text": json_text(text) if written is None else None,
    }


def _pinned(pinned: Pinned) -> Document:
    model, pin = pinned
    return {
        "name": json_text(model.name),
        "sha256": {"old": model.sha256, "new": pin.sha256},
        "size": {"old": model.size, "new": pin.size},
    }
