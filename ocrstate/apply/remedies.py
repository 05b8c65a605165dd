"""What to run by hand where a run could neither be finished nor taken back. Pure."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_NAMED = 10


def how_to_put_back(names: Sequence[str], quarantine: str, store: str) -> str:
    """Return the commands that move models from quarantine to where they were, never over another file."""
    moves = [
        f"mv -n -- {_quoted(os.path.join(quarantine, name))} {_quoted(os.path.join(store, name))}"
        for name in names[:_MOST_NAMED]
    ]
    more = [f"and {len(names) - _MOST_NAMED:,} more in the same way"] if len(names) > _MOST_NAMED else []
    return "\n  ".join(("see what has taken the place, and move each back:", *moves, *more))


def how_to_delete(quarantine: str) -> str:
    """Return the command that deletes what is left of removed models."""
    return f"delete what is there: rm -r -- {_quoted(quarantine)}"


def _quoted(path: str) -> str:
    """Spell a path for a shell, so that it can be shown and pasted whatever is in it."""
    if path.isprintable():
        return shlex.quote(path)
    return f"$'{''.join(map(_octal, path.encode('utf-8', 'surrogateescape')))}'"


def _octal(byte: int) -> str:
    return chr(byte) if chr(byte).isascii() and chr(byte).isprintable() and byte not in b"'\\" else f"\\{byte:03o}"
