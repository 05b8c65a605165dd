"""Reads a manifest file: the one door from a path to `Desired`."""

from __future__ import annotations

import gc
import hashlib
import os
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Final

from ocrstate.errors import ManifestError
from ocrstate.manifest.build import desired_from
from ocrstate.manifest.decode import BrokenTextError, decode
from ocrstate.manifest.parse import parse
from ocrstate.manifest.problems import MOST, InvalidManifestError, located
from ocrstate.manifest.quoting import quoted
from ocrstate.manifest.rules import broken_rules
from ocrstate.manifest.schema import explain, fits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrstate.manifest.desired import Desired
    from ocrstate.manifest.document import Document
    from ocrstate.manifest.problems import Finding

LARGEST: Final = 16 * 1024 * 1024
"""Bytes of the largest manifest that is read."""


def load(path: str) -> Desired:
    """Read and check the manifest; what it `extends` is not read.

    Raises:
        InvalidManifestError: it was read, and is not valid; holds all problems.
        ManifestError: it cannot be read.
    """
    return read(path).check()


def load_text(path: str, text: str, identity: tuple[int, int]) -> Desired:
    """Check a manifest whose text was kept elsewhere; ``path`` and ``identity`` are those of the file it came from.

    Raises:
        InvalidManifestError: it is not valid; holds all problems.
    """
    return _parsed(path, path, identity, text.encode("utf-8", "surrogatepass")).check()


def read(path: str) -> UncheckedManifest:
    """Read the manifest as YAML, and leave it to the caller when to check what it says.

    Raises:
        InvalidManifestError: it is no YAML document that a manifest could be.
        ManifestError: it cannot be read.
    """
    return _parsed(path, *_read(path))


def _parsed(path: str, absolute: str, identity: tuple[int, int], data: bytes) -> UncheckedManifest:
    try:
        with _collector_off():
            return UncheckedManifest(path, absolute, identity, data, parse(decode(data)))
    except BrokenTextError as error:
        raise InvalidManifestError(located(path, error.source, error.findings)) from None


class UncheckedManifest:
    """A manifest that is YAML, and may be wrong in every other way."""

    def __init__(self, path: str, absolute: str, identity: tuple[int, int], data: bytes, document: Document) -> None:
        self._path = path
        self._absolute = absolute
        self._identity = identity
        self._data = data
        self._document = document

    @property
    def path(self) -> str:
        """The manifest's absolute path."""
        return self._absolute

    @property
    def text(self) -> str:
        """The manifest as written."""
        return self._data.decode("utf-8")

    @property
    def store(self) -> str | None:
        """The store as written, if that is text; `check` tells whether it may be written so."""
        match self._document.data:
            case {"store": str(store)}:
                return store
            case _:
                return None

    def check(self) -> Desired:
        """Check everything.

        Raises:
            InvalidManifestError: it is not valid; holds all problems.
        """
        with _collector_off():
            findings = _findings(self._document)
            if findings:
                _refuse_plan(self._path, self._document)
                raise InvalidManifestError(located(self._path, self._document.source, findings))
            digest = hashlib.sha256(self._data).hexdigest()
            return desired_from(self._document, self._absolute, self._identity, digest)


def _refuse_plan(path: str, document: Document) -> None:
    """Tell who hands in a saved plan that it is one, rather than all that is wrong with it as a manifest.

    Raises:
        ManifestError: it is a saved plan.
    """
    data = document.data
    if isinstance(data, dict) and data.get("kind") == "plan" and "format_version" in data:
        raise ManifestError(
            "manifest-is-plan",
            f"{quoted(path)} is a saved plan, not a manifest",
            "look at it with ocrstate show, and carry it out with ocrstate apply",
        )


def _findings(document: Document) -> list[Finding]:
    """Collect what is wrong. Where several checks speak of one place, the one that knows more about it is heard."""
    findings = list(document.findings)
    findings += _elsewhere(findings, list(islice(broken_rules(document), MOST)))
    if not fits(document.data):
        findings += _elsewhere(findings, list(explain(document)))
    return findings


def _elsewhere(known: list[Finding], more: list[Finding]) -> list[Finding]:
    places = {finding.at for finding in known}
    return [finding for finding in more if finding.at not in places]


def _read(path: str) -> tuple[str, tuple[int, int], bytes]:
    try:
        absolute = os.path.abspath(path)
        with open(path, "rb") as file:
            status = os.fstat(file.fileno())
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    if len(data) > LARGEST:
        message = f"the manifest {quoted(path)} is larger than {LARGEST // 1024**2} MiB"
        raise ManifestError("manifest-too-large", message, "is it the right file? A manifest is a list of names")
    return absolute, (status.st_dev, status.st_ino), data


def _unreadable(path: str, error: OSError | ValueError) -> ManifestError:
    shown = quoted(path)
    if os.path.isdir(path):  # asked first: Windows says "permission denied" of folders
        return ManifestError("manifest-is-folder", f"the manifest {shown} is a folder", "name the YAML file in it")
    match error:
        case FileNotFoundError() | NotADirectoryError():
            hint = "check the path and the current folder"
            return ManifestError("manifest-not-found", f"there is no manifest {shown}", hint)
        case PermissionError():
            hint = "let the user who runs ocrstate read the file and search the folders above it"
            return ManifestError("manifest-unreadable", f"no permission to read the manifest {shown}", hint)
        case _:
            reason = getattr(error, "strerror", None) or "no file can have that path"
            return ManifestError("manifest-unreadable", f"cannot read the manifest {shown}: {reason}", "check the path")


@contextmanager
def _collector_off() -> Iterator[None]:
    """Keep the garbage collector from walking a growing document again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
