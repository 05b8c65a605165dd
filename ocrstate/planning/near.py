"""What is nearly a name, and what keeps it from being the same. Pure.

Which names are near is found out in `ocrstate.planning.near_names`, which is imported only where something is missing.
"""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple


class Aspect(Enum):
    """In what two names differ."""

    CASE = "case"
    SPACES = "spaces"
    UNICODE = "unicode-form"
    FOLDER = "folder"
    EXTENSION = "extension"
    VERSION = "version"
    SPELLING = "spelling"


_SLIGHT: Final = frozenset({Aspect.CASE, Aspect.SPACES, Aspect.UNICODE})


class Near(NamedTuple):
    """A name that is nearly another one.

    Attributes:
        differs_in: what keeps it from being the same; never empty.
    """

    name: str
    differs_in: tuple[Aspect, ...]

    @property
    def is_surely_meant(self) -> bool:
        """Whether it differs in nothing by which people tell models apart."""
        return _SLIGHT.issuperset(self.differs_in)
