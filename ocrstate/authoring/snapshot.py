"""Say in a manifest what is in a store. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from ocrstate.authoring.exact_patterns import exact_pattern
from ocrstate.authoring.yaml_text import digest, double_quoted, scalar
from ocrstate.names import Glob, is_decodable, is_reserved, name_problem, twin_key
from ocrstate.store.model import Entry, Kind
from ocrstate.text.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ocrstate.authoring.pins import Pin
    from ocrstate.store.model import Scan

SCHEMA_FILE: Final = "manifest.schema.json"
"""Where an editor looks for the manifest's schema: beside the manifest. It finds none by the schema's own name."""

_MADE: Final = "# Snapshot of "
_UNWRITABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class Left(NamedTuple):
    """What is in the store and is not listed, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a manifest of the store says.

    Attributes:
        models: that can be listed, sorted by name.
        left: that cannot, sorted by name.
        links: names of links to folders, what is behind them being listed.
    """

    models: tuple[Entry, ...]
    left: tuple[Left, ...]
    links: tuple[str, ...]


class Made(NamedTuple):
    """How a snapshot came about.

    Attributes:
        store: the store's absolute path.
        names_store: whether the manifest is to say where the store is; else it is the engine's own.
        host, time, version: where, when and by which release.
    """

    store: str
    names_store: bool
    host: str
    time: str
    version: str


def snapshot_of(scan: Scan) -> Snapshot:
    """Find out what a manifest can list of what is in the store, and what not."""
    models: list[Entry] = []
    left: list[Left] = []
    first: dict[str, str] = {}
    behind = [entry for link in scan.folder_links if _is_nameable(link.entry.name) for entry in link.behind]
    for entry in sorted((*scan.entries, *behind), key=lambda entry: entry.name):
        reason = _why_not(entry, first.get(twin_key(entry.name)) if is_decodable(entry.name) else None)
        if reason is None:
            models.append(entry)
            first[twin_key(entry.name)] = entry.name
        else:
            left.append(Left(entry.name, reason))
    links = {link.entry.name: link.target for link in scan.folder_links}
    left += (Left(name, f"a link to the folder {escape(links[name])}") for name in links if not _is_nameable(name))
    listed = {entry.name.partition("/")[0] for entry in models}
    return Snapshot(tuple(models), tuple(sorted(left)), tuple(name for name in links if name in listed))


def _is_nameable(folder: str) -> bool:
    """Tell whether a manifest can name a file in such a folder."""
    return name_problem(f"{folder}/x") is None


def _why_not(entry: Entry, twin: str | None) -> str | None:
    if not is_decodable(entry.name):
        return "its name is not UTF-8"
    if not entry.name.strip():
        return "its name is blank"
    if is_reserved(entry.name):
        return "its name is kept for ocrstate's own files"
    problem = name_problem(entry.name)
    if problem is not None:
        return re.sub("^the name", "its name", problem.partition(";")[0])
    if twin is not None:
        return f"its name differs from {escape(twin)} only in case or in the form of its letters"
    if entry.content is None:
        return "a dead link" if entry.kind is Kind.LINK else f"a {entry.kind.value}"
    return None


def can_name_store(path: str) -> bool:
    """Tell whether a manifest can say that the store is there: what it says is expanded."""
    return "${" not in path and not path.startswith(("~", " ")) and not _UNWRITABLE.search(path)


def snapshot_text(snapshot: Snapshot, contents: Mapping[str, Pin], made: Made) -> str:
    """Return the manifest's text; of a model whose content was not read, it says the size alone."""
    lines = [
        f"# yaml-language-server: $schema=./{SCHEMA_FILE}",
        f"# The schema, for editors: ocrstate schema manifest > {SCHEMA_FILE}",
        _made_line(made),
        "version: 1",
    ]
    if made.names_store:
        lines.append(f"store: {double_quoted(made.store)}")
    lines.append("models:" if snapshot.models else "models: []")
    for entry in snapshot.models:
        lines += _entry_lines(entry, contents.get(entry.name))
    ignored, protected = _patterns(snapshot)
    lines += _section("ignore", "Not listed, for the reason beside each: neither reported nor removed.", ignored)
    lines += _section("protect", "The same; under `ignore`, these patterns would match listed models.", protected)
    return "\n".join(lines) + "\n"


def says_the_same(text: str, other: str) -> bool:
    """Tell whether two snapshots differ in nothing but when and where they were made."""
    return _without_made(text) == _without_made(other)


def _without_made(text: str) -> list[str]:
    return [line for line in text.split("\n") if not line.startswith(_MADE)]


def _made_line(made: Made) -> str:
    return f"{_MADE}{escape(made.store)} on {escape(made.host)}, {made.time}, by ocrstate {made.version}"


def _entry_lines(entry: Entry, content: Pin | None) -> Iterator[str]:
    yield f"  - name: {scalar(entry.name)}"
    if content is not None:
        yield f"    sha256: {digest(content.sha256)}"
    yield f"    size: {entry.content if content is None else content.size}"


def _patterns(snapshot: Snapshot) -> tuple[dict[str, str], dict[str, str]]:
    """Return patterns with their reasons, for `ignore` and `protect`: no listed model may be ignored as well."""
    ignored: dict[str, str] = {}
    protected: dict[str, str] = {}
    for name, reason in snapshot.left:
        pattern = exact_pattern(name)
        glob = Glob(pattern)
        section = protected if any(glob.matches(entry.name) for entry in snapshot.models) else ignored
        section.setdefault(pattern, reason)
    return ignored, protected


def _section(key: str, meaning: str, patterns: Mapping[str, str]) -> Sequence[str]:
    if not patterns:
        return ()
    return (f"# {meaning}", f"{key}:", *(f"  - {double_quoted(each)} # {why}" for each, why in patterns.items()))
