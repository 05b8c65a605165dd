"""Join what the engine lists with what the folder holds. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.inventory.model import (
    BlindEngine,
    EngineFacts,
    Inventory,
    InventoryWarning,
    OnlyInEngine,
    OnlyInFolder,
    Source,
    Unnameable,
)
from ocrstate.names import is_decodable, lossy

if TYPE_CHECKING:
    from ocrstate.store.model import Scan


def from_folder(scan: Scan) -> Inventory:
    """Make an inventory of the folder alone, no engine asked."""
    names = _names(scan)
    return Inventory(scan, Source.DIRECTORY, None, len(names), frozenset(), _of_folder(names))


def is_blind(scan: Scan, listed: tuple[str, ...]) -> bool:
    """Tell whether the engine is one of the releases that list nothing whatever is there."""
    return not listed and scan.count > 0


def of_blind_engine(scan: Scan, engine: EngineFacts) -> Inventory:
    """Make an inventory of the folder because the engine sees nothing."""
    names = _names(scan)
    warnings = (BlindEngine(engine.version, len(names)), *_of_folder(names))
    return Inventory(scan, Source.DIRECTORY, engine, len(names), frozenset(), warnings)


def disagrees(inventory: Inventory) -> bool:
    """Tell whether engine and folder disagree on what is there."""
    return any(isinstance(warning, OnlyInFolder | OnlyInEngine) for warning in inventory.warnings)


def of_engine(scan: Scan, listed: tuple[str, ...], engine: EngineFacts) -> Inventory:
    """Make an inventory of what the engine lists, each entry known from the folder as well."""
    names = _names(scan)
    seen = frozenset(listed)
    unconfirmed = () if seen.issuperset(names) else tuple(name for name in names if lossy(name) not in seen)
    vanished = tuple(sorted(seen.difference(map(lossy, names))))
    warnings: list[InventoryWarning] = []
    if unconfirmed:
        warnings.append(OnlyInFolder(unconfirmed))
    if vanished:
        warnings.append(OnlyInEngine(vanished))
    return Inventory(scan, Source.ENGINE, engine, len(listed), frozenset(unconfirmed), (*warnings, *_of_folder(names)))


def _names(scan: Scan) -> list[str]:
    names = [entry.name for entry in scan.entries]
    names.extend(entry.name for link in scan.folder_links for entry in link.behind)
    return names


def _of_folder(names: list[str]) -> tuple[InventoryWarning, ...]:
    """Return what there is to say of the folder itself, whoever listed it."""
    undecodable = tuple(name for name in names if not is_decodable(name))
    return (Unnameable(undecodable),) if undecodable else ()
