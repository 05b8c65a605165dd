"""What the functions can be told, and what that means."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, TypedDict

from ocrstate.errors import ManifestError
from ocrstate.inventory.take import InventoryMode
from ocrstate.manifest.load import read
from ocrstate.planning.guards import Consent
from ocrstate.watch import UNWATCHED
from ocrstate.work.apply import Terms
from ocrstate.work.engines import Engines
from ocrstate.work.site import Site, which_store
from ocrstate.work.work import Work

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import timedelta

    from ocrstate.evidence.diligence import Diligence
    from ocrstate.manifest.load import UncheckedManifest

    Path = str | os.PathLike[str]

LOCK_TIMEOUT = 10.0
"""Seconds to wait for another run to end, unless said otherwise."""

_ENGINE_TIMEOUT = 60.0
_JOBS = 4


class Where(TypedDict, total=False):
    """Which store is meant, and whom to ask what is in it.

    Attributes:
        store: its folder, instead of what the manifest says.
        folder: the folder that the OCR application is started in: the engine's own store lies below. By default, the
            current one.
        inventory: ``auto`` (the default) asks the engine, and lists the folder instead where it sees nothing;
            ``engine`` refuses such an engine; ``directory`` starts none.
        engine_timeout: seconds that the engine may take; 60 by default.
    """

    store: Path
    folder: Path
    inventory: Literal["auto", "engine", "directory"]
    engine_timeout: float


class Limits(Where, total=False):
    """Which store is meant, and what may be done to it.

    Attributes:
        allow_empty: whether a manifest without models may remove everything.
        allow_missing: whether to go on although listed models are missing or differ.
        max_remove: how many models may be removed, instead of what the manifest says.
        offline: whether no network may be used.
        jobs: how many models may be fetched at the same time; 4 by default.
        lock_timeout: seconds to wait for another run to end; 10 by default.
    """

    allow_empty: bool
    allow_missing: bool
    max_remove: int
    offline: bool
    jobs: int
    lock_timeout: float


@contextmanager
def working(
    manifests: Sequence[Path], where: Where, retain: timedelta | None, diligence: Diligence
) -> Iterator[Work[Site]]:
    """Begin to work with a manifest, the engine's start beside it; what was started and not used is ended afterwards.

    Raises:
        ManifestError: the manifest is not valid, or none is given.
    """
    seconds = None if retain is None else int(retain.total_seconds())
    with Engines() as engines:
        if where.get("inventory") != InventoryMode.DIRECTORY.value:
            engines.start_ahead()
        unchecked = read(*spelled(manifests))
        yield Work.begin(unchecked, lambda manifest: site_for(where, engines, manifest), seconds, diligence)


@contextmanager
def sited(where: Where, manifest: Path | None) -> Iterator[Site]:
    """Find a store that no manifest need be followed for; one may say where it is.

    Raises:
        ManifestError: the manifest is not valid.
    """
    unchecked = None if manifest is None else read(os.fspath(manifest))
    if unchecked is not None:
        unchecked.check()
    with Engines() as engines:
        yield site_for(where, engines, unchecked)


def site_for(where: Where, engines: Engines, manifest: UncheckedManifest | None) -> Site:
    """Return the site for the store that is meant.

    Raises:
        ManifestError, StoreError: it is not said which one that is.
        TypeError: there is no such option.
    """
    _refuse_others(where, Where.__annotations__)
    folder = os.path.realpath(where.get("folder", os.curdir))
    option = os.fspath(where["store"]) if "store" in where else None
    mode = InventoryMode(where.get("inventory", "auto"))
    return Site(which_store(folder, option, manifest), mode, engines, engine_timeout(where), UNWATCHED)


def engine_timeout(where: Where) -> float:
    """Return the seconds that the engine may take."""
    return where.get("engine_timeout", _ENGINE_TIMEOUT)


def terms_of(limits: Limits) -> tuple[Where, Terms]:
    """Tell apart which store is meant, and what may be done to it.

    Raises:
        TypeError: there is no such option.
    """
    _refuse_others(limits, Limits.__annotations__)
    consent = Consent(
        allow_empty=limits.pop("allow_empty", False),
        allow_missing=limits.pop("allow_missing", False),
        max_remove=limits.pop("max_remove", None),
        offline=limits.pop("offline", False),
    )
    terms = Terms(consent, caller(), limits.pop("lock_timeout", LOCK_TIMEOUT), limits.pop("jobs", _JOBS))
    return limits, terms


def _refuse_others(given: Mapping[str, object], known: Collection[str]) -> None:
    """Refuse what only a type checker would.

    Raises:
        TypeError: there is no such option.
    """
    for name in given:
        if name not in known:
            raise TypeError(f"there is no option {name!r}; there are {', '.join(sorted(known))}")


def spelled(given: Sequence[Path]) -> tuple[str, ...]:
    """Return the paths of manifests as text.

    Raises:
        ManifestError: there are none.
    """
    if not given:
        raise ManifestError("manifest-not-given", "no manifest is given", "name one")
    return tuple(os.fspath(path) for path in given)


def caller() -> str:
    """Say what called: its name alone, because nobody knows what its arguments hold."""
    return f"{os.path.basename(sys.argv[0]) or 'python'}, through Python"
