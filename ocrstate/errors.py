"""The errors that end a command, by who can mend them.

Each carries a stable ``code`` for machines, a ``message`` that says what happened and where, and a ``hint`` that says
what to do next. `ocrstate.cli.exits` is the one place that turns them into exit codes.
"""

from __future__ import annotations

from typing import NoReturn


def assert_never(value: NoReturn) -> NoReturn:
    """Let the type checker prove that a ``match`` is complete (``typing`` has this only from Python 3.11 on)."""
    raise AssertionError(f"unhandled value: {value!r}")


class OcrstateError(Exception):
    """A failure that a person can act on."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


class ManifestError(OcrstateError):
    """The manifest cannot be read or is not valid: its author mends it."""


class EngineError(OcrstateError):
    """The engine could not be asked, or did not answer properly."""


class StoreError(OcrstateError):
    """The store cannot be read or changed as it stands."""


class FetchError(OcrstateError):
    """A model cannot be had from its source; nothing was changed.

    Attributes:
        model: its name.
    """

    def __init__(self, model: str, code: str, message: str, hint: str = "") -> None:
        super().__init__(code, message, hint)
        self.model = model


class OutputError(OcrstateError):
    """The answer could not be written to where it was asked for."""


class RefusedError(OcrstateError):
    """A guard refuses, or nobody confirmed: nothing was changed."""


class LockedError(OcrstateError):
    """Another run holds the store's lock."""


class UnfinishedError(OcrstateError):
    """A run stopped half-way and could not be rolled back."""


class Interrupted(BaseException):
    """A signal asked the command to end.

    Attributes:
        signal_number: the signal, for the exit code (128 + number).
        state: what state the store is in.
    """

    def __init__(self, signal_number: int) -> None:
        super().__init__(signal_number)
        self.signal_number = signal_number
        self.state = "nothing was changed"
