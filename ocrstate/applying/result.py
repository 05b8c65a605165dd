"""What a run did, as observed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocrstate.inventory.model import InventoryWarning
    from ocrstate.planning.changes import Change, Difference


class Action(Enum):
    """What was to be done about a model."""

    REMOVE = "remove"
    FETCH = "fetch"
    REPLACE = "replace"
    RESTORE = "restore"


class OutcomeStatus(Enum):
    """What became of one change."""

    REMOVED = "removed"
    FETCHED = "fetched"
    REPLACED = "replaced"
    RESTORED = "restored"
    ROLLED_BACK = "rolled_back"
    FAILED = "failed"
    NOT_STARTED = "not_started"
    IN_QUARANTINE = "in_quarantine"


@dataclass(frozen=True, slots=True)
class HeldOpen:
    """A process that has a removed model open, so that its space is not free yet."""

    pid: int
    command: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one model.

    Attributes:
        freed: bytes that the disk gained, measured when the last name of the content went.
        kept: bytes that it takes up in quarantine, where it can be restored from.
        freed_later: bytes that the disk gains when those who have it open close it.
        cause: why it is not done; empty where it is.
        fetched: bytes of the model that arrived.
        transferred: bytes of them that came over in this very run, and not in an earlier one that was broken off.
        size: bytes of the model that goes, or of the one that comes, where one does; `None` where nobody knows.
        differences: in what a model that is to be replaced was not as declared.
    """

    name: str
    status: OutcomeStatus
    freed: int = 0
    kept: int = 0
    freed_later: int = 0
    held_open: tuple[HeldOpen, ...] = ()
    cause: str = ""
    action: Action = Action.REMOVE
    fetched: int = 0
    transferred: int = 0
    size: int | None = None
    differences: tuple[Difference, ...] = ()


class RunStatus(Enum):
    """How a run ended."""

    SUCCESS = "success"
    REFUSED = "refused"
    FAILED = "failed"
    NEEDS_RECOVERY = "needs_recovery"


@dataclass(frozen=True, slots=True)
class RunError:
    """Why a run did not succeed."""

    code: str
    message: str
    hint: str


class Ended(Enum):
    """What recovery made of a run."""

    UNDONE = "undone"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Recovered:
    """A run that was half done and no longer is.

    Attributes:
        started: RFC 3339, UTC.
        models: how many models the run was about.
        gone: models that something else took, or replaced, meanwhile.
        keep_until: until when what the run removed can be restored (RFC 3339, UTC); `None` where it cannot.
        bytes_freed: measured.
    """

    run_id: str
    ended: Ended
    started: str
    models: int
    gone: tuple[str, ...] = ()
    bytes_freed: int = 0
    keep_until: str | None = None


@dataclass(frozen=True, slots=True)
class Purge:
    """What became of what a run had kept.

    Attributes:
        models: how many are gone.
        bytes_freed: measured.
        stuck: models that could not be deleted, with the cause.
        freed_later: bytes that the disk gains when those who have them open close them.
    """

    run_id: str
    models: int
    bytes_freed: int
    stuck: tuple[tuple[str, str], ...] = ()
    freed_later: int = 0
    held_open: tuple[HeldOpen, ...] = ()


class NotProvenError(Exception):
    """A new listing does not prove that what was moved, and nothing else, has changed.

    Attributes:
        error: what to tell.
    """

    def __init__(self, error: RunError) -> None:
        super().__init__(error.message)
        self.error = error


@dataclass(frozen=True, slots=True)
class Result:
    """What a run did.

    Attributes:
        in_sync: whether the store, listed again, matches the manifest; `None` where no manifest is followed.
        remaining: what still differs from the manifest afterwards.
        allowed: whether what remains was allowed before the run (models that may be missing).
        keep_until: until when what was removed can be restored (RFC 3339, UTC); `None` where it is gone.
        recovered: runs that had been broken off, and were finished or taken back first.
        purged: runs whose time was up, and what was deleted of what they had kept.
        new_since: models that appeared after the plan was made, and were left alone.
        restores: the run that was taken back.
        interrupted_by: the signal that asked to end when the run could only be finished.
        warnings: what was odd about the inventory that the run was planned with.
    """

    run_id: str
    status: RunStatus
    store_path: str
    outcomes: tuple[Outcome, ...] = ()
    removed_folders: tuple[str, ...] = ()
    in_sync: bool | None = False
    remaining: tuple[Change, ...] = ()
    allowed: bool = False
    keep_until: str | None = None
    recovered: tuple[Recovered, ...] = ()
    purged: tuple[Purge, ...] = ()
    new_since: tuple[str, ...] = ()
    restores: str | None = None
    error: RunError | None = None
    interrupted_by: int | None = None
    warnings: tuple[InventoryWarning, ...] = ()

    @property
    def removed(self) -> int:
        """How many models are gone."""
        return sum(outcome.status is OutcomeStatus.REMOVED for outcome in self.outcomes)

    @property
    def fetched(self) -> int:
        """How many models are new."""
        return sum(outcome.status is OutcomeStatus.FETCHED for outcome in self.outcomes)

    @property
    def replaced(self) -> int:
        """How many models are there with another content than before."""
        return sum(outcome.status is OutcomeStatus.REPLACED for outcome in self.outcomes)

    @property
    def bytes_fetched(self) -> int:
        """How many bytes the models have that arrived."""
        return sum(outcome.fetched for outcome in self.outcomes)

    @property
    def bytes_transferred(self) -> int:
        """How many bytes of them came over in this run."""
        return sum(outcome.transferred for outcome in self.outcomes)

    @property
    def bytes_freed(self) -> int:
        """How many bytes the disk gained."""
        return sum(outcome.freed for outcome in self.outcomes)

    @property
    def restored(self) -> int:
        """How many models are back in the store."""
        return sum(outcome.status is OutcomeStatus.RESTORED for outcome in self.outcomes)

    @property
    def bytes_kept(self) -> int:
        """How many bytes wait in quarantine, until they can no longer be restored."""
        return sum(outcome.kept for outcome in self.outcomes)

    @property
    def bytes_freed_later(self) -> int:
        """How many bytes the disk gains when other processes close what was removed."""
        return sum(outcome.freed_later for outcome in self.outcomes)

    @property
    def changed(self) -> bool:
        """Whether the run left the store other than it was."""
        as_before = (OutcomeStatus.ROLLED_BACK, OutcomeStatus.FAILED, OutcomeStatus.NOT_STARTED)
        return any(outcome.status not in as_before for outcome in self.outcomes)
