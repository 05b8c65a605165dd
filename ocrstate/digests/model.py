"""What a look at the content of a model tells, as values. Pure."""

from __future__ import annotations

from typing import NamedTuple


class Content(NamedTuple):
    """What a reader of the model got.

    Attributes:
        remembered: whether it was read earlier, and has not changed since as far as the system can tell.
    """

    sha256: str
    size: int
    remembered: bool


class Unreadable(NamedTuple):
    """It cannot be read to its end.

    Attributes:
        cause: why not, for a person.
    """

    cause: str


class Unsettled(NamedTuple):
    """It changed while it was read.

    Attributes:
        change: how, for a person.
    """

    change: str


Reading = Content | Unreadable | Unsettled
