"""How something is drawn for a terminal or a log. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocrstate.render.paint import Colour, Paint

_LEAST_COLUMN = 20
_USUAL_WIDTH = 100  # by which columns are set where there is no terminal


class Detail(Enum):
    """How much is shown."""

    SUMMARY = "summary"
    CHANGES = "changes"
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class Look:
    """How to draw.

    Attributes:
        width: columns of the terminal; `None` where a line may be of any length, as in a pipe or a log.
    """

    paint: Paint
    width: int | None
    detail: Detail = Detail.CHANGES


@dataclass(frozen=True, slots=True)
class Style:
    """How changes of one action, or findings of one kind, are drawn."""

    symbol: str
    action: str
    colour: Colour


def name_column(widths: Iterable[int], width: int | None) -> int:
    """Return the cells to set aside for names: what the longest takes up, and not much of the line."""
    return min(max(widths, default=0), max(_LEAST_COLUMN, (width or _USUAL_WIDTH) // 2))


def cells(text: str) -> int:
    """Return the columns that the text takes up on a terminal."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # noqa: PLC0415 - 10 ms, for names beyond ASCII alone

    return cell_len(text)
