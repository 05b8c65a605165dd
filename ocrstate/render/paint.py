"""Colour that carries meaning, and never alone. Pure."""

from __future__ import annotations

from enum import Enum


class Colour(Enum):
    """What a colour means; the value is the terminal's code for it."""

    PLAIN = ""
    LOSS = "31"
    ATTENTION = "33"
    GOOD = "32"


class Paint:
    """Colours text, or leaves it as it is."""

    def __init__(self, *, colours: bool) -> None:
        self._colours = colours

    def __call__(self, colour: Colour, text: str) -> str:
        """Return the text in a colour."""
        if not self._colours or colour is Colour.PLAIN:
            return text
        return f"\x1b[{colour.value}m{text}\x1b[0m"
