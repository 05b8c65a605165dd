"""What the engine can be asked. Pure, but for the spelling of paths as bytes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrstate.engine.child import END, TAG

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class ListStore:
    """List the store at ``path`` (absolute)."""

    path: str


@dataclass(frozen=True, slots=True)
class ListDefault:
    """List the engine's own store, as an application started in ``folder`` (absolute) would see it."""

    folder: str


@dataclass(frozen=True, slots=True)
class ListCanary:
    """List one file in a folder made for it, outside of ``away_from`` (absolute, links followed)."""

    away_from: str


ListRequest = ListStore | ListDefault | ListCanary


def encode(request: ListRequest, places: Sequence[str]) -> bytes:
    """Spell a request for the child, which may make its private folder in one of ``places``, the best first.

    Raises:
        ValueError: a path holds NUL, which no path on disk does.
    """
    match request:
        case ListStore(path):
            fields = (TAG, "store", path, *places, END)
        case ListDefault(folder):
            fields = (TAG, "default", folder, *places, END)
        case ListCanary(away_from):
            fields = (TAG, "canary", away_from, *places, END)
    if any("\0" in field for field in fields):
        raise ValueError("a path holds NUL")
    return b"".join(os.fsencode(field) + b"\0" for field in fields)
