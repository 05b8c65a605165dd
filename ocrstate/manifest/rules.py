"""What no schema can say about a manifest: rules about names, patterns and how they fit together. Pure.

They take the data as it was written, whatever its schema says of it, so that all problems are found at once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ocrstate.manifest.patterns import pattern_problem
from ocrstate.manifest.problems import Finding
from ocrstate.manifest.quoting import quoted, spelled
from ocrstate.names import Glob, name_problem, twin_key
from ocrstate.sources.model import BadSourceError, is_remote, parse_source, shown
from ocrstate.text.shell import shell_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrstate.manifest.document import Document, Path, Value

_WHOLE_NUMBER: Final = re.compile(r"[-+]?[0-9]+", re.ASCII)
_NUMBER: Final = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?", re.ASCII)


def broken_rules(document: Document) -> Iterator[Finding]:
    """Yield what is wrong with the manifest beyond its schema."""
    if not isinstance(document.data, dict):
        return
    names = list(_names(document.data))
    patterns = {key: list(_texts(document.data, key)) for key in ("ignore", "protect", "absent")}
    yield from _bad_names(document, names)
    yield from _twins(document, names)
    for path, text in (each for entries in patterns.values() for each in entries):
        yield from _bad_pattern(document, path, text)
    yield from _contradictions(document, patterns["protect"], patterns["absent"])
    yield from _listed_and_matched(document, names, patterns["ignore"] + patterns["absent"])
    yield from _bad_sources(document)
    yield from _odd_numbers(document)
    yield from _bad_duration(document)


UNPINNED: Final = "unpinned-source"
"""The code of a remote source without a digest to check what comes from there."""


def _names(manifest: dict[str, Value]) -> Iterator[tuple[Path, str]]:
    models = manifest.get("models")
    for index, entry in enumerate(models if isinstance(models, list) else ()):
        name = entry.get("name") if isinstance(entry, dict) else entry
        if isinstance(name, str):
            yield ("models", index, "name") if isinstance(entry, dict) else ("models", index), name


def _texts(manifest: dict[str, Value], key: str) -> Iterator[tuple[Path, str]]:
    entries = manifest.get(key)
    for index, text in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(text, str):
            yield (key, index), text


def _bad_names(document: Document, names: list[tuple[Path, str]]) -> Iterator[Finding]:
    for path, name in names:
        problem = name_problem(name)
        if problem is not None:
            yield Finding(document.at(path), "bad-name", f"{quoted(name)}: {problem}")


def _twins(document: Document, names: list[tuple[Path, str]]) -> Iterator[Finding]:
    seen: dict[str, tuple[Path, str]] = {}
    for path, name in names:
        first_path, first = seen.setdefault(twin_key(name), (path, name))
        if first_path is not path:
            yield Finding(document.at(path), "duplicate-name", _twin(name, first, document.line(first_path)))


def _twin(name: str, first: str, line: int) -> str:
    if name == first:
        return f"{quoted(name)} is already listed in line {line}; remove one of the two"
    return (
        f"{quoted(name)} differs from {quoted(first)} in line {line} only in case or in the form of its letters, "
        "and many filesystems hold only one of them; remove or rename one"
    )


def _bad_pattern(document: Document, path: Path, text: str) -> Iterator[Finding]:
    problem = pattern_problem(text)
    if problem is not None:
        yield Finding(document.at(path), "bad-pattern", f"{quoted(text)}: {problem}")


def _contradictions(
    document: Document, protect: list[tuple[Path, str]], absent: list[tuple[Path, str]]
) -> Iterator[Finding]:
    protected = {text: path for path, text in reversed(protect)}
    for path, text in absent:
        if text in protected:
            line = document.line(protected[text])
            message = f"the pattern {quoted(text)} is under protect too, in line {line}; keep it in one of the two"
            yield Finding(document.at(path), "protect-and-absent", message)


def _listed_and_matched(
    document: Document, names: list[tuple[Path, str]], patterns: list[tuple[Path, str]]
) -> Iterator[Finding]:
    globs = [(path, Glob(text)) for path, text in patterns if pattern_problem(text) is None]
    for path, name in names:
        for glob_path, glob in globs:
            if glob.matches(name):
                where = f"{quoted(glob.text)} under {glob_path[0]} in line {document.line(glob_path)}"
                message = (
                    f"{quoted(name)} is listed, but the pattern {where} matches it; remove one, or narrow the pattern"
                )
                yield Finding(document.at(path), f"listed-and-{glob_path[0]}", message)
                break


def _bad_sources(document: Document) -> Iterator[Finding]:
    models = document.data.get("models") if isinstance(document.data, dict) else None
    for index, entry in enumerate(models if isinstance(models, list) else ()):
        source = entry.get("source") if isinstance(entry, dict) else None
        if isinstance(entry, dict) and isinstance(source, str) and source:
            yield from _bad_source(document, ("models", index, "source"), source, entry)


def _bad_source(document: Document, path: Path, text: str, entry: dict[str, Value]) -> Iterator[Finding]:
    try:
        source = parse_source(text, "")
    except BadSourceError as error:
        yield Finding(document.at(path), "bad-source", f"{quoted(shown(text))}: {error.problem}")
        return
    if is_remote(source) and "sha256" not in entry:
        name = entry.get("name")
        word = shell_word(name) if isinstance(name, str) else "NAME"
        message = (
            f"{quoted(shown(text))} has no sha256 to check what comes from there: add it, "
            f"or run `ocrstate lock MANIFEST {spelled(word)}` on a host that has the model"
        )
        yield Finding(document.at(path), UNPINNED, message)


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
