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

SCHEMA_COMMAND: Final = "ocrstate schema manifest"
SCHEMA_LINE: Final = f"# yaml-language-server: $schema=./{SCHEMA_FILE}"

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
        named: where the store is, as the manifest is to say it; `None` leaves that to the engine, or to --store.
        host, time, version: where, when and by which release.
    """

    store: str
    named: str | None
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
        SCHEMA_LINE,
        f"# The schema, for editors: {SCHEMA_COMMAND} > {SCHEMA_FILE}",
        f"{_MADE}{origin(made)}",
        "version: 1",
    ]
    if made.named is not None:
        lines.append(store_line(made.named))
    lines += model_lines(snapshot, contents)
    left_out = patterns(snapshot)
    lines += section(
        "ignore", "Not listed, for the reason beside each: neither reported nor removed.", left_out.ignored
    )
    lines += section(
        "protect", "The same; under `ignore`, these patterns would match listed models.", left_out.protected
    )
    return "\n".join(lines) + "\n"


def store_line(named: str) -> str:
    """Say where the store is."""
    return f"store: {double_quoted(named)}"


def model_lines(snapshot: Snapshot, contents: Mapping[str, Pin]) -> list[str]:
    """List the models; of one whose content was not read, the size alone."""
    lines = ["models:" if snapshot.models else "models: []"]
    for entry in snapshot.models:
        lines += _entry_lines(entry, contents.get(entry.name))
    return lines


def says_the_same(text: str, other: str) -> bool:
    """Tell whether two snapshots differ in nothing but when and where they were made."""
    return _without_made(text) == _without_made(other)


def _without_made(text: str) -> list[str]:
    return [line for line in text.split("\n") if not line.startswith(_MADE)]


def origin(made: Made) -> str:
    """Say which store it was, where, when and by which release."""
    return f"{escape(made.store)} on {escape(made.host)}, {made.time}, by ocrstate {made.version}"


def _entry_lines(entry: Entry, content: Pin | None) -> Iterator[str]:
    yield f"  - name: {scalar(entry.name)}"
    if content is not None:
        yield f"    sha256: {digest(content.sha256)}"
    yield f"    size: {entry.content if content is None else content.size}"


class Patterns(NamedTuple):
    """Patterns of what is not listed, with their reasons."""

    ignored: Mapping[str, str]
    protected: Mapping[str, str]


def patterns(snapshot: Snapshot) -> Patterns:
    """Return the patterns of what is not listed, under `protect` where a listed model would be ignored as well."""
    ignored: dict[str, str] = {}
    protected: dict[str, str] = {}
    for name, reason in snapshot.left:
        pattern = exact_pattern(name)
        glob = Glob(pattern)
        matching = protected if any(glob.matches(entry.name) for entry in snapshot.models) else ignored
        matching.setdefault(pattern, reason)
    return Patterns(ignored, protected)


def section(key: str, meaning: str, listed: Mapping[str, str]) -> Sequence[str]:
    """Write patterns down under a key, the reason beside each."""
    if not listed:
        return ()
    return (f"# {meaning}", f"{key}:", *(f"  - {double_quoted(each)} # {why}" for each, why in listed.items()))
