"""The functions that change a store."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrstate.api.options import (
    LOCK_TIMEOUT,
    Limits,
    caller,
    engine_timeout,
    refuse_unusable,
    sited,
    spelled,
    terms_of,
    working,
)
from ocrstate.applying.result import RunError
from ocrstate.errors import ManifestError
from ocrstate.evidence.diligence import Diligence
from ocrstate.inventory.take import InventoryMode
from ocrstate.saved.files import is_saved_plan
from ocrstate.signals import borrowed_signals
from ocrstate.watch import UNWATCHED
from ocrstate.work import apply as applying
from ocrstate.work.engines import Engines
from ocrstate.work.restore import Restoring, Wanted, put_newer_aside, restore_models, spare_newer
from ocrstate.work.saving import read_saved
from ocrstate.work.site import Site, store_of
from ocrstate.work.who import whoami
from ocrstate.work.work import Work, work_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import timedelta

    from typing_extensions import Unpack

    from ocrstate.api.options import Path, Where
    from ocrstate.applying.result import Recovered, Result
    from ocrstate.planning.model import Plan
    from ocrstate.saved.plan_file import SavedPlan


def apply(
    *manifests: Path,
    approve: Callable[[Plan], bool] | None = None,
    verify: bool | None = None,
    retain: timedelta | str | None = None,
    **limits: Unpack[Limits],
) -> Result:
    """Make the store match the manifest, all or nothing, and say what was done.

    A run that a guard refuses, that fails and is taken back, or that `approve` declines returns a result that says so
    in ``status`` and ``error``. Signals are held back while the store is changed, and delivered afterwards.

    Args:
        manifests: the last one extends the others; or one plan that `plan` saved, which says all but the limits itself.
        approve: is shown the plan, and says whether to go on; just what it was shown is done. By default, all is.
        verify: whether to read all contents anew (True) or none (False). By default, all are read before something is
            removed or replaced, else those that were not read before.
        retain: how long what is removed is to stay restorable, instead of what the manifest says: a timedelta, or
            text as in a manifest, such as ``7d``.
        limits: which store, and what may be done to it.

    Raises:
        ManifestError: the manifest is not valid.
        EngineError: the engine could not be asked.
        StoreError: the store cannot be read or changed; nothing was changed.
        LockedError: another run holds the lock; nothing was changed.
        UnfinishedError: an earlier run can be neither finished nor taken back.
        RefusedError: the folder can be no model store, or the saved plan was carried out already.
        TypeError, ValueError: an option does not exist, or cannot be that; nothing was done.
    """
    diligence = {None: Diligence.BEFORE_CHANGES, True: Diligence.EVERYTHING, False: Diligence.DIFFERENCES}[verify]
    attendant, (where, terms) = Approving(approve), terms_of(limits)
    paths = spelled(manifests)
    if any(map(is_saved_plan, paths)):
        if len(paths) > 1 or where.keys() - {"engine_timeout"} or retain is not None or approve is not None:
            raise _more_than_a_plan()
        with _returned(paths[0], where, diligence) as (work, saved), borrowed_signals() as pending:
            return applying.apply_saved(work, saved, terms, attendant, pending)
    with working(manifests, where, retain, diligence) as work, borrowed_signals() as pending:
        return applying.apply(work, terms, attendant, pending)


def restore(
    *names: str,
    run_id: str | None = None,
    overwrite: bool = False,
    manifest: Path | None = None,
    lock_timeout: float = LOCK_TIMEOUT,
    **where: Unpack[Where],
) -> Result:
    """Put back what an earlier run removed, as long as it is kept.

    Args:
        names: the models; without any, all of the run.
        run_id: the run; without, the last one that can be restored from.
        overwrite: whether a newer model that has the name goes into quarantine instead.
        manifest: a manifest that says where the store is.
        lock_timeout: seconds to wait for another run to end.
        where: which store, and whom to ask.

    Raises:
        RefusedError: there is nothing to restore, or something is in the way.
        LockedError: another run holds the lock.
        EngineError, StoreError: nothing was changed.
        UnfinishedError: a run can be neither finished nor taken back.
        TypeError, ValueError: an option does not exist, or cannot be that; nothing was done.
    """
    refuse_unusable({"lock_timeout": lock_timeout}, Limits.__annotations__)
    judge = put_newer_aside if overwrite else spare_newer
    asked = Restoring(Wanted(run_id, names), judge, whoami(caller()), lock_timeout, unheard)
    with sited(where, manifest) as site, borrowed_signals() as pending:
        return restore_models(site, asked, pending)


@dataclass(frozen=True, slots=True)
class Approving:
    """Asks the caller's function, and tells nobody anything."""

    approve: Callable[[Plan], bool] | None

    @property
    def approves_all(self) -> bool:
        """Whether there is no function to ask."""
        return self.approve is None

    def show(self, plan: Plan) -> None:
        """Show nothing: the function is given the plan."""

    def objection_to_recovery(self, _plan: Plan) -> RunError | None:
        """Let what was broken off be put in order: that is part of every apply."""
        return None

    def objection_to(self, plan: Plan) -> RunError | None:
        """Ask the function."""
        if self.approve is None or self.approve(plan):
            return None
        return RunError("not-confirmed", "not confirmed: the function given as approve declined the plan", "")

    def tell_recovered(self, recovered: Sequence[Recovered]) -> None:
        """Tell nothing: the result holds it."""

    def tell_planning_again(self, differences: Sequence[str]) -> None:
        """Tell nothing."""


def unheard(_recovered: Sequence[Recovered]) -> None:
    """Tell nothing: the result holds it."""


@contextmanager
def _returned(path: str, where: Where, diligence: Diligence) -> Iterator[tuple[Work[Site], SavedPlan]]:
    saved = read_saved(path)
    origin = saved.origin
    which = store_of(origin)
    mode = InventoryMode(origin.inventory_mode)
    with Engines() as engines:
        yield work_of(saved, Site(which, mode, engines, engine_timeout(where), UNWATCHED), diligence), saved


def _more_than_a_plan() -> ManifestError:
    return ManifestError(
        "plan-and-more",
        "a saved plan is applied alone: it has its store and how long to retain, and is approved as a file",
        "give nothing but the plan, what may be done, and how long the engine may take",
    )
