"""Look at something that may be broken in any way, and find something in any case."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, TypeVar

from ocrstate.errors import OcrstateError
from ocrstate.signals import heed
from ocrstate.text.escape import escape_message

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from ocrstate.doctor.model import Findings, Topic

Seen = TypeVar("Seen")

PATIENCE = 5.0
"""Seconds to wait for one look: a disk or a network share that is gone may never answer."""

_SLICE = 0.2  # seconds; Windows delivers Ctrl-C only between two waits


def looked(
    topic: Topic, look: Callable[[], Seen], judge: Callable[[Seen], Findings], patience: float = PATIENCE
) -> Findings:
    """Look and judge; that something cannot be looked at is what was found then."""
    try:
        return judge(within(patience, look))
    except OcrstateError as error:
        return (topic.fail(error.message, error.hint, error=error.code),)
    except TimeoutError:
        return (
            topic.fail(
                f"{_named(topic)} could not be looked at: no answer within {patience:g} seconds",
                "see whether the disk, or the network share, that this is on answers",
            ),
        )
    except (OSError, ValueError) as error:  # the latter from names and numbers that the system itself refuses
        words = escape_message(str(error))
        return (
            topic.warn(
                f"{_named(topic)} could not be looked at: {words}", "run as a user who may look, and see what is there"
            ),
        )


def _named(topic: Topic) -> str:
    return topic.code.replace("-", " ")


def within(seconds: float, look: Callable[[], Seen]) -> Seen:
    """Return what was seen; who looks too long is left behind and ends with the process.

    Raises:
        TimeoutError: it took too long.
        OSError, OcrstateError: what ``look`` raises.
    """
    from concurrent.futures import Future  # noqa: PLC0415 - 10 ms that no other command needs

    future: Future[Seen] = Future()
    thread = threading.Thread(target=_fulfil, args=(future, look), name="doctor", daemon=True)
    thread.start()
    waited = 0.0
    while thread.is_alive():
        if waited >= seconds:
            raise TimeoutError
        thread.join(_SLICE)
        waited += _SLICE
        heed()
    return future.result()


def _fulfil(future: Future[Seen], look: Callable[[], Seen]) -> None:
    try:
        future.set_result(look())
    except BaseException as error:  # noqa: BLE001 - it is raised again where the answer is waited for
        future.set_exception(error)
