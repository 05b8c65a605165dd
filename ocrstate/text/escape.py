"""Show names so that no terminal acts on them. Pure."""

from __future__ import annotations

_LOW_SURROGATES = range(0xDC80, 0xDD00)
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}


def escape(text: str) -> str:
    r"""Spell what a terminal would not show as it is: control and bidi characters, backslashes, bytes that are no text.

    The spelling is unambiguous: ``\n``, ``\x1b``, ``\u202e``, ``\xff`` for a raw byte, ``\\`` for a backslash; text
    with spaces at its ends, or with a quote at its start, is put in quotes.
    """
    if text.isprintable() and "\\" not in text:
        shown = text
    else:
        shown = "".join(_spell(character) for character in text)
    return f'"{shown}"' if shown != shown.strip() or shown[:1] in ("", '"') else shown


def escape_message(text: str) -> str:
    """Make a message of ours, with foreign text in it, safe to show; its own line breaks stay."""
    return "\n".join("".join(_spell(character, keep="\\") for character in line) for line in text.split("\n"))


def _spell(character: str, keep: str = "") -> str:
    if character in keep or (character.isprintable() and character != "\\"):
        return character
    named = _NAMED.get(character)
    if named:
        return named
    point = ord(character)
    if point in _LOW_SURROGATES:  # how Python carries a byte that is not UTF-8
        return f"\\x{point - 0xDC00:02x}"
    if point < 0x80:  # noqa: PLR2004 - from here on two digits spell raw bytes
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"  # noqa: PLR2004 - likewise four digits
