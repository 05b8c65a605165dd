"""What no schema can say about a manifest: rules about names, patterns and how they fit together. Pure.

They take the data as it was written, whatever its schema says of it, so that all problems are found at once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ocrstate.manifest.clashes import clashes
from ocrstate.manifest.patterns import pattern_problem
from ocrstate.manifest.problems import Finding
from ocrstate.manifest.quoting import quoted, spelled
from ocrstate.names import name_problem
from ocrstate.sources.model import BadSourceError, parse_source, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrstate.manifest.document import Document, Path, Value

_WHOLE_NUMBER: Final = re.compile(r"[-+]?[0-9]+", re.ASCII)
_NUMBER: Final = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?", re.ASCII)

PATTERNS: Final = ("ignore", "protect", "absent")
"""The keys of a manifest that hold patterns."""


def broken_rules(document: Document) -> Iterator[Finding]:
    """Yield what is wrong with the manifest beyond its schema."""
    if not isinstance(document.data, dict):
        return
    names = list(names_in(document))
    patterns = {key: list(texts_in(document, key)) for key in PATTERNS}
    yield from _bad_names(document, names)
    for path, text in (each for entries in patterns.values() for each in entries):
        yield from _bad_pattern(document, path, text)
    yield from _clashes(document, names, patterns)
    yield from _bad_sources(document)
    yield from _odd_numbers(document)
    yield from _bad_duration(document)


def names_in(document: Document) -> Iterator[tuple[Path, str]]:
    """Yield where models are listed, and their names."""
    for index, entry in enumerate(_under(document, "models")):
        name = entry.get("name") if isinstance(entry, dict) else entry
        if isinstance(name, str):
            yield ("models", index, "name") if isinstance(entry, dict) else ("models", index), name


def texts_in(document: Document, key: str) -> Iterator[tuple[Path, str]]:
    """Yield where the texts in the list under the key stand, and what they say."""
    for index, text in enumerate(_under(document, key)):
        if isinstance(text, str):
            yield (key, index), text


def _under(document: Document, key: str) -> list[Value]:
    entries = document.data.get(key) if isinstance(document.data, dict) else None
    return entries if isinstance(entries, list) else []


def _bad_names(document: Document, names: list[tuple[Path, str]]) -> Iterator[Finding]:
    for path, name in names:
        problem = name_problem(name)
        if problem is not None:
            yield Finding(document.at(path), "bad-name", f"{quoted(name)}: {problem}")


def _bad_pattern(document: Document, path: Path, text: str) -> Iterator[Finding]:
    problem = pattern_problem(text)
    if problem is not None:
        yield Finding(document.at(path), "bad-pattern", f"{quoted(text)}: {problem}")


def _clashes(
    document: Document, names: list[tuple[Path, str]], patterns: dict[str, list[tuple[Path, str]]]
) -> Iterator[Finding]:
    for clash in clashes(names, patterns, lambda path: f"line {document.line(path)}"):
        yield Finding(document.at(clash.at), clash.code, clash.message)


def _bad_sources(document: Document) -> Iterator[Finding]:
    models = document.data.get("models") if isinstance(document.data, dict) else None
    for index, entry in enumerate(models if isinstance(models, list) else ()):
        source = entry.get("source") if isinstance(entry, dict) else None
        if isinstance(source, str) and source:
            yield from _bad_source(document, ("models", index, "source"), source)


def _bad_source(document: Document, path: Path, text: str) -> Iterator[Finding]:
    try:
        parse_source(text, "")
    except BadSourceError as error:
        yield Finding(document.at(path), "bad-source", f"{quoted(shown(text))}: {error.problem}")


def _odd_numbers(document: Document) -> Iterator[Finding]:
    for path, value in _numbers(document.data):
        # A plain decimal integer is the rule: only where some scalar is not one, its spelling has to be looked up.
        if isinstance(value, float) or (isinstance(value, int) and document.unusual):
            written = document.written(path)
            kind = "as a decimal number" if path[-1] == "percent" else "as a whole number, in decimal digits"
            if not isinstance(value, bool) and not _is_plain(value, written, path):
                message = f"YAML reads {spelled(written)} as {spelled(str(value))} here; write {path[-1]} {kind}"
                yield Finding(document.at(path), "number-notation", message)


def _is_plain(value: float, written: str, path: Path) -> bool:
    if isinstance(value, int):
        return _WHOLE_NUMBER.fullmatch(written) is not None and value == int(written)  # 010 is eight
    return path[-1] == "percent" and _NUMBER.fullmatch(written) is not None


def _numbers(manifest: Value) -> Iterator[tuple[Path, Value]]:
    if not isinstance(manifest, dict):
        return
    yield ("version",), manifest.get("version")
    models = manifest.get("models")
    for index, entry in enumerate(models if isinstance(models, list) else ()):
        if isinstance(entry, dict) and "size" in entry:
            yield ("models", index, "size"), entry["size"]
    policy = manifest.get("policy")
    budget = policy.get("max_remove") if isinstance(policy, dict) else None
    for key, value in budget.items() if isinstance(budget, dict) else ():
        yield ("policy", "max_remove", key), value


def _bad_duration(document: Document) -> Iterator[Finding]:
    policy = document.data.get("policy") if isinstance(document.data, dict) else None
    retain = policy.get("retain") if isinstance(policy, dict) else None
    if isinstance(retain, int | float) and not isinstance(retain, bool):
        path = ("policy", "retain")
        message = f"retain {spelled(document.written(path))} has no unit; write a duration such as 30m, 12h, 7d or 2w"
        yield Finding(document.at(path), "bad-duration", message)
