"""What a lock changes, for people. Pure."""

from __future__ import annotations

import re
from difflib import unified_diff
from typing import TYPE_CHECKING

from ocrstate.render.paint import Colour
from ocrstate.text.escape import escape, escape_message
from ocrstate.text.units import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocrstate.authoring.pins import Locking, Pinned
    from ocrstate.render.paint import Paint

_FEW = 3
_COLOURS = {"-": Colour.LOSS, "+": Colour.GOOD}
_NO_LINE_END = "\\ No newline at end of file"
_LINES = re.compile(r"[^\n]*\n|[^\n]+")


def render_diff(path: str, before: str, after: str, paint: Paint) -> str:
    """Draw what changes in a manifest as ``diff -u`` would."""
    lines = unified_diff(_LINES.findall(before), _LINES.findall(after), escape(path), escape(path), lineterm="\n")
    return "".join(_diff_line(line, paint) for line in lines)


def _diff_line(line: str, paint: Paint) -> str:
    is_text = not line.startswith(("---", "+++", "@@"))
    shown = escape_message(line.rstrip("\r\n"))
    ending = "\n" if line.endswith("\n") else f"\n{_NO_LINE_END}\n"
    return paint(_COLOURS.get(line[0], Colour.PLAIN) if is_text else Colour.PLAIN, shown) + ending


def render_contradictions(found: Locking, paint: Paint) -> str:
    """Say which models are in the store with another content than the manifest says, updated or not."""
    updated = (each for each in found.pinned if each.contradicts)
    lines = [f"{paint(Colour.ATTENTION, 'Differs:')} {_was_is(each)}" for each in updated]
    lines += (
        f"{paint(Colour.ATTENTION, 'Not locked:')} {_was_is(each)}; name it to update it" for each in found.contradicted
    )
    return "".join(f"{line}\n" for line in lines)


def missing_words(names: Sequence[str]) -> str:
    """Say which models are not in the store."""
    shown = ", ".join(escape(name) for name in names[:_FEW])
    more = f" and {len(names) - _FEW:,} more" if len(names) > _FEW else ""
    return f"{shown}{more}: listed, and in the store there is no such file"


def closing_line(path: str, found: Locking, listed: int, place: str | None) -> str:
    """Say in one line how the lock ended.

    Args:
        path: of the manifest.
        found: what was to be locked.
        listed: how many models there are.
        place: what was written; `None` if nothing was to be.
    """
    if found.pinned:
        verb = "Would lock" if place is None else "Locked"
        return f"{verb} {counted(len(found.pinned), 'model')} in {escape(path if place is None else place)}.\n"
    if found.is_complete:
        return f"Already locked: {escape(path)}, {counted(listed, 'model')}.\n"
    return f"Nothing was locked in {escape(path)}.\n"


def _was_is(pinned: Pinned) -> str:
    return f"{escape(pinned.model.name)}: {'; '.join(_differences(pinned))}"


def _differences(pinned: Pinned) -> Iterator[str]:
    model, pin = pinned
    if model.sha256 not in (None, pin.sha256):
        yield f"sha256 was {model.sha256}, is {pin.sha256}"
    if model.size not in (None, pin.size):
        yield f"size was {model.size:,} B, is {pin.size:,} B"
