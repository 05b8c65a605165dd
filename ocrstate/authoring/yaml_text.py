"""Spell values so that every YAML reader, of version 1.1 or 1.2, takes them for what they are. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*\Z")
_NOT_TEXT: Final = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_NUMBER: Final = re.compile(r"[0-9]+(?:e[0-9]+)?|0b[01]+")
_ESCAPED: Final = {'"': '\\"', "\\": "\\\\"}


def scalar(text: str) -> str:
    """Spell a text bare where that is safe, and else in double quotes."""
    if _PLAIN.match(text) and text.lower() not in _NOT_TEXT:
        return text
    return double_quoted(text)


def double_quoted(text: str) -> str:
    r"""Spell a text in double quotes: ``\u0301`` for what is not printable, or what an editor may put together."""
    keep = unicodedata.is_normalized("NFC", text)
    return '"' + "".join(_spelled(character, keep=keep) for character in text) + '"'


def ascii_quoted(text: str) -> str:
    r"""Spell a text in double quotes with nothing beyond ASCII: ``"caf\u00E9"``, so that it can be told from twins."""
    return '"' + "".join(_spelled(character, keep=False) for character in text) + '"'


def digest(sha256: str, quote: str = "") -> str:
    """Spell a digest in the quotes that are given, or bare; never bare where it reads as a number."""
    if not quote and _NUMBER.fullmatch(sha256):
        quote = '"'
    return f"{quote}{sha256}{quote}"


def _spelled(character: str, *, keep: bool) -> str:
    if character in _ESCAPED:
        return _ESCAPED[character]
    if character.isprintable() and (keep or character.isascii()):
        return character
    point = ord(character)
    return f"\\u{point:04X}" if point <= 0xFFFF else f"\\U{point:08X}"  # noqa: PLR2004 - four digits spell up to this
