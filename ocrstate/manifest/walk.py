"""Reads manifests together with those that they extend, in the order in which later ones win."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ocrstate.errors import ManifestError
from ocrstate.manifest.decode import BrokenTextError, decode
from ocrstate.manifest.files import base_path, identity_of, read_file
from ocrstate.manifest.parse import parse
from ocrstate.manifest.part import Part, Step, base_problem, chain_words
from ocrstate.manifest.problems import Problem, located
from ocrstate.manifest.rules import texts_in

if TYPE_CHECKING:
    from ocrstate.manifest.part import Way

MOST_FILES: Final = 100
"""Manifests that one may extend, together with those that they extend."""


class Walk:
    """Goes from manifest to manifest, depth first, and reads each once, however often it is extended.

    Attributes:
        parts: those that are YAML; each comes after what it extends.
        problems: what is wrong with those that are not, and with entries of ``extends``.
    """

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.problems: list[Problem] = []
        self._seen: set[tuple[int, int]] = set()
        self._is_full = False

    def enter(self, path: str, way: Way = ()) -> None:
        """Read a manifest and what it extends.

        Args:
            path: where it is.
            way: what led to it.

        Raises:
            ManifestError: it cannot be read; what is wrong with those that it extends is noted instead.
        """
        raw = read_file(path)
        if raw.identity in self._seen:
            return
        self._seen.add(raw.identity)
        try:
            part = Part(path, raw.path, raw.identity, raw.data, parse(decode(raw.data)), way)
        except BrokenTextError as error:
            self.problems += located(path, error.source, error.findings)
            if way:
                self.problems.append(invalid_base(way))
            return
        for entry, written in texts_in(part.document, "extends"):
            self._follow((*way, Step(part, part.document.at(entry), written)))
        self.parts.append(part)

    def _follow(self, way: Way) -> None:
        step = way[-1]
        path = base_path(step.part.shown, step.written)
        try:
            identity = identity_of(path)
            if any(each.part.identity == identity for each in way):
                message = f"this closes a circle: {chain_words(way)}; take one of these entries out of `extends`"
                self.problems.append(step.part.problem(step.at, "extends-circle", message))
            elif identity not in self._seen and not self._is_enough(way):
                self.enter(path, way)
        except ManifestError as error:
            self.problems.append(base_problem(way, error.code, f"{error.message}; {_hint(error)}"))

    def _is_enough(self, way: Way) -> bool:
        if len(self._seen) > MOST_FILES and not self._is_full:
            self._is_full = True
            message = f"from here on, more than {MOST_FILES} manifests are extended; put them together into fewer"
            self.problems.append(base_problem(way, "too-many-manifests", message))
        return self._is_full


def invalid_base(way: Way) -> Problem:
    """Say where a manifest that is not valid is extended."""
    return base_problem(way, "base-invalid", "what is extended here is not valid; mend it where that is said of it")


def _hint(error: ManifestError) -> str:
    return "its path counts from this manifest's folder" if error.code == "manifest-not-found" else error.hint
