"""Reads the bytes of manifests, and says why that is not possible."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from ocrstate.errors import ManifestError
from ocrstate.manifest.part import STDIN
from ocrstate.manifest.quoting import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST: Final = 16 * 1024 * 1024
"""Bytes of the largest manifest that is read."""

_STDIN_NUMBER: Final = 0


class RawFile(NamedTuple):
    """The content of a file.

    Attributes:
        path: absolute; of standard input, as if it were a file called ``-`` in the working folder.
        identity: device and inode.
    """

    path: str
    identity: tuple[int, int]
    data: bytes


def read_file(path: str) -> RawFile:
    """Read a manifest; `STDIN` can be read once.

    Raises:
        ManifestError: it cannot be read, or is far too large.
    """
    try:
        absolute = _absolute(path)
        with _opened(path) as file:
            status = os.fstat(file.fileno())
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    if len(data) > LARGEST:
        message = f"the manifest {_shown(path)} is larger than {LARGEST // 1024**2} MiB"
        raise ManifestError("manifest-too-large", message, "is it the right file? A manifest is a list of names")
    return RawFile(absolute, (status.st_dev, status.st_ino), data)


@contextmanager
def _opened(path: str) -> Iterator[BinaryIO]:
    if path != STDIN:
        with open(path, "rb") as file:
            yield file
        return
    if os.name == "posix":
        os.set_blocking(_STDIN_NUMBER, True)  # what comes late must not be cut off
    with open(_STDIN_NUMBER, "rb", closefd=False) as file:
        yield file
    _lead_nowhere(_STDIN_NUMBER)


def _lead_nowhere(descriptor: int) -> None:
    """Let nobody take for an answer to a question what comes behind a manifest, not even from a terminal."""
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def identity_of(path: str) -> tuple[int, int]:
    """Tell which file a path leads to, without opening it: a pipe could be read only once.

    Raises:
        ManifestError: that cannot be told.
    """
    try:
        status = os.stat(path)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    return status.st_dev, status.st_ino


def base_path(manifest: str, written: str) -> str:
    """Return the path of what a manifest extends, which counts from the manifest's folder; as short as it can be."""
    joined = os.path.join(os.path.dirname(manifest), written)
    short = os.path.normpath(joined)
    if STDIN in (short, joined):
        return os.path.join(os.curdir, STDIN)
    return short if _lead_to_one(short, joined) else joined


def _absolute(path: str) -> str:
    absolute = os.path.abspath(path)
    if ".." not in path.split(os.sep) or _lead_to_one(absolute, path):
        return absolute
    return os.path.realpath(path)


def _lead_to_one(short: str, path: str) -> bool:
    """Tell whether `..` may be left out: after a link to a folder it leads elsewhere."""
    try:
        return os.path.samefile(short, path)
    except (OSError, ValueError):
        return False


def _near(path: str) -> str | None:
    """Name the manifest in the same folder that has nearly the name of one that is not there."""
    import difflib  # noqa: PLC0415 - 5 ms, where there is something to mend alone

    folder, name = os.path.split(path)
    try:
        manifests = [each for each in os.listdir(folder or os.curdir) if each.endswith((".yml", ".yaml"))]
    except OSError:
        return None
    return next(iter(difflib.get_close_matches(name, manifests, 1)), None)


def _shown(path: str) -> str:
    return "on standard input" if path == STDIN else quoted(path)


def _unreadable(path: str, error: OSError | ValueError) -> ManifestError:
    shown = _shown(path)
    if path == STDIN:
        message = f"cannot read the manifest {shown}: {getattr(error, 'strerror', None) or error}"
        return ManifestError("manifest-unreadable", message, "hand it over, such as with: ocrstate plan - < models.yml")
    if os.path.isdir(path):  # asked first: Windows says "permission denied" of folders
        return ManifestError("manifest-is-folder", f"the manifest {shown} is a folder", "name the YAML file in it")
    match error:
        case FileNotFoundError() | NotADirectoryError():
            near = _near(path)
            hint = f"did you mean {quoted(near)}, beside it?" if near else "check the path and the current folder"
            return ManifestError("manifest-not-found", f"there is no manifest {shown}", hint)
        case PermissionError():
            hint = "let the user who runs ocrstate read the file and search the folders above it"
            return ManifestError("manifest-unreadable", f"no permission to read the manifest {shown}", hint)
        case _:
            reason = getattr(error, "strerror", None) or "no file can have that path"
            return ManifestError("manifest-unreadable", f"cannot read the manifest {shown}: {reason}", "check the path")
