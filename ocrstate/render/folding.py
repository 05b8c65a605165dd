"""Fold text to a terminal's width, by the cells that it takes up, so that the terminal itself breaks nothing. Pure.

Where there is no width, as in a pipe or a log, each line stays one line, so that it can be searched for. Breaks are
made at spaces alone: a path or a digest stays whole, so that it can be copied.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ocrstate.render.look import cells

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST_ROOM = 24
"""Cells beside something else in which words can still be read; with fewer, they go beneath it."""

_BENEATH = 6
_LABEL = 10
_COLOUR = re.compile(r"\x1b\[[0-9]*m")
_WORD = r"(?:\$?'[^']*'|[^ ;,]+)"
_TOGETHER = re.compile(
    rf"`[^`]*`|ocrstate (?:{_WORD} ){{1,4}}--store {_WORD}|ocrstate lock {_WORD} {_WORD}"  # what may be pasted
    r"|sha256 |(?:^|(?<=[ (]))[0-9](?:[0-9.,:-]*[0-9])? "  # and numbers, with what they count
)
_GLUE = "\0"  # no text that was escaped holds it


def whole(text: str) -> str:
    """Keep a command in one piece when it is folded, so that it can be pasted."""
    return text.replace(" ", _GLUE)


def fold(text: str, width: int | None, *, lead: str = "", indent: int = 0) -> str:
    """Fold one line; what is in backticks stays whole, a command that names a store, and a number with its unit.

    Args:
        text: may hold colours, and what `whole` returned.
        width: in cells; `None` for no bound.
        lead: what the line begins with.
        indent: at which cell the lines after the first begin.
    """
    if width is None or shown_cells(lead) + shown_cells(text) <= width:
        return _unglued(lead + text)
    words = _TOGETHER.sub(lambda found: whole(found[0]), text).split(" ")
    return _unglued(_filled(lead, words, " ", width, indent))


def fold_lines(text: str, width: int | None, indent: int = 2) -> str:
    """Fold each line of a text; what continues a line is indented deeper than that line."""
    return "\n".join(_folded_line(line, width, indent) for line in text.split("\n"))


def fold_items(items: Sequence[str], width: int | None, gap: str) -> str:
    """Set items beside each other, as many as a line holds, none of them broken."""
    return gap.join(items) if width is None else _filled("", items, gap, width, 0)


def beside(lead: str, text: str, width: int | None, below: int) -> str:
    """Set text beside what leads it, folded under itself; beneath it, at the cell ``below``, where room is scarce."""
    if width is None or not text:
        return _unglued(lead + text)
    at = shown_cells(lead)
    if width - at >= min(LEAST_ROOM, shown_cells(text)):
        return fold(text, width, lead=lead, indent=at)
    above = f"{lead.rstrip(' ')}\n" if lead.strip() else ""
    return f"{above}{fold(text, width, lead=' ' * below, indent=below)}"


def row(name: str, padding: int, middle: str, text: str, width: int | None) -> str:
    """Set columns and words beside a name; beneath it, where it is longer than its column and leaves no room.

    Args:
        name: with what leads it.
        padding: cells to the next column; less than none for a longer name.
        middle: the columns between the name and the words.
        text: the words.
        width: in cells; `None` for no bound.
    """
    lead = f"{name}{' ' * padding}{middle}"
    if width is None or padding >= 0 or shown_cells(lead) <= width:
        return beside(lead, text, width, _BENEATH).rstrip(" ")
    column = shown_cells(name) + padding
    rest = beside(f"{' ' * column}{middle}", text, width, _BENEATH).rstrip(" ")
    return f"{name}\n{rest}" if rest else name


def facts(labelled: Sequence[tuple[str, str]], width: int | None) -> str:
    """Set facts one above the other, each beside its label; what is not known has none."""
    return "\n".join(beside(f"{label:<{_LABEL}}", fact, width, below=2) for label, fact in labelled if fact)


def shown_cells(text: str) -> int:
    """Return the columns that the text takes up, colours left out."""
    return cells(_COLOUR.sub("", text) if "\x1b" in text else text)


def _folded_line(line: str, width: int | None, indent: int) -> str:
    text = line.lstrip(" ")
    own = len(line) - len(text)
    return fold(text, width, lead=line[:own], indent=own + indent)


def _filled(lead: str, words: Sequence[str], gap: str, width: int, indent: int) -> str:
    """Put as many words on each line as it holds; one that needs more than the indent leaves begins further left.

    What no line holds stays behind the word before it, but a command: it begins a line, so that it can be marked.
    """
    lines, at, space = [lead], shown_cells(lead), ""
    for word in words:
        wide = shown_cells(word)
        stays = wide > width and _GLUE not in word
        if at + len(space) + wide <= width or stays or not lines[-1].strip():
            lines[-1] += space + word
            at += len(space) + wide
        else:
            left = max(min(indent, width - wide), 0)
            lines[-1] = lines[-1].rstrip(" ")
            lines.append(" " * left + word)
            at = left + wide
        space = gap
    return "\n".join(lines)


def _unglued(text: str) -> str:
    return text.replace(_GLUE, " ")
