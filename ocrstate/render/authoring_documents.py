"""Locks and snapshots as JSON documents; `schemas/` says what is in them. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.render.spelling import FORMAT_VERSION, Document, Json, json_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.authoring.first_manifest import First, Step, Written
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
        "left_out": _left_out(made),
        "written": None if written is None else json_text(written),
        "text": json_text(text) if written is None else None,
    }


def init_document(made: First, written: Written | None, steps: Sequence[Step]) -> Document:
    """Describe a first manifest; its text is in there unless it was written to a file."""
    schema = None if written is None else written.schema
    return {
        "format_version": FORMAT_VERSION,
        "kind": "init",
        "store": {"path": json_text(made.store), "exists": made.found is not None},
        "models": len(made.models),
        "digests": made.has_digests,
        "left_out": [] if made.found is None else _left_out(made.found),
        "written": None if written is None else json_text(written.path),
        "schema": None if schema is None else {"path": json_text(schema.path), "written": schema.is_new},
        "text": json_text(made.text) if written is None else None,
        "next": [json_text(step.command) for step in steps],
    }


def _left_out(made: Snapshot) -> list[Json]:
    return [{"name": json_text(each.name), "reason": json_text(each.reason)} for each in made.left]


def _pinned(pinned: Pinned) -> Document:
    model, pin = pinned
    return {
        "name": json_text(model.name),
        "sha256": {"old": model.sha256, "new": pin.sha256},
        "size": {"old": model.size, "new": pin.size},
    }
