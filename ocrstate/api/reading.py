"""The functions that change nothing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ocrstate.api.options import Where, refuse_unusable, site_for, sited, spelled, working
from ocrstate.evidence.diligence import Diligence
from ocrstate.inventory.take import take_from_folder
from ocrstate.manifest.load import load, read
from ocrstate.watch import UNWATCHED
from ocrstate.work.engines import Engines

if TYPE_CHECKING:
    from datetime import timedelta

    from typing_extensions import Unpack

    from ocrstate.api.options import Path
    from ocrstate.manifest.desired import Desired
    from ocrstate.planning.audit import Audit
    from ocrstate.planning.model import Plan
    from ocrstate.planning.verification import Verification
    from ocrstate.runs.kept import PastRun

# What only some of these functions need is imported inside of them, so that to plan costs no more than the command.
# ruff: noqa: PLC0415


def validate(*manifests: Path) -> Desired:
    """Check a manifest, and return what it asks for; of several, the last one extends the others.

    Raises:
        ManifestError: it cannot be read or is not valid; `InvalidManifestError.problems` holds all problems.
    """
    return load(*spelled(manifests))


def plan(
    *manifests: Path,
    verify: bool = False,
    retain: timedelta | str | None = None,
    save_as: Path | None = None,
    **where: Unpack[Where],
) -> Plan:
    """Say what `apply` would change; change nothing.

    Args:
        manifests: the last one extends the others.
        verify: whether to read the models that have a digest in the manifest and were not read before.
        retain: how long what is removed is to stay restorable, instead of what the manifest says: a timedelta, or
            text as in a manifest, such as ``7d``.
        save_as: a file to save the plan to; `apply` carries it out.
        where: which store, and whom to ask.

    Raises:
        ManifestError: the manifest is not valid.
        EngineError: the engine could not be asked.
        StoreError: the store cannot be read.
        RefusedError: the folder can be no model store, or the plan cannot be saved there.
        TypeError, ValueError: an option does not exist, or cannot be that.
    """
    with working(manifests, where, retain, Diligence.UNKNOWN if verify else Diligence.MEMORY) as work:
        made, basis = work.planned()
        if save_as is not None:
            from ocrstate.work.saving import save_plan

            save_plan(work, made, basis, os.fspath(save_as))
        return made


def list_models(*manifests: Path, **where: Unpack[Where]) -> Audit:
    """Say of every model what it is and how it stands to the manifest; without a manifest, what the engine sees.

    Args:
        manifests: the last one extends the others.
        where: which store, and whom to ask.

    Raises:
        ManifestError: the manifest is not valid.
        EngineError: the engine could not be asked.
        StoreError: the store cannot be read.
        RefusedError: the folder can be no model store.
        TypeError, ValueError: an option does not exist, or cannot be that.
    """
    from ocrstate.work.audit import audit_alone, audit_with_manifest

    if not manifests:
        with sited(where, None) as site:
            return audit_alone(site)
    with working(manifests, where, None, Diligence.MEMORY) as work:
        return audit_with_manifest(work)


def verify(*manifests: Path, believe: bool = True, **where: Unpack[Where]) -> Verification:
    """Compare size and SHA-256 of every listed model with the manifest; no engine is asked.

    Args:
        manifests: the last one extends the others.
        believe: whether what was read before, and has not changed since, need not be read again.
        where: which store.

    Raises:
        ManifestError: the manifest is not valid.
        StoreError: the store cannot be read.
        RefusedError: the folder can be no model store.
        TypeError, ValueError: an option does not exist, or cannot be that.
    """
    from ocrstate.work.verify import verify_contents

    refuse_unusable(where, Where.__annotations__)
    unchecked = read(*spelled(manifests))
    desired = unchecked.check()
    with Engines() as engines:
        inventory = take_from_folder(site_for(where, engines, unchecked).which)
    return verify_contents(desired, inventory, UNWATCHED, believe=believe)


def history(*, manifest: Path | None = None, **where: Unpack[Where]) -> tuple[PastRun, ...]:
    """Return the runs that are remembered, oldest first, and what each keeps.

    Args:
        manifest: a manifest that says where the store is.
        where: which store.

    Raises:
        StoreError: the store cannot be read.
        TypeError, ValueError: an option does not exist, or cannot be that.
    """
    from ocrstate.runs.kept import past_runs

    with sited(where, manifest) as site, site.opened() as (_, descriptor):
        return () if descriptor is None else past_runs(descriptor)
