"""Write a saved plan where it is wanted, and read it again."""

from __future__ import annotations

import os
import re
import stat

from ocrstate.errors import OutputError, RefusedError
from ocrstate.manifest.part import STDIN
from ocrstate.saved.whole import write_whole
from ocrstate.store.location import place_outside, store_around
from ocrstate.text.escape import escape

LARGEST = 512 * 1024 * 1024
"""Bytes of the largest saved plan that is read."""

_SNIFFED = 4096
_PLAN = re.compile(rb'\s*\{\s*"format_version"|\s*\{.*?"kind"\s*:\s*"plan"', re.DOTALL)


def is_saved_plan(path: str) -> bool:
    """Tell whether a file looks like a saved plan, and not like a manifest; what cannot be read does not."""
    if path == STDIN:
        return False
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return False  # a manifest may come through a pipe, and is to be read once
        with open(path, "rb") as file:
            return _PLAN.match(file.read(_SNIFFED)) is not None
    except (OSError, ValueError):
        return False


def read_plan_file(path: str) -> bytes:
    """Return a saved plan's content.

    Raises:
        RefusedError: it cannot be read, or is far too large.
    """
    if path == STDIN:
        message, hint = "a saved plan is not read from standard input", "put it into a file; one called - is ./-"
        raise RefusedError("plan-unreadable", message, hint)
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no file can have that path"
        raise RefusedError(
            "plan-unreadable", f"cannot read the saved plan {escape(path)}: {reason}", "check the path"
        ) from error
    if len(data) > LARGEST:
        raise RefusedError(
            "plan-too-large", f"the saved plan {escape(path)} is larger than {LARGEST // 1024**2} MiB", "is it a plan?"
        )
    return data


def write_plan_file(path: str, text: str, store: str, *manifests: str) -> None:
    """Write a saved plan, all of it or nothing, over whatever file has the name.

    Args:
        path: where to.
        text: what.
        store: the store's real path; a file in there would be taken for a model.
        manifests: the paths of the manifest and of those that it extends.

    Raises:
        RefusedError: the file would lie in the store, or replace a manifest.
        OutputError: it cannot be written.
    """
    real = os.path.realpath(path)
    around = store_around(real, store)
    if around is not None:
        raise RefusedError(
            "plan-in-store",
            f"the plan was not saved: {escape(path)} lies in the store, where it would be taken for a model",
            f"save it elsewhere, such as to {escape(place_outside(path, around))}",
        )
    if real in map(os.path.realpath, manifests):
        raise RefusedError(
            "plan-over-manifest",
            f"the plan was not saved: {escape(path)} is a manifest that it was made from",
            "save it elsewhere",
        )
    try:
        write_whole(path, text.encode("ascii"))
    except OSError as error:
        raise OutputError(
            "output-failed", f"the plan could not be saved to {escape(path)}: {error.strerror}", "save it elsewhere"
        ) from error
