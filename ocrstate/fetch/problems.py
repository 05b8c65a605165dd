"""Why a model could not be got, in words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.errors import FetchError
from ocrstate.text.escape import escape
from ocrstate.text.units import counted, size_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.fetch.model import Wanted
    from ocrstate.sources.body import RefusedError, TemporaryError

_KEPT_OUT = "it was kept out of the store; check the source, or correct the manifest (`ocrstate lock` reads a store)"


def refused(wanted: Wanted, error: RefusedError) -> FetchError:
    """Say that the source does not give it."""
    return FetchError(wanted.name, error.code, f"{_what(wanted)}: {error.words}", error.hint)


def unreachable(wanted: Wanted, error: TemporaryError, failures: int) -> FetchError:
    """Say that it was tried long enough."""
    asked = error.retry_after
    often = f"; the server asks to come back in {asked:.0f} seconds" if asked else f" ({counted(failures, 'attempt')})"
    hint = "run it again when the source can be reached: a download goes on where it ended"
    return FetchError(wanted.name, "source-unreachable", f"{_what(wanted)}: {error.words}{often}", hint)


def wrong_size(wanted: Wanted, found: str) -> FetchError:
    """Say that what comes is longer or shorter than the manifest says."""
    expected = f"{wanted.size:,} bytes are expected" if wanted.size is not None else "another length is expected"
    return FetchError(wanted.name, "wrong-size", f"{_what(wanted)}: {expected}, but it has {found}", _KEPT_OUT)


def wrong_digest(wanted: Wanted, found: str) -> FetchError:
    """Say that what came is something else than the manifest says."""
    message = f"{_what(wanted)}: the sha256 {wanted.sha256} is expected, but it has {found}"
    return FetchError(wanted.name, "wrong-digest", message, _KEPT_OUT)


def store_full(wanted: Wanted, needed: int | None, free: int | None) -> FetchError:
    """Say that the store's filesystem cannot hold it."""
    needs = f"it needs {size_text(needed)} more" if needed is not None else "how much it needs is not known"
    has = f", {size_text(free)} are free" if free is not None else ""
    hint = "free some space on the store's filesystem, and run it again"
    return FetchError(wanted.name, "store-full", f"{_what(wanted)}: the store's filesystem is full: {needs}{has}", hint)


def too_much(wanted: Sequence[Wanted], needed: int, free: int) -> FetchError:
    """Say that the store's filesystem cannot hold all of them."""
    hint = "free some space on the store's filesystem, and run it again"
    which = escape(wanted[0].name) if len(wanted) == 1 else f"all {len(wanted):,} models"
    message = f"{which} cannot be fetched: that needs {size_text(needed)} more, and {size_text(free)} are free"
    return FetchError(wanted[0].name, "store-full", message, hint)


def not_writable(wanted: Wanted, reason: str) -> FetchError:
    """Say that staging cannot be written."""
    hint = "run as a user that may write in the store, and look at the disk"
    message = f"{_what(wanted)}: the store's staging folder cannot be used: {reason}"
    return FetchError(wanted.name, "store-not-writable", message, hint)


def _what(wanted: Wanted) -> str:
    return f"{escape(wanted.name)} cannot be fetched from {escape(wanted.shown)}"
