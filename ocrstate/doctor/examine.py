"""Look at everything, one area at a time, and judge what is seen."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from ocrstate.doctor.engine import LISTING, PACKAGE, judge_engine
from ocrstate.doctor.installation import (
    DEPENDENCIES,
    ON_PATH,
    VERSION,
    judge_dependencies,
    judge_path,
    judge_versions,
)
from ocrstate.doctor.looked import PATIENCE, looked, within
from ocrstate.doctor.looking.engine import look_at_package, try_engine
from ocrstate.doctor.looking.installation import look_at_dependencies, look_at_path, look_at_versions
from ocrstate.doctor.looking.store import survey
from ocrstate.doctor.looking.system import (
    look_at_globalization,
    look_at_interpreter,
    look_at_limits,
    look_at_proc,
    look_at_streams,
    look_at_temporary,
)
from ocrstate.doctor.looking.upkeep import (
    look_at_cache,
    look_at_lock,
    look_at_quarantine,
    look_at_runs,
    look_at_staging,
)
from ocrstate.doctor.model import Status
from ocrstate.doctor.store import FOLDER, judge_store
from ocrstate.doctor.system import (
    ADDRESS_SPACE,
    GLOBALIZATION,
    INTERPRETER,
    PROC,
    STREAMS,
    TEMPORARY,
    judge_globalization,
    judge_interpreter,
    judge_limits,
    judge_proc,
    judge_streams,
    judge_temporary,
)
from ocrstate.doctor.upkeep import (
    CACHE,
    LOCK,
    QUARANTINE,
    RUNS,
    STAGING,
    judge_cache,
    judge_lock,
    judge_quarantine,
    judge_runs,
    judge_staging,
)
from ocrstate.inventory.which import explained, folder_of
from ocrstate.store.absurd import why_absurd
from ocrstate.store.homes import home_folders

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocrstate.doctor.model import Findings
    from ocrstate.doctor.store import Survey
    from ocrstate.engine.process import EngineProcess
    from ocrstate.engine.requests import ListRequest
    from ocrstate.inventory.which import WhichStore


def examine_engine(
    ask: Callable[[ListRequest], EngineProcess], store: str | None, timeout: float, *, must_list: bool
) -> Findings:
    """Look at the engine's package, and try what it does; no store is looked at.

    Args:
        ask: starts an engine process and sends it a request.
        store: which folder the engine's trial must keep out of.
        timeout: seconds that it may take.
        must_list: whether the folder's own list will not do instead.
    """
    trial = try_engine(ask, os.devnull if store is None else _real_path(store), timeout)
    return looked(PACKAGE, look_at_package, lambda package: judge_engine(package, trial, must_list=must_list))


def without_engine() -> Findings:
    """Say that the engine is not looked at (``--inventory directory``)."""
    return (LISTING.ok("not asked, and not needed with --inventory directory"),)


def _real_path(store: str) -> str:
    """Return where a store really is; what can be none is not worth keeping out of."""
    try:
        real_path = within(PATIENCE, lambda: os.path.realpath(store))
    except (OSError, ValueError):
        return os.devnull
    return os.devnull if why_absurd(real_path, home_folders()) else real_path


def examine_system() -> Findings:
    """Look at what the system gives to the engine, here and in an OCR application."""
    found = [*looked(INTERPRETER, look_at_interpreter, judge_interpreter)]
    if sys.platform == "linux":
        found += looked(PROC, look_at_proc, judge_proc)
        found += looked(GLOBALIZATION, look_at_globalization, judge_globalization)
    if os.name == "posix":
        found += looked(TEMPORARY, look_at_temporary, judge_temporary)
        found += looked(ADDRESS_SPACE, look_at_limits, judge_limits)
        found += looked(STREAMS, look_at_streams, judge_streams)
    return tuple(found)


def examine_store(which: WhichStore) -> Findings:
    """Look at a store; of one that cannot be opened there is one thing to say."""
    return looked(FOLDER, lambda: _surveyed(which), judge_store)


def _surveyed(which: WhichStore) -> Survey:
    with explained(which):
        return survey(folder_of(which))


def examine_upkeep(path: str, store: Findings) -> Findings:
    """Look at what runs left in a store, unless it could not be opened, as was found before."""
    if any(each.code == FOLDER.code and each.status is Status.FAIL for each in store):
        return ()
    return (
        *looked(RUNS, lambda: look_at_runs(path), lambda seen: judge_runs(path, seen)),
        *looked(LOCK, lambda: look_at_lock(path), judge_lock),
        *looked(QUARANTINE, lambda: look_at_quarantine(path), lambda seen: judge_quarantine(path, seen)),
        *looked(STAGING, lambda: look_at_staging(path), lambda seen: judge_staging(path, seen)),
        *looked(CACHE, lambda: look_at_cache(path), judge_cache),
    )


def examine_tool() -> Findings:
    """Look how this tool is installed."""
    reinstall = f"{sys.executable} -m pip install --force-reinstall ocrstate"
    return (
        *looked(VERSION, look_at_versions, judge_versions),
        *looked(DEPENDENCIES, look_at_dependencies, lambda seen: judge_dependencies(seen, reinstall)),
        *looked(ON_PATH, look_at_path, judge_path),
    )
