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
        path: absolute path of the manifest that lists it; where several do, of the one that gives the source.
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
class ManifestFile:
    """A manifest as it was read.

    Attributes:
        path: absolute.
        identity: device and inode, which tell it under every name.
        sha256: digest of its bytes, in hexadecimal.
        text: as written, a byte order mark included.
    """

    path: str
    identity: tuple[int, int]
    sha256: str
    text: str


@dataclass(frozen=True, slots=True)
class Desired:
    """The state that a manifest asks for, together with those that it extends.

    Attributes:
        files: all of them in the order in which later ones win, so that the manifest itself comes last.
        store: the store as written (``~`` and ``${VAR}`` unexpanded), or `None` for the engine's own.
        models: sorted by name.
        store_from: absolute path of the manifest that says where the store is; empty if none does.
    """

    files: tuple[ManifestFile, ...]
    store: str | None
    models: tuple[DesiredModel, ...]
    ignore: tuple[Glob, ...] = ()
    protect: tuple[Glob, ...] = ()
    absent: tuple[Glob, ...] = ()
    policy: Policy = Policy()
    store_from: str = ""

    @property
    def path(self) -> str:
        """The manifest's absolute path."""
        return self.files[-1].path

    @property
    def identity(self) -> tuple[int, int]:
        """The manifest's device and inode, which tell it under every name."""
        return self.files[-1].identity

    @property
    def sha256(self) -> str:
        """Digest of the manifest's bytes, in hexadecimal."""
        return self.files[-1].sha256

    @property
    def bases(self) -> tuple[ManifestFile, ...]:
        """The manifests that it extends, in the order in which later ones win."""
        return self.files[:-1]
