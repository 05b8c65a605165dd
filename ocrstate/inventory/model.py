"""What the engine and the folder together say is in a store, as values. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocrstate.runs.model import UnfinishedRun
    from ocrstate.store.model import Scan


class Source(Enum):
    """Whose list the inventory is."""

    ENGINE = "engine"
    DIRECTORY = "directory"


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """The engine that was asked.

    Attributes:
        package, version: the installed distribution.
        local_path: what its ``get_local_path()`` says.
    """

    package: str
    version: str
    local_path: str


@dataclass(frozen=True, slots=True)
class BlindEngine:
    """The engine listed nothing although the folder holds files, so the folder was listed instead."""

    version: str
    files: int


@dataclass(frozen=True, slots=True)
class OnlyInFolder:
    """The folder holds these; the engine did not list them."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OnlyInEngine:
    """The engine listed these; the folder does not hold them."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unnameable:
    """The bytes of these names are not UTF-8; the engine shows them with replacement characters."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnfinishedRuns:
    """These runs are at work, or were broken off: the next command that may change the store sees to them first."""

    runs: tuple[UnfinishedRun, ...]


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A store lies below the working folder, but the engine uses the one in the user's data folder."""

    path: str


InventoryWarning = PassedOver | UnfinishedRuns | BlindEngine | OnlyInFolder | OnlyInEngine | Unnameable


@dataclass(frozen=True, slots=True)
class Inventory:
    """What is in the store.

    Attributes:
        count: how many entries were listed, those behind links to folders included.
        unconfirmed: names that the folder holds and the engine, although it is not blind, did not list.
    """

    scan: Scan
    source: Source
    engine: EngineFacts | None
    count: int
    unconfirmed: frozenset[str]
    warnings: tuple[InventoryWarning, ...]
