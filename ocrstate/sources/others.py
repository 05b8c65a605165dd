"""Files that fsspec opens, as sources: ``s3://``, ``gs://``, ``ftp://`` and many more.

Its packages find the user's credentials by themselves, in the environment or in files of their own; for FTP, which
has none, ``~/.netrc`` counts.
"""

from __future__ import annotations

from contextlib import suppress
from ftplib import error_perm
from typing import TYPE_CHECKING, Final, Protocol, cast
from urllib.parse import urlsplit

from ocrstate.sources.body import Body, RefusedError, Resume, SourceError, TemporaryError, is_same_file
from ocrstate.sources.credentials import login_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrstate.sources.model import OtherFile

_CHUNK: Final = 1024 * 1024
_STATES: Final = ("ETag", "etag", "md5Hash", "content_md5", "generation", "version")
_TIMES: Final = ("LastModified", "last_modified", "updated", "modified", "mtime", "modify")
_EXTRAS: Final = {"s3": "ocrstate[s3]", "s3a": "ocrstate[s3]", "gs": "ocrstate[gcs]", "gcs": "ocrstate[gcs]"}


class _Opened(Protocol):
    def seek(self, to: int, /) -> int: ...
    def read(self, size: int, /) -> bytes: ...
    def close(self) -> None: ...


class _Storage(Protocol):
    def info(self, path: str) -> dict[str, object]: ...
    def open(self, path: str, mode: str) -> _Opened: ...


class OtherBody(Body):
    """A file that fsspec opened."""

    def __init__(self, opened: _Opened, resume: Resume, total: int | None, validator: str | None) -> None:
        goes_on = resume.validator is not None and is_same_file(resume, total, validator)
        super().__init__(resume.start if goes_on else 0, total, validator)
        self._opened = opened

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes once.

        Raises:
            SourceError: it cannot be read to its end.
        """
        try:
            if self.start:
                self._opened.seek(self.start)
            while chunk := self._opened.read(_CHUNK):
                yield chunk
        except Exception as error:  # each package raises what it likes
            raise _in_words(error, "") from error

    def close(self) -> None:
        """Close the file."""
        with suppress(Exception):  # nothing was written, and all that came was counted
            self._opened.close()


def open_other(source: OtherFile, resume: Resume) -> Body:
    """Open a file through fsspec.

    Raises:
        SourceError: it cannot be opened.
    """
    try:
        storage, path = _storage(source)
        info = storage.info(path)
        opened = None if info.get("type") == "directory" else storage.open(path, "rb")
    except Exception as error:  # each package raises what it likes
        raise _in_words(error, source.protocol) from error
    if opened is None:
        raise RefusedError("source-refused", "it is a folder, not a file", "name a file as source")
    size = info.get("size")
    return OtherBody(opened, resume, size if isinstance(size, int) else None, _validator(info))


def _storage(source: OtherFile) -> tuple[_Storage, str]:
    from fsspec.core import url_to_fs  # noqa: PLC0415 - takes a while, and most runs need none

    options: dict[str, object] = {"skip_instance_cache": True, "use_listings_cache": False}
    login = login_for(urlsplit(source.url).hostname or "") if source.protocol == "ftp" else None
    if login is not None:
        options |= {"username": login.user, "password": login.password}
    return cast("tuple[_Storage, str]", url_to_fs(source.url, **options))


def _validator(info: dict[str, object]) -> str | None:
    """Return what tells the file's state: a checksum of the storage's own, else the time of the last change."""
    for keys in (_STATES, _TIMES):
        told = [f"{key}={info[key]}" for key in keys if info.get(key)]
        if told:
            return " ".join([*told, f"size={info.get('size')}"])
    return None


def _in_words(error: Exception, protocol: str) -> SourceError:
    """Say what failed; not in the package's words, which can hold addresses and keys."""
    match error:
        case ImportError():
            package = _EXTRAS.get(protocol)
            hint = f"pip install '{package}'" if package else f"install the fsspec package for {protocol}://"
            return RefusedError("source-refused", f"the package that reads {protocol}:// is not installed", hint)
        case FileNotFoundError():
            return RefusedError("source-missing", "there is no such file", "correct the source, or put the file there")
        case PermissionError() | error_perm():
            words = f"there is no permission to read it, or no such file ({type(error).__name__})"
            return RefusedError("source-denied", words, f"give this user credentials for {protocol or 'the storage'}")
        case ValueError() | TypeError() | IsADirectoryError():
            words = f"the address cannot be used ({type(error).__name__})"
            return RefusedError("source-refused", words, "correct the source; fsspec's documentation tells its forms")
        case _:
            strerror = getattr(error, "strerror", None)
            return TemporaryError(f"it cannot be read: {strerror or type(error).__name__}")
