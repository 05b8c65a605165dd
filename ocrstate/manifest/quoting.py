"""How values of a manifest are shown in messages: short, and with nothing in them that a terminal obeys. Pure."""

from __future__ import annotations

LONGEST = 80
"""Characters of a value that a message shows."""


def quoted(text: str) -> str:
    r"""Show a text as YAML in double quotes would spell it, cut when long: ``"a\x1bb"``."""
    return f'"{spelled(text.replace(chr(92), chr(92) * 2).replace(chr(34), chr(92) + chr(34)))}"'


def spelled(text: str) -> str:
    r"""Show a text without quotes, cut when long, what is not printable as ``\x1b`` or ``\u202e``."""
    cut = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in cut)


def kind_of(value: object) -> str:
    """Say in a manifest author's words what a value is."""
    match value:
        case None:
            return "nothing (null)"
        case bool():
            return f"the boolean {str(value).lower()}"
        case int() | float():
            return "a number"
        case str():
            return f"the text {quoted(value)}"
        case list():
            return "a list"
        case _:
            return "a mapping (key: value)"
