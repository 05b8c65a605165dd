"""What a manifest asks for, as values. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ocrstate.names import Glob


class DesiredModel(NamedTuple):  # made for every entry of a manifest, and this is the cheapest immutable record to make
    """A model that should exist.

    Attributes:
        name: relative to the store, with ``/``.
        line: where the manifest lists it, counted from 1.
        size: its length in bytes, where the manifest says.
        sha256: its digest in hexadecimal, where the manifest says.
        source: where it can be had, where the manifest says.
        path: absolute path of the manifest that lists it.
    """

    name: str
    line: int
    size: int | None = None
    sha256: str | None = None
    source: str | None = None
    path: str = ""


class UnlistedPolicy(Enum):
    """What happens to models that the manifest does not list."""

    REMOVE = "remove"
    REPORT = "report"


class MissingPolicy(Enum):
    """Whether apply may go on while listed models are missing or drifted."""

    REFUSE = "refuse"
    ALLOW = "allow"


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that one apply may remove; `None` sets no bound.

    Attributes:
        count: models.
        percent: of the models in the inventory.
        size: bytes.
    """

    count: int | None = None
    percent: float | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """How apply treats what differs.

    Attributes:
        retain: how long removed models stay restorable, in seconds.
    """

    unlisted: UnlistedPolicy = UnlistedPolicy.REMOVE
    missing: MissingPolicy = MissingPolicy.REFUSE
    max_remove: Budget = Budget()
    retain: int = 0


@dataclass(frozen=True, slots=True)
class Desired:
    """The state that a manifest asks for.

    Attributes:
        path: the manifest's absolute path.
        identity: its device and inode, which tell it under every name.
        sha256: digest of the manifest's bytes, in hexadecimal.
        store: the store as written (``~`` and ``${VAR}`` unexpanded), or `None` for the engine's own.
        models: sorted by name.
        extends: the base manifests as written.
    """

    path: str
    identity: tuple[int, int]
    sha256: str
    store: str | None
    models: tuple[DesiredModel, ...]
    ignore: tuple[Glob, ...] = ()
    protect: tuple[Glob, ...] = ()
    absent: tuple[Glob, ...] = ()
    policy: Policy = Policy()
    extends: tuple[str, ...] = ()
