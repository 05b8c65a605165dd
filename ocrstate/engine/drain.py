"""Read a pipe to its end in the background, so that no child ever waits for a reader."""

from __future__ import annotations

import os
import threading

_CHUNK = 1 << 16


class Drain:
    """What came through a pipe, within bounds.

    A thread of its own reads to the end, whatever the rest of the process does, and then closes our end.
    """

    def __init__(self, descriptor: int, surplus: slice) -> None:
        """Begin to read; whenever something was read, drop the ``surplus`` part of all that is kept."""
        self._descriptor = descriptor
        self._surplus = surplus
        self._data = bytearray()
        self._thread = threading.Thread(target=self._run, name="engine-drain", daemon=True)
        self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait for the pipe's end, so long at most, and tell whether it has come."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def data(self) -> bytes:
        """Return what was kept."""
        return bytes(self._data)

    def _run(self) -> None:
        try:
            while chunk := os.read(self._descriptor, _CHUNK):
                self._data += chunk
                del self._data[self._surplus]
        finally:
            os.close(self._descriptor)
