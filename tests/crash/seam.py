"""Stand between ocrstate and the system's file calls: count them, and let trouble strike at one of them."""

from __future__ import annotations

import errno
import os
import signal
from dataclasses import dataclass, field, replace
from enum import Enum
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_CHANGING = frozenset(
    {"rename", "unlink", "rmdir", "mkdir", "link", "write", "ftruncate", "fsync", "fchmod", "fchown", "chmod", "chown"}
    | {"replace", "remove", "symlink", "truncate", "utime", "fdatasync"}
)
_LOOKING = frozenset({"open", "stat", "fstat", "listdir", "scandir"})
_CHANGING_MODULES = tuple(f"ocrstate.writer.{name}" for name in ("folders", "journals", "models", "staging", "durable"))
_READING_MODULES = ("ocrstate.runs.read", "ocrstate.runs.folders", "ocrstate.store.opened", "ocrstate.store.scan")
_SHOWN = 70


class How(Enum):
    """What happens at a call."""

    KILL = "killed before"
    KILL_HALF_WRITTEN = "killed half through"
    FAIL = "fails once"
    FAIL_HALF_WRITTEN = "is cut short, the next one fails"
    FAIL_FOR_EVER = "fails, and all that change or sync something from then on"


@dataclass(frozen=True)
class Trouble:
    """What happens at the call with this number."""

    at: int
    how: How
    error: int = 0

    @property
    def kills(self) -> bool:
        """Whether the process dies of it."""
        return self.how in (How.KILL, How.KILL_HALF_WRITTEN)

    def __str__(self) -> str:
        return " ".join(filter(None, (self.how.value, errno.errorcode.get(self.error, ""))))


@dataclass(frozen=True)
class Call:
    """A call that was made.

    Attributes:
        changes: whether it changed something or waited for the disk; to make what is there already does not.
    """

    name: str
    about: str
    changes: bool

    def __str__(self) -> str:
        return f"{self.name}({self.about})"


@dataclass
class Seam:
    """Takes the place of the module `os` in the modules that change or read a store.

    Attributes:
        calls: those that were made, in order.
        meanwhile: is called before each call, with its number; stands for what another process does.
    """

    trouble: Trouble | None = None
    meanwhile: Callable[[Seam, Call], None] = lambda _seam, _call: None
    calls: list[Call] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever `os` has
        real = getattr(os, name)
        if name not in _CHANGING | _LOOKING:
            return real
        return lambda *given, **options: self._call(name, real, *given, **options)

    def install(self) -> None:
        """Let ocrstate make its calls through this one."""
        import_module("ocrstate.store.openers").__dict__["os"] = _Alone()
        for name in (*_CHANGING_MODULES, *_READING_MODULES):
            import_module(name).__dict__["os"] = self

    def _call(self, name: str, real: Callable[..., object], *given: object, **options: object) -> object:
        call = Call(name, _about(given), changes=name in _CHANGING or (name == "open" and _creates(given)))
        self.meanwhile(self, call)
        self.calls.append(call)
        if self.trouble is not None:
            written = self._strike(self.trouble, call, len(self.calls) - 1, given)
            if written is not None:
                return written
        if name in ("fsync", "fdatasync"):
            return None  # what a killed process wrote stays: waiting for the disk would only take time
        try:
            return real(*given, **options)
        except (FileExistsError, FileNotFoundError):
            self.calls[-1] = replace(call, changes=False)
            raise

    def _strike(self, trouble: Trouble, call: Call, number: int, given: tuple[object, ...]) -> int | None:
        match trouble.how, number - trouble.at:
            case How.KILL, 0:
                _die()
            case How.KILL_HALF_WRITTEN, 0:
                _write_half(given)
                _die()
            case How.FAIL_HALF_WRITTEN, 0:
                return _write_half(given)
            case (How.FAIL, 0) | (How.FAIL_HALF_WRITTEN, 1):
                raise _error(trouble.error, call)
            case How.FAIL_FOR_EVER, later if later == 0 or (later > 0 and call.changes):
                raise _error(trouble.error, call)
        return None


class _Alone:
    """Stands for `os` on a system without other processes: to ask what they have open takes longer than the run."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever `os` has
        return (lambda _: []) if name == "listdir" else getattr(os, name)


def _error(number: int, call: Call) -> OSError:
    return OSError(number, os.strerror(number), call.about)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _write_half(given: tuple[object, ...]) -> int:
    file, data = given
    assert isinstance(file, int)
    assert isinstance(data, bytes)
    return os.write(file, data[: len(data) // 2])


def _creates(given: tuple[object, ...]) -> bool:
    return len(given) > 1 and isinstance(given[1], int) and bool(given[1] & os.O_CREAT)


def _about(given: tuple[object, ...]) -> str:
    words = [os.fsdecode(each) for each in given if isinstance(each, str | bytes)]
    return words[0][:_SHOWN].rstrip() if words else ""
