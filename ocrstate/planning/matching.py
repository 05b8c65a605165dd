"""What manifests say of one name, whether it decides something or not. Pure."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ocrstate.manifest.desired import Desired
    from ocrstate.manifest.places import Places, Where


class RuleKind(Enum):
    """Which part of a manifest says it."""

    ENTRY = "entry"
    SIZE = "size"
    SHA256 = "sha256"
    IGNORE = "ignore"
    PROTECT = "protect"
    ABSENT = "absent"
    POLICY = "policy"


PATTERNS = (RuleKind.IGNORE, RuleKind.PROTECT, RuleKind.ABSENT)
"""The kinds of patterns; the first counts most, and the last less than an entry."""


class Rule(NamedTuple):
    """Something that a manifest says of a name.

    Attributes:
        name: of what it says it.
        text: what it says: a name, a pattern, ``key: value``.
        where: `None` where no manifest says it, because it is the default.
    """

    kind: RuleKind
    name: str
    text: str
    where: Where | None


class Matching(NamedTuple):
    """All that manifests say of a name.

    Attributes:
        entries: in the order in which later manifests win; so are the others.
        unlisted: what happens to models that are not listed.
    """

    name: str
    entries: tuple[Rule, ...]
    ignore: tuple[Rule, ...]
    protect: tuple[Rule, ...]
    absent: tuple[Rule, ...]
    unlisted: Rule

    @property
    def all(self) -> tuple[Rule, ...]:
        """What is said of this name and not of all names."""
        return (*self.entries, *self.ignore, *self.protect, *self.absent)

    def of(self, kind: RuleKind, pattern: str) -> Rule | None:
        """Return the first place of a pattern."""
        return next((rule for rule in self.all if rule.kind is kind and rule.text == pattern), None)


def matching(name: str, desired: Desired, places: Places) -> Matching:
    """Look up what manifests say of a name."""
    ignore, protect, absent = (_patterns(name, kind, desired, places) for kind in PATTERNS)
    entries = tuple(Rule(RuleKind.ENTRY, name, name, where) for where in places.entries(name))
    unlisted = Rule(RuleKind.POLICY, name, f"unlisted: {desired.policy.unlisted.value}", places.unlisted())
    return Matching(name, entries, ignore, protect, absent, unlisted)


def _patterns(name: str, kind: RuleKind, desired: Desired, places: Places) -> tuple[Rule, ...]:
    globs = {RuleKind.IGNORE: desired.ignore, RuleKind.PROTECT: desired.protect, RuleKind.ABSENT: desired.absent}[kind]
    return tuple(
        Rule(kind, name, glob.text, where)
        for glob in globs
        if glob.matches(name)
        for where in places.patterns(kind.value, glob.text)
    )
