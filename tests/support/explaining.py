"""Manifests as written and what is in a store, and what is explained of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.manifest.decode import decode
from ocrstate.manifest.load import UncheckedManifest
from ocrstate.manifest.parse import parse
from ocrstate.manifest.part import Part
from ocrstate.manifest.places import Places
from ocrstate.names import DEEPEST
from ocrstate.planning.evidence import NO_EVIDENCE, Basis, Evidence
from ocrstate.planning.planner import plan
from ocrstate.planning.why import explain

if TYPE_CHECKING:
    from ocrstate.inventory.model import Inventory
    from ocrstate.planning.model import Plan
    from ocrstate.planning.why import Why

PATH = "models.yml"


def part_of(text: str, path: str = PATH) -> Part:
    """Make a manifest as if it had been read; its version need not be written."""
    data = text.encode()
    return Part(path, f"/etc/{path}", (1, len(path)), data, parse(decode(data)))


def explained(
    manifests: str | dict[str, str], inventory: Inventory, name: str, evidence: Evidence = NO_EVIDENCE
) -> tuple[Why, Plan]:
    """Explain a name that must be known; of manifests by path, the last one extends the others.

    What has a name too deep for the engine is taken to be there.
    """
    texts = {PATH: manifests} if isinstance(manifests, str) else manifests
    parts = [part_of(f"version: 1\n{text}", path) for path, text in texts.items()]
    desired = UncheckedManifest(parts, []).check()
    made = plan(desired, inventory, evidence)
    basis, lies_deep = Basis(desired, inventory, evidence), name.count("/") >= DEEPEST
    why = explain([name], made, basis, Places(parts), lies_deep=lies_deep)
    assert why is not None
    return why, made
