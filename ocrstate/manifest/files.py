"""Reads the bytes of manifests, and says why that is not possible."""

from __future__ import annotations

import os
from typing import Final, NamedTuple

from ocrstate.errors import ManifestError
from ocrstate.manifest.quoting import quoted

LARGEST: Final = 16 * 1024 * 1024
"""Bytes of the largest manifest that is read."""


class RawFile(NamedTuple):
    """The content of a file.

    Attributes:
        path: absolute.
        identity: device and inode.
    """

    path: str
    identity: tuple[int, int]
    data: bytes


def read_file(path: str) -> RawFile:
    """Read a manifest.

    Raises:
        ManifestError: it cannot be read, or is far too large.
    """
    try:
        absolute = _absolute(path)
        with open(path, "rb") as file:
            status = os.fstat(file.fileno())
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    if len(data) > LARGEST:
        message = f"the manifest {quoted(path)} is larger than {LARGEST // 1024**2} MiB"
        raise ManifestError("manifest-too-large", message, "is it the right file? A manifest is a list of names")
    return RawFile(absolute, (status.st_dev, status.st_ino), data)


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


def _unreadable(path: str, error: OSError | ValueError) -> ManifestError:
    shown = quoted(path)
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
