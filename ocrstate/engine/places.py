"""Where a child may make the folder that it works in."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_NAMED_BY = ("TMPDIR", "TEMP", "TMP", "XDG_RUNTIME_DIR")
_POSIX = ("/tmp", "/var/tmp", "/usr/tmp", "/dev/shm")  # noqa: S108 - the folder made there has a random name, mode 0700
_WINDOWS = (r"c:\temp", r"c:\tmp", r"\temp", r"\tmp")
_LONGEST = 200  # the engine fails where its working folder's path comes near the system's limit (docs/engine.md)


def places_for(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Say where a private folder called ``name`` may be made, the best place first.

    They are the folders for temporary files; only short ASCII paths, because the engine trips over others.
    """
    usual = _WINDOWS if os.name == "nt" else _POSIX
    parents = dict.fromkeys([*(environment.get(variable, "") for variable in _NAMED_BY), *usual])
    return tuple(os.path.join(parent, name) for parent in parents if _is_plain(parent))


def remove_leftovers(places: Sequence[str]) -> None:
    """Remove the private folder of a child that could not do so itself; links in it are never followed."""
    for place in places:
        if os.path.lexists(place):
            import shutil  # noqa: PLC0415 - rare

            shutil.rmtree(place, ignore_errors=True)


def _is_plain(path: str) -> bool:
    return os.path.isabs(path) and path.isascii() and len(path) <= _LONGEST
