"""What holds for all tests."""

from __future__ import annotations

import os
import signal
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

_COUNTED = "crash matrix: "


def pytest_configure() -> None:
    """Hear SIGINT, so that every process that a test starts hears it, and know of no data folder of this user.

    A shell starts its background jobs with SIGINT ignored, ocrstate respects that, and so tests that interrupt it would
    wait for ever where the whole run is such a job. With a data folder, the engine would have its store in there.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ["XDG_DATA_HOME"] = "/dev/null/none"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many points the crash matrix had; it stands here because pytest-xdist's controller sees no deeper."""
    points: Counter[str] = Counter()
    for report in (*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")):
        points.update({name: value for name, value in report.user_properties if name.startswith(_COUNTED)})
    if points:
        kills, faults = points[f"{_COUNTED}kills"], points[f"{_COUNTED}faults"]
        terminalreporter.write_line(f"{_COUNTED}{kills:,} kill points, {faults:,} faults")
