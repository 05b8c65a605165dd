"""The pieces of Markdown that pages are made of."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


_WIDTH = 120


def page(*blocks: str) -> str:
    """Put blocks below each other; an empty one is left out."""
    return "\n\n".join(block for block in blocks if block) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Draw a table."""
    lines = [head, ["---"] * len(head), *([_cell(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def paragraph(text: str) -> str:
    """Break a paragraph into lines."""
    return textwrap.fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)


def fenced(language: str, text: str) -> str:
    """Show a text as it is."""
    return f"```{language}\n{text.strip()}\n```"


def code(text: object) -> str:
    """Spell a name or value as code."""
    return f"`{text}`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")
