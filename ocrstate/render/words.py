"""The wording of reasons, the same in text and JSON. Pure."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from ocrstate.errors import assert_never
from ocrstate.inventory.model import Source
from ocrstate.planning.changes import (
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
from ocrstate.render.near_words import meant_words
from ocrstate.text.escape import escape
from ocrstate.text.lists import few
from ocrstate.text.units import counted, size_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.inventory.model import EngineFacts
    from ocrstate.planning.evidence import Supply
    from ocrstate.planning.near import Near

_DIGEST_SHOWN = 12
_NOT_PLAIN = "only a file or link that can be read, in the store or a plain folder of it, makes way"


def reason_words(change: Change) -> tuple[str, str]:
    """Return the stable code of a change's reason, and what to tell a person."""
    match change:
        case Keep():
            return "listed", "listed"
        case Remove(reason=reason):
            return _removal_words(reason)
        case Fetch(supply=supply, near=near):
            meant = f"; {meant_words(near)}" if near else ""
            return "not-in-store", f"listed, not in the store; {_from(supply)}{meant}"
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


def manifest_words(path: str, bases: Sequence[str]) -> str:
    """Name a manifest with those that it extends, their paths counted from its folder where that is shorter."""
    if not bases:
        return escape(path)
    folder = posixpath.dirname(path)
    return f"{escape(path)}, extending {few(tuple(_from_folder(base, folder) for base in bases))}"


def listed_by(source: Source, engine: EngineFacts | None) -> str:
    """Say whose list an inventory is."""
    if source is Source.ENGINE and engine is not None:
        return f"listed by the engine {engine.version}"
    return "listed from the folder"


def _from_folder(path: str, folder: str) -> str:
    return min(path, posixpath.relpath(path, folder), key=len) if path.startswith("/") else path


def _removal_words(reason: RemovalReason) -> tuple[str, str]:
    match reason:
        case NotListed():
            return "not-listed", "not listed"
        case MatchesAbsent(pattern):
            return "matches-absent", f'absent: "{escape(pattern)}"'
        case LinkToFolder(target, behind):
            return "link-to-folder", (
                f"link to the folder {escape(target)}, through which the engine sees {counted(len(behind), 'file')}; "
                "only the link goes"
            )
        case _:
            assert_never(reason)


def _from(supply: Supply) -> str:
    staged = f", {size_text(supply.staged)} of it are here already" if supply.staged else ""
    return f"from {escape(supply.shown)}{staged}"


def _missing_words(name: str, near: Sequence[Near], in_the_way: str) -> str:
    words = "listed, not in the store"
    if in_the_way:
        why = "a folder has its name" if in_the_way == name else f"{escape(in_the_way)} is not a plain folder"
        words += f"; it cannot be fetched, because {why}: move that away"
    if near:
        words += f"; {meant_words(near)}"
    return words


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
                f"link to the folder {escape(target)}: removing it would take {few(staying)} along, which must stay; "
                "list what is behind it, or add it under `ignore`"
            )
        case NeededByLink(staying):
            return "needed-by-link", (
                f"not listed, but {few(staying)}, which must stay, leads to it: list it, or add it under `protect`"
            )
        case OtherFilesystem():
            return "other-filesystem", "not listed, and on another filesystem: add it under `ignore` or unmount it"
        case MountPoint():
            return "mount-point", "not listed, and mounted there: add it under `ignore` or unmount it"
        case CannotBeNamed():
            return "cannot-be-named", "not listed, and its name is not UTF-8: rename it, or match it under `ignore`"
        case _:
            assert_never(obstacle)
