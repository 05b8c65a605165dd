"""Find out which directory is meant by a store's name."""

from __future__ import annotations

import os
import re

from ocrstate.errors import ManifestError, StoreError
from ocrstate.names import LOCAL_PATH, RESERVED_FOLDER

_VARIABLE = re.compile(r"\$\{([^}]*)\}")


def from_manifest(written: str, manifest_path: str) -> str:
    """Return the absolute path of a manifest's ``store``, relative paths counted from the manifest's own folder.

    Raises:
        ManifestError: a variable is not set, or ``~`` cannot be expanded.
    """
    expanded = _expand_home(_VARIABLE.sub(lambda match: _variable(match[1]), written))
    return _absolute(expanded, os.path.dirname(manifest_path))


def from_option(written: str, folder: str) -> str:
    """Return the absolute path of ``--store``, relative paths counted from the working folder.

    Raises:
        StoreError: it is empty, as an unset variable of a script leaves it: that must not mean the working folder.
    """
    if not written.strip():
        raise StoreError("store-empty", "--store is given, and empty", "name a folder; is a variable unset?")
    return _absolute(written, folder)


def store_around(path: str, store: str | None = None) -> str | None:
    """Return the real path of the store that a file would lie in, where it would be taken for a model.

    Args:
        path: the file's.
        store: real path of one that is known. Every engine's own is one, too, and what a run has worked on.
    """
    folder = os.path.realpath(path)
    while folder != store and not _is_own(folder) and not os.path.lexists(os.path.join(folder, RESERVED_FOLDER)):
        folder, below = os.path.dirname(folder), folder
        if folder == below:
            return None
    return folder


def place_outside(path: str, store: str) -> str:
    """Return a place for a file that would lie in a store: beside that, or in the application's folder."""
    above = store[: -len(LOCAL_PATH)] if _is_own(store) else os.path.dirname(store)
    place = os.path.join(above, os.path.basename(path))
    return place if os.path.isabs(path) else os.path.relpath(place)


def _is_own(folder: str) -> bool:
    return os.path.normcase(folder).endswith(os.path.normcase(f"/{LOCAL_PATH}"))


def _absolute(path: str, folder: str) -> str:
    # not normpath: it would take `link/..` for the folder that holds the link
    joined = os.path.join(folder, path)
    return os.path.realpath(joined) if ".." in joined.split(os.sep) else os.path.normpath(joined)


def _variable(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise ManifestError(
            "store-variable-unset",
            f"the manifest's store uses ${{{name}}}, which is not set",
            f"set {name} in the environment, or say where the store is with --store DIR",
        )
    return value


def _expand_home(path: str) -> str:
    if not path.startswith("~"):
        return path
    expanded = os.path.expanduser(path)
    if expanded.startswith("~"):
        raise ManifestError(
            "store-home-unknown",
            f"the manifest's store is {path}, and no home folder is known for it",
            "set HOME, write an absolute path, or say where the store is with --store DIR",
        )
    return expanded
