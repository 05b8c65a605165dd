from __future__ import annotations

import errno
import time
from dataclasses import dataclass, field

import pytest

from ocrstate.writer.patience import LIMIT, Patience


@dataclass
class Change:
    """A change that fails a number of times before it can be made."""

    error: OSError
    failures: int
    tries: int = field(default=0, init=False)

    def __call__(self) -> None:
        self.tries += 1
        if self.tries <= self.failures:
            raise self.error


def of_system(number: int) -> OSError:
    return OSError(number, "in the way")


def of_windows(number: int) -> OSError:
    error = OSError(errno.EACCES, "in the way")
    error.winerror = number  # type: ignore[attr-defined,unused-ignore] # only Windows sets it
    return error


def at_leisure() -> bool:
    return False


PASSING = [
    *(of_system(number) for number in (errno.EBUSY, errno.ETXTBSY, errno.EDEADLK, errno.EINTR)),
    *(of_windows(number) for number in (5, 32, 33)),
]
LASTING = [
    *(of_system(number) for number in (errno.EACCES, errno.EPERM, errno.EIO, errno.ENOSPC, errno.EROFS, errno.EXDEV)),
    *(of_system(number) for number in (errno.ENOENT, errno.EEXIST, errno.EMFILE)),
    of_windows(3),
]


def told(error: OSError) -> str:
    return f"{errno.errorcode[error.errno or 0]}-{getattr(error, 'winerror', '')}"


def test_what_nothing_is_in_the_way_of_is_made_once_and_at_once() -> None:
    change = Change(of_system(errno.EBUSY), failures=0)
    started = time.monotonic()
    Patience(at_leisure)(change)
    assert change.tries == 1
    assert time.monotonic() - started < 0.02


@pytest.mark.parametrize("error", PASSING, ids=told)
@pytest.mark.parametrize("failures", [1, 3])
def test_what_another_process_is_in_the_way_of_for_a_moment_is_made(error: OSError, failures: int) -> None:
    change = Change(error, failures)
    Patience(at_leisure)(change)
    assert change.tries == failures + 1


@pytest.mark.parametrize("error", LASTING, ids=told)
def test_what_does_not_pass_is_not_waited_for(error: OSError) -> None:
    change = Change(error, failures=1)
    with pytest.raises(OSError, match="in the way") as raised:
        Patience(at_leisure)(change)
    assert raised.value is error
    assert change.tries == 1


def test_what_never_passes_is_given_up_when_the_time_is_used_up() -> None:
    change = Change(of_system(errno.EBUSY), failures=1_000_000)
    started = time.monotonic()
    with pytest.raises(OSError, match="in the way"):
        Patience(at_leisure, limit=0.2)(change)
    assert 0.2 <= time.monotonic() - started < 0.2 + 1.0
    assert 3 <= change.tries <= 10, "the pauses grow"


def test_the_time_is_that_of_the_whole_run_and_not_of_each_change() -> None:
    patiently = Patience(at_leisure, limit=0.1)
    with pytest.raises(OSError, match="in the way"):
        patiently(Change(of_system(errno.EBUSY), failures=1_000_000))
    next_one = Change(of_system(errno.EBUSY), failures=1)
    with pytest.raises(OSError, match="in the way"):
        patiently(next_one)
    assert next_one.tries == 1
    patiently(Change(of_system(errno.EBUSY), failures=0))


def test_who_wants_the_run_to_end_is_not_kept_waiting() -> None:
    wanted: list[bool] = []
    change = Change(of_system(errno.EBUSY), failures=1_000_000)
    started = time.monotonic()

    def hurried() -> bool:
        wanted.append(True)
        return len(wanted) > 2

    with pytest.raises(OSError, match="in the way"):
        Patience(hurried)(change)
    assert change.tries == 3
    assert time.monotonic() - started < LIMIT / 2
