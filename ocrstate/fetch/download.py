"""Get one model into staging: take up what is there, go on, try again, and believe nothing that was not checked."""

from __future__ import annotations

import errno
import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from random import random
from typing import TYPE_CHECKING, Final

from ocrstate.fetch import problems
from ocrstate.fetch.model import Staged
from ocrstate.fetch.notes import Note, note_of
from ocrstate.sources.body import RefusedError, TemporaryError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocrstate.errors import FetchError
    from ocrstate.fetch.model import Pace, Wanted
    from ocrstate.sources.body import Body
    from ocrstate.sources.reader import Reader
    from ocrstate.writer.staging import StagedFile, Staging

_FULL: Final = (errno.ENOSPC, errno.EDQUOT)
_SPARE: Final = 256 * 1024  # bytes to leave: a disk that is full to its last block has no room for a run's journal


@dataclass(frozen=True, slots=True)
class Tools:
    """What downloads work with.

    Attributes:
        watch: is told how many bytes of a model are there more than before; fewer than none when it starts over.
        check: raises if the download is to stop; called at least for every piece that comes.
        wait: waits so many seconds; raises like ``check``.
    """

    staging: Staging
    reader: Reader
    pace: Pace
    watch: Callable[[int], None]
    check: Callable[[], None]
    wait: Callable[[float], None]


def download(tools: Tools, wanted: Wanted) -> Staged:
    """Get a model.

    Raises:
        FetchError: that is not possible; what has come of it stays for a later run, unless it is wrong.
    """
    try:
        return _believed(tools, wanted) or _downloaded(tools, wanted)
    except OSError as error:  # sources raise their own: this is the store's
        raise problems.not_writable(wanted, os.strerror(error.errno or 0)) from error


def _believed(tools: Tools, wanted: Wanted) -> Staged | None:
    """Return what an earlier run got, if it is what is wanted; it is read again, and removed if it is not."""
    whole = tools.staging.open_whole(wanted.key)
    if whole is None:
        return None
    with whole:
        size = whole.size
        digest = _read_through(tools, whole) if wanted.sha256 and wanted.size in (None, size) else ""
    if digest and digest == wanted.sha256:
        return Staged(wanted.name, wanted.key, digest, size, tools.staging.mark(wanted.key), 0)
    if digest:
        tools.watch(-size)
    tools.staging.forget(wanted.key)
    return None


def _read_through(tools: Tools, file: StagedFile) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        tools.check()
        digest.update(chunk)
        tools.watch(len(chunk))
    return digest.hexdigest()


def _downloaded(tools: Tools, wanted: Wanted) -> Staged:
    with tools.staging.open_part(wanted.key, wanted.name) as part:
        work = _Download(tools, wanted, part)
        try:
            work.run()
            part.settle()
        except _WrongError as wrong:
            tools.staging.forget(wanted.key)
            raise wrong.error from None
        except OSError as error:
            if error.errno not in _FULL:
                raise
            with suppress(OSError):
                tools.staging.forget(wanted.key)  # a full disk must not stay full because of us
            raise problems.store_full(wanted, work.missing, None) from error
        mark = tools.staging.finish(wanted.key)
        return Staged(wanted.name, wanted.key, work.digest, part.size, mark, work.transferred)


class _WrongError(Exception):
    """What came is not what is wanted.

    Attributes:
        error: says so.
    """

    def __init__(self, error: FetchError) -> None:
        super().__init__(error.message)
        self.error = error


