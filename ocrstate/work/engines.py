"""Give out engine processes; the first may have been started before anything else was imported.

Like `ocrstate.engine.process`, this imports nothing before the first process runs.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

    from ocrstate.engine.process import EngineProcess
    from ocrstate.engine.requests import ListRequest


class Engines:
    """Starts engine processes, and ends what was started and not used."""

    def __init__(self) -> None:
        self._ready: EngineProcess | None = None
        self._asked: ListRequest | None = None

    def ask_ahead(self, request: ListRequest) -> None:
        """Send the first process a request that `ask` will be called with later, so that it can work meanwhile."""
        if self._ready is not None:
            self._ready.send(request)
            self._asked = request

    def start_ahead(self) -> None:
        """Start the process for the next question now."""
        if self._ready is None:
            self._ready, self._asked = _start(), None

    def ask(self, request: ListRequest) -> EngineProcess:
        """Return a process that has been sent the request."""
        ready, self._ready = self._ready, None
        if ready is not None and self._asked == request:
            return ready
        if ready is None or self._asked is not None:
            if ready is not None:
                ready.end()
            ready = _start()
        ready.send(request)
        return ready

    def __enter__(self) -> Engines:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._ready is not None:
            self._ready.end()


def _start() -> EngineProcess:
    from ocrstate.engine.process import EngineProcess  # noqa: PLC0415 - not needed for --version and --help

    return EngineProcess.start()
