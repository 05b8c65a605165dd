"""Why the engine cannot list a store: the system's and .NET's words turned into errors. Pure."""

from __future__ import annotations

import errno
import re
from typing import TYPE_CHECKING

from ocrstate.engine.errors import FolderVanishedError
from ocrstate.errors import EngineError, StoreError
from ocrstate.text.escape import escape, escape_message

if TYPE_CHECKING:
    from ocrstate.engine.answers import ChildFailure
    from ocrstate.errors import OcrstateError

WITHOUT = "--inventory directory lists the folder without the engine"
_OTHER_STORE = "name the folder that holds the models with --store DIR or `store:` in the manifest"

_PROXY_ERROR = re.compile(r"Proxy error\((?P<type>\w+)\): (?P<message>.*)", re.DOTALL)
_QUOTED_PATH = re.compile(r"'(.*)'", re.DOTALL)

_REFUSALS = {
    errno.ENOENT: ("store-missing", "the store {} does not exist", f"create the folder, or {_OTHER_STORE}"),
    errno.ENOTDIR: ("store-not-a-folder", "the store {} is not a folder", _OTHER_STORE),
    errno.ELOOP: ("store-link-loop", "the store {} is a link that leads back to itself", f"mend it, or {_OTHER_STORE}"),
    errno.ENAMETOOLONG: ("store-missing", "the store {} cannot exist: the path is too long", _OTHER_STORE),
    errno.EACCES: ("store-unreadable", "the store {} may not be read by this user", "run as a user who may read it"),
}
_REFUSALS[errno.EPERM] = _REFUSALS[errno.EACCES]


def unreadable_store(failure: ChildFailure) -> StoreError:
    """Say why the system does not let the store be read; ``failure.kind`` is its error number."""
    return _refused(failure, int(failure.kind))


def not_listed(failure: ChildFailure) -> OcrstateError:
    """Understand ``RuntimeError("Proxy error(<.NET type>): <message>")``, as ``list_local`` raises it (docs/engine.md).

    The path in the message tells the store from a sub-folder of it.
    """
    said = _PROXY_ERROR.match(failure.text)
    folder = _folder_in(failure)
    match said and said["type"]:
        case "DirectoryNotFoundException" if folder is not None:
            return _not_found(failure, folder) if folder else _refused(failure, errno.ENOENT)
        case "UnauthorizedAccessException" if folder is not None:
            return _forbidden(failure, folder) if folder else _refused(failure, errno.EACCES)
        case "IOException" | "PathTooLongException":
            return StoreError(
                "engine-io-error",
                f"the engine could not read the store {escape(failure.store)}: {escape_message(failure.text)}",
                f"see whether its disk or network share answers, then run again; {WITHOUT}",
            )
        case _:
            return EngineError(
                "engine-error",
                f"the engine could not list {escape(failure.store)}: {failure.kind}: {escape_message(failure.text)}",
                f"run again; if it stays so, report it; {WITHOUT}",
            )


def _folder_in(failure: ChildFailure) -> str | None:
    """Return the sub-folder that a message names, "" if it names the store itself, `None` if neither."""
    path = _QUOTED_PATH.search(failure.text)
    if path is None or not path[1].startswith(failure.seen_as):
        return None
    return path[1].removeprefix(failure.seen_as).strip("/\\")


def _refused(failure: ChildFailure, number: int) -> StoreError:
    known = _REFUSALS.get(number)
    if known is None:
        return StoreError(
            "store-io-error",
            f"the store {escape(failure.store)} cannot be read: {escape_message(failure.text)}",
            "see whether its disk or network share answers, then run again",
        )
    code, message, hint = known
    return StoreError(code, message.format(escape(failure.store)), hint)


def _not_found(failure: ChildFailure, folder: str) -> OcrstateError:
    """Tell a name that .NET cannot spell from a folder that went away: the first comes back with U+FFFD."""
    if "\ufffd" not in folder:
        return FolderVanishedError(
            f"the folder {escape(folder)} in the store {escape(failure.store)} vanished while the engine was listing"
        )
    names = ", ".join(escape(name) for name in failure.undecodable) or escape(folder)
    return StoreError(
        "folder-undecodable",
        f"the store {escape(failure.store)} has a folder whose name is not UTF-8 ({names}), and so the engine lists "
        "nothing at all",
        f"rename it; {WITHOUT}",
    )


def _forbidden(failure: ChildFailure, folder: str) -> StoreError:
    return StoreError(
        "folder-unreadable",
        f"the folder {escape(folder)} in the store {escape(failure.store)} may not be read by this user, and so the "
        "engine lists nothing at all",
        "let this user read it, or run as one who may",
    )
