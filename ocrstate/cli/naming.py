"""What a name may be meant to be that somebody typed, and what to say where it names no model."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from ocrstate.errors import OcrstateError, RefusedError, StoreError
from ocrstate.names import leads_astray
from ocrstate.store.opened import open_store
from ocrstate.store.unseen import lies_too_deep
from ocrstate.text.escape import escape

if TYPE_CHECKING:
    from collections.abc import Collection

    from ocrstate.store.model import StoreId


def shown_so(name: str, known: Collection[str]) -> tuple[str, ...]:
    """Return the names that are shown in this way, which for odd ones is not how they are spelled."""
    return (name,) if name in known else tuple(each for each in known if escape(each) == name)


def in_store(name: str, store: StoreId) -> str:
    """Return a name relative to the store that may be given as a path to there; nothing for the store itself."""
    path = os.path.abspath(name)
    if path in (store.path, store.real_path):
        return ""
    folders = (f"{each}{os.sep}" for each in (store.path, store.real_path))
    return next((path.removeprefix(each) for each in folders if path.startswith(each)), name.rstrip("/"))


def is_too_deep(store_path: str, name: str) -> bool:
    """Tell whether something lies under a name deeper in the store than the engine looks."""
    if leads_astray(name):
        return False
    with open_store(store_path) as (store, descriptor):
        return lies_too_deep(store, descriptor, name)


def outside(name: str) -> RefusedError:
    """Say that a name leads to where no model of the store can be."""
    return RefusedError(
        "name-outside",
        f"{escape(name)} names no model in a store",
        "name it relative to the store: fr.bin, or sub/fr.bin for one in a sub-folder",
    )


def removed(store_path: str, name: str) -> StoreError | None:
    """Say that a model is not there because a run removed it; `None` where none did, or keeps it no longer."""
    # only where a name is not known
    from ocrstate.applying.clock import now  # noqa: PLC0415 - see above
    from ocrstate.render.removed_words import removed_words  # noqa: PLC0415 - see above
    from ocrstate.runs.kept import last_run_keeping  # noqa: PLC0415 - see above

    run = None
    with suppress(OcrstateError), open_store(store_path) as (_, descriptor):
        run = None if descriptor is None else last_run_keeping(descriptor, name)
    return None if run is None else StoreError("model-removed", *removed_words(name, run, store_path, now()))
