"""Explain how models differ from what is declared. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.digests.model import Content, Reading, Unreadable, Unsettled
from ocrstate.errors import assert_never
from ocrstate.planning.changes import Difference
from ocrstate.store.model import Entry, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ocrstate.manifest.desired import DesiredModel

Attributes = dict[str, str | int]


def is_as_declared(model: DesiredModel, entry: Entry, reading: Reading | None) -> bool:
    """Tell whether a listed model is a file to be read, with the declared size and, where it was looked at, content."""
    if entry.content is None or model.size not in (None, entry.content):
        return False
    if reading is None or model.sha256 is None:
        return True
    return isinstance(reading, Content) and reading.sha256 == model.sha256


def explain(
    pairs: Sequence[tuple[DesiredModel, Entry]], contents: Mapping[str, Reading]
) -> Mapping[str, tuple[Difference, ...]]:
    """Return, by model name, the attributes that are not as declared."""
    if not pairs:
        return {}
    from deepdiff import DeepDiff  # noqa: PLC0415 - 50 ms, and most plans find no such pair

    declared = {model.name: _declared(model, entry, contents.get(model.name)) for model, entry in pairs}
    actual = {model.name: _actual(model, entry, contents.get(model.name)) for model, entry in pairs}
    found: dict[str, list[Difference]] = {}
    # it takes names that begin with two underscores for private ones, and would pass over them
    compared = DeepDiff(declared, actual, view="tree", ignore_private_variables=False)
    for level in compared.get("values_changed", ()):
        name, attribute = level.path(output_format="list")
        found.setdefault(name, []).append(Difference(attribute, level.t1, level.t2))
    return {name: tuple(sorted(differences, key=lambda each: each.attribute)) for name, differences in found.items()}


def _declared(model: DesiredModel, entry: Entry, reading: Reading | None) -> Attributes:
    attributes: Attributes = {"kind": Kind.FILE.value}
    if model.size is not None:
        attributes["size"] = model.size
    if reading is not None and model.sha256 is not None and entry.content is not None:
        attributes |= {"content": "readable", "sha256": model.sha256}
    return attributes


def _actual(model: DesiredModel, entry: Entry, reading: Reading | None) -> Attributes:
    if entry.content is None:
        attributes: Attributes = {"kind": "dead link" if entry.kind is Kind.LINK else entry.kind.value}
    else:
        attributes = {"kind": Kind.FILE.value}
    if model.size is not None:
        attributes["size"] = entry.stamp.size if entry.content is None else entry.content
    if reading is not None and model.sha256 is not None and entry.content is not None:
        attributes |= _read(model.sha256, reading)
    return attributes


def _read(declared: str, reading: Reading) -> Attributes:
    match reading:
        case Content(sha256=sha256):
            return {"content": "readable", "sha256": sha256}
        case Unreadable(cause):
            return {"content": cause, "sha256": declared}  # what it is nobody knows
        case Unsettled(change):
            return {"content": change, "sha256": declared}
        case _:
            assert_never(reading)
