"""What holds for all tests."""

from __future__ import annotations

import signal


def pytest_configure() -> None:
    """Hear SIGINT, and so let every process that a test starts hear it.

    A shell starts its background jobs with SIGINT ignored, ocrstate respects that, and so tests that interrupt it would
    wait for ever where the whole run is such a job.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
