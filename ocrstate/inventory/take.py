"""Take an inventory: ask the engine and read the folder, at the same time where that is possible."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING

from ocrstate.engine.errors import FolderVanishedError
from ocrstate.engine.package import PACKAGE, REQUIREMENT, installed_version
from ocrstate.engine.requests import ListDefault, ListStore
from ocrstate.errors import EngineError, OcrstateError, RefusedError
from ocrstate.inventory import crosscheck
from ocrstate.inventory.model import BlindEngine, EngineFacts, Inventory, PassedOver, UnfinishedRuns
from ocrstate.inventory.which import EngineStore, ExplicitStore, below, explained, folder_of, passed_over
from ocrstate.runs.folders import unfinished_journals
from ocrstate.store.absurd import why_absurd
from ocrstate.store.homes import home_folders
from ocrstate.store.opened import open_store
from ocrstate.store.scan import scan

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocrstate.engine.process import EngineProcess
    from ocrstate.engine.requests import ListRequest
    from ocrstate.inventory.which import WhichStore
    from ocrstate.store.model import Scan, StoreId

_ATTEMPTS = 5  # while folders are being removed under it, a call can fail any number of times (docs/engine.md)


class InventoryMode(Enum):
    """Whom to ask what is in the store."""

    AUTO = "auto"
    ENGINE = "engine"
    DIRECTORY = "directory"


def take_from_folder(which: WhichStore) -> Inventory:
    """Read the folder alone; no engine is started.

    Raises:
        StoreError: the store cannot be read.
        RefusedError: the directory is no model store.
    """
    return _settled(which, lambda: crosscheck.from_folder(_read(folder_of(which))))


def request_for(which: WhichStore) -> ListRequest:
    """Return what to ask the engine.

    Raises:
        StoreError: the store cannot be read.
        RefusedError: the directory is no model store.
    """
    match which:
        case ExplicitStore(path):
            with open_store(path) as (store, _):
                refuse_absurd(store)
                return ListStore(store.real_path)
        case EngineStore(folder):
            return ListDefault(folder)


def take_from_engine(
    which: WhichStore, ask: Callable[[ListRequest], EngineProcess], timeout: float, meanwhile: Callable[[], None]
) -> Inventory:
    """Ask the engine, and read the folder beside it; a blind engine's list is replaced by the folder's.

    Args:
        which: the store.
        ask: gives an engine process that has been sent the request.
        timeout: seconds that the engine may take.
        meanwhile: is called while the engine works.

    Raises:
        EngineError: the engine failed.
        StoreError: the store cannot be read.
        RefusedError: the directory is no model store.
    """
    return _settled(which, lambda: _ask_until_answered(which, ask, timeout, meanwhile))


def _settled(which: WhichStore, take: Callable[[], Inventory]) -> Inventory:
    """Take an inventory that no run has changed by its end: what it puts back would count as absent, and it as none."""
    for _ in range(_ATTEMPTS):
        before = _unfinished_runs_in(which)
        with explained(which):
            inventory = take()
        if before <= set(inventory.scan.unfinished_runs):
            break
    other = passed_over(which)
    warned = inventory if other is None else replace(inventory, warnings=(PassedOver(other), *inventory.warnings))
    return _with_unfinished_runs(warned)


def _unfinished_runs_in(which: WhichStore) -> set[str]:
    try:
        with open_store(folder_of(which)) as (_, descriptor):
            return set() if descriptor is None else set(unfinished_journals(descriptor))
    except OcrstateError:
        return set()  # what is wrong with the store is told by whoever reads it


def _ask_until_answered(
    which: WhichStore, ask: Callable[[ListRequest], EngineProcess], timeout: float, meanwhile: Callable[[], None]
) -> Inventory:
    for _ in range(_ATTEMPTS - 1):
        try:
            return _ask_once(which, ask, timeout, meanwhile)
        except FolderVanishedError:
            continue
    return _ask_once(which, ask, timeout, meanwhile)


def refuse_blind(inventory: Inventory) -> Inventory:
    """Pass the inventory on unless the engine was blind.

    Raises:
        EngineError: the engine lists nothing although the folder holds files.
    """
    for warning in inventory.warnings:
        if isinstance(warning, BlindEngine):
            raise EngineError(
                "engine-blind",
                f"{PACKAGE} {warning.version} lists nothing although the store {inventory.scan.store.path} holds "
                f"{warning.files} files: this release is blind",
                f"install one that lists: python -m pip install '{REQUIREMENT}'; "
                "or use --inventory auto, which lists the folder instead and says so",
            )
    return inventory


def _ask_once(
    which: WhichStore, ask: Callable[[ListRequest], EngineProcess], timeout: float, meanwhile: Callable[[], None]
) -> Inventory:
    with ask(request_for(which)) as process:
        meanwhile()
        version = installed_version()
        expected = _read_expected(which)
        listing = process.answer(timeout)
    path = _path(which, listing.local_path)
    scanned = expected if expected is not None and expected.store.path == path else _read(path)
    engine = EngineFacts(PACKAGE, version or "unknown", listing.local_path)
    if crosscheck.is_blind(scanned, listing.entries):
        return crosscheck.of_blind_engine(scanned, engine)
    inventory = crosscheck.of_engine(scanned, listing.entries, engine)
    if crosscheck.disagrees(inventory):
        # most differences are files that came or went between the two looks: another look settles those
        return crosscheck.of_engine(_read(scanned.store.path), listing.entries, engine)
    return inventory


def _with_unfinished_runs(inventory: Inventory) -> Inventory:
    """Say what runs are at work or were broken off, which is rare: their journals are read only then."""
    if not inventory.scan.unfinished_runs:
        return inventory
    from ocrstate.runs.read import unfinished  # noqa: PLC0415 - 8 ms, and it is rare

    with open_store(inventory.scan.store.path) as (_, descriptor):
        runs = () if descriptor is None else unfinished(descriptor)
    return replace(inventory, warnings=(*inventory.warnings, *(UnfinishedRuns((run,)) for run in runs)))


def _path(which: WhichStore, local_path: str) -> str:
    """Return the store's path, now that the engine has said where its own is."""
    match which:
        case ExplicitStore(path):
            return path
        case EngineStore(folder):
            return below(folder, local_path)


def _read_expected(which: WhichStore) -> Scan | None:
    """Read, while the engine works, the folder that it will most likely name; whether it can be read shows then."""
    try:
        return _read(folder_of(which))
    except OcrstateError:
        return None


def _read(path: str) -> Scan:
    with open_store(path) as (store, descriptor):
        refuse_absurd(store)
        return scan(store, descriptor)


def refuse_absurd(store: StoreId) -> None:
    """Refuse a folder that can be no model store.

    Raises:
        RefusedError: it is a system folder, a home, or the like.
    """
    reason = why_absurd(store.real_path, home_folders())
    if reason is not None:
        raise RefusedError(
            "store-absurd",
            f"{store.path} is {reason}, not a model store: every file in it would count as a model",
            "name the folder that holds the models with --store DIR or `store:` in the manifest",
        )
