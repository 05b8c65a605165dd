"""Who holds a store's lock, as far as it left its name there."""

from __future__ import annotations

import json
import os
import socket
from typing import TYPE_CHECKING

from ocrstate.jsondata import as_mapping, as_number, as_text
from ocrstate.names import LOCK_FILE
from ocrstate.runs.folders import opened
from ocrstate.runs.model import Who
from ocrstate.store.opened import NO_FOLLOW

if TYPE_CHECKING:
    from collections.abc import Mapping

_FOLDER = LOCK_FILE.rpartition("/")[0]
_NAME = "holder.json"
_READ = os.O_RDONLY | NO_FOLLOW | getattr(os, "O_NONBLOCK", 0)  # a pipe would wait for a writer

HOLDER_FILE = f"{_FOLDER}/{_NAME}"
"""The file beside the lock in which its holder leaves a name."""


def holder_of_lock(store: int) -> Who | None:
    """Return who left a name at the lock, unless that is a process that has ended; `store` is the store's descriptor.

    Whether the lock is held at all is not looked at.
    """
    try:
        with opened(store, _FOLDER) as folder, open(os.open(_NAME, _READ, dir_fd=folder), encoding="utf-8") as file:
            holder = _who(as_mapping(json.load(file)))
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return None if holder.host == socket.gethostname() and not _is_alive(holder.pid) else holder


def _who(data: Mapping[str, object]) -> Who:
    return Who(
        as_number(data["pid"]),
        as_text(data["user"]),
        as_text(data["host"]),
        as_text(data["started"]),
        as_text(data["command"]),
    )


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
