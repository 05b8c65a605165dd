"""The lines of a plan: everything that was looked at, what happens to it, and why. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocrstate.inventory.model import Entry, Kind
    from ocrstate.manifest.desired import DesiredModel


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
        hides: how many files the engine sees through it.
    """

    target: str
    hides: int


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


Obstacle = NotAFile | LinkHoldsListed | OtherFilesystem | MountPoint | CannotBeNamed


@dataclass(frozen=True, slots=True)
class Keep:
    """Listed and there."""

    name: str
    entry: Entry
    model: DesiredModel


@dataclass(frozen=True, slots=True)
class Remove:
    """To be removed.

    Attributes:
        freed: bytes that the disk gains.
    """

    name: str
    entry: Entry
    reason: RemovalReason
    freed: int


@dataclass(frozen=True, slots=True)
class Missing:
    """Listed and not there.

    Attributes:
        near: unlisted models whose names are nearly the same, nearest first.
    """

    name: str
    model: DesiredModel
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drifted:
    """Listed and there, but not as declared."""

    name: str
    entry: Entry
    model: DesiredModel
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Protected:
    """Not listed, and kept by a pattern under ``protect``."""

    name: str
    entry: Entry
    pattern: str


@dataclass(frozen=True, slots=True)
class Unlisted:
    """Not listed, and left alone.

    Attributes:
        confirmed: whether the engine listed it; what only the folder shows is never removed.
    """

    name: str
    entry: Entry
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Blocked:
    """Would be removed, but must not be touched."""

    name: str
    entry: Entry
    obstacle: Obstacle


Change = Keep | Remove | Missing | Drifted | Protected | Unlisted | Blocked