class _Download:
    """A model on its way into a part.

    Attributes:
        transferred: the bytes that came from the source.
    """

    def __init__(self, tools: Tools, wanted: Wanted, part: StagedFile) -> None:
        self.transferred = 0
        self._tools = tools
        self._wanted = wanted
        self._part = part
        self._note = Note(wanted.address, None, None)
        self._digest = hashlib.sha256()
        self._furthest = 0
        self._failures = 0
        self._has_ended = False
        self._is_pieced = False  # of several answers, which may be of different files
        self._is_suspicious = False  # pieces did not fit together once

    @property
    def digest(self) -> str:
        """The digest of what is there."""
        return self._digest.hexdigest()

    @property
    def missing(self) -> int | None:
        """The bytes that are still to come; `None` where the length is not known."""
        total = self._note.total if self._wanted.size is None else self._wanted.size
        return None if total is None else max(0, total - self._part.size)

    def run(self) -> None:
        """Get all of it.

        Raises:
            _WrongError: it is not what is wanted.
            FetchError: it does not come.
            OSError: it cannot be written.
        """
        self._take_up()
        while True:
            try:
                while not self._is_whole():
                    self._attempt()
                return self._verify()
            except _WrongError:
                if not self._is_pieced or self._is_suspicious:
                    raise
                self._is_suspicious = True
                self._empty()

    def _take_up(self) -> None:
        """Go on with what an earlier run left, if it is a part of the same file."""
        note = note_of(self._tools.staging.noted(self._wanted.key), self._wanted)
        if note is None or (note.total is not None and self._part.size > note.total):
            self._part.empty()
            return
        self._note = note
        for chunk in self._part.chunks():
            self._tools.check()
            self._count(chunk)
        self._is_pieced = self._part.size > 0

    def _is_whole(self) -> bool:
        """Tell whether all has come; the length alone is no proof where no digest is one."""
        return self._has_ended or (self._wanted.sha256 is not None and self._part.size == self._note.total)

    def _attempt(self) -> None:
        try:
            with self._tools.reader.open(self._wanted.source, self._note.resume(self._part.size)) as body:
                self._begin(body)
                self._receive(body)
            self._end()
        except TemporaryError as error:
            self._bear(error)
        except RefusedError as error:
            raise problems.refused(self._wanted, error) from error

    def _begin(self, body: Body) -> None:
        if body.start != self._part.size:
            self._empty()
        self._is_pieced = self._part.size > 0
        if body.total is not None and self._wanted.size not in (None, body.total):
            raise _WrongError(problems.wrong_size(self._wanted, f"{body.total:,}"))
        note = Note(self._wanted.address, body.validator, body.total)
        if note != self._note or not self._part.size:
            self._note = note
            self._tools.staging.note(self._wanted.key, note.text())
        self._look_for_space()

    def _look_for_space(self) -> None:
        missing, free = self.missing, None
        with suppress(OSError):  # then it shows when it is written
            free = self._tools.staging.free_space()
        if missing is not None and free is not None and missing + _SPARE > free:
            raise problems.store_full(self._wanted, missing, free)

    def _receive(self, body: Body) -> None:
        for chunk in body.chunks():
            self._tools.check()
            if self.missing is not None and len(chunk) > self.missing:
                raise self._too_long()
            self._part.append(chunk)
            self.transferred += len(chunk)
            self._count(chunk)

    def _too_long(self) -> _WrongError | TemporaryError:
        if self._wanted.size is None:
            return TemporaryError("more came than was announced")
        return _WrongError(problems.wrong_size(self._wanted, "more"))

    def _count(self, chunk: bytes) -> None:
        self._digest.update(chunk)
        self._tools.watch(len(chunk))
        if self._part.size > self._furthest:  # to get as far as before is no progress
            self._furthest = self._part.size
            self._failures = 0

    def _end(self) -> None:
        """Take this for the end of the file, unless more was announced."""
        if self.missing:
            raise TemporaryError(f"the connection ended with {self.missing:,} bytes missing")
        self._has_ended = True

    def _bear(self, error: TemporaryError) -> None:
        self._tools.check()
        self._failures += 1
        pause = self._tools.pace.pause(self._failures, random(), error.retry_after)  # noqa: S311 - guards nothing
        if pause is None:
            raise problems.unreachable(self._wanted, error, self._failures) from error
        self._tools.wait(pause)

    def _verify(self) -> None:
        if self._wanted.size not in (None, self._part.size):
            raise _WrongError(problems.wrong_size(self._wanted, f"{self._part.size:,}"))
        if self._wanted.sha256 not in (None, self.digest):
            raise _WrongError(problems.wrong_digest(self._wanted, self.digest))

    def _empty(self) -> None:
        self._tools.watch(-self._part.size)
        self._part.empty()
        self._digest = hashlib.sha256()
        self._note = Note(self._wanted.address, None, None)
        self._has_ended = False
