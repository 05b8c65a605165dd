"""The wording of reasons, warnings and refusals, the same in text and JSON. Pure."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from ocrstate.errors import assert_never
from ocrstate.inventory.model import (
    BlindEngine,
    InventoryWarning,
    OnlyInEngine,
    OnlyInFolder,
    UnfinishedRuns,
    Unnameable,
)
from ocrstate.names import QUARANTINE_FOLDER
from ocrstate.plan.changes import (
    Blocked,
    CannotBeNamed,
    Change,
    Difference,
    Drifted,
    Fetch,
    Keep,
    LinkHoldsListed,
    LinkToFolder,
    MatchesAbsent,
    Missing,
    MountPoint,
    NeededByLink,
    NotAFile,
    NotListed,
    Obstacle,
    OtherFilesystem,
    Protected,
    RemovalReason,
    Remove,
    Replace,
    ReservedName,
    Unlisted,
)
from ocrstate.plan.disk import SPARE
from ocrstate.plan.guards import (
    BlockedModels,
    EmptyManifest,
    ListedModelsAmiss,
    NeedsNetwork,
    NoRoom,
    OverBudget,
    Refusal,
    RemovesManifest,
    RemovesVersionControl,
    SourcesAmiss,
)
from ocrstate.runs.model import RunKind, RunState
from ocrstate.text.escape import escape
from ocrstate.text.units import counted, size_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.plan.disk import Disk
    from ocrstate.plan.evidence import Supply
    from ocrstate.runs.model import UnfinishedRun

_FEW = 3
_DIGEST_SHOWN = 12
_NOT_PLAIN = "only a file or link that can be read, in the store or a plain folder of it, makes way"


def reason_words(change: Change) -> tuple[str, str]:
    """Return the stable code of a change's reason, and what to tell a person."""
    match change:
        case Keep():
            return "listed", "listed"
        case Remove(reason=reason):
            return _removal_words(reason)
        case Fetch(supply=supply):
            return "not-in-store", f"listed, not in the store; {_from(supply)}"
        case Replace(differences=differences, supply=supply):
            return "differs", "; ".join((*map(_difference_words, differences), _from(supply)))
        case Missing(name=name, near=near, in_the_way=in_the_way):
            return "not-in-store", _missing_words(name, near, in_the_way)
        case Drifted(model=model, differences=differences):
            stays = ["not replaced, although it has a source: " + _NOT_PLAIN] if model.source is not None else []
            return "differs", "; ".join((*map(_difference_words, differences), *stays))
        case Protected(pattern=pattern):
            return "matches-protect", f'protected by "{escape(pattern)}"'
        case Unlisted(confirmed=confirmed):
            return (
                ("not-listed", "not listed")
                if confirmed
                else ("not-confirmed", "not listed; the engine does not see it")
            )
        case Blocked(obstacle=obstacle):
            return _obstacle_words(obstacle)
        case _:
            assert_never(change)


def warning_words(warning: InventoryWarning) -> tuple[str, str]:
    """Return the stable code of an inventory's warning, and what to tell a person."""
    match warning:
        case BlindEngine(version, files):
            return "engine-blind", (
                f"the engine {version} is blind: it lists nothing although the store holds {counted(files, 'file')}; "
                "the folder was listed instead"
            )
        case OnlyInFolder(names):
            return "only-in-folder", (
                f"the engine does not list {_few(names)}, which the folder holds: they are not removed; "
                "if this stays, look at the engine (--inventory directory lists the folder alone)"
            )
        case OnlyInEngine(names):
            return (
                "only-in-engine",
                f"the engine lists {_few(names)}, which the folder does not hold: they were passed over",
            )
        case UnfinishedRuns(runs):
            return "run-unfinished", "; ".join(map(_unfinished_words, runs))
        case Unnameable(names):
            return "name-not-utf8", (
                f"the name of {_few(names)} is not UTF-8: neither the engine nor a manifest can name it; rename it"
            )
        case _:
            assert_never(warning)


def _unfinished_words(run: UnfinishedRun) -> str:
    begun = run.begun
    if run.state is None:
        return (
            f"the journal of the run {run.run_id} cannot be relied on, and {_waiting(run)} in "
            f"{QUARANTINE_FOLDER}/{run.run_id}: apply refuses to go on; ocrstate recover says why, and what to do"
        )
    started = f"the run {run.run_id} (ocrstate {begun.kind.value})" if begun else f"the run {run.run_id}"
    if run.at_work:
        return f"{started} is at work on this store: what is shown here may be half of what it does"
    if run.at_work is None:
        return f"{started} is at work, or was broken off: {_recovery_words(run)}"
    return f"a recovery is pending, because {started} was broken off: {_recovery_words(run)}"


def _recovery_words(run: UnfinishedRun) -> str:
    who = "the next apply, or ocrstate recover,"
    match run.state:
        case RunState.MOVING if run.begun is not None and run.begun.kind is RunKind.RESTORE:
            return f"{who} takes it back, so that the store is as it was before"
        case RunState.MOVING:
            return f"{who} takes it back; {_waiting(run)} in quarantine"
        case RunState.COMMITTED if run.waiting and run.begun is not None and run.begun.keep_until is not None:
            return f"{who} finishes it; {_waiting(run)} in quarantine, to be kept"
        case RunState.COMMITTED | RunState.PURGING if run.waiting:
            return f"{who} finishes it; {_waiting(run)} in quarantine to be deleted"
        case _:
            return f"{who} tidies up; there is nothing to put back"


