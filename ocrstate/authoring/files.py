"""Write a manifest where it is wanted: all of it or nothing, and never over what nobody can get back."""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

from ocrstate.errors import OutputError, RefusedError
from ocrstate.store.location import place_outside, store_around
from ocrstate.text.escape import escape

if TYPE_CHECKING:
    from collections.abc import Callable

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_BINARY = getattr(os, "O_BINARY", 0)


def is_regular(path: str) -> bool:
    """Tell whether a file can be replaced by another: a pipe or a terminal cannot."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except OSError:
        return False


def is_same_file(path: str, other: str) -> bool:
    """Tell whether both name one file that is there."""
    try:
        return os.path.samefile(path, other)
    except (OSError, ValueError):
        return False


def replace_manifest(path: str, before: str, after: str) -> None:
    """Replace a manifest that still says what it said; through a link, what the link leads to.

    Raises:
        RefusedError: it says something else by now, or is no file of its own.
        OutputError: it cannot be written; it is as it was.
    """
    if not is_regular(path):
        raise RefusedError(
            "manifest-not-a-file",
            f"{escape(path)} is no regular file, so nothing can be written into it",
            "say where to write with --output FILE",
        )
    _replace(path, before.encode(), after)


def write_manifest(path: str, text: str, store: str, may_replace: Callable[[str, bytes], bool]) -> bool:
    """Write a manifest to a new file, or over one that may go; return whether that was necessary.

    Args:
        path: where to.
        text: what.
        store: the store's real path; a file in there would be taken for a model.
        may_replace: tells of a file's real path and content whether it may go.

    Raises:
        RefusedError: the file would lie in the store, or another is there.
        OutputError: it cannot be written.
    """
    refuse_in_store(path, store)
    real = os.path.realpath(path)
    try:
        if os.path.exists(path) and not is_regular(path):
            _write(path, text.encode(), os.O_WRONLY)  # behind /dev/stdout there can be a pipe, which has no other path
            return True
        there = _content(real)
    except OSError as error:
        raise _failed(path, error) from error
    if there == text.encode():
        return False
    if there is not None and not may_replace(real, there):
        raise RefusedError(
            "output-exists",
            f"{escape(path)} is there, and what it holds could not be got back; nothing was written",
            "commit it to git first, write elsewhere, or replace it with --overwrite",
        )
    _replace(path, there, text)
    return True


def refuse_in_store(path: str, store: str) -> None:
    """Refuse a place where a file would be taken for a model; `store` is the store's real path.

    Raises:
        RefusedError: it lies in the store, or in another one.
    """
    around = store_around(path, store)
    if around is not None:
        raise in_store(path, f"write it elsewhere, such as to {escape(place_outside(path, around))}")


def in_store(path: str, hint: str) -> RefusedError:
    """Return the refusal of a place in a store."""
    return RefusedError(
        "output-in-store",
        f"{escape(path)} lies in the store, where it would be taken for a model; nothing was written",
        hint,
    )


def create_file(path: str, text: str) -> bool:
    """Write a new file, all of it or nothing; return whether that was possible: whatever has the name stays as it is.

    Raises:
        OutputError: it cannot be written.
    """
    folder = os.path.dirname(os.path.abspath(path))
    unfinished = os.path.join(folder, f".ocrstate-{secrets.token_hex(8)}.part")
    try:
        try:
            _write(unfinished, text.encode(), _NEW)
            _name(unfinished, path)
        except FileExistsError:
            return False
        finally:
            with suppress(OSError):
                os.unlink(unfinished)
        _make_durable(folder)
    except OSError as error:
        raise _failed(path, error) from error
    return True


def _name(unfinished: str, path: str) -> None:
    """Give a file its name, unless that is taken: a rename would replace what has it.

    Raises:
        FileExistsError: it is taken.
    """
    try:
        os.link(unfinished, path)
    except FileExistsError:
        raise
    except OSError:  # some filesystems know no second names
        os.close(os.open(path, _NEW))
        os.replace(unfinished, path)


def _replace(path: str, before: bytes | None, after: str) -> None:
    """Put a new file beside the old one and give it its name, if the old one is still as it was."""
    real = os.path.realpath(path)
    unfinished = os.path.join(os.path.dirname(real), f".ocrstate-{secrets.token_hex(8)}.part")
    try:
        try:
            _write(unfinished, after.encode(), _NEW, like=None if before is None else real)
            _refuse_changed(path, real, before)
            os.replace(unfinished, real)
        except BaseException:
            with suppress(OSError):
                os.unlink(unfinished)
            raise
        _make_durable(os.path.dirname(real))
    except OSError as error:
        raise _failed(path, error) from error


def _refuse_changed(path: str, real: str, before: bytes | None) -> None:
    if _content(real) != before:
        raise RefusedError(
            "manifest-changed",
            f"{escape(path)} was changed while this command worked; nothing was written",
            "look at what it says now, and run again",
        )


def _content(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def _write(path: str, content: bytes, flags: int, like: str | None = None) -> None:
    mode = 0o666 if like is None else 0o600  # until it is like the other, nobody else need see it
    with os.fdopen(os.open(path, flags | _BINARY, mode), "wb") as file:
        file.write(content)
        file.flush()
        if like is not None and hasattr(os, "fchown"):
            _make_alike(file.fileno(), os.stat(like))
        if flags & os.O_CREAT:
            os.fsync(file.fileno())


def _make_alike(descriptor: int, old: os.stat_result) -> None:
    new = os.fstat(descriptor)
    if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        os.fchown(descriptor, old.st_uid, old.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(old.st_mode))


def _make_durable(folder: str) -> None:
    with suppress(OSError):  # some filesystems, and Windows, have no such thing for folders
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _failed(path: str, error: OSError) -> OutputError:
    return OutputError(
        "output-failed",
        f"{escape(path)} could not be written: {error.strerror}",
        "create its folder, or write elsewhere"
        if isinstance(error, FileNotFoundError)
        else "what was there is as it was; look at the folder's rights and free space, or write elsewhere",
    )
