"""List, whoever asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.names import is_reserved
from ocrstate.planning.audit import Audit, Surroundings, audit_of_inventory, audit_of_plan
from ocrstate.store.opened import open_store
from ocrstate.store.space import space_of
from ocrstate.store.unseen import unseen_in

if TYPE_CHECKING:
    from ocrstate.store.model import Scan
    from ocrstate.work.site import Site
    from ocrstate.work.work import Work


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
    holding = [folder.name for folder in scan.folders if folder.has_folders]
    own = [name for name in holding if is_reserved(name)]
    others = [name for name in holding if not is_reserved(name)]
    with open_store(scan.store.path) as (store, descriptor):
        return Surroundings(
            space_of(store, descriptor), unseen_in(store, descriptor, others), unseen_in(store, descriptor, own)
        )
