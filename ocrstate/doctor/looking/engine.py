"""Look at the engine's package, and let the engine list one file in a folder of its own: no store is looked at."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from ocrstate.doctor.engine import Failed, Installation, Listed, Releases, Trial
from ocrstate.engine.package import (
    BLIND_RELEASES,
    NEWEST_LISTING,
    PACKAGE,
    PLATFORMS,
    REQUIREMENT,
    has_wheel,
    installed_copies,
    is_for_python,
    is_newer,
    is_too_old,
    leftovers,
)
from ocrstate.engine.requests import ListCanary
from ocrstate.engine.surroundings import this_system
from ocrstate.errors import OcrstateError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocrstate.engine.process import EngineProcess
    from ocrstate.engine.requests import ListRequest


def look_at_package() -> Installation:
    """Look which releases are installed, and what this system needs."""
    copies, system = installed_copies(), this_system()
    version = copies[0].version if copies else NEWEST_LISTING
    install = f"{sys.executable} -m pip install '{REQUIREMENT}'"
    return Installation(
        Releases(PACKAGE, install, PLATFORMS, NEWEST_LISTING),
        copies,
        leftovers(),
        str(system),
        ".".join(map(str, system.python)),
        has_wheel=has_wheel(system),
        is_for_python=is_for_python(version, system.python),
        is_too_old=is_too_old(version),
        is_blind=version in BLIND_RELEASES,
        is_newer=is_newer(version, NEWEST_LISTING),
    )


def try_engine(ask: Callable[[ListRequest], EngineProcess], away_from: str, timeout: float) -> Trial:
    """Let an engine list one file.

    Args:
        ask: starts an engine process and sends it a request.
        away_from: where the file's folder must not be made: the store.
        timeout: seconds that it may take.
    """
    started = time.monotonic()
    try:
        with ask(ListCanary(away_from)) as process:
            entries = process.answer(timeout).entries
    except OcrstateError as error:
        return Failed(error.code, error.message, error.hint)
    return Listed(entries, process.private_name, time.monotonic() - started)
