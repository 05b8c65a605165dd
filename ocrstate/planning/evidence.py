"""What is known beyond the listing: contents, where models can be had, and how much room there is. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from ocrstate.digests.model import Content

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocrstate.digests.model import Reading
    from ocrstate.inventory.model import Inventory
    from ocrstate.manifest.desired import Desired
    from ocrstate.store.model import Entry, Scan


@dataclass(frozen=True, slots=True)
class Supply:
    """Where a model can be had, and what is known of it without any network.

    Attributes:
        shown: the source for people, without anything secret.
        is_remote: whether it takes a network to get it.
        size: bytes; `None` where only the far side knows.
        staged: bytes of it that an earlier run has brought into the store's staging already.
        problem: why it cannot be had; empty where nothing speaks against it.
    """

    shown: str
    is_remote: bool
    size: int | None = None
    staged: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was looked at.

    Attributes:
        contents: by model name; those that are not in it were not compared.
        supplies: by model name; of those that have a source and are not in place.
        free: bytes that this user can still write on the store's disk; `None` where that does not matter.
    """

    contents: Mapping[str, Reading] = field(default_factory=lambda: MappingProxyType({}))
    supplies: Mapping[str, Supply] = field(default_factory=lambda: MappingProxyType({}))
    free: int | None = None

    @property
    def read(self) -> Mapping[str, Reading]:
        """The contents that were looked at just now, and not only remembered."""
        return {
            name: each for name, each in self.contents.items() if not (isinstance(each, Content) and each.remembered)
        }

    def still_true(self, before: Scan, now: Scan) -> Evidence:
        """Leave out the contents of models that are not exactly as they were when they were read."""
        if not self.contents:
            return self
        stamps = {entry.name: entry for entry in before.entries}
        same = {entry.name for entry in now.entries if _is_same(entry, stamps.get(entry.name))}
        return replace(self, contents={name: each for name, each in self.contents.items() if name in same})


NO_EVIDENCE = Evidence()


@dataclass(frozen=True, slots=True)
class Basis:
    """All that a plan is made from."""

    desired: Desired
    inventory: Inventory
    evidence: Evidence


def _is_same(now: Entry, before: Entry | None) -> bool:
    """Tell whether the content must be the same; of a link the stamp says nothing about what it leads to."""
    return before is not None and not now.way and now.stamp == before.stamp
