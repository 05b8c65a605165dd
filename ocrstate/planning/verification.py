"""Judge the content of listed models by what was read of it. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ocrstate.digests.model import Content, Reading, Unreadable, Unsettled
from ocrstate.errors import assert_never

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ocrstate.inventory.model import Inventory, InventoryWarning
    from ocrstate.manifest.desired import Desired, DesiredModel
    from ocrstate.planning.near import Near
    from ocrstate.store.model import Entry, Kind, Scan, StoreId


class Verified(NamedTuple):
    """Its content is what the manifest says.

    Attributes:
        on_disk: bytes that it takes up, where it holds holes; else `None`.
    """

    name: str
    model: DesiredModel
    content: Content
    on_disk: int | None


class Differs(NamedTuple):
    """It has another digest; its size is as declared, or not declared.

    Attributes:
        on_disk: bytes that it takes up, where it holds holes, as an interrupted copy leaves them; else `None`.
    """

    name: str
    model: DesiredModel
    content: Content
    on_disk: int | None


class SizeDiffers(NamedTuple):
    """It is shorter or longer than declared; so its content cannot be as declared, and was not read.

    Attributes:
        size: bytes that it has.
    """

    name: str
    model: DesiredModel
    size: int


class NotThere(NamedTuple):
    """The store does not hold it.

    Attributes:
        near: what is there, not listed, and has nearly the same name, nearest first.
    """

    name: str
    model: DesiredModel
    near: tuple[Near, ...]


class NoContent(NamedTuple):
    """It is nothing that has content: a dead link, a pipe, a link to a folder."""

    name: str
    model: DesiredModel
    kind: Kind


class Unread(NamedTuple):
    """It cannot be read to its end.

    Attributes:
        cause: in words.
    """

    name: str
    model: DesiredModel
    cause: str


class Changing(NamedTuple):
    """It changed while it was read.

    Attributes:
        change: in words.
    """

    name: str
    model: DesiredModel
    change: str


class Unpinned(NamedTuple):
    """The manifest has no digest for it, so nothing is said of its content.

    Attributes:
        size: bytes that it has.
        on_disk: bytes that it takes up, where it holds holes; else `None`.
    """

    name: str
    model: DesiredModel
    size: int
    on_disk: int | None


Verdict = Verified | Unpinned | Differs | SizeDiffers | NoContent | NotThere | Unread | Changing

UNKNOWN = (Unread, Changing)
"""Verdicts on models that could not be read to their end."""

AMISS = (Differs, SizeDiffers, NoContent, NotThere)
"""Verdicts on models that are not as declared."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found of each listed model.

    Attributes:
        verdicts: in the order of the names.
        warnings: of the inventory.
        bytes_read: how much was read.
        bytes_remembered: how much was read by earlier commands, and has not changed since.
        seconds: how long the reading took.
    """

    manifest_path: str
    manifest_sha256: str
    store: StoreId
    verdicts: tuple[Verdict, ...]
    warnings: tuple[InventoryWarning, ...]
    bytes_read: int
    bytes_remembered: int
    seconds: float

    @property
    def is_complete(self) -> bool:
        """Whether every model that has a digest could be read to its end."""
        return not any(isinstance(each, UNKNOWN) for each in self.verdicts)

    @property
    def is_as_declared(self) -> bool:
        """Whether every listed model is there, and every one that has a size or a digest is as declared."""
        return not any(isinstance(each, UNKNOWN + AMISS) for each in self.verdicts)

    @property
    def counts(self) -> Counter[type[Verdict]]:
        """How many models got each verdict."""
        return Counter(map(type, self.verdicts))


@dataclass(frozen=True, slots=True)
class Readings:
    """What was read, and what is known of it.

    Attributes:
        by_name: what a reader gets of each model that was to be read.
        on_disk: bytes that models take up which hold holes.
        bytes_read: how much was really read.
        seconds: how long that took.
    """

    by_name: Mapping[str, Reading]
    on_disk: Mapping[str, int]
    bytes_read: int
    seconds: float


def listed_entries(desired: Desired, scan: Scan) -> tuple[Entry, ...]:
    """Return what the store holds under the names of listed models."""
    listed = {model.name for model in desired.models}
    return tuple(entry for entry in _all(scan) if entry.name in listed)


def to_read(desired: Desired, scan: Scan) -> tuple[Entry, ...]:
    """Return the entries whose content decides: those with a digest in the manifest, and of the declared size."""
    pinned = {model.name: model.size for model in desired.models if model.sha256 is not None}
    return tuple(
        entry
        for entry in listed_entries(desired, scan)
        if entry.content is not None and entry.name in pinned and pinned[entry.name] in (None, entry.content)
    )


def verify(desired: Desired, inventory: Inventory, readings: Readings) -> Verification:
    """Judge every listed model."""
    scan = inventory.scan
    there = {entry.name: entry for entry in listed_entries(desired, scan)}
    near = _near(desired, scan, there)
    verdicts = tuple(_judge(model, there.get(model.name), near, readings) for model in desired.models)
    recalled = (each for each in readings.by_name.values() if isinstance(each, Content) and each.remembered)
    return Verification(
        manifest_path=desired.path,
        manifest_sha256=desired.sha256,
        store=scan.store,
        verdicts=verdicts,
        warnings=inventory.warnings,
        bytes_read=readings.bytes_read,
        bytes_remembered=sum(each.size for each in recalled),
        seconds=readings.seconds,
    )


def _judge(
    model: DesiredModel, entry: Entry | None, near: Mapping[str, tuple[Near, ...]], readings: Readings
) -> Verdict:
    name = model.name
    if entry is None:
        return NotThere(name, model, near.get(name, ()))
    if entry.content is None:
        return NoContent(name, model, entry.kind)
    if model.size not in (None, entry.content):
        return SizeDiffers(name, model, entry.content)
    if model.sha256 is None:
        return Unpinned(name, model, entry.content, readings.on_disk.get(name))
    return _judge_content(model, readings.by_name[name], readings.on_disk.get(name))


def _judge_content(model: DesiredModel, reading: Reading, on_disk: int | None) -> Verdict:
    match reading:
        case Content(sha256=sha256) if sha256 == model.sha256:
            return Verified(model.name, model, reading, on_disk)
        case Content():
            return Differs(model.name, model, reading, on_disk)
        case Unreadable(cause):
            return Unread(model.name, model, cause)
        case Unsettled(change):
            return Changing(model.name, model, change)
        case _:
            assert_never(reading)


def _near(desired: Desired, scan: Scan, there: Mapping[str, Entry]) -> Mapping[str, tuple[Near, ...]]:
    missing = [model.name for model in desired.models if model.name not in there]
    if not missing:
        return {}
    from ocrstate.planning.near_names import near_names  # noqa: PLC0415 - mostly nothing is missing

    return near_names(missing, [entry.name for entry in _all(scan) if entry.name not in there])


def _all(scan: Scan) -> Iterable[Entry]:
    yield from scan.entries
    for link in scan.folder_links:
        yield link.entry
        yield from link.behind
