"""What is looked up once the engine has failed, so that the error can name the cause."""

from __future__ import annotations

import platform
import sys
import sysconfig
from dataclasses import dataclass

from ocrstate.engine.package import has_wheel, installed_version


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What else is known.

    Attributes:
        last_words: the end of what the child wrote on stderr.
        installed: the package's version, `None` if it is not installed.
        has_wheel: whether the package can be had for this system.
        system: this system in words.
        interpreter: the path of this Python.
    """

    last_words: str
    installed: str | None
    has_wheel: bool
    system: str
    interpreter: str


def look_around(last_words: str) -> Surroundings:
    """Gather what is known of this system."""
    python = sys.version_info[:2]
    wheel = has_wheel(
        sys_platform=sys.platform,
        machine=platform.machine(),
        implementation=sys.implementation.name,
        python=python,
        musl="musl" in str(sysconfig.get_config_var("HOST_GNU_TYPE")),
    )
    system = f"{platform.system()} {platform.machine()} with {platform.python_implementation()} {python[0]}.{python[1]}"
    return Surroundings(last_words, installed_version(), wheel, system, sys.executable)
