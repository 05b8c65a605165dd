"""How a child can end without a listing. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ocrstate.engine.answers import ChildFailure, Garbled


@dataclass(frozen=True, slots=True)
class NotStarted:
    """The system refused to start the child, in its own words."""

    why: str


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The child was still running after so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Died:
    """The child ended with this exit code; minus the signal's number if one ended it."""

    code: int


Ending = NotStarted | TimedOut | Died | ChildFailure | Garbled
