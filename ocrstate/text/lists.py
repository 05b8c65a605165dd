"""Name a few of many things. Pure."""

from __future__ import annotations

from ocrstate.text.escape import escape

_FEW = 3


def few(names: tuple[str, ...]) -> str:
    """Name the first of many models, escaped, and say how many more there are."""
    shown = ", ".join(escape(name) for name in names[:_FEW])
    return shown if len(names) <= _FEW else f"{shown} and {len(names) - _FEW:,} more"
