"""Which store is meant, and what to say if it is not there."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ocrstate.engine.child import data_folder
from ocrstate.errors import StoreError, assert_never
from ocrstate.names import LOCAL_PATH
from ocrstate.store.opened import open_store
from ocrstate.text.escape import escape
from ocrstate.text.shell import shell_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrstate.store.model import StoreId

_CLOSE = 0.75
_MOST_COMPARED = 2_000


@dataclass(frozen=True, slots=True)
class ExplicitStore:
    """The store that an option, the manifest or a saved plan names.

    Attributes:
        path: absolute.
        named: by what: ``named with --store``.
    """

    path: str
    named: str = field(default="named", compare=False)


@dataclass(frozen=True, slots=True)
class EngineStore:
    """The store that the engine would use, started in ``folder`` (absolute)."""

    folder: str


WhichStore = ExplicitStore | EngineStore


def folder_of(which: WhichStore) -> str:
    """Return the store's path, without asking an engine."""
    match which:
        case ExplicitStore(path):
            return path
        case EngineStore(folder):
            return below(folder, os.path.join(data_folder(os.environ, folder), LOCAL_PATH))


def below(folder: str, path: str) -> str:
    """Return a path that an engine, started in a folder, says."""
    return os.path.normpath(path) if os.path.isabs(path) else os.path.join(folder, *path.split("/"))


def is_in_data_folder(which: WhichStore) -> bool:
    """Tell whether it is the engine's own in the user's data folder, wherever the application is started."""
    return isinstance(which, EngineStore) and bool(data_folder(os.environ, which.folder))


def passed_over(which: WhichStore) -> str | None:
    """Return the store below the working folder, where the engine uses the one in the user's data folder instead."""
    if not isinstance(which, EngineStore) or not is_in_data_folder(which):
        return None
    here = below(which.folder, LOCAL_PATH)
    is_other = os.path.isdir(here) and os.path.realpath(here) != os.path.realpath(folder_of(which))
    return here if is_other else None


@contextmanager
def open_named(which: WhichStore) -> Iterator[tuple[StoreId, int | None]]:
    """Do as `open_store`, and say of a store that is not there who named it.

    Raises:
        StoreError: it is missing, not a folder, or not readable.
    """
    with explained(which), open_store(folder_of(which)) as opened:
        yield opened


@contextmanager
def explained(which: WhichStore) -> Iterator[None]:
    """Let an error that says that the store does not exist say who named it, and which one may be meant.

    Raises:
        StoreError: the store does not exist.
    """
    try:
        yield
    except StoreError as error:
        if error.code == "store-missing" and _is_missing(folder_of(which)):
            raise missing(which) from error
        raise


def _is_missing(path: str) -> bool:
    try:
        os.stat(path)
    except FileNotFoundError:
        return True
    except (OSError, ValueError):
        return False
    return False


def missing(which: WhichStore) -> StoreError:
    """Say of a store that does not exist who named it, and what to do."""
    path, other = folder_of(which), passed_over(which)
    said = f"the store {escape(path)}, {_named(which)}, does not exist"
    if other is not None:
        return StoreError(
            "store-missing",
            f"{said}; {escape(other)} is there, but the engine uses the user's data folder",
            f"to use that one: {_how_to_name(other)}, or `store:` in the manifest",
        )
    near = _near(path)
    hint = "create the folder, or say where the store is: with --store DIR, or `store:` in the manifest"
    if isinstance(which, EngineStore) and not is_in_data_folder(which):
        hint += ", or -C DIR, the folder that the OCR application is started in"
    return StoreError("store-missing", f"{said}; did you mean {escape(near)}?" if near else said, hint)


def _named(which: WhichStore) -> str:
    match which:
        case ExplicitStore():
            return which.named
        case EngineStore():
            return "the engine's own in the user's data folder" if is_in_data_folder(which) else "the engine's own"
        case _:
            assert_never(which)


def _how_to_name(store: str) -> str:
    """Spell the option that names a store, relative to the working folder if it lies below."""
    here = os.path.join(os.getcwd(), "")
    return f"--store {shell_word(f'./{store.removeprefix(here)}' if store.startswith(here) else store)}"


def _near(path: str) -> str | None:
    """Return a folder that differs from the path in one part alone, and there but little."""
    above, name = os.path.split(path)
    rest = ""
    while name and not os.path.isdir(above):
        rest = os.path.join(name, rest)
        above, name = os.path.split(above)
    candidates = (os.path.join(above, each, rest) for each in _alike(name, above))
    return next((os.path.normpath(each) for each in candidates if os.path.isdir(each)), None)


def _alike(name: str, folder: str) -> list[str]:
    """Return what in a folder has nearly a name, the nearest first."""
    from difflib import get_close_matches  # noqa: PLC0415 - 3 ms, and it is rare

    try:
        there = {each.casefold(): each for each in os.listdir(folder)[:_MOST_COMPARED]}
    except OSError:
        return []
    return [there[each] for each in get_close_matches(name.casefold(), there, cutoff=_CLOSE)]
