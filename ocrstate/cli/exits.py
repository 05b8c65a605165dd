"""The one place that turns what happened into an exit code."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from ocrstate.errors import (
    Interrupted,
    LockedError,
    OcrstateError,
    RefusedError,
    UnfinishedError,
    assert_never,
)

if TYPE_CHECKING:
    from ocrstate.applying.result import Result


class Exit(IntEnum):
    """The exit codes that scripts rely on."""

    DONE = 0
    ERROR = 1
    CHANGES = 2
    REFUSED = 3
    UNFINISHED = 4
    LOCKED = 5
    USAGE = 64
    BUG = 70


_SIGNALLED = 128  # a shell's way to say which signal ended a command


def of_error(error: BaseException) -> int:
    """Return the exit code of what ended a command."""
    match error:
        case RefusedError():
            return Exit.REFUSED
        case LockedError():
            return Exit.LOCKED
        case UnfinishedError():
            return Exit.UNFINISHED
        case OcrstateError():
            return Exit.ERROR
        case Interrupted(signal_number=number):
            return _SIGNALLED + number
        case _:
            return Exit.BUG


def of_result(result: Result) -> int:
    """Return the exit code of a run: done only where the store, listed again, matches or differs as was allowed."""
    from ocrstate.applying.result import RunStatus  # noqa: PLC0415 - not needed for --version and --help

    match result.status:
        case RunStatus.SUCCESS:
            return Exit.DONE if result.in_sync or result.allowed else Exit.CHANGES
        case RunStatus.REFUSED:
            return Exit.REFUSED
        case RunStatus.FAILED:
            return Exit.ERROR
        case RunStatus.NEEDS_RECOVERY:
            return Exit.UNFINISHED
        case _:
            assert_never(result.status)
