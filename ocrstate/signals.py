"""Signals that ask a process to end: acted on at once, but held back while a store is being changed.

To act on one is to raise `Interrupted`. Python swallows what is raised in callbacks of its own (of weak references, of
imports), so whoever waits for long calls `heed` now and then.
"""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ocrstate.errors import Interrupted, OcrstateError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    Handler = Callable[[int, FrameType | None], object] | int | None

_ENDING = ("SIGINT", "SIGTERM", "SIGHUP")  # the last comes when the terminal is closed, and Windows has it not


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
        """Act on signals at once for a while, because nothing is changed meanwhile.

        Raises:
            Interrupted: one arrived before, or arrives meanwhile.
        """
        before = _install(self._act)
        try:
            self.check()
            yield
        finally:
            _restore(before)

    def _act(self, number: int, frame: FrameType | None) -> None:
        _install(self.note)  # what follows puts things back: a second signal must not interrupt that
        self.note(number, frame)
        _arrived.append(number)
        self.check()


_arrived: list[int] = []  # signals that were acted on


def act_on_signals() -> None:
    """Turn the first signal that asks the process to end into `Interrupted`; later ones cannot hurry it."""
    sys.unraisablehook = _tell_unless_interrupted
    _install(_interrupt)


def heed() -> None:
    """Act on a signal once more, should Python have swallowed what it raised.

    Raises:
        Interrupted: a signal arrived.
    """
    if _arrived:
        raise Interrupted(_arrived[0])


def _tell_unless_interrupted(swallowed: sys.UnraisableHookArgs) -> None:
    if not issubclass(swallowed.exc_type, Interrupted):
        sys.__unraisablehook__(swallowed)


def ignore_signals() -> None:
    """Let no signal disturb what is left to do, which is short and bounded."""
    _install(_ignore)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let signals wait for a moment, where the system can; one that arrived is acted on at the end."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [getattr(signal, name) for name in _ENDING])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def hold_back_signals() -> Pending:
    """Hold signals back until the process ends; whoever works meanwhile asks `Pending` whether one arrived."""
    pending = Pending()
    _install(pending.note)
    return pending


@contextmanager
def borrowed_signals() -> Iterator[Pending]:
    """Hold signals back for as long as the block runs, in a process that is not ours alone.

    One that arrived is delivered again at the end, to whoever handled it before: Ctrl-C raises KeyboardInterrupt then.

    Raises:
        OcrstateError: a signal ended the work, and whoever handled it before let the process go on.
    """
    pending = Pending()
    before = _install(pending.note)
    state: str | None = None
    try:
        yield pending
    except Interrupted as interrupted:
        state = interrupted.state
    finally:
        _restore(before)
        _arrived.clear()
        if pending.number is not None:
            signal.raise_signal(pending.number)
    if state is not None:
        raise OcrstateError("interrupted", f"interrupted by a signal: {state}", "run it again")


def _interrupt(number: int, _frame: FrameType | None) -> None:
    ignore_signals()
    _arrived.append(number)
    raise Interrupted(number)


def _ignore(_number: int, _frame: FrameType | None) -> None:
    return


def _install(handler: Handler) -> dict[int, Handler]:
    """Set the handler, except for signals that whoever started us wants ignored (nohup, a shell's background job)."""
    if threading.current_thread() is not threading.main_thread():
        return {}  # only the main thread may set handlers, and only it gets signals
    numbers = [getattr(signal, name) for name in _ENDING if hasattr(signal, name)]
    heard = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
    return {number: signal.signal(number, handler) for number in heard}


def _restore(handlers: dict[int, Handler]) -> None:
    for number, handler in handlers.items():
        signal.signal(number, handler)
