"""Evidence as JSON data, and back. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ocrstate.digests.model import Content, Reading, Unreadable, Unsettled
from ocrstate.errors import assert_never
from ocrstate.fetch.wanted import wanted_model
from ocrstate.jsondata import as_list, as_mapping, as_number, as_text
from ocrstate.planning.evidence import Evidence, Supply
from ocrstate.sources.model import is_remote

if TYPE_CHECKING:
    from ocrstate.manifest.desired import Desired, DesiredModel
    from ocrstate.render.spelling import Document, Json

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


def evidence_data(evidence: Evidence) -> Document:
    """Return the evidence as data."""
    return {
        "contents": {name: _reading_data(reading) for name, reading in sorted(evidence.contents.items())},
        "supplies": {name: [each.size, each.staged, each.problem] for name, each in sorted(evidence.supplies.items())},
        "free": evidence.free,
    }


def evidence_from(data: object, desired: Desired) -> Evidence:
    """Return the evidence that the data describes; which source a model has the manifest says, and nothing else.

    Raises:
        ValueError, TypeError, KeyError: it describes none.
    """
    read = as_mapping(data)
    free = read["free"]
    models = {model.name: model for model in desired.models if model.source is not None}
    return Evidence(
        {name: _reading_from(each) for name, each in as_mapping(read["contents"]).items()},
        {name: _supply_from(models[name], *as_list(each)) for name, each in as_mapping(read["supplies"]).items()},
        None if free is None else as_number(free),
    )


def _reading_data(reading: Reading) -> list[Json]:
    match reading:
        case Content(sha256, size, remembered):
            return ["content", sha256, size, remembered]
        case Unreadable(cause):
            return ["unreadable", cause]
        case Unsettled(change):
            return ["unsettled", change]
        case _:
            assert_never(reading)


def _reading_from(data: object) -> Reading:
    match as_list(data):
        case ["content", str(sha256), size, bool(remembered)] if _DIGEST.fullmatch(sha256):
            return Content(sha256, as_number(size), remembered)
        case ["unreadable", str(cause)]:
            return Unreadable(cause)
        case ["unsettled", str(change)]:
            return Unsettled(change)
        case other:
            raise ValueError(f"{other!r} is no reading")


def _supply_from(model: DesiredModel, size: object, staged: object, problem: object) -> Supply:
    wanted = wanted_model(model)
    known = None if size is None else as_number(size)
    return Supply(wanted.shown, is_remote(wanted.source), known, as_number(staged), as_text(problem))
