"""What is looked up once the engine has failed, so that the error can name the cause."""

from __future__ import annotations

import platform
import sys
import sysconfig
from dataclasses import dataclass

from ocrstate.engine.package import System, installed_version


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What else is known.

    Attributes:
        last_words: the end of what the child wrote on stderr.
        installed: the package's version, `None` if it is not installed.
        system: what decides which wheels fit.
        interpreter: the path of this Python.
    """

    last_words: str
    installed: str | None
    system: System
    interpreter: str


def look_around(last_words: str) -> Surroundings:
    """Gather what is known of this system."""
    return Surroundings(last_words, installed_version(), this_system(), sys.executable)


def this_system() -> System:
    """Return what decides which wheels fit here."""
    return System(
        platform=sys.platform,
        machine=platform.machine(),
        implementation=sys.implementation.name,
        python=sys.version_info[:2],
        musl="musl" in str(sysconfig.get_config_var("HOST_GNU_TYPE")),
    )
