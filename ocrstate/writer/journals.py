"""The journals of runs, as files in a store: written before what they tell of is done, and only ever added to."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from ocrstate.names import HISTORY_FOLDER, JOURNAL_FOLDER, QUARANTINE_FOLDER, RESERVED_FOLDER
from ocrstate.runs.read import journal_name
from ocrstate.store.opened import NO_FOLLOW
from ocrstate.writer.durable import settle_file, settle_folder
from ocrstate.writer.folders import write_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrstate.writer.folders import Folders

_APPEND = os.O_WRONLY | os.O_APPEND | NO_FOLLOW | getattr(os, "O_CLOEXEC", 0)


class JournalUnknownError(Exception):
    """Whether a record is in the journal is not known: only the next look at the disk tells.

    Attributes:
        cause: what failed.
    """

    def __init__(self, cause: OSError) -> None:
        super().__init__(str(cause))
        self.cause = cause


class Journals:
    """The journals in one store."""

    def __init__(self, folders: Folders) -> None:
        self._folders = folders

    def start(self, run_id: str, line: bytes) -> None:
        """Write a new journal's first record to disk, so that it outlives what is done next.

        Raises:
            StoreError: that is not possible; there is no such journal.
        """
        for path in (JOURNAL_FOLDER, HISTORY_FOLDER, QUARANTINE_FOLDER):
            self._folders.make_private_folder(path)
        try:
            with self._folders.descend(JOURNAL_FOLDER.split("/")) as folder:
                self._create_journal(folder, journal_name(run_id), line)
                settle_folder(folder)
            with self._folders.descend([RESERVED_FOLDER]) as private:
                settle_folder(private)
            settle_folder(self._folders.descriptor)
        except OSError as error:
            self.drop(run_id)
            raise self._folders.not_writable(error, []) from error

    def _create_journal(self, folder: int, name: str, line: bytes) -> None:
        file = self._folders.make_file(name, folder)
        try:
            write_all(file, line)
            settle_file(file)
        finally:
            os.close(file)

    def append(self, run_id: str, line: bytes) -> None:
        """Add a record to a run's journal, on disk; if that fails, the journal is as it was.

        Raises:
            OSError: it failed.
            JournalUnknownError: it failed, and whether the record is in the journal is not known.
        """
        with self._journal(run_id) as file:
            length = os.fstat(file).st_size
            try:
                write_all(file, line)
                settle_file(file)
            except OSError as error:
                self._cut_open(file, length, error)
                raise

    def _cut_open(self, file: int, length: int, error: OSError) -> None:
        try:
            os.ftruncate(file, length)
            settle_file(file)
        except OSError:
            raise JournalUnknownError(error) from error

    def cut(self, run_id: str, length: int) -> None:
        """Cut off a torn last line, so that the next record begins on a line of its own.

        Raises:
            OSError: that is not possible.
        """
        with self._journal(run_id) as file:
            if os.fstat(file).st_size != length:
                os.ftruncate(file, length)

    def close(self, run_id: str) -> None:
        """Put the journal of a run that has ended into the history.

        Raises:
            OSError, StoreError: that is not possible.
        """
        self._move_journal(run_id, JOURNAL_FOLDER, HISTORY_FOLDER)

    def reopen(self, run_id: str, intact: int) -> None:
        """Take the journal of a run that has ended out of the history, to add to it after its last whole line.

        Raises:
            OSError, StoreError: that is not possible.
        """
        self._move_journal(run_id, HISTORY_FOLDER, JOURNAL_FOLDER)
        self.cut(run_id, intact)

    def _move_journal(self, run_id: str, source: str, target: str) -> None:
        name = journal_name(run_id)
        self._folders.make_private_folder(target)
        with self._folders.descend(source.split("/")) as before, self._folders.descend(target.split("/")) as after:
            os.rename(name, name, src_dir_fd=before, dst_dir_fd=after)
            settle_folder(after)

    def drop(self, run_id: str) -> None:
        """Remove the journal of a run that did nothing, as far as that is possible."""
        self._drop(JOURNAL_FOLDER, run_id)

    def forget(self, run_id: str) -> None:
        """Forget a run that has ended and holds nothing, as far as that is possible."""
        self._drop(HISTORY_FOLDER, run_id)

    def _drop(self, folder: str, run_id: str) -> None:
        with suppress(OSError), self._folders.descend(folder.split("/")) as opened:
            os.unlink(journal_name(run_id), dir_fd=opened)

    @contextmanager
    def _journal(self, run_id: str) -> Iterator[int]:
        with self._folders.descend(JOURNAL_FOLDER.split("/")) as opened:
            file = os.open(journal_name(run_id), _APPEND, dir_fd=opened)
        try:
            yield file
        finally:
            os.close(file)
