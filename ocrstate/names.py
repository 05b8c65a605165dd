"""What a model may be called, and the globs that match such names. Pure.

A model is named by its path relative to the store, with ``/``: ``fr.bin`` or ``sub/fr.bin``. On disk, names are bytes;
in here they are text: UTF-8 with ``surrogateescape``, whatever the locale says, as the engine reads them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from fnmatch import translate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LOCAL_PATH = "Aspose.AI.LLM/models"
"""Where every release of the engine keeps models: in the user's data folder, or else the working folder
(docs/engine.md)."""

RESERVED_FOLDER = ".ocrstate"
"""The folder of a store where this tool keeps its own files."""

QUARANTINE_FOLDER = f"{RESERVED_FOLDER}/quarantine"
"""Where runs keep the models that they moved aside, each run in a folder of its own."""

LOCK_FILE = f"{RESERVED_FOLDER}/lock/store.lock"
"""The file that a run locks while it changes the store."""

JOURNAL_FOLDER = f"{RESERVED_FOLDER}/journal"
"""Where the journals of runs lie that are at work or were broken off."""

STAGING_FOLDER = f"{RESERVED_FOLDER}/staging"
"""Where models lie while they are being got, until they are whole and enter the store."""

HISTORY_FOLDER = f"{RESERVED_FOLDER}/history"
"""Where journals lie of runs that have ended."""

DEEPEST = 2
"""The engine lists the store and its immediate sub-folders: a name has at most this many parts."""

LONGEST_PART = 255
"""Bytes in one part of a name on every common filesystem."""

_LONGEST_NATIVE_PART = 3 * LONGEST_PART  # each byte that is no text is spelled with three

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_DRIVE = re.compile(r"[A-Za-z]:")
PLAIN_NAME = re.compile(r"\w[\w.-]{0,99}(?:/\w[\w.-]{0,99})?\Z", re.ASCII)  # such a name breaks no rule
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_NOT_A_BYTE = re.compile(r"[\ud800-\udc7f\udd00-\udfff]")  # surrogates that do not stand for a byte


def name_problem(name: str) -> str | None:
    """Say why a manifest must not name a model so, and what to write instead; `None` for a good name."""
    if PLAIN_NAME.match(name):
        return None
    parts = name.split("/")
    return next((problem for is_broken, problem in NAME_RULES if is_broken(name, parts)), None)


NAME_RULES: tuple[tuple[Callable[[str, list[str]], object], str], ...] = (
    (lambda name, _: not name.strip(), "the name is empty; write the model's file name"),
    (
        lambda name, _: _CONTROL.search(name),
        "the name holds a control character; rename the file, no manifest can name it",
    ),
    (
        lambda name, _: _LONE_SURROGATE.search(name),
        "the name is not valid Unicode; rename the file, no manifest can name it",
    ),
    (lambda name, _: "\\" in name, "the name holds a backslash; separate folders with /"),
    (
        lambda name, _: name.startswith("/") or _DRIVE.match(name),
        "the name is an absolute path; name the model relative to the store",
    ),
    (lambda _, parts: ".." in parts, "the name leaves the store with '..'; name the model relative to the store"),
    (
        lambda _, parts: "" in parts or "." in parts,
        "the name has an empty or '.' part; write it in its shortest form, such as sub/fr.bin",
    ),
    (
        lambda _, parts: len(parts) > DEEPEST,
        "the engine cannot see it: it looks no deeper than one sub-folder; move the model up",
    ),
    (
        lambda name, _: is_reserved(name),
        f"{RESERVED_FOLDER}/ is kept for this tool's own files; use another folder",
    ),
    (
        lambda _, parts: any(len(part.encode()) > LONGEST_PART for part in parts),
        f"a part of the name is longer than {LONGEST_PART} bytes; no filesystem can hold it",
    ),
)
"""In this order: a rule may rely on those before it."""


def is_reserved(name: str) -> bool:
    """Tell whether a name is, or on some filesystem may be, one of this tool's own files."""
    return name.partition("/")[0].casefold() == RESERVED_FOLDER


def leads_astray(name: str) -> bool:
    """Tell whether a name goes a way that no model's name goes: it is absolute, or has an empty or a dotted part."""
    return any(part in ("", ".", "..") for part in name.split("/"))


def leads_into_store(name: str) -> bool:
    """Tell whether a name that a file of ours holds leads to where a model can lie, however it is spelled.

    Files on disk can have names that no manifest may use (with control characters, say); what counts here is that
    no name leads out of the store or to this tool's own files.
    """
    parts = name.split("/")
    return (
        len(parts) <= DEEPEST
        and "\0" not in name
        and not _NOT_A_BYTE.search(name)
        and not leads_astray(name)
        and not is_reserved(name)
        and all(len(part.encode("utf-8", "surrogatepass")) <= _LONGEST_NATIVE_PART for part in parts)
    )


def twin_key(name: str) -> str:
    """Give names that differ only in case or in Unicode composition the same key."""
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def is_decodable(name: str) -> bool:
    """Tell whether the name's bytes on disk are UTF-8, so that the engine and a manifest can name it."""
    return name.isascii() or not _LONE_SURROGATE.search(name)


def lossy(name: str) -> str:
    """Spell a name as the engine does: bytes that are not UTF-8 become U+FFFD.

    Source: measured, ``bytes.decode("utf-8", "replace")`` (docs/engine.md).
    """
    if is_decodable(name):
        return name
    return _NOT_A_BYTE.sub("\ufffd", name).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Glob:
    """A pattern of ``ignore``, ``protect`` or ``absent``, read as gitignore reads it.

    Without ``/`` it matches the file name in any folder; with ``/`` the whole name, ``*`` staying within one folder;
    with ``/`` at its end everything in folders that match.
    """

    text: str
    _parts: tuple[re.Pattern[str], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        parts = self.text.rstrip("/").split("/")
        object.__setattr__(self, "_parts", tuple(re.compile(translate(part)) for part in parts))

    def matches(self, name: str) -> bool:
        """Tell whether the model's name matches, case and all."""
        parts = name.split("/")
        if self.text.endswith("/"):
            return len(parts) > len(self._parts) and self._match_each(parts)
        if len(self._parts) == 1:
            return self._parts[0].match(parts[-1]) is not None
        return len(parts) == len(self._parts) and self._match_each(parts)

    def _match_each(self, parts: list[str]) -> bool:
        return all(expression.match(part) for expression, part in zip(self._parts, parts, strict=False))


def first_match(globs: tuple[Glob, ...], name: str) -> Glob | None:
    """Return the first glob that matches the name."""
    for glob in globs:
        if glob.matches(name):
            return glob
    return None
