"""Where things stand in a text. Pure."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate


class SourceText:
    """A manifest's text, and the lines and columns of its characters."""

    __slots__ = ("_line_starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._line_starts: list[int] | None = None

    def position(self, at: int) -> tuple[int, int]:
        """Return the line and the column of the character at index `at`, both counted from 1, as editors do."""
        if self._line_starts is None:
            # Of equal length, so that indexes stay true: only line feeds, carriage returns and both together end lines.
            lines = self.text.replace("\r\n", " \n").replace("\r", "\n").split("\n")
            self._line_starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
        line = bisect_right(self._line_starts, at)
        return line, at - self._line_starts[line - 1] + 1

    def line(self, at: int) -> int:
        """Return the line of the character at index `at`, counted from 1."""
        return self.position(at)[0]
