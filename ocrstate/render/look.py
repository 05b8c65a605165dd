"""How something is drawn for a terminal or a log. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocrstate.render.paint import Colour, Paint


class Detail(Enum):
    """How much is shown."""

    SUMMARY = "summary"
    CHANGES = "changes"
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class Look:
    """How to draw.

    Attributes:
        width: columns of the terminal.
    """

    paint: Paint
    width: int
    detail: Detail


@dataclass(frozen=True, slots=True)
class Style:
    """How changes of one action, or findings of one kind, are drawn."""

    symbol: str
    action: str
    colour: Colour


def cells(text: str) -> int:
    """Return the columns that the text takes up on a terminal."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # noqa: PLC0415 - 10 ms, for names beyond ASCII alone

    return cell_len(text)
