"""What a run did, as observed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocrstate.plan.changes import Change


class OutcomeStatus(Enum):
    """What became of one change."""

    REMOVED = "removed"
    ROLLED_BACK = "rolled_back"
    FAILED = "failed"
    NOT_STARTED = "not_started"
    IN_QUARANTINE = "in_quarantine"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one removal.

    Attributes:
        freed: bytes that the disk gained, measured when the last name of the content went.
        cause: why it is not removed; empty where it is.
    """

    name: str
    status: OutcomeStatus
    freed: int = 0
    cause: str = ""


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


@dataclass(frozen=True, slots=True)
class Result:
    """What a run did.

    Attributes:
        in_sync: whether the store, listed again, matches the manifest.
        remaining: what still differs from the manifest afterwards.
        allowed: whether what remains was allowed before the run (models that may be missing).
        interrupted_by: the signal that asked to end when the run could only be finished.
    """

    run_id: str
    status: RunStatus
    store_path: str
    outcomes: tuple[Outcome, ...] = ()
    removed_folders: tuple[str, ...] = ()
    in_sync: bool = False
    remaining: tuple[Change, ...] = ()
    allowed: bool = False
    error: RunError | None = None
    interrupted_by: int | None = None

    @property
    def removed(self) -> int:
        """How many models are gone."""
        return sum(outcome.status is OutcomeStatus.REMOVED for outcome in self.outcomes)

    @property
    def bytes_freed(self) -> int:
        """How many bytes the disk gained."""
        return sum(outcome.freed for outcome in self.outcomes)

    @property
    def changed(self) -> bool:
        """Whether the run left the store other than it was."""
        gone = (OutcomeStatus.REMOVED, OutcomeStatus.IN_QUARANTINE)
        return any(outcome.status in gone for outcome in self.outcomes)
