"""What the functions can be told, and what that means."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, TypedDict

from ocrstate.errors import ManifestError
from ocrstate.inventory.take import InventoryMode
from ocrstate.manifest.load import read
from ocrstate.manifest.part import STDIN
from ocrstate.manifest.units import parse_duration
from ocrstate.planning.guards import Consent
from ocrstate.watch import UNWATCHED
from ocrstate.work.apply import Terms
from ocrstate.work.engines import Engines
from ocrstate.work.site import Site, which_store
from ocrstate.work.work import Work

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from ocrstate.evidence.diligence import Diligence
    from ocrstate.manifest.load import UncheckedManifest

    Path = str | os.PathLike[str]

LOCK_TIMEOUT = 10.0
"""Seconds to wait for another run to end, unless said otherwise."""

_ENGINE_TIMEOUT = 60.0
_JOBS = 4
_LONGEST = timedelta(weeks=99_999)  # as in a manifest


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
    manifests: Sequence[Path], where: Where, retain: timedelta | str | None, diligence: Diligence
) -> Iterator[Work[Site]]:
    """Begin to work with a manifest, the engine's start beside it; what was started and not used is ended afterwards.

    Raises:
        ManifestError: the manifest is not valid, or none is given.
        TypeError, ValueError: an option does not exist, or cannot be that.
    """
    refuse_unusable(where, Where.__annotations__)
    seconds = None if retain is None else seconds_of(retain)
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
        TypeError, ValueError: an option does not exist, or cannot be that.
    """
    refuse_unusable(where, Where.__annotations__)
    unchecked = None if manifest is None else read(*spelled((manifest,)))
    if unchecked is not None:
        unchecked.check()
    with Engines() as engines:
        yield site_for(where, engines, unchecked)


def site_for(where: Where, engines: Engines, manifest: UncheckedManifest | None) -> Site:
    """Return the site for the store that is meant.

    Raises:
        ManifestError, StoreError: it is not said which one that is.
    """
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
        TypeError, ValueError: an option does not exist, or cannot be that.
    """
    refuse_unusable(limits, Limits.__annotations__)
    consent = Consent(
        allow_empty=limits.pop("allow_empty", False),
        allow_missing=limits.pop("allow_missing", False),
        max_remove=limits.pop("max_remove", None),
        offline=limits.pop("offline", False),
    )
    terms = Terms(consent, caller(), limits.pop("lock_timeout", LOCK_TIMEOUT), limits.pop("jobs", _JOBS))
    return limits, terms


def refuse_unusable(given: Mapping[str, object], known: Collection[str]) -> None:
    """Refuse what only a type checker would, and what no number or path can be.

    Raises:
        TypeError: there is no such option.
        ValueError: its value cannot be used.
    """
    for name, value in given.items():
        if name not in known:
            raise TypeError(f"there is no option {name!r}; there are {', '.join(sorted(known))}")
        is_usable, words = _USABLE.get(name, _ANYTHING)
        if not is_usable(value):
            raise ValueError(f"{name} is {value!r}; it must be {words}")


def seconds_of(retain: timedelta | str) -> int:
    """Return how many seconds to retain what is removed.

    Raises:
        ValueError: it is negative, or says no length of time.
    """
    seconds = parse_duration(retain) if isinstance(retain, str) else None
    if isinstance(retain, timedelta) and timedelta(0) <= retain <= _LONGEST:
        seconds = int(retain.total_seconds())
    if seconds is None:
        raise ValueError(f"retain is {retain!r}; it must be a timedelta from 0 on, or text such as '30m', '12h', '7d'")
    return seconds


def _is_path(value: object) -> bool:
    return isinstance(value, str | os.PathLike) and "\0" not in os.fsdecode(value)


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and value >= 0


def _is_count(value: object) -> bool:
    return isinstance(value, int) and value >= 0


_MODES = [mode.value for mode in InventoryMode]
_ANYTHING: tuple[Callable[[object], bool], str] = (lambda _: True, "")
_USABLE: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "store": (_is_path, "a path"),
    "folder": (_is_path, "a path"),
    "inventory": (lambda value: value in _MODES, f"one of {', '.join(_MODES)}"),
    "engine_timeout": (lambda value: _is_time(value) and value != 0, "a number of seconds above 0"),
    "max_remove": (lambda value: value is None or _is_count(value), "a number of models, from 0 on"),
    "jobs": (lambda value: _is_count(value) and value != 0, "a number from 1 on"),
    "lock_timeout": (_is_time, "a number of seconds, from 0 on"),
}


def spelled(given: Sequence[Path]) -> tuple[str, ...]:
    """Return the paths of manifests as text; ``-`` is a file here, for nobody expects a function to read the terminal.

    Raises:
        ManifestError: there are none.
    """
    if not given:
        raise ManifestError("manifest-not-given", "no manifest is given", "name one")
    paths = [os.fspath(path) for path in given]
    return tuple(os.path.join(os.curdir, path) if path == STDIN else path for path in paths)


def caller() -> str:
    """Say what called: its name alone, because nobody knows what its arguments hold."""
    return f"{os.path.basename(sys.argv[0]) or 'python'}, through Python"
