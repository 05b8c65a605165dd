"""The parent's side of the engine: start it, ask it once, wait until it is gone, and end it whatever happens.

This module comes before any other, so that the engine's start and everything else overlap: until the child runs, it
imports nothing that Python has not loaded by then.
"""

from __future__ import annotations

import os
import time

from ocrstate.engine.spawn import spawn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from ocrstate.engine.answers import EngineListing
    from ocrstate.engine.endings import Ending
    from ocrstate.engine.requests import ListRequest
    from ocrstate.engine.spawn import Child

_BEYOND_ANSWER = slice(256 * 1024 * 1024, None)  # a million names; an answer cut there is noticed by its missing end
_BEFORE_LAST_WORDS = slice(None, -64 * 1024)
_SLICE = 0.2  # seconds; Windows delivers Ctrl-C only between two waits
_PAUSE = 0.0002  # seconds; the process ends about 2 ms after its answer
_PATIENCE = 3.0  # seconds, for what is done at once unless a disk hangs


class EngineProcess:
    """One child with one engine, for one request. Leaving the ``with`` block ends it and removes what it left.

    Attributes:
        private_name: what its private folder is called, and the file in it if it is to list a canary.
    """

    def __init__(self, started: Child | OSError) -> None:
        from ocrstate.engine.drain import Drain  # noqa: PLC0415 - the child comes first

        self._since = time.monotonic()
        self._started = started
        self.private_name = ""
        self._places: tuple[str, ...] = ()
        self._ended = False
        if not isinstance(started, OSError):
            self._answer = Drain(started.stdout, _BEYOND_ANSWER)
            self._errors = Drain(started.stderr, _BEFORE_LAST_WORDS)

    @classmethod
    def start(cls) -> EngineProcess:
        """Start the child and return at once; what goes wrong is raised by `answer`."""
        try:
            return cls(spawn())
        except OSError as error:
            return cls(error)

    def __enter__(self) -> EngineProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def send(self, request: ListRequest) -> None:
        """Ask; once. That the child is gone already is no error here: `answer` tells why.

        Raises:
            ValueError: a path in the request holds NUL.
        """
        from ocrstate.engine.places import places_for  # noqa: PLC0415 - the child comes first
        from ocrstate.engine.requests import encode  # noqa: PLC0415 - likewise

        self.private_name = f"ocrstate-{os.urandom(8).hex()}"
        self._places = places_for(os.environ, self.private_name)
        rest = encode(request, self._places)
        self._since = time.monotonic()
        if isinstance(self._started, OSError):
            return
        try:
            while rest:
                rest = rest[os.write(self._started.stdin, rest) :]
        except BrokenPipeError:
            return

    def answer(self, timeout: float) -> EngineListing:
        """Wait until the child has answered and is gone, which proves that it holds nothing in the store any more.

        Args:
            timeout: seconds, counted from the request: the child may have been started long before, and waited.

        Raises:
            EngineError: there is no engine, or it failed; `FolderVanishedError` is worth another try.
            StoreError: the engine cannot list this store.
        """
        from ocrstate.engine.answers import EngineListing  # noqa: PLC0415 - the child comes first

        result = self._result(timeout)
        if isinstance(result, EngineListing):
            return result
        from ocrstate.engine.diagnosis import diagnose  # noqa: PLC0415 - rare
        from ocrstate.engine.surroundings import look_around  # noqa: PLC0415 - rare

        self.end()
        raise diagnose(result, look_around(self._last_words()))

    def end(self) -> None:
        """Kill the child if it still runs, and remove its private folder if it could not. May be called again."""
        if self._ended or isinstance(self._started, OSError):
            return
        self._started.kill()
        # not interrupted by the very signal that it is ended for: what follows tidies up
        self._poll_until(self._started, time.monotonic() + _PATIENCE, _go_on)
        if self._places:
            from ocrstate.engine.places import remove_leftovers  # noqa: PLC0415 - the child comes first

            remove_leftovers(self._places)
        self._ended = True  # first: a signal after the closing must not close it twice
        os.close(self._started.stdin)

    def _result(self, timeout: float) -> EngineListing | Ending:
        from ocrstate.engine.answers import parse  # noqa: PLC0415 - the child comes first
        from ocrstate.engine.endings import Died, NotStarted, TimedOut  # noqa: PLC0415 - likewise

        if isinstance(self._started, OSError):
            return NotStarted(str(self._started))
        from ocrstate.signals import heed  # noqa: PLC0415 - likewise

        code = self._poll_until(self._started, self._since + timeout, heed)
        if code is None:
            return TimedOut(timeout)
        if code:
            return Died(code)
        self._answer.wait(_PATIENCE)
        return parse(self._answer.data())

    def _poll_until(self, child: Child, deadline: float, between: Callable[[], None]) -> int | None:
        """Return the exit code as soon as the child is gone, and `None` when that takes too long."""
        while (code := child.poll()) is None:
            between()
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            if self._answer.wait(min(left, _SLICE)):
                time.sleep(min(left, _PAUSE))
        return code

    def _last_words(self) -> str:
        if isinstance(self._started, OSError):
            return ""
        self._errors.wait(_PATIENCE)
        return self._errors.data().decode("utf-8", "replace")


def _go_on() -> None:
    return
