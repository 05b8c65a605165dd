"""From the data of a valid manifest to `Desired`. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, cast

from ocrstate.manifest.desired import Budget, Desired, DesiredModel, MissingPolicy, Policy, UnlistedPolicy
from ocrstate.manifest.units import parse_duration, parse_size
from ocrstate.names import Glob

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.manifest.document import Document


class _Entry(TypedDict, total=False):
    name: str
    sha256: str
    size: int
    source: str


class _Budget(TypedDict, total=False):
    count: int
    percent: float
    bytes: int | str


class _Policy(TypedDict, total=False):
    unlisted: str
    missing: str
    max_remove: _Budget
    retain: str


class _Manifest(TypedDict, total=False):
    store: str
    models: list[str | _Entry]
    ignore: list[str]
    protect: list[str]
    absent: list[str]
    policy: _Policy
    extends: list[str]


def desired_from(document: Document, path: str, identity: tuple[int, int], sha256: str) -> Desired:
    """Build what the document asks for. It must fit the schema and break no rule."""
    manifest = cast("_Manifest", document.data)
    return Desired(
        path=path,
        identity=identity,
        sha256=sha256,
        store=manifest.get("store"),
        models=_models(document, manifest.get("models", []), path),
        ignore=_globs(manifest.get("ignore", [])),
        protect=_globs(manifest.get("protect", [])),
        absent=_globs(manifest.get("absent", [])),
        policy=_policy(manifest.get("policy", {})),
        extends=tuple(manifest.get("extends", [])),
    )


def _models(document: Document, entries: Sequence[str | _Entry], path: str) -> tuple[DesiredModel, ...]:
    marks = document.marks[id(entries)] if entries else []
    models = (_model(entry, document.source.line(at), path) for entry, at in zip(entries, marks, strict=True))
    return tuple(sorted(models, key=lambda model: model.name))


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


def _globs(texts: list[str]) -> tuple[Glob, ...]:
    return tuple(Glob(text) for text in texts)


def _policy(policy: _Policy) -> Policy:
    return Policy(
        unlisted=UnlistedPolicy(policy.get("unlisted", "remove")),
        missing=MissingPolicy(policy.get("missing", "refuse")),
        max_remove=_budget(policy.get("max_remove", {})),
        retain=parse_duration(policy.get("retain", "0d")) or 0,
    )


def _budget(budget: _Budget) -> Budget:
    size = budget.get("bytes")
    return Budget(
        count=budget.get("count"),
        percent=budget.get("percent"),
        size=parse_size(size) if isinstance(size, str) else size,
    )
