"""Who runs a command of the command line, for locks and journals."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ocrstate.work import who

if TYPE_CHECKING:
    from ocrstate.runs.model import Who


def whoami() -> Who:
    """Return this process, its user and its command."""
    return who.whoami(command_line())


def command_line() -> str:
    """Return the command as it was given."""
    return " ".join(["ocrstate", *sys.argv[1:]])
