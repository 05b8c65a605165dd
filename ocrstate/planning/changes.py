"""The lines of a plan: everything that was looked at, what happens to it, and why. Pure.

There is a line for every file of a store, so the lines are named tuples: frozen dataclasses take twice as long to make.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ocrstate.errors import assert_never

if TYPE_CHECKING:
    from ocrstate.manifest.desired import DesiredModel
    from ocrstate.planning.evidence import Supply
    from ocrstate.planning.near import Near
    from ocrstate.store.model import Entry, Kind


@dataclass(frozen=True, slots=True)
class NotListed:
    """No entry of the manifest names it."""


@dataclass(frozen=True, slots=True)
class MatchesAbsent:
    """A pattern under ``absent`` matches it."""

    pattern: str


@dataclass(frozen=True, slots=True)
class LinkToFolder:
    """It is a link to a folder, and nothing that the engine sees through it is listed.

    Attributes:
        target: where the link points, as written in it.
        behind: the names of what the engine sees through it.
    """

    target: str
    behind: tuple[str, ...]


RemovalReason = NotListed | MatchesAbsent | LinkToFolder


@dataclass(frozen=True, slots=True)
class Difference:
    """An attribute that is not as declared."""

    attribute: str
    declared: str | int
    actual: str | int


@dataclass(frozen=True, slots=True)
class NotAFile:
    """Neither a regular file nor a symbolic link."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class LinkHoldsListed:
    """Removing the link to a folder would take models along that must stay."""

    target: str
    staying: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OtherFilesystem:
    """It lies on another filesystem than the store, so it cannot be moved aside."""


@dataclass(frozen=True, slots=True)
class MountPoint:
    """Something is mounted there."""


@dataclass(frozen=True, slots=True)
class CannotBeNamed:
    """Its name is not UTF-8, so neither the engine nor a manifest can name it."""


@dataclass(frozen=True, slots=True)
class NeededByLink:
    """A model that must stay is a link whose way leads through it, or lies behind such a link.

    Attributes:
        staying: the models that would lose their content.
    """

    staying: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReservedName:
    """It has the name of the folder in which this tool keeps its own files."""


Obstacle = ReservedName | NotAFile | LinkHoldsListed | NeededByLink | OtherFilesystem | MountPoint | CannotBeNamed


class Keep(NamedTuple):
    """Listed and there.

    Attributes:
        is_verified: whether its content was compared with the digest that the manifest gives.
    """

    name: str
    entry: Entry
    model: DesiredModel
    is_verified: bool = False


class Remove(NamedTuple):
    """To be removed.

    Attributes:
        freed: bytes that the disk gains.
    """

    name: str
    entry: Entry
    reason: RemovalReason
    freed: int


class Fetch(NamedTuple):
    """Listed and not there, and it can be had.

    Attributes:
        near: what is there, not listed, and surely has the same name, but for case, spaces or Unicode form; none where
            a digest says what is meant.
    """

    name: str
    model: DesiredModel
    supply: Supply
    near: tuple[Near, ...] = ()

    @property
    def size_to_come(self) -> int | None:
        """Bytes of the model; `None` where only the far side knows."""
        return self.supply.size if self.model.size is None else self.model.size


class Replace(NamedTuple):
    """Listed and there, but not as declared, and what is declared can be had.

    Attributes:
        freed: bytes that the disk gains when what is there now is deleted.
    """

    name: str
    entry: Entry
    model: DesiredModel
    differences: tuple[Difference, ...]
    supply: Supply
    freed: int

    @property
    def size_to_come(self) -> int | None:
        """Bytes of the model as declared; `None` where only the far side knows."""
        return self.supply.size if self.model.size is None else self.model.size


class Missing(NamedTuple):
    """Listed and not there, and it cannot be had.

    Attributes:
        near: what is there, not listed, and has nearly the same name, nearest first.
        in_the_way: what keeps it from being fetched: its sub-folder, where that is a link, a file or a mount; its own
            name, where a folder has that.
    """

    name: str
    model: DesiredModel
    near: tuple[Near, ...]
    in_the_way: str = ""


class Drifted(NamedTuple):
    """Listed and there, but not as declared, and it cannot be replaced."""

    name: str
    entry: Entry
    model: DesiredModel
    differences: tuple[Difference, ...]


class Protected(NamedTuple):
    """Not listed, and kept by a pattern under ``protect``."""

    name: str
    entry: Entry
    pattern: str


class Unlisted(NamedTuple):
    """Not listed, and left alone.

    Attributes:
        confirmed: whether the engine listed it; what only the folder shows is never removed.
    """

    name: str
    entry: Entry
    confirmed: bool


class Blocked(NamedTuple):
    """Would be removed, but must not be touched."""

    name: str
    entry: Entry
    obstacle: Obstacle


Change = Keep | Remove | Fetch | Replace | Missing | Drifted | Protected | Unlisted | Blocked

Acting = Remove | Fetch | Replace
"""What apply has to do something about."""


def size_of(change: Change) -> int | None:
    """Return the bytes of a change's model: as found, or as declared where it is missing."""
    match change:
        case Missing(model=model):
            return model.size
        case Fetch():
            return change.size_to_come
        case Keep() | Remove() | Replace() | Drifted() | Protected() | Unlisted() | Blocked():
            return entry_size(change.entry)
        case _:
            assert_never(change)


def entry_size(entry: Entry) -> int:
    """Return the bytes of what is in the store: those that a reader gets, where there is something to read."""
    return entry.stamp.size if entry.content is None else entry.content
