"""How what takes long is shown to whoever waits for it. Pure."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    Progress = Callable[[int], AbstractContextManager[Callable[[int], None]]]
    """Shows how far something has come, given how many bytes there are in all, and told of further ones."""


class Watch(Protocol):
    """Shows that something is under way; every part of it may show nothing."""

    def progress(self, title: str) -> Progress:
        """Return what shows how many of a number of bytes are done."""

    def waiting(self, title: str) -> AbstractContextManager[None]:
        """Show, for as long as the block runs, that something is waited for of which no more is known."""

    def counting(self, title: str, total: int) -> AbstractContextManager[Callable[[], None]]:
        """Show, for as long as the block runs, how many of a number of steps it was told of."""


class Unwatched:
    """Nobody waits, or nobody can see."""

    def progress(self, _title: str) -> Progress:
        """Show nothing."""
        return lambda _total: nullcontext(_nothing_of)

    def waiting(self, _title: str) -> AbstractContextManager[None]:
        """Show nothing."""
        return nullcontext()

    def counting(self, _title: str, _total: int) -> AbstractContextManager[Callable[[], None]]:
        """Show nothing."""
        return nullcontext(_nothing)


UNWATCHED = Unwatched()


def _nothing() -> None:
    return


def _nothing_of(_count: int) -> None:
    return
