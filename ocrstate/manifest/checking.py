"""What the check that is compiled from the schema is made of."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class DoesNotFitError(Exception):
    """The data does not fit the schema."""


class Pattern:
    """A pattern that is compiled when it is first needed: most manifests need half of them."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def search(self) -> Callable[[str], re.Match[str] | None]:
        """How to look for it, from the first character on."""
        return re.compile(self._text).search
