"""What a plan has in store for one name, whether that has a change of its own or not. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrstate.inventory.model import OnlyInEngine
from ocrstate.names import first_match, is_reserved, leads_astray
from ocrstate.planning.changes import Change

if TYPE_CHECKING:
    from ocrstate.planning.evidence import Basis
    from ocrstate.planning.model import Plan
    from ocrstate.store.model import FolderLink


@dataclass(frozen=True, slots=True)
class Ignored:
    """It is there, and a pattern under ``ignore`` matches it."""

    pattern: str


@dataclass(frozen=True, slots=True)
class LinkStays:
    """It is a link to a folder, and nothing that the engine sees through it would have to go.

    Attributes:
        target: where the link points, as written in it.
        shows: how many files the engine sees through it.
    """

    target: str
    shows: int


@dataclass(frozen=True, slots=True)
class BehindLink:
    """It is seen through a link to a folder, and has no change of its own: the link's is all that happens.

    Attributes:
        link: the link's name.
        target: where the link points, as written in it.
    """

    link: str
    target: str
    fate: Change | Ignored | LinkStays


@dataclass(frozen=True, slots=True)
class IsFolder:
    """It is a sub-folder of the store, and no model.

    Attributes:
        holds: how many entries of the store lie in it.
        is_emptied: whether it goes, because all of them go.
    """

    holds: int
    is_emptied: bool


@dataclass(frozen=True, slots=True)
class OnlyEngineSees:
    """The engine lists it, and the folder does not hold it."""


@dataclass(frozen=True, slots=True)
class OwnFile:
    """Under this name the tool keeps its own files."""


@dataclass(frozen=True, slots=True)
class TooDeep:
    """It lies deeper than the engine looks."""


Fate = Change | Ignored | LinkStays | BehindLink | IsFolder | OnlyEngineSees | OwnFile | TooDeep


def fate_of(name: str, plan: Plan, basis: Basis) -> Fate | None:
    """Tell what happens to a name; `None` if neither the manifest nor the store has it."""
    own = next((change for change in plan.changes if change.name == name), None)
    return own or _without_change(name, plan, basis)


def fate_beyond(name: str, *, lies_deep: bool) -> OwnFile | TooDeep | None:
    """Tell of a name that nobody has seen why nobody would; `None` if it could be there, or leads elsewhere.

    Args:
        name: relative to the store.
        lies_deep: whether something is there under that name, deeper than the engine looks.
    """
    if leads_astray(name):
        return None
    if is_reserved(name):
        return OwnFile()
    return TooDeep() if lies_deep else None


def known_names(basis: Basis) -> frozenset[str]:
    """Return the names of all that is listed or in the store."""
    scan = basis.inventory.scan
    there = (*scan.entries, *(each for link in scan.folder_links for each in (link.entry, *link.behind)))
    return frozenset((*(model.name for model in basis.desired.models), *(entry.name for entry in there)))


def _without_change(name: str, plan: Plan, basis: Basis) -> Fate | None:
    scan = basis.inventory.scan
    for link in scan.folder_links:
        if name == link.entry.name:
            return _fate_of_link(link, plan, basis)
        if any(name == seen.name for seen in link.behind):
            return _ignored(name, basis) or BehindLink(link.entry.name, link.target, _fate_of_link(link, plan, basis))
    if any(name == entry.name for entry in scan.entries):
        return _ignored(name, basis)
    if any(name == folder.name for folder in scan.folders):
        holds = sum(entry.name.startswith(f"{name}/") for entry in scan.entries)
        return OwnFile() if is_reserved(name) else IsFolder(holds, name in plan.emptied)
    engine_only = (each.names for each in plan.inventory_warnings if isinstance(each, OnlyInEngine))
    return OnlyEngineSees() if any(name in names for names in engine_only) else None


def _fate_of_link(link: FolderLink, plan: Plan, basis: Basis) -> Change | Ignored | LinkStays:
    name = link.entry.name
    own = next((change for change in plan.changes if change.name == name), None)
    return own or _ignored(name, basis) or LinkStays(link.target, len(link.behind))


def _ignored(name: str, basis: Basis) -> Ignored | None:
    pattern = first_match(basis.desired.ignore, name)
    return Ignored(pattern.text) if pattern else None
