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
    """The exit codes that scripts rely on.

    Attributes:
        meaning: what ``--help`` and the documents say of it.
    """

    meaning: str

    def __new__(cls, code: int, meaning: str) -> Exit:
        """Make a number that has a meaning."""
        member = int.__new__(cls, code)
        member._value_, member.meaning = code, meaning
        return member

    @property
    def in_short(self) -> str:
        """The meaning without its details."""
        return self.meaning.partition(":")[0]

    DONE = 0, "done, or in sync"
    ERROR = 1, "an error: nothing was changed, or all was put back"
    CHANGES = (
        2,
        (
            "changes: `check`, `verify` or `lock --check` found some; `plan`, `diff` or `apply` with "
            "`--detailed-exitcode`; after an apply, the store changed again"
        ),
    )
    REFUSED = 3, "refused, or not confirmed: nothing was changed"
    UNFINISHED = 4, "stopped half-way: nothing is lost, and the message says what to run"
    LOCKED = 5, "another run holds the lock"
    USAGE = 64, "wrong usage"
    BUG = 70, "a bug in ocrstate, with a report to paste"


INTERRUPTED = "129, 130, 143", "interrupted: nothing was changed, or the message says otherwise"
"""The codes with which SIGHUP, SIGINT and SIGTERM end a command, and what they mean."""

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
