"""Hold signals back while a store is being changed, so that a run ends between two steps and never within one."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from ocrstate.errors import Interrupted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    Handler = Callable[[int, FrameType | None], object]

_ENDING = ("SIGINT", "SIGTERM", "SIGHUP")  # the last comes when the terminal is closed, and Windows has it not


def raise_when_asked_to_end() -> None:
    """Turn the signals that ask a process to end into `Interrupted`."""
    _install(_raise)


class Pending:
    """Notes the signal that arrived while signals are held back.

    Attributes:
        number: the first signal that arrived; `None` while none did.
    """

    def __init__(self) -> None:
        self.number: int | None = None

    def note(self, number: int, _frame: FrameType | None) -> None:
        """Note a signal; the first one counts."""
        self.number = self.number or number

    def check(self) -> None:
        """Act on the signal that arrived.

        Raises:
            Interrupted: one did.
        """
        if self.number is not None:
            raise Interrupted(self.number)

    @contextmanager
    def let_through(self) -> Iterator[None]:
        """Act on signals at once for a while, because nothing is changed meanwhile."""
        self.check()
        _install(_raise)
        try:
            yield
        finally:
            _install(self.note)


@contextmanager
def held_back() -> Iterator[Pending]:
    """Hold signals back; whoever works meanwhile asks `Pending` whether one arrived."""
    pending = Pending()
    before = _install(pending.note)
    try:
        yield pending
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _raise(number: int, _frame: FrameType | None) -> NoReturn:
    raise Interrupted(number)


def _install(handler: Handler) -> dict[int, Handler | int | None]:
    """Set the handler, except for signals that whoever started us wants ignored (nohup, a shell's background job)."""
    if threading.current_thread() is not threading.main_thread():
        return {}  # only the main thread may set handlers, and only it gets signals
    numbers = [getattr(signal, name) for name in _ENDING if hasattr(signal, name)]
    heard = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
    return {number: signal.signal(number, handler) for number in heard}
