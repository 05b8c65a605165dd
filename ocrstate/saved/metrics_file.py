"""Write metrics where a collector reads them, and never over what somebody else needs."""

from __future__ import annotations

import os

from ocrstate.errors import OutputError, RefusedError
from ocrstate.saved.whole import write_whole
from ocrstate.store.location import place_outside, store_around
from ocrstate.text.escape import escape

_MODE = 0o644  # the collector is another user
_OURS = b"# HELP ocrstate_"


def refuse_foreign(path: str) -> None:
    """Let pass only a new file outside of every store that can be told by itself, and one that holds our metrics.

    Raises:
        RefusedError: a file of another kind has the name, or a store is there.
    """
    real = os.path.realpath(path)
    if not _may_replace(real):
        raise RefusedError(
            "metrics-over-other-file",
            f"{escape(path)} is there and holds no metrics of ocrstate, so it is not replaced",
            "name another file, such as ocrstate.prom in the folder of the textfile collector",
        )
    around = store_around(real)
    if around is not None:
        raise _in_store(path, around)


def refuse_in_store(path: str, store: str) -> None:
    """Let pass only a file outside of a store.

    Raises:
        RefusedError: it lies in there, where it would be taken for a model.
    """
    around = store_around(path, os.path.realpath(store))
    if around is not None:
        raise _in_store(path, around)


def is_ours(path: str) -> bool:
    """Tell whether metrics may be written without knowing where stores lie: over our own, or through a pipe."""
    if os.path.isfile(path):
        return _beginning(path) == _OURS
    return os.path.exists(path)


def write_metrics(path: str, text: str) -> None:
    """Write metrics, all of them or none.

    Raises:
        OutputError: that is not possible.
    """
    try:
        write_whole(path, text.encode(), _MODE)
    except (OSError, ValueError) as error:
        raise OutputError(
            "metrics-failed",
            f"the metrics could not be written to {escape(path)}: {getattr(error, 'strerror', None) or error}",
            "create the folder, and let the user who runs ocrstate write in it",
        ) from error


def _in_store(path: str, store: str) -> RefusedError:
    return RefusedError(
        "metrics-in-store",
        f"{escape(path)} lies in the store, where it would be taken for a model; nothing was checked",
        f"write the metrics elsewhere, such as to {escape(place_outside(path, store))}",
    )


def _may_replace(path: str) -> bool:
    """Tell whether a file is not there, is empty, holds our metrics, or is none that can be replaced (a pipe)."""
    return not os.path.isfile(path) or _beginning(path) in (b"", _OURS)


def _beginning(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read(len(_OURS))
    except OSError:
        return None
