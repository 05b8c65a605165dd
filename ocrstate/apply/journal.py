"""The steps that a run has taken, so that it can be taken back. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MovedAside:
    """A model waits in quarantine."""

    name: str


@dataclass(frozen=True, slots=True)
class PutBack:
    """A model is where it was."""

    name: str


@dataclass(frozen=True, slots=True)
class Committed:
    """From here on the run is finished, not taken back."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """A model is gone for good."""

    name: str


Step = MovedAside | PutBack | Committed | Deleted


class Journal:
    """Records each step right after it was taken, and answers what is still in quarantine."""

    def __init__(self) -> None:
        self._steps: list[Step] = []

    def record(self, step: Step) -> None:
        """Add a step."""
        self._steps.append(step)

    def moved(self) -> frozenset[str]:
        """Return the names that were moved aside, whatever became of them later."""
        return frozenset(step.name for step in self._steps if isinstance(step, MovedAside))

    def in_quarantine(self) -> tuple[str, ...]:
        """Return the names that were moved aside and neither put back nor deleted, in the order they were moved."""
        waiting: dict[str, None] = {}
        for step in self._steps:
            match step:
                case MovedAside(name):
                    waiting[name] = None
                case PutBack(name) | Deleted(name):
                    waiting.pop(name, None)
                case Committed():
                    pass
        return tuple(waiting)
