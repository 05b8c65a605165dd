"""Reads manifest files: the one door from paths to `Desired`."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING

from ocrstate.errors import ManifestError
from ocrstate.manifest.decode import BrokenTextError, decode
from ocrstate.manifest.merge import UNPINNED, Union, clashes_between, merge, unpinned, written_store
from ocrstate.manifest.parse import parse
from ocrstate.manifest.part import STDIN, Part, base_problem
from ocrstate.manifest.problems import MOST, InvalidManifestError, located
from ocrstate.manifest.quoting import quoted
from ocrstate.manifest.rules import broken_rules
from ocrstate.manifest.schema import explain, fits
from ocrstate.manifest.walk import Walk, invalid_base

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocrstate.manifest.desired import Desired, ManifestFile
    from ocrstate.manifest.document import Document
    from ocrstate.manifest.merge import WrittenStore
    from ocrstate.manifest.problems import Finding, Problem


def load(*paths: str) -> Desired:
    """Read and check a manifest and what it extends.

    Args:
        paths: the last one is the manifest; it extends the others, before what else it extends.

    Raises:
        InvalidManifestError: they were read, and are not valid; holds all problems.
        ManifestError: one cannot be read.
    """
    return read(*paths).check()


def load_text(files: Sequence[ManifestFile], tolerated: frozenset[str] = frozenset()) -> Desired:
    """Check manifests that were kept, in the order in which later ones win; what they extend is among them.

    Of remote sources without a digest nothing is said if that code is tolerated.

    Raises:
        InvalidManifestError: they are not valid; holds all problems.
    """
    parts = [_kept(file) for file in files]
    return UncheckedManifest(parts, []).check(tolerated)


def _kept(file: ManifestFile) -> Part:
    data = file.text.encode("utf-8", "surrogatepass")
    try:
        with _collector_off():
            return Part(file.path, file.path, file.identity, data, parse(decode(data)))
    except BrokenTextError as error:
        raise InvalidManifestError(located(file.path, error.source, error.findings)) from None


def read(*paths: str) -> UncheckedManifest:
    """Read a manifest and what it extends as YAML, and leave it to the caller when to check what they say.

    Args:
        paths: the last one is the manifest; it extends the others, before what else it extends. One may be `STDIN`.

    Raises:
        InvalidManifestError: it is no YAML document that a manifest could be.
        ManifestError: one cannot be read.
    """
    if paths.count(STDIN) > 1:
        message = "standard input (-) is named twice, and can be read only once"
        raise ManifestError("manifest-named-twice", message, "name it once; a file called - is ./-")
    walk = Walk()
    with _collector_off():
        for path in paths:
            walk.enter(path)
    unchecked = UncheckedManifest(walk.parts, walk.problems)
    if not walk.parts or walk.parts[-1].shown != paths[-1]:
        _refuse_last(paths, unchecked)
    return unchecked


def _refuse_last(paths: Sequence[str], unchecked: UncheckedManifest) -> None:
    """Refuse manifests whose last one is no YAML, or was read before another one.

    Raises:
        InvalidManifestError: one of them is not valid.
        ManifestError: the last one can win over none of them.
    """
    unchecked.check()
    raise ManifestError(
        "manifest-named-too-late",
        f"the manifest {quoted(paths[-1])} is named last, so that it should win over the others, but one of them "
        "extends it, or it is named twice",
        "name each manifest once, and those that are extended before those that extend them",
    )


class UncheckedManifest:
    """A manifest and what it extends; they are YAML, and may be wrong in every other way."""

    def __init__(self, parts: Sequence[Part], problems: Sequence[Problem]) -> None:
        self._parts = parts
        self._problems = problems

    @property
    def parts(self) -> Sequence[Part]:
        """The manifests, in the order in which later ones win."""
        return self._parts

    @property
    def store(self) -> WrittenStore | None:
        """The store as written, if that is text; `check` tells whether it may be written so."""
        return written_store(self._parts)

    @property
    def is_whole(self) -> bool:
        """Whether all that it extends was read, so that nothing else can say where the store is."""
        return not self._problems

    def check(self, tolerated: frozenset[str] = frozenset()) -> Desired:
        """Check everything, but complain of no remote source without a digest if that code is tolerated.

        Raises:
            InvalidManifestError: it is not valid; holds all problems.
        """
        with _collector_off():
            valid, problems = self._each_checked()
            union = Union(valid)
            if UNPINNED not in tolerated:
                problems += unpinned(union)
            if len(self._parts) > 1:
                problems += _not_among(problems, [*islice(clashes_between(self._parts), MOST), *union.problems[:MOST]])
            problems += _not_among(problems, self._problems)
            if problems:
                raise InvalidManifestError(self._sorted(problems))
            return merge(self._parts, union.models)

    def _each_checked(self) -> tuple[list[Part], list[Problem]]:
        """Tell the valid manifests, and what is wrong with the others."""
        valid: list[Part] = []
        problems: list[Problem] = []
        for part in self._parts:
            findings = _findings(part.document)
            if findings:
                _refuse_plan(part)
                problems += _complaints(part, findings)
            else:
                valid.append(part)
        return valid, problems

    def _sorted(self, problems: list[Problem]) -> tuple[Problem, ...]:
        """Put problems in the order of the manifests, and of the places in each."""
        order = {part.shown: number for number, part in enumerate(self._parts)}
        return tuple(sorted(problems, key=lambda each: (order.get(each.path, -1), each.path, each.line, each.column)))


def _complaints(part: Part, findings: list[Finding]) -> tuple[Problem, ...]:
    problems = located(part.shown, part.document.source, findings)
    if not part.way:
        return problems
    if _is_saved_plan(part.document):
        return (base_problem(part.way, "manifest-is-plan", "this is a saved plan, and no manifest; extend a manifest"),)
    return (*problems, invalid_base(part.way))


def _not_among(known: Sequence[Problem], more: Sequence[Problem]) -> list[Problem]:
    """Leave out what is said of places that another problem speaks of."""
    places = {(each.path, each.line, each.column) for each in known}
    return [each for each in more if (each.path, each.line, each.column) not in places]


def _refuse_plan(part: Part) -> None:
    """Tell who hands in a saved plan that it is one, rather than all that is wrong with it as a manifest.

    Raises:
        ManifestError: it is a saved plan.
    """
    if part.way or not _is_saved_plan(part.document):
        return
    shown, first = quoted(part.shown), ""
    if part.shown == STDIN:
        shown, first = "what came on standard input", "put it into a file, "
    raise ManifestError(
        "manifest-is-plan",
        f"{shown} is a saved plan, not a manifest",
        f"{first}look at it with ocrstate show, and carry it out with ocrstate apply",
    )


def _is_saved_plan(document: Document) -> bool:
    data = document.data
    return isinstance(data, dict) and data.get("kind") == "plan" and "format_version" in data


def _findings(document: Document) -> list[Finding]:
    """Collect what is wrong. Where several checks speak of one place, the one that knows more about it is heard."""
    findings = list(document.findings)
    findings += _elsewhere(findings, list(islice(broken_rules(document), MOST)))
    if not fits(document.data):
        findings += _elsewhere(findings, list(explain(document)))
    return findings


def _elsewhere(known: list[Finding], more: list[Finding]) -> list[Finding]:
    places = {finding.at for finding in known}
    return [finding for finding in more if finding.at not in places]


@contextmanager
def _collector_off() -> Iterator[None]:
    """Keep the garbage collector from walking a growing document again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
