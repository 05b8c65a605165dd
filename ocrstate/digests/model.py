"""What reading a model can give, as values. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ocrstate.store.model import Stamp


class Content(NamedTuple):
    """What a reader of the model got.

    Attributes:
        sha256: digest in hexadecimal.
        size: bytes.
        remembered: whether it was read by an earlier command, and nothing has changed since.
    """

    sha256: str
    size: int
    remembered: bool


class Unreadable(NamedTuple):
    """It cannot be read to its end.

    Attributes:
        cause: in words for a person.
    """

    cause: str


class Unsettled(NamedTuple):
    """It changed while it was read, so that nothing can be said of its content.

    Attributes:
        change: in words for a person, such as ``it grew from 10 to 20 bytes while it was read``.
    """

    change: str


Reading = Content | Unreadable | Unsettled

State = tuple[int, int, int, int, int]


def state_of(stamp: Stamp) -> State:
    """Reduce a stamp to what stays the same for as long as nobody touches the file, whatever is done beside it."""
    return stamp.device, stamp.inode, stamp.size, stamp.mtime_ns, stamp.ctime_ns


def change_between(before: Stamp, after: Stamp) -> str | None:
    """Say in words what happened to a file between two looks; `None` where nothing did."""
    if before.identity != after.identity:
        return "it was replaced"
    if before.size < after.size:
        return f"it grew from {before.size:,} to {after.size:,} bytes"
    if before.size > after.size:
        return f"it shrank from {before.size:,} to {after.size:,} bytes"
    if before.mtime_ns != after.mtime_ns:
        return "it was rewritten"
    if before.ctime_ns != after.ctime_ns:
        return "it was rewritten, or its name or rights were changed,"
    return None


def may_hold_holes(stamp: Stamp) -> bool:
    """Tell whether less than the whole content takes up space on disk: holes, or a filesystem that compresses."""
    return stamp.allocated < stamp.size