def _waiting(run: UnfinishedRun) -> str:
    match run.waiting:
        case 0:
            return "no model waits"
        case 1:
            return "1 model waits"
        case number:
            return f"{number:,} models wait"


def manifest_words(path: str, bases: Sequence[str]) -> str:
    """Name a manifest with those that it extends, their paths counted from its folder where that is shorter."""
    if not bases:
        return escape(path)
    folder = posixpath.dirname(path)
    return f"{escape(path)}, extending {_few(tuple(_from_folder(base, folder) for base in bases))}"


def _from_folder(path: str, folder: str) -> str:
    return min(path, posixpath.relpath(path, folder), key=len) if path.startswith("/") else path


def refusal_words(refusal: Refusal) -> tuple[str, str, str]:
    """Return the stable code of a refusal, what it is about, and what to do."""
    match refusal:
        case BlockedModels(names):
            return (
                "blocked",
                f"{counted(len(names), 'model')} would have to go and cannot be removed safely: {_few(names)}",
                "what is no model belongs under `ignore` in the manifest; else move it out of the store",
            )
        case ListedModelsAmiss(missing, drifted):
            return (
                "listed-models-amiss",
                f"{_amiss(missing, drifted)}: a typo in the manifest could cost the only copy, so nothing is removed",
                "put the models in place or mend the manifest; to go on regardless, use --allow-missing",
            )
        case EmptyManifest(removals):
            return (
                "empty-manifest",
                f"the manifest lists no models, so {counted(removals, 'model')} would be removed",
                "list the models that should exist; if none should, use --allow-empty",
            )
        case OverBudget():
            return _budget_words(refusal)
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
        case SourcesAmiss(problems):
            return "source-unusable", _sources_words(problems), "mend the source, or `source` in the manifest"
        case NeedsNetwork(names):
            return (
                "offline",
                f"only the network has {_few(names)}, and --offline rules it out",
                "put the models in place, give them a local source, or leave --offline out",
            )
        case NoRoom(disk):
            return _no_room_words(disk)
        case _:
            assert_never(refusal)


def _amiss(missing: tuple[str, ...], drifted: tuple[str, ...]) -> str:
    kinds = ((missing, "missing"), (drifted, "drifted"))
    parts = [f"{len(names):,} {word} ({_few(names)})" for names, word in kinds if names]
    return f"of the listed models, {' and '.join(parts)}"


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


def _removal_words(reason: RemovalReason) -> tuple[str, str]:
    match reason:
        case NotListed():
            return "not-listed", "not listed"
        case MatchesAbsent(pattern):
            return "matches-absent", f'absent: "{escape(pattern)}"'
        case LinkToFolder(target, hides):
            return "link-to-folder", (
                f"link to the folder {escape(target)}, through which the engine sees {counted(hides, 'file')}; "
                "only the link goes"
            )
        case _:
            assert_never(reason)


def _from(supply: Supply) -> str:
    staged = f", {size_text(supply.staged)} of it are here already" if supply.staged else ""
    return f"from {escape(supply.shown)}{staged}"


def _missing_words(name: str, near: tuple[str, ...], in_the_way: str) -> str:
    words = "listed, not in the store"
    if in_the_way:
        why = "a folder has its name" if in_the_way == name else f"{escape(in_the_way)} is not a plain folder"
        words += f"; it cannot be fetched, because {why}: move that away"
    if near:
        words += f"; did you mean {' or '.join(escape(name) for name in near)}?"
    return words


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


def _difference_words(difference: Difference) -> str:
    match difference.attribute:
        case "size":
            return f"size {_exact(difference.declared)} listed, {_exact(difference.actual)} found"
        case "sha256":
            return f"sha256 {_short(difference.declared)} listed, {_short(difference.actual)} found"
        case "content":
            return f"its content cannot be relied on: {escape(str(difference.actual))}"
        case _:
            return f"should be a {difference.declared}, is a {difference.actual}"


def _short(digest: str | int) -> str:
    return f"{str(digest)[:_DIGEST_SHOWN]}…"


def _exact(size: str | int) -> str:
    return f"{size:,} B" if isinstance(size, int) else size


def _obstacle_words(obstacle: Obstacle) -> tuple[str, str]:
    match obstacle:
        case ReservedName():
            return "reserved-name", "ocrstate keeps its own files under this name: move it away"
        case NotAFile(kind):
            return "not-a-file", f"not listed, and a {kind.value}: add it under `ignore` or move it away"
        case LinkHoldsListed(target, staying):
            return "link-holds-listed", (
                f"link to the folder {escape(target)}: removing it would take {_few(staying)} along, which must stay; "
                "list what is behind it, or add it under `ignore`"
            )
        case NeededByLink(staying):
            return "needed-by-link", (
                f"not listed, but {_few(staying)}, which must stay, leads to it: list it, or add it under `protect`"
            )
        case OtherFilesystem():
            return "other-filesystem", "not listed, and on another filesystem: add it under `ignore` or unmount it"
        case MountPoint():
            return "mount-point", "not listed, and mounted there: add it under `ignore` or unmount it"
        case CannotBeNamed():
            return "cannot-be-named", "not listed, and its name is not UTF-8: rename it, or match it under `ignore`"
        case _:
            assert_never(obstacle)


def _few(names: tuple[str, ...]) -> str:
    shown = ", ".join(escape(name) for name in names[:_FEW])
    return shown if len(names) <= _FEW else f"{shown} and {len(names) - _FEW:,} more"
