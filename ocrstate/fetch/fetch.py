"""Get several models at once, and all of them or none."""

from __future__ import annotations

import time
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from threading import Event
from typing import TYPE_CHECKING, Final

from ocrstate.fetch import problems
from ocrstate.fetch.download import Tools, download
from ocrstate.fetch.model import Pace, Staged
from ocrstate.signals import heed
from ocrstate.sources.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ocrstate.fetch.model import Wanted
    from ocrstate.writer.staging import Staging
    from ocrstate.writer.store_writer import StoreWriter

_USUAL: Final = Pace()
_HEED: Final = 0.2  # seconds after which a signal is heeded that Python swallowed


def fetch_all(
    writer: StoreWriter, wanted: Sequence[Wanted], jobs: int, watch: Callable[[int], None], pace: Pace = _USUAL
) -> tuple[Staged, ...]:
    """Get models into the store's staging folder, so many at once; the store itself is left alone.

    ``watch`` is told, from any thread, of bytes that are there more than before: those that an earlier run left as
    well, so that all of them make up the sizes of the models; fewer than none when a download starts over. With one
    job, no thread is started.

    Raises:
        FetchError: one of them cannot be got; what came of the others stays in staging, for a later run.
        StoreError: the store is not writable.
        Interrupted: a signal asked to end.
    """
    if not wanted:
        return ()
    writer.staging.prepare()
    _refuse_too_much(writer.staging, wanted)
    with Reader(pace.connect, pace.stall) as reader:
        if jobs == 1 or len(wanted) == 1:
            tools = Tools(writer.staging, reader, pace, watch, heed, _sleep)
            return tuple(download(tools, each) for each in wanted)
        return _Crew(writer.staging, reader, pace, watch).fetch(wanted, jobs)


def _refuse_too_much(staging: Staging, wanted: Sequence[Wanted]) -> None:
    """Refuse before the first byte what does not fit; the plan looked as well, but that may have been a while ago.

    Raises:
        FetchError: it does not.
    """
    with suppress(OSError):  # then it shows when it is written
        here, free = staging.sizes(), staging.free_space()
        needed = sum(max(0, each.size - here.get(each.key, 0)) for each in wanted if each.size is not None)
        if needed > free:
            raise problems.too_much(wanted, needed, free)


def _sleep(seconds: float) -> None:
    time.sleep(seconds)
    heed()


class _StoppedError(Exception):
    """Another download failed, or a signal asked to end."""


class _Crew:
    """Threads that get models; the first failure stops all."""

    def __init__(self, staging: Staging, reader: Reader, pace: Pace, watch: Callable[[int], None]) -> None:
        self._stopped = Event()
        self._reader = reader
        self._tools = Tools(staging, reader, pace, watch, self._check, self._wait)

    def fetch(self, wanted: Sequence[Wanted], jobs: int) -> tuple[Staged, ...]:
        """Get them, large ones first, so that no large one is left when the others are done."""
        by_size = sorted(wanted, key=lambda each: each.size or 0, reverse=True)
        with ThreadPoolExecutor(jobs, "fetch") as pool:
            try:
                futures = {pool.submit(download, self._tools, each): each.key for each in by_size}
                self._wait_for(set(futures))
                staged = {key: future.result() for future, key in futures.items()}
            finally:
                self._stop()
                pool.shutdown(cancel_futures=True)
        return tuple(staged[each.key] for each in wanted)

    def _wait_for(self, pending: set[Future[Staged]]) -> None:
        """Wait for all, or for the first failure.

        Raises:
            FetchError: it failed.
            Interrupted: a signal asked to end.
        """
        while pending:
            done, pending = wait(pending, timeout=_HEED, return_when=FIRST_EXCEPTION)
            heed()
            for future in done:
                future.result()

    def _stop(self) -> None:
        self._stopped.set()
        self._reader.end()

    def _check(self) -> None:
        if self._stopped.is_set():
            raise _StoppedError

    def _wait(self, seconds: float) -> None:
        self._stopped.wait(seconds)
        self._check()
