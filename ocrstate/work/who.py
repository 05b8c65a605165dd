"""Who runs something, for locks and journals."""

from __future__ import annotations

import os
import socket

from ocrstate.applying.clock import now
from ocrstate.runs.model import Who


def whoami(command: str) -> Who:
    """Return this process and its user; `command` is how it was started."""
    return Who(os.getpid(), _user(), socket.gethostname(), now(), command)


def _user() -> str:
    """Return the user's name, and whom sudo was called by."""
    try:
        import pwd  # noqa: PLC0415 - POSIX alone has it

        name = pwd.getpwuid(os.geteuid()).pw_name
    except (ImportError, KeyError):
        name = os.environ.get("USERNAME") or str(getattr(os, "geteuid", lambda: "?")())
    caller = os.environ.get("SUDO_USER")
    return f"{name} (sudo by {caller})" if caller and caller != name else name
