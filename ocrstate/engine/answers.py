"""What a child may answer, and how its bytes are understood. Pure.

An answer is a row of fields, each UTF-8 and ended by NUL: a tag, what it is, how many fields follow, those fields, an
end mark. Half an answer, foreign output and a wrong count are thereby never taken for a good one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrstate.engine.child import END, TAG

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class EngineListing:
    """What the engine sees in the store.

    Attributes:
        local_path: where an application's engine looks: ``Aspose.AI.LLM/models`` in its working folder, or the absolute
            path of that in the user's data folder, where there is one.
        entries: relative to the store, with ``/``, otherwise as the engine spells them (names that are not UTF-8 come
            lossy); in the engine's order, which means nothing; duplicates kept.
    """

    local_path: str
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChildFailure:
    """What went wrong in the child, told by the child itself.

    Attributes:
        stage: what it was doing: import, start, folder, store or list; or elsewhere, where the engine looks in one
            store alone.
        kind: the exception's type, or the error number for what the system refused.
        text: the exception's own words.
        store: the absolute path of the store, where it was known.
        seen_as: the path under which the engine saw the store, where it had come that far.
        undecodable: sub-folders of the store whose names are not UTF-8.
    """

    stage: str
    kind: str
    text: str
    store: str = ""
    seen_as: str = ""
    undecodable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Garbled:
    """An answer that cannot be trusted, and why."""

    why: str


Answer = EngineListing | ChildFailure | Garbled


def parse(data: bytes) -> Answer:
    """Understand what a child wrote."""
    try:
        fields = data.decode("utf-8", "surrogatepass").split("\0")
    except UnicodeDecodeError:
        return Garbled("it is not UTF-8")
    match fields:
        case [""]:
            return Garbled("it is empty")
        case [first, *_] if first != TAG:
            return Garbled("it does not begin as an answer does")
        case [_, kind, count, *payload, last, ""] if last == END:
            if count != str(len(payload)):
                return Garbled(f"it promises {count!r} fields and has {len(payload)}")
            return _understand(kind, payload)
        case _:
            return Garbled("it breaks off before its end")


def _understand(kind: str, payload: Sequence[str]) -> Answer:
    match kind, payload:
        case "listing", [local_path, prefix, *entries]:
            return _listing(local_path, f"{prefix}/", entries)
        case "failure", [stage, name, text, store, seen_as, *undecodable]:
            return ChildFailure(stage, name, text, store, seen_as, tuple(undecodable))
        case _:
            return Garbled(f"it is a {kind!r} with {len(payload)} fields")


def _listing(local_path: str, prefix: str, entries: Sequence[str]) -> EngineListing | Garbled:
    """Take the prefix off that the engine puts before every name (docs/engine.md)."""
    for entry in entries:
        if not entry.startswith(prefix) or entry == prefix:
            return Garbled(f"it lists {entry!r}, which is not in {prefix}")
    start = len(prefix)
    return EngineListing(local_path, tuple([entry[start:] for entry in entries]))
