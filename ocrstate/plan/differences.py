"""Explain how models differ from what is declared. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.plan.changes import Difference
from ocrstate.store.model import Entry, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ocrstate.manifest.desired import DesiredModel

Attributes = dict[str, str | int]


def is_as_declared(model: DesiredModel, entry: Entry) -> bool:
    """Tell whether a listed model is a file that can be read and has the declared size."""
    return entry.content is not None and model.size in (None, entry.content)


def explain(pairs: Sequence[tuple[DesiredModel, Entry]]) -> Mapping[str, tuple[Difference, ...]]:
    """Return, by model name, the attributes that are not as declared."""
    if not pairs:
        return {}
    from deepdiff import DeepDiff  # noqa: PLC0415 - 50 ms, and most plans find no such pair

    declared = {model.name: _declared(model) for model, _ in pairs}
    actual = {model.name: _actual(model, entry) for model, entry in pairs}
    found: dict[str, list[Difference]] = {}
    # it takes names that begin with two underscores for private ones, and would pass over them
    compared = DeepDiff(declared, actual, view="tree", ignore_private_variables=False)
    for level in compared.get("values_changed", ()):
        name, attribute = level.path(output_format="list")
        found.setdefault(name, []).append(Difference(attribute, level.t1, level.t2))
    return {name: tuple(sorted(differences, key=lambda each: each.attribute)) for name, differences in found.items()}


def _declared(model: DesiredModel) -> Attributes:
    attributes: Attributes = {"kind": Kind.FILE.value}
    if model.size is not None:
        attributes["size"] = model.size
    return attributes


def _actual(model: DesiredModel, entry: Entry) -> Attributes:
    if entry.content is None:
        attributes: Attributes = {"kind": "dead link" if entry.kind is Kind.LINK else entry.kind.value}
    else:
        attributes = {"kind": Kind.FILE.value}
    if model.size is not None:
        attributes["size"] = entry.stamp.size if entry.content is None else entry.content
    return attributes
