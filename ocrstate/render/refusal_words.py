"""Why apply would refuse a plan, in words, the same in text and JSON. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.errors import assert_never
from ocrstate.planning.disk import SPARE
from ocrstate.planning.guards import (
    BlockedModels,
    EmptyManifest,
    ListedModelsAmiss,
    NeedsNetwork,
    NoRoom,
    OverBudget,
    Refusal,
    RemovesManifest,
    RemovesNearMisses,
    RemovesVersionControl,
    SourcesAmiss,
)
from ocrstate.render.near_words import near_name, slight_words, written
from ocrstate.text.escape import escape
from ocrstate.text.lists import few
from ocrstate.text.units import counted, size_text

if TYPE_CHECKING:
    from ocrstate.planning.disk import Disk
    from ocrstate.planning.guards import NearMiss

_MOST_MEANT = 3


def refusal_words(refusal: Refusal) -> tuple[str, str, str]:
    """Return the stable code of a refusal, what it is about, and what to do."""
    match refusal:
        case BlockedModels(names):
            return (
                "blocked",
                f"{counted(len(names), 'model')} would have to go and cannot be removed safely: {few(names)}",
                "what is no model belongs under `ignore` in the manifest; else move it out of the store",
            )
        case ListedModelsAmiss():
            return (
                "listed-models-amiss",
                f"{_amiss(refusal)}: a typo in the manifest could cost the only copy, so nothing is removed",
                "put the models in place or mend the manifest; to go on regardless, use --allow-missing",
            )
        case RemovesNearMisses(misses):
            return _near_miss_words(misses)
        case EmptyManifest(removals):
            return (
                "empty-manifest",
                f"the manifest lists no models, so {counted(removals, 'model')} would be removed",
                "list the models that should exist; if none should, use --allow-empty",
            )
        case OverBudget():
            return _budget_words(refusal)
        case RemovesManifest() | RemovesVersionControl():
            return _precious_words(refusal)
        case SourcesAmiss(problems):
            return "source-unusable", _sources_words(problems), "mend the source, or `source` in the manifest"
        case NeedsNetwork(names):
            return (
                "offline",
                f"only the network has {few(names)}, and --offline rules it out",
                "put the models in place, give them a local source, or leave --offline out",
            )
        case NoRoom(disk):
            return _no_room_words(disk)
        case _:
            assert_never(refusal)


def _precious_words(refusal: RemovesManifest | RemovesVersionControl) -> tuple[str, str, str]:
    match refusal:
        case RemovesManifest(name):
            return (
                "removes-manifest",
                f"the manifest {escape(name)} lies in the store and would be removed",
                "keep manifests outside of the store, or add it under `ignore`",
            )
        case RemovesVersionControl(folder):
            return (
                "removes-version-control",
                f"files in {folder}/ would be removed: the store is a working copy of a version control system",
                f'add "{folder}/" under `ignore` in the manifest',
            )
        case _:
            assert_never(refusal)


def _amiss(refusal: ListedModelsAmiss) -> str:
    kinds = ((refusal.missing, "missing", _meant(refusal)), (refusal.drifted, "drifted", ""))
    parts = [f"{len(names):,} {word} ({few(names)}{meant})" for names, word, meant in kinds if names]
    return f"of the listed models, {' and '.join(parts)}"


def _meant(refusal: ListedModelsAmiss) -> str:
    """Name the surest of the names that may have been meant, each with its model where several are missing."""
    if not refusal.near:
        return ""
    if len(refusal.missing) == 1:
        return f"; did you mean {' or '.join(map(near_name, refusal.near[0].near))}?"
    shown = ", ".join(f"{near_name(miss.near[0])} for {escape(miss.name)}" for miss in refusal.near[:_MOST_MEANT])
    return f"; did you mean {shown}?"


def _near_miss_words(misses: tuple[NearMiss, ...]) -> tuple[str, str, str]:
    miss, near = misses[0], misses[0].near[0]
    more = f" (and {counted(len(misses) - 1, 'model')} more like it)" if len(misses) > 1 else ""
    spelled = written(near)
    message = (
        f"{escape(miss.name)} is listed and not there, and {near_name(near)} would be removed, which differs only in "
        f"{slight_words(near)}{more}: surely the same model is meant, so nothing is removed"
    )
    mend = f"write {spelled} in the manifest, or rename the file" if spelled else "rename the file"
    return "near-miss", message, f"{mend}; to remove it regardless, use --allow-missing"


def _budget_words(refusal: OverBudget) -> tuple[str, str, str]:
    match refusal.unit:
        case "bytes":
            planned, allowed = size_text(int(refusal.planned)), size_text(int(refusal.allowed))
        case "percent":
            planned, allowed = f"{refusal.planned:.3g} % of the models", f"{refusal.allowed:g} %"
        case _:
            planned, allowed = counted(int(refusal.planned), "model"), f"{refusal.allowed:,.0f}"
    return (
        f"max-remove-{refusal.unit}",
        f"{planned} would be removed, and max_remove allows {allowed}",
        "if that is meant, raise `policy.max_remove` in the manifest"
        + (" or use --max-remove N" if refusal.unit == "count" else ""),
    )


def _sources_words(problems: tuple[tuple[str, str, str], ...]) -> str:
    name, source, problem = problems[0]
    more = f" (and {counted(len(problems) - 1, 'model')} more)" if len(problems) > 1 else ""
    return f"{escape(name)} cannot be had from {escape(source)}: {escape(problem)}{more}"


def _no_room_words(disk: Disk) -> tuple[str, str, str]:
    short = size_text(disk.needed + SPARE - disk.free)
    later = f"; what goes gives {size_text(disk.given)}, but only when all is fetched and proven" if disk.given else ""
    return (
        "no-room",
        f"fetching needs {size_text(disk.needed)}, and {size_text(disk.free)} are free: {short} too few{later}",
        "make room on the store's disk; what should go anyway can go first: apply a manifest without the new models",
    )
