"""Files of this machine, as sources."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING, Final

from ocrstate.sources.body import Body, RefusedError, Resume, SourceError, TemporaryError, is_same_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrstate.sources.model import LocalFile

_CHUNK: Final = 1024 * 1024
_READ: Final = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_CHANGED: Final = "the file changed while it was read"


def local_size(source: LocalFile) -> int | str:
    """Return the file's length in bytes, or why it cannot be read, in words; the network is not used for it."""
    try:
        os.close(_open(source))
        return os.stat(os.path.expanduser(source.path)).st_size
    except SourceError as error:
        return error.words
    except OSError as error:
        return _words(error)


class LocalBody(Body):
    """A file of this machine, opened."""

    def __init__(self, descriptor: int, resume: Resume) -> None:
        self._descriptor = descriptor
        now = os.fstat(descriptor)
        self._validator = _state(now)
        goes_on = resume.validator is not None and is_same_file(resume, now.st_size, self._validator)
        super().__init__(resume.start if goes_on else 0, now.st_size, self._validator)

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes once.

        Raises:
            TemporaryError: the file changed meanwhile, or the disk failed.
        """
        try:
            os.lseek(self._descriptor, self.start, os.SEEK_SET)
            while chunk := os.read(self._descriptor, _CHUNK):
                yield chunk
            after = os.fstat(self._descriptor)
        except OSError as error:
            raise TemporaryError(f"it cannot be read to its end: {error.strerror}") from error
        if _state(after) != self._validator:
            raise TemporaryError(_CHANGED)

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)


def open_local(source: LocalFile, resume: Resume) -> LocalBody:
    """Open a file of this machine.

    Raises:
        RefusedError: it is missing, no regular file, or not readable.
    """
    return LocalBody(_open(source), resume)


def _open(source: LocalFile) -> int:
    path = os.path.expanduser(source.path)
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # looked at first: to open a device can set it off
            raise _no_file(os.path.isdir(path))
        descriptor = os.open(path, _READ)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise _no_file(False)  # noqa: FBT003 - what it was a moment ago
    except (OSError, ValueError) as error:
        raise _unreadable(error) from error
    return descriptor


def _state(status: os.stat_result) -> str:
    return f"{status.st_dev}-{status.st_ino}-{status.st_size}-{status.st_mtime_ns}"


def _no_file(is_folder: bool) -> RefusedError:  # noqa: FBT001 - the two words for it
    words = "it is a folder, not a file" if is_folder else "it is not a regular file"
    return RefusedError("source-refused", words, "name a regular file as source")


def _words(error: OSError | ValueError) -> str:
    match error:
        case FileNotFoundError() | NotADirectoryError():
            return "there is no such file"
        case PermissionError():
            return "there is no permission to read it"
        case OSError(errno=errno.ELOOP):
            return "links lead in a circle there"
        case _:
            return f"it cannot be read: {getattr(error, 'strerror', None) or 'no file can have that path'}"


def _unreadable(error: OSError | ValueError) -> RefusedError:
    match error:
        case FileNotFoundError() | NotADirectoryError():
            hint = "put the file there, or correct its source; a relative path starts at the manifest's folder"
            return RefusedError("source-missing", _words(error), hint)
        case PermissionError():
            hint = "let the user who runs ocrstate read the file and search the folders above it"
            return RefusedError("source-denied", _words(error), hint)
        case _:
            return RefusedError("source-refused", _words(error), "look at the path and the filesystem below it")
