"""What is to be got, what was got, and how patiently. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ocrstate.runs.model import Mark
    from ocrstate.sources.model import Source


class Wanted(NamedTuple):
    """A model that is to be got.

    Attributes:
        name: relative to the store, with ``/``.
        shown: its source for people, without what could be secret.
        sha256: the digest that it must have, in hexadecimal; remote sources always have one.
        size: the bytes that it must have.
    """

    name: str
    source: Source
    shown: str
    sha256: str | None
    size: int | None

    @property
    def key(self) -> str:
        """What its files in staging are called: an address may change, a digest tells what was got from there."""
        content = self.sha256 or self.address
        return hashlib.sha256(f"{self.name}\0{content}".encode("utf-8", "surrogatepass")).hexdigest()[:32]

    @property
    def address(self) -> str:
        """A digest of the source, which tells nothing of it."""
        spelled = "\0".join((type(self.source).__name__, *self.source))
        return hashlib.sha256(spelled.encode("utf-8", "surrogatepass")).hexdigest()


class Staged(NamedTuple):
    """A model that lies in staging: whole, verified and on disk.

    Attributes:
        name: relative to the store, with ``/``.
        key: what its file in staging is called.
        sha256: its digest in hexadecimal.
        size: its length in bytes.
        mark: what tells the file.
        transferred: the bytes that came from its source in this run.
    """

    name: str
    key: str
    sha256: str
    size: int
    mark: Mark
    transferred: int


@dataclass(frozen=True, slots=True)
class Pace:
    """How patiently models are got; times are in seconds.

    Attributes:
        attempts: how often in a row nothing may come.
        first_pause: before the second attempt; each later one is twice as long.
        longest_pause: bounds that.
        longest_asked: the longest pause that a server may ask for.
        connect: for a server to accept a connection.
        stall: for a server to send anything.
    """

    attempts: int = 6
    first_pause: float = 0.5
    longest_pause: float = 30.0
    longest_asked: float = 120.0
    connect: float = 10.0
    stall: float = 30.0

    def pause(self, failures: int, jitter: float, asked: float | None = None) -> float | None:
        """Return how long to wait after so many failures in a row; `None` to give up.

        ``jitter`` is chance, from 0 up to 1: it keeps many hosts from coming back at the same moment.
        """
        if failures >= self.attempts or (asked is not None and asked > self.longest_asked):
            return None
        own = min(self.longest_pause, self.first_pause * 2.0 ** (failures - 1)) * (0.5 + jitter / 2)
        return max(own, asked or 0.0)
