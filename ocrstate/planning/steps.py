"""Remedies as values: a goal, and the steps that lead to it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ocrstate.manifest.places import Section, Where
    from ocrstate.planning.matching import Rule
    from ocrstate.planning.near import Near


class Goal(Enum):
    """What shall be."""

    MEANT = "meant"
    KEEP = "keep"
    KEEP_UNLISTED = "keep-unlisted"
    IGNORE = "ignore"
    GO = "let-go"
    HAVE = "have"
    AS_LISTED = "as-listed"
    DO_WITHOUT = "do-without"
    ACCEPT = "accept"
    SETTLE = "settle"


class Deed(Enum):
    """Something to do that no manifest can say."""

    PUT_IN_PLACE = "put-in-place"
    MOVE_AWAY = "move-away"
    MOVE_UP = "move-up"
    RENAME = "rename"
    UNMOUNT = "unmount"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Add:
    """Add a name or a pattern to a list."""

    section: Section
    text: str


@dataclass(frozen=True, slots=True)
class TakeOut:
    """Take all entries of a model out."""

    places: tuple[Where, ...]


@dataclass(frozen=True, slots=True)
class Narrow:
    """Let patterns match less."""

    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class RemoveUnlisted:
    """Let models go that are not listed."""

    where: Where | None


@dataclass(frozen=True, slots=True)
class Rename:
    """Write another name into an entry.

    Attributes:
        listed: the name that is written there.
        near: the name that is meant.
    """

    where: Where
    listed: str
    near: Near


@dataclass(frozen=True, slots=True)
class PutOrFetch:
    """Put the model into the store, or say in its entry where it can be had."""

    where: Where


@dataclass(frozen=True, slots=True)
class Lock:
    """Write into an entry what the model is like that is there."""

    where: Where


@dataclass(frozen=True, slots=True)
class Act:
    """Do something to a file."""

    deed: Deed
    name: str


Step = Add | TakeOut | Narrow | RemoveUnlisted | Rename | PutOrFetch | Lock | Act


class Remedy(NamedTuple):
    """How to come to something else.

    Attributes:
        steps: all of them are needed.
    """

    goal: Goal
    steps: tuple[Step, ...]
