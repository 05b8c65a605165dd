"""A run as its journal tells it, as values. Pure.

A run is a list of moves. Until it is committed every move can be taken back; from then on what lies in its quarantine
is deleted, at once or when the time is up for which it is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ocrstate.store.model import Stamp


class RunKind(Enum):
    """What a run was asked to do."""

    APPLY = "apply"
    RESTORE = "restore"


class Mark(NamedTuple):
    """What tells a model and its state over a restart, when disks may have other numbers.

    Attributes:
        inode: which entry it is, on the store's filesystem.
        size: length in bytes, of a link the length of its target's name.
        mtime_ns: last change of the content, nanoseconds since 1970.
    """

    inode: int
    size: int
    mtime_ns: int

    def has_same_content(self, other: Mark) -> bool:
        """Tell whether the content is the same, as far as size and time tell; a copied store has other inodes."""
        return (self.size, self.mtime_ns) == (other.size, other.mtime_ns)


def mark_of(stamp: Stamp) -> Mark:
    """Return what a journal keeps of a stamp."""
    return Mark(stamp.inode, stamp.size, stamp.mtime_ns)


class InStore(NamedTuple):
    """Where the engine sees it."""


class InQuarantine(NamedTuple):
    """In the quarantine of a run, under its own name."""

    run_id: str


class InStaging(NamedTuple):
    """Among what was fetched, whole and verified, under a key of its own."""

    key: str


Spot = InStore | InQuarantine | InStaging


class Move(NamedTuple):
    """A model that a run takes from one spot to another; one that is replaced makes way with a move of its own."""

    name: str
    origin: Spot
    target: Spot
    mark: Mark


class FolderLook(NamedTuple):
    """A sub-folder as it was, so that it can be made again.

    Attributes:
        mode: permission bits.
        goes: whether it is there only as long as the models are.
    """

    name: str
    mode: int
    uid: int
    gid: int
    goes: bool


@dataclass(frozen=True, slots=True)
class Who:
    """Who started a run.

    Attributes:
        started: RFC 3339, UTC.
    """

    pid: int
    user: str
    host: str
    started: str
    command: str


@dataclass(frozen=True, slots=True)
class ManifestRef:
    """The manifest that a run followed."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Begun:
    """What a run is going to do, written down before it touches anything.

    Attributes:
        manifest: `None` for a restore.
        plan_id: the saved plan that it carries out.
        restores: the run that it takes back.
        keep_until: until when what it moves aside is kept (RFC 3339, UTC); `None` where it is deleted at once.
    """

    run_id: str
    kind: RunKind
    version: str
    who: Who
    manifest: ManifestRef | None
    plan_id: str | None
    restores: str | None
    keep_until: str | None
    moves: tuple[Move, ...]
    folders: tuple[FolderLook, ...]


@dataclass(frozen=True, slots=True)
class Committed:
    """All moves are done and proven: from here on the run is finished, not taken back."""

    at: str


@dataclass(frozen=True, slots=True)
class Undone:
    """All moves were taken back."""

    at: str
    why: str


@dataclass(frozen=True, slots=True)
class Finished:
    """Nothing is left to do.

    Attributes:
        bytes_freed: measured.
    """

    at: str
    bytes_freed: int


@dataclass(frozen=True, slots=True)
class Purging:
    """From here on what the run kept is being deleted, and can no longer be restored."""

    at: str


@dataclass(frozen=True, slots=True)
class Purged:
    """What the run kept is gone."""

    at: str
    bytes_freed: int


Step = Committed | Undone | Finished | Purging | Purged


class RunState(Enum):
    """How far a run has come."""

    NOT_BEGUN = "not begun"
    MOVING = "moving"
    COMMITTED = "committed"
    UNDONE = "undone"
    FINISHED = "finished"
    PURGING = "purging"
    PURGED = "purged"


_AFTER = {
    Committed: RunState.COMMITTED,
    Undone: RunState.UNDONE,
    Finished: RunState.FINISHED,
    Purging: RunState.PURGING,
    Purged: RunState.PURGED,
}


@dataclass(frozen=True, slots=True)
class RunLog:
    """A journal as read.

    Attributes:
        begun: `None` where the run ended before it had written down what it was going to do, and so did nothing.
        intact: bytes up to the end of the last whole line.
    """

    run_id: str
    begun: Begun | None
    steps: tuple[Step, ...]
    intact: int

    @property
    def state(self) -> RunState:
        """How far the run has come."""
        if self.begun is None:
            return RunState.NOT_BEGUN
        return _AFTER[type(self.steps[-1])] if self.steps else RunState.MOVING

    @property
    def moves(self) -> tuple[Move, ...]:
        """What the run was going to move."""
        return self.begun.moves if self.begun else ()

    @property
    def is_committed(self) -> bool:
        """Whether what the run was asked to do is done, whatever became later of what it kept."""
        return any(isinstance(step, Committed) for step in self.steps)


@dataclass(frozen=True, slots=True)
class UnfinishedRun:
    """A run that is at work, or was broken off: what a reader can tell of it who changes nothing.

    Attributes:
        begun: `None` where its journal says nothing, or cannot be relied on.
        state: how far it has come; `None` where its journal cannot be relied on.
        waiting: how many models wait in its quarantine.
        at_work: whether a process holds the store's lock; `None` where the system does not say.
    """

    run_id: str
    begun: Begun | None
    state: RunState | None
    waiting: int
    at_work: bool | None
