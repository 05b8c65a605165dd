"""One manifest of those that are merged, and how it came to be one of them. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from ocrstate.manifest.desired import ManifestFile
from ocrstate.manifest.problems import Problem
from ocrstate.manifest.quoting import quoted, spelled

if TYPE_CHECKING:
    from ocrstate.manifest.document import Document

STDIN: Final = "-"
"""What a user calls standard input; a file of that name is ``./-``."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A manifest that is YAML, and may be wrong in every other way.

    Attributes:
        shown: its path, as the user gave it or as it follows from that.
        path: absolute.
        identity: device and inode.
        data: its bytes.
        way: the entries of ``extends`` that led to it; empty where the user named it.
    """

    shown: str
    path: str
    identity: tuple[int, int]
    data: bytes
    document: Document
    way: Way = ()

    def file(self) -> ManifestFile:
        """Return the manifest as it was read."""
        return ManifestFile(self.path, self.identity, hashlib.sha256(self.data).hexdigest(), self.data.decode("utf-8"))

    def place(self, at: int) -> str:
        """Spell a place as compilers do: ``base.yml:3:5``."""
        line, column = self.document.source.position(at)
        return f"{spelled(self.shown)}:{line}:{column}"

    def problem(self, at: int, code: str, message: str) -> Problem:
        """Complain of a place."""
        return Problem(self.shown, *self.document.source.position(at), code, message)


class Step(NamedTuple):
    """An entry of ``extends``.

    Attributes:
        part: the manifest that has it.
        at: where it stands there.
        written: what it says.
    """

    part: Part
    at: int
    written: str


Way: TypeAlias = tuple[Step, ...]


def chain_words(way: Way) -> str:
    """Say how a manifest was reached: ``host.yml:4:5 extends "../base.yml", which extends "common.yml"``."""
    chain = ", which extends ".join(quoted(step.written) for step in way)
    return f"{way[0].part.place(way[0].at)} extends {chain}"


def base_problem(way: Way, code: str, message: str) -> Problem:
    """Complain of the entry at the end of the way; what led to it is said where the entry alone does not tell it."""
    step = way[-1]
    chain = f" ({chain_words(way)})" if len(way) > 1 else ""
    return step.part.problem(step.at, code, f"{message}{chain}")
