"""What is wrong with a manifest, and where. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ocrstate.errors import ManifestError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocrstate.manifest.source_text import SourceText


MOST: Final = 1_000
"""Complaints of one kind that are collected; a file with more is no manifest."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A complaint about one place of a text.

    Attributes:
        at: index of the character in the text.
        code: stable, for machines.
        message: what is wrong and how to mend it; holds no control characters.
    """

    at: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A complaint about one place of a manifest file.

    Attributes:
        path: the manifest, as the user gave it.
        line: counted from 1.
        column: counted from 1, in characters.
        code: stable, for machines.
        message: what is wrong and how to mend it; holds no control characters.
    """

    path: str
    line: int
    column: int
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.message}"


class InvalidManifestError(ManifestError):
    """The manifest was read, and is not valid.

    Attributes:
        problems: all of them, sorted by position; never empty.
    """

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        more = len(problems) - 1
        rest = "" if not more else f" (and {more} more problem{'s' if more > 1 else ''})"
        super().__init__("manifest-invalid", f"{problems[0]}{rest}", "mend the manifest and run again")
        self.problems = problems


def located(path: str, source: SourceText, findings: Iterable[Finding]) -> tuple[Problem, ...]:
    """Say each finding once, with line and column, in the order of the file."""
    return tuple(
        Problem(path, *source.position(finding.at), finding.code, finding.message)
        for finding in dict.fromkeys(sorted(findings, key=lambda finding: finding.at))
    )
