"""What a pattern of ``ignore``, ``protect`` or ``absent`` may look like. Pure.

Refused is also what gitignore reads in another way, and what can never match: who relies on `protect` must learn of it.
"""

from __future__ import annotations

import re
from fnmatch import translate
from typing import TYPE_CHECKING

from ocrstate.names import DEEPEST, LONGEST_PART

if TYPE_CHECKING:
    from collections.abc import Callable

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_LONGEST = DEEPEST * LONGEST_PART + 1
_MATCHES_NOTHING = "(?!)"  # how fnmatch spells a set of no characters; a literal one it escapes
_DRIVE = re.compile(r"[A-Za-z]:")


def pattern_problem(text: str) -> str | None:
    """Say why a pattern cannot be used, and what to write instead; `None` for a good one."""
    parts = text.removesuffix("/").split("/")
    return next((problem for is_broken, problem in _RULES if is_broken(text, parts)), None)


_RULES: tuple[tuple[Callable[[str, list[str]], object], str], ...] = (
    (lambda text, _: not text.strip(), "the pattern is empty; write a glob such as *.tmp"),
    (lambda text, _: len(text) > _LONGEST, "the pattern is longer than any name; write a shorter one"),
    (lambda text, _: _CONTROL.search(text), "the pattern holds a control character; write ? in its place"),
    (
        lambda text, _: "\\" in text,
        "the pattern holds a backslash; separate folders with /, and write [*] for a literal *",
    ),
    (
        lambda text, _: text.startswith("!"),
        "no pattern can begin with '!' (take back another); write patterns that match less",
    ),
    (
        lambda text, _: text.startswith("/") or _DRIVE.match(text),
        "the pattern is an absolute path; write it relative to the store",
    ),
    (lambda _, parts: ".." in parts, "the pattern leaves the store with '..'; write it relative to the store"),
    (
        lambda _, parts: "" in parts or "." in parts,
        "the pattern has an empty or '.' part and would match nothing; write it in its shortest form",
    ),
    (
        lambda _, parts: "**" in parts,
        "** is not known; a pattern without / matches in every folder, and one with / at its end all in a folder",
    ),
    (lambda text, _: "[^" in text, "[^...] is not known; write [!...]"),
    (
        lambda text, _: "{" in text.replace("[{]", ""),
        "{a,b} is not known; write one pattern for each, or [{] for the character",
    ),
    (
        lambda text, _: _MATCHES_NOTHING in translate(text),
        "a range in the pattern runs backwards, so that it would match nothing; write the lower end first",
    ),
    (
        lambda text, parts: len(parts) + text.endswith("/") > DEEPEST,
        "the pattern would match nothing: the engine looks no deeper than one sub-folder",
    ),
)
