"""Say in a first manifest what is in a store, and in comments what else a manifest can say. Pure.

What is commented out begins with ``#`` and no space, or with more than one; taking it away makes it count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from ocrstate.authoring.snapshot import (
    SCHEMA_COMMAND,
    SCHEMA_FILE,
    SCHEMA_LINE,
    Snapshot,
    model_lines,
    origin,
    patterns,
    section,
    store_line,
)
from ocrstate.text.units import size_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ocrstate.authoring.pins import Pin
    from ocrstate.authoring.snapshot import Made
    from ocrstate.store.model import Entry

_STORE: Final = (
    "",
    "# Where the models are; ~, ${VAR} and a path relative to this file can be written, too. Without this line: where",
    "# the engine itself looks, in the user's data folder (~/.local/share) if there is one, or else in the folder that",
    "# the OCR application is started in (-C DIR).",
)
_STORE_EXAMPLE: Final = "#store: ./Aspose.AI.LLM/models"
_MODELS: Final = (
    "",
    "# The models that should exist. What lies in the store and is not listed here, `ocrstate apply` removes.",
)
_EMPTY: Final = "# None is listed yet: take the [] away, and write a line for each model below it."
_EXAMPLES: Final = (
    "# All that can be said of a model, the name alone being enough:",
    "#  - name: fr_ocr_v2.bin     # in the store, or one folder deeper: notes/fr_ocr_v2.bin",
    "#    size: 4683073952        # bytes; another size counts as drift",
    "#    sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08   # so does another content",
    "#    source: https://models.example.com/fr_ocr_v2.bin   # where to fetch it from if it is missing or differs",
    "#    description: French, approved 2026-10",
)
_PATTERNS: Final = (
    "",
    "# Patterns. Without / they match in every folder; with / at the end, they match all that is in a folder.",
)
_IGNORED: Final = "Not listed, for the reason beside each: neither reported nor removed."
_PROTECTED: Final = "The same; under `ignore`, these patterns would match listed models."
_IGNORE_EXAMPLE: Final = '#ignore: [".gitkeep", "*.license"]   # no models: neither reported nor removed'
_PROTECT_EXAMPLE: Final = '#protect: ["base_*"]                 # shown, and never removed, listed or not'
_ABSENT_EXAMPLE: Final = '#absent: ["old_*"]                   # always removed, also under `unlisted: report`'
_POLICY: Final = (
    "",
    "# What `apply` may do. The first two limit what a mistake in this file can cost: without them, removed models are",
    "# gone at once, however many they are.",
    "policy:",
    "  retain: 7d             # removed models wait on the disk for so long; `ocrstate restore` puts them back",
    "  max_remove:",
    "    percent: 50          # refuse to remove more of the store's models than that at a time",
    "#    count: 20",
    "#    bytes: 40GiB",
    "#  unlisted: report      # show what is not listed, and leave it alone; default: remove",
    "#  missing: allow        # go on although listed models are missing; default: refuse",
    "",
    "# One list for many hosts: `extends: [../base.yml]` adds the models of another manifest.",
)


def first_text(found: Snapshot | None, contents: Mapping[str, Pin], made: Made, *, has_schema: bool) -> str:
    """Return the manifest's text.

    Args:
        found: what is in the store; `None` where there is no store yet.
        contents: of the models that were read, by name.
        made: how it comes about.
        has_schema: whether the schema for editors lies beside the manifest.
    """
    seen = found or Snapshot((), (), ())
    lines = [*_head(made, has_schema=has_schema, is_there=found is not None), "version: 1", *_STORE]
    lines.append(_STORE_EXAMPLE if made.named is None else store_line(made.named))
    lines += (*_MODELS, *(() if seen.models else (_EMPTY,)), *model_lines(seen, contents), *_EXAMPLES)
    lines += (*_PATTERNS, *_pattern_lines(seen), *_POLICY)
    return "\n".join(lines) + "\n"


def _head(made: Made, *, has_schema: bool, is_there: bool) -> Sequence[str]:
    source = "First written from what was in" if is_there else "With examples alone: there was no store at"
    schema = f"{SCHEMA_FILE} is there for editors." if has_schema else f"For editors: {SCHEMA_COMMAND} > {SCHEMA_FILE}"
    return (
        SCHEMA_LINE,
        f"# {schema}",
        "#",
        "# The OCR models that should exist on a host: `ocrstate plan` shows what would change to make it so, and",
        "# `ocrstate apply` changes it.",
        f"# {source} {origin(made)}",
    )


def _pattern_lines(seen: Snapshot) -> Sequence[str]:
    left_out = patterns(seen)
    ignored = section("ignore", _IGNORED, left_out.ignored) or (_IGNORE_EXAMPLE,)
    protected = section("protect", _PROTECTED, left_out.protected) or (_PROTECT_EXAMPLE,)
    return (*ignored, *protected, _ABSENT_EXAMPLE)


class Step(NamedTuple):
    """A command that comes next, ready to be pasted, and what it is good for."""

    command: str
    purpose: str


@dataclass(frozen=True, slots=True)
class First:
    """A first manifest.

    Attributes:
        store: the store's absolute path.
        found: what is in the store; `None` where there is no store yet.
        has_digests: whether the manifest says what the models contain.
        moves: whether the store would be another one in another working folder.
        passed_over: a store below the working folder, which the engine does not use; absolute.
    """

    store: str
    found: Snapshot | None
    has_digests: bool
    text: str
    moves: bool = False
    passed_over: str | None = None

    @property
    def models(self) -> tuple[Entry, ...]:
        """What is listed."""
        return () if self.found is None else self.found.models

    @property
    def size(self) -> int:
        """Bytes of all that is listed."""
        return sum(entry.content or 0 for entry in self.models)

    def steps(self, command: Callable[[str], str]) -> tuple[Step, Step]:
        """Say what comes next; a command is spelled with all its words, given its name."""
        if self.found is None:
            return (
                Step(command("validate"), "are there mistakes in it?"),
                Step(command("plan"), "what would change, once there is a store?"),
            )
        read = size_text(self.size)
        return (
            Step(command("check"), "does the store match? It does, now"),
            Step(command("verify"), f"are the contents as listed? It reads {read}")
            if self.has_digests
            else Step(command("lock"), f"write down what the models contain, too; it reads {read}"),
        )


class SchemaFile(NamedTuple):
    """The file of a schema, and whether it was written just now."""

    path: str
    is_new: bool


class Written(NamedTuple):
    """What was written.

    Attributes:
        path: of the manifest, as the user wrote it.
        schema: for editors, beside it; `None` where none was asked for, or it could not be written.
    """

    path: str
    schema: SchemaFile | None
