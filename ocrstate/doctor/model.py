"""What a doctor finds, as values. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Area(Enum):
    """What a finding is about."""

    ENGINE = "engine"
    SYSTEM = "system"
    STORE = "store"
    TOOL = "ocrstate"


class Status(Enum):
    """How good or bad something is: a warning may do harm, a failure keeps something from working."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


Fact = None | bool | int | float | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        code: which one, whatever its status; stable, and once in an examination.
        message: what was found; foreign text in it is escaped.
        hint: what to do, unless all is well.
        detail: what is for the eyes of those on this host alone: names of people and machines, lines of files.
        facts: the same and more for machines, names as they are.
    """

    area: Area
    code: str
    status: Status
    message: str
    hint: str = ""
    detail: str = ""
    facts: tuple[tuple[str, Fact], ...] = ()

    def with_facts(self, facts: Mapping[str, Fact]) -> Finding:
        """Return the same with more facts."""
        return replace(self, facts=(*self.facts, *facts.items()))


Findings = tuple[Finding, ...]
Facts = dict[str, Fact]


@dataclass(frozen=True, slots=True)
class Topic:
    """What is looked at, before it is known how it is."""

    area: Area
    code: str

    def ok(self, message: str, **facts: Fact) -> Finding:
        """Find nothing wrong."""
        return Finding(self.area, self.code, Status.OK, message, facts=tuple(facts.items()))

    def warn(self, message: str, hint: str, detail: str = "", **facts: Fact) -> Finding:
        """Find what may do harm."""
        return Finding(self.area, self.code, Status.WARN, message, hint, detail, tuple(facts.items()))

    def fail(self, message: str, hint: str, detail: str = "", **facts: Fact) -> Finding:
        """Find what keeps something from working."""
        return Finding(self.area, self.code, Status.FAIL, message, hint, detail, tuple(facts.items()))


class Tally(NamedTuple):
    """How many findings there are of each status."""

    ok: int
    warn: int
    fail: int


def tally(findings: Sequence[Finding]) -> Tally:
    """Count findings by status."""
    statuses = [finding.status for finding in findings]
    return Tally(*(statuses.count(status) for status in (Status.OK, Status.WARN, Status.FAIL)))
