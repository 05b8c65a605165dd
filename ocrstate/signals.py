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
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import FrameType

    Handler = Callable[[int, FrameType | None], object] | int | None

_ENDING = ("SIGINT", "SIGTERM", "SIGHUP")  # the last comes when the terminal is closed, and Windows has it not


class Pending:
    """Notes the signals that arrive while they are held back.

    Attributes:
        numbers: those that arrived, each once, in their order.
    """

    def __init__(self, heard: Sequence[int]) -> None:
        self.numbers: list[int] = []
        self._heard = heard

    @property
    def number(self) -> int | None:
        """The first one that arrived; `None` while none did."""
        return self.numbers[0] if self.numbers else None

    def hold(self) -> dict[int, Handler]:
        """Hold signals back from now on; return who handled them."""
        return _install(self._note, self._heard)

    def give_back(self, before: Mapping[int, Handler]) -> None:
        """Let those who handled signals before do so again, and give them the ones that arrived."""
        try:
            _restore(before)
        finally:
            _deliver(self.numbers)

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
        before = _install(self._act, self._heard)
        try:
            self.check()
            yield
        finally:
            _restore(before)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        if number not in self.numbers:
            self.numbers.append(number)

    def _act(self, number: int, frame: FrameType | None) -> None:
        self.hold()  # what follows puts things back: a second signal must not interrupt that
        self._note(number, frame)
        _arrived.append(number)
        self.check()


_arrived: list[int] = []  # signals that were acted on: by the main thread, which alone gets any and has to heed them


def act_on_signals() -> None:
    """Turn the first signal that asks the process to end into `Interrupted`; later ones cannot hurry it.

    Whoever started us may ignore the end of children; then the system would keep no word of how the engine ended.
    """
    sys.unraisablehook = _tell_unless_interrupted
    if hasattr(signal, "SIGCHLD") and signal.getsignal(signal.SIGCHLD) is signal.SIG_IGN:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _install(_interrupt, _heard())


def heed() -> None:
    """Act on a signal once more, should Python have swallowed what it raised; in other threads, do nothing.

    Raises:
        Interrupted: a signal arrived.
    """
    if _arrived and _is_main_thread():
        raise Interrupted(_arrived[0])


def _tell_unless_interrupted(swallowed: sys.UnraisableHookArgs) -> None:
    if not issubclass(swallowed.exc_type, Interrupted):
        sys.__unraisablehook__(swallowed)


def ignore_signals() -> None:
    """Let no signal disturb what is left to do, which is short and bounded."""
    _install(_ignore, _heard())


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let signals wait for a moment; those that arrived are acted on at the end.

    A mask would not do: it is of one thread, and what another one takes is acted on in the main thread as well.
    """
    pending = Pending(_heard())
    before = pending.hold()
    try:
        yield
    finally:
        pending.give_back(before)


def hold_back_signals() -> Pending:
    """Hold signals back until the process ends; whoever works meanwhile asks `Pending` whether one arrived."""
    pending = Pending(_heard())
    pending.hold()
    return pending


@contextmanager
def borrowed_signals() -> Iterator[Pending]:
    """Hold signals back for as long as the block runs, in a process that is not ours alone.

    Those that arrived are delivered again at the end, to whoever handled them before: Ctrl-C raises KeyboardInterrupt
    then. A SIGHUP that the process handles itself asks for something else than its end, and is left to it.

    Raises:
        OcrstateError: a signal ended the work, and whoever handled it before let the process go on.
    """
    pending = Pending([number for number in _heard() if not _is_other_request(number)])
    before = pending.hold()
    state: str | None = None
    try:
        yield pending
    except Interrupted as interrupted:
        state = interrupted.state
    finally:
        if _is_main_thread():
            _arrived.clear()
        pending.give_back(before)
    if state is not None:
        raise OcrstateError("interrupted", f"interrupted by a signal: {state}", "run it again")


def _interrupt(number: int, _frame: FrameType | None) -> None:
    ignore_signals()
    _arrived.append(number)
    raise Interrupted(number)


def _ignore(_number: int, _frame: FrameType | None) -> None:
    return


def _heard() -> list[int]:
    """Tell which signals to handle.

    Left alone are those that whoever started us wants ignored (nohup, a shell's background job), and those that are
    handled outside of Python: nobody could put such a handler back.
    """
    numbers = [getattr(signal, name) for name in _ENDING if hasattr(signal, name)]
    return [number for number in numbers if signal.getsignal(number) not in (signal.SIG_IGN, None)]


def _is_other_request(number: int) -> bool:
    return number == getattr(signal, "SIGHUP", None) and callable(signal.getsignal(number))


def _is_main_thread() -> bool:
    """Tell whether we may set handlers, and get signals."""
    return threading.current_thread() is threading.main_thread()


def _install(handler: Handler, numbers: Sequence[int]) -> dict[int, Handler]:
    """Set the handler for all signals, or, where one that is still in place raises, for none; return those before."""
    if not _is_main_thread():
        return {}
    before = {number: signal.getsignal(number) for number in numbers}
    try:
        for number in numbers:
            signal.signal(number, handler)
    except BaseException:
        _restore(before)
        raise
    return before


def _restore(handlers: Mapping[int, Handler]) -> None:
    """Put all handlers back, even if one that is back in its place gets a signal and raises."""
    try:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    except BaseException:
        _restore(handlers)
        raise


def _deliver(numbers: Sequence[int]) -> None:
    """Send signals to ourselves, also those after one whose handler raises."""
    if numbers:
        try:
            signal.raise_signal(numbers[0])
        finally:
            _deliver(numbers[1:])
