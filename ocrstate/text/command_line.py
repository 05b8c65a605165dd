"""Read what stands on a shell's command line, and spell words for it. Pure."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_PIECE: Final = re.compile(
    r"""
    (?P<space>[ \t\n]+)
    | '(?P<single>[^']*)(?P<single_end>'?)
    | "(?P<double>(?:\\.|[^"\\])*)\\?(?P<double_end>"?)
    | \\(?P<escaped>.?)
    | (?P<plain>[^ \t\n'"\\]+)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPED_IN_DOUBLE: Final = re.compile(r'\\([$`"\\])')
_SPECIAL: Final = re.compile(r"([ !\"#$&'()*;<>?\[\\\]`{|}~])")
_SPECIAL_IN_DOUBLE: Final = re.compile(r'([$`"\\])')


class Word(NamedTuple):
    """A word of a command line.

    Attributes:
        raw: as it was typed.
        text: what the shell makes of it, if it expands nothing.
        quote: the quote that is open at its end, if one is.
    """

    raw: str = ""
    text: str = ""
    quote: str = ""


def words_of(line: str) -> list[Word]:
    """Split a line as a POSIX shell does; the last word, where the cursor is, is empty behind a space."""
    words = [Word()]
    for piece in _PIECE.finditer(line):
        if piece["space"]:
            words.append(Word())
            continue
        raw, text, _ = words[-1]
        words[-1] = Word(raw + piece[0], text + _text(piece), _open_quote(piece))
    return words if words[0].raw else words[1:] or [Word()]


def _text(piece: re.Match[str]) -> str:
    match piece.lastgroup:
        case "single_end":
            return piece["single"]
        case "double_end":
            return _ESCAPED_IN_DOUBLE.sub(r"\1", piece["double"])
        case "escaped":
            return piece["escaped"]
        case _:
            return piece["plain"]


def _open_quote(piece: re.Match[str]) -> str:
    match piece.lastgroup:
        case "single_end" if not piece["single_end"]:
            return "'"
        case "double_end" if not piece["double_end"]:
            return '"'
        case _:
            return ""


def spelled(text: str, quote: str = "") -> str:
    """Spell printable text so that bash takes it for what it is, behind a quote that is open, or behind none.

    The quote stays open. What would stand for an older command (``!``) has to stand outside of double quotes.
    """
    match quote:
        case "'":
            return text.replace("'", r"'\''")
        case '"':
            return _SPECIAL_IN_DOUBLE.sub(r"\\\1", text).replace("!", r'"\!"')
        case _:
            return _SPECIAL.sub(r"\\\1", text)
