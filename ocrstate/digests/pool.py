"""Do many things at once, in threads that stop soon after a signal."""

from __future__ import annotations

import os
import threading
from collections import deque
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Generic, TypeVar

from ocrstate.signals import heed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

J = TypeVar("J")
R = TypeVar("R")

_MOST_THREADS = 32  # each has a buffer of its own, and no memory bus feeds more
_PATIENCE = 0.5  # seconds until we look again whether a signal arrived


def work_off(
    jobs: Sequence[J],
    do: Callable[[J, bytearray, Callable[[int], None]], R],
    done: Callable[[J, R], None],
    watch: Callable[[int], None],
    chunk: int,
) -> None:
    """Do all jobs in their order, as many at once as there are cores.

    Args:
        jobs: what to do.
        do: does one, in a thread, with a buffer and someone to tell now and then how far it is.
        done: is told the result of each, in the thread that called.
        watch: is told in the threads how far they are; what it raises ends all the work, and is raised.
        chunk: bytes of a buffer.

    Raises:
        Interrupted: a signal arrived. No thread works any more by then.
    """
    pool = _Pool(jobs, do, watch, chunk)
    try:
        pool.start(min(len(jobs), cores(), _MOST_THREADS))
        for _ in jobs:
            done(*pool.result())
    finally:
        pool.end()


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Stopped(Exception):  # noqa: N818 - it is no error: the thread was asked to end
    pass


class _Pool(Generic[J, R]):
    def __init__(
        self,
        jobs: Sequence[J],
        do: Callable[[J, bytearray, Callable[[int], None]], R],
        watch: Callable[[int], None],
        chunk: int,
    ) -> None:
        self._jobs = deque(jobs)
        self._do = do
        self._watch = watch
        self._chunk = chunk
        self._stopped = False
        self._threads: list[threading.Thread] = []
        self._results: SimpleQueue[tuple[J, R] | BaseException] = SimpleQueue()

    def start(self, number: int) -> None:
        """Start threads; where the system gives none, do the work right here."""
        for _ in range(number):
            thread = threading.Thread(target=self._work, name="reader")
            self._threads.append(thread)  # first: a signal may arrive when it runs, and `start` has not returned
            try:
                thread.start()
            except RuntimeError:
                self._threads.pop()
                break
        if not self._threads:
            self._work()

    def end(self) -> None:
        """Let every thread end at its next step, and wait for that."""
        self._stopped = True
        for thread in self._threads:
            if thread.is_alive():  # else it has ended, or will before it does anything
                thread.join()

    def result(self) -> tuple[J, R]:
        """Wait for the next result."""
        while True:
            heed()
            try:
                result = self._results.get(timeout=_PATIENCE)
            except Empty:
                continue
            if isinstance(result, BaseException):
                raise result
            return result

    def _work(self) -> None:
        buffer = bytearray(self._chunk)
        try:
            while self._jobs and not self._stopped:
                try:
                    job = self._jobs.popleft()
                except IndexError:
                    return  # another thread took the last one
                self._results.put((job, self._do(job, buffer, self._step)))
        except _Stopped:
            return
        except BaseException as error:  # noqa: BLE001 - it is raised where the results are waited for
            self._results.put(error)

    def _step(self, count: int) -> None:
        if self._stopped:
            raise _Stopped
        self._watch(count)
