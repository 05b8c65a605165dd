"""A look that fails is a finding, whatever way it fails in."""

from __future__ import annotations

import errno
import os
import threading
from typing import TYPE_CHECKING, NoReturn

import pytest

from ocrstate.doctor.looked import looked
from ocrstate.doctor.model import Area, Topic
from ocrstate.errors import Interrupted, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocrstate.doctor.model import Findings

TOPIC = Topic(Area.STORE, "store-folder")


def judged(seen: str) -> Findings:
    return (TOPIC.ok(seen),)


def raising(error: BaseException) -> Callable[[], NoReturn]:
    def look() -> NoReturn:
        raise error

    return look


def test_what_is_seen_is_judged() -> None:
    (found,) = looked(TOPIC, lambda: "well", judged)
    assert (found.status.value, found.message) == ("ok", "well")


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (StoreError("store-missing", "there is no store", "make one"), "fail", "there is no store"),
        (PermissionError(errno.EACCES, "Permission denied", "/a\x1b"), "warn", "store folder could not be looked at: "),
        (OSError(errno.EIO, os.strerror(errno.EIO)), "warn", "Input/output error"),
        (ValueError("embedded null byte"), "warn", "embedded null byte"),
    ],
    ids=repr,
)
def test_what_fails_is_found(error: Exception, status: str, message: str) -> None:
    (found,) = looked(TOPIC, raising(error), judged)
    assert (found.code, found.status.value, message in found.message) == ("store-folder", status, True)
    assert found.hint
    assert "\x1b" not in found.message


def test_what_never_answers_is_left_behind() -> None:
    answer = threading.Event()
    (found,) = looked(TOPIC, lambda: str(answer.wait(60)), judged, patience=0.2)
    answer.set()
    assert (found.status.value, found.message) == (
        "fail",
        "store folder could not be looked at: no answer within 0.2 seconds",
    )


def test_a_bug_and_an_interruption_are_neither_hidden() -> None:
    for error in (KeyError("bug"), Interrupted(2)):
        with pytest.raises(type(error)):
            looked(TOPIC, raising(error), judged)
