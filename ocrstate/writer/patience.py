"""Wait for what another process is in the way of, within a limit."""

from __future__ import annotations

import errno
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LIMIT = 5.0
"""Seconds that one run waits in all."""

_FIRST_PAUSE = 0.02
_LONGEST_PAUSE = 0.5
_PASSING = frozenset({errno.EBUSY, errno.ETXTBSY, errno.EDEADLK, errno.EINTR})
_PASSING_ON_WINDOWS = frozenset({5, 32, 33})  # access denied, sharing violation, lock violation


class Patience:
    """Tries a change again while another process is in its way, until the time for that is used up.

    ``is_hurried`` tells that somebody wants the run to end: then nothing is waited for.
    """

    def __init__(self, is_hurried: Callable[[], bool], limit: float = LIMIT) -> None:
        self._is_hurried = is_hurried
        self._left = limit

    def __call__(self, change: Callable[[], None]) -> None:
        """Make the change.

        Raises:
            OSError: it cannot be made, or not in time.
        """
        pause = _FIRST_PAUSE
        while True:
            try:
                return change()
            except OSError as error:
                if not _is_passing(error) or self._left <= 0 or self._is_hurried():
                    raise
            time.sleep(pause)
            self._left -= pause
            pause = min(2 * pause, _LONGEST_PAUSE)


def _is_passing(error: OSError) -> bool:
    return error.errno in _PASSING or getattr(error, "winerror", None) in _PASSING_ON_WINDOWS
