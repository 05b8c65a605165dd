"""From the data of valid manifests to what they ask for. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, cast

from ocrstate.manifest.desired import Budget, DesiredModel, MissingPolicy, Policy, UnlistedPolicy
from ocrstate.manifest.units import parse_duration, parse_size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.manifest.document import Document


class _Entry(TypedDict, total=False):
    name: str
    sha256: str
    size: int
    source: str


class BudgetData(TypedDict, total=False):
    """What ``max_remove`` says."""

    count: int
    percent: float
    bytes: int | str


class PolicyData(TypedDict, total=False):
    """What ``policy`` says."""

    unlisted: str
    missing: str
    max_remove: BudgetData
    retain: str


class ManifestData(TypedDict, total=False):
    """A manifest that fits the schema."""

    store: str
    models: list[str | _Entry]
    ignore: list[str]
    protect: list[str]
    absent: list[str]
    policy: PolicyData
    extends: list[str]


def data_of(document: Document) -> ManifestData:
    """Return the data of a document that fits the schema."""
    return cast("ManifestData", document.data)


def models_of(document: Document, path: str) -> list[DesiredModel]:
    """Return the models that the document lists, in its order; ``path`` is the manifest's absolute path."""
    entries: Sequence[str | _Entry] = data_of(document).get("models", [])
    marks = document.marks[id(entries)] if entries else []
    return [_model(entry, document.source.line(at), path) for entry, at in zip(entries, marks, strict=True)]


def _model(entry: str | _Entry, line: int, path: str) -> DesiredModel:
    if isinstance(entry, str):
        return DesiredModel(entry, line, path=path)
    sha256 = entry.get("sha256")
    return DesiredModel(
        name=entry["name"],
        line=line,
        size=entry.get("size"),
        sha256=sha256 and sha256.lower(),
        source=entry.get("source"),
        path=path,
    )


def policy_of(policy: PolicyData) -> Policy:
    """Return the policy, with the defaults for what is not said."""
    return Policy(
        unlisted=UnlistedPolicy(policy.get("unlisted", "remove")),
        missing=MissingPolicy(policy.get("missing", "refuse")),
        max_remove=_budget(policy.get("max_remove", {})),
        retain=parse_duration(policy.get("retain", "0d")) or 0,
    )


def _budget(budget: BudgetData) -> Budget:
    size = budget.get("bytes")
    return Budget(
        count=budget.get("count"),
        percent=budget.get("percent"),
        size=parse_size(size) if isinstance(size, str) else size,
    )
