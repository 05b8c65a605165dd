"""List, whoever asks for it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ocrstate.errors import StoreError
from ocrstate.names import QUARANTINE_FOLDER, STAGING_FOLDER, is_reserved
from ocrstate.planning.audit import (
    NONE_KEPT,
    NONE_STAGED,
    Audit,
    Kept,
    Staged,
    Surroundings,
    audit_of_inventory,
    audit_of_plan,
)
from ocrstate.store.opened import open_store
from ocrstate.store.space import space_of
from ocrstate.store.unseen import unseen_in

if TYPE_CHECKING:
    from ocrstate.store.model import Scan
    from ocrstate.work.site import Site
    from ocrstate.work.work import Work

# What reads journals is imported where there are some.
# ruff: noqa: PLC0415

_HOLD_MODELS: Final = frozenset(folder.rpartition("/")[2] for folder in (QUARANTINE_FOLDER, STAGING_FOLDER))


def audit_with_manifest(work: Work[Site]) -> Audit:
    """Say what is in a store, and how it stands to a manifest.

    Raises:
        EngineError: the engine failed.
        StoreError: the store cannot be read.
        RefusedError: the directory is no model store.
    """
    plan, basis = work.planned()
    scan = basis.inventory.scan
    return audit_of_plan(plan, basis.desired, scan, _surroundings(scan))


def audit_alone(site: Site) -> Audit:
    """Say what is in a store, compared with nothing.

    Raises:
        EngineError: the engine failed.
        StoreError: the store cannot be read.
        RefusedError: the directory is no model store.
    """
    inventory = site.inventory(lambda: None)
    return audit_of_inventory(inventory, _surroundings(inventory.scan))


def _surroundings(scan: Scan) -> Surroundings:
    """Look at what a store holds beside its models.

    Raises:
        StoreError: it cannot be read any more.
    """
    own = [folder.name for folder in scan.folders if is_reserved(folder.name)]
    others = [folder for folder in scan.folders if not is_reserved(folder.name)]
    with open_store(scan.store.path) as (store, descriptor):
        deep = unseen_in(store, descriptor, [folder.name for folder in others if folder.has_folders])
        return Surroundings(
            space_of(store, descriptor),
            replace(deep, folders=len(others) + deep.folders),
            unseen_in(store, descriptor, own, _HOLD_MODELS),
            *((NONE_KEPT, NONE_STAGED) if descriptor is None or not own else (_kept(descriptor), _staged(descriptor))),
        )


def _kept(store: int) -> Kept:
    from ocrstate.runs.kept import held_runs

    try:
        runs = held_runs(store)
    except StoreError:
        return Kept(is_whole=False)
    held, restorable = sum(run.models_held for run in runs), sum(len(run.restorable) for run in runs)
    return Kept(held, restorable, sum(run.bytes_held for run in runs))


def _staged(store: int) -> Staged:
    from ocrstate.runs.read import staged_total

    return Staged(*staged_total(store))
