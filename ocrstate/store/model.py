"""What lies in a store, as values. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from ocrstate.names import RESERVED_FOLDER


class Kind(Enum):
    """What a directory entry is, looked at without following links."""

    FILE = "file"
    LINK = "symbolic link"
    FOLDER_LINK = "symbolic link to a folder"
    FIFO = "named pipe"
    SOCKET = "socket"
    DEVICE = "device"
    OTHER = "special file"


class Stamp(NamedTuple):  # made for every file of a store, and this is the cheapest immutable record to make
    """What identifies an entry and its state, looked at without following links.

    Attributes:
        device, inode: which entry it is.
        size: length in bytes.
        mtime_ns: last change of the content, nanoseconds since 1970.
        allocated: bytes that it takes up on disk; fewer than ``size`` for a sparse file.
        links: names (hard links) that share the content.
        ctime_ns: last change of the content or of what else the system notes of it, nanoseconds since 1970; nobody can
            set it back.
    """

    device: int
    inode: int
    size: int
    mtime_ns: int
    allocated: int
    links: int
    ctime_ns: int

    @property
    def identity(self) -> tuple[int, int]:
        """Which file it is, whatever its name: device and inode."""
        return self.device, self.inode

    def is_same_state(self, other: Stamp) -> bool:
        """Tell whether the entry is the same one and its content unchanged, as far as the stamp can tell."""
        return (self.device, self.inode, self.size, self.mtime_ns) == (
            other.device,
            other.inode,
            other.size,
            other.mtime_ns,
        )


class Place(NamedTuple):
    """A name in a directory: what a removal takes away.

    Attributes:
        device, inode: which directory it is.
    """

    device: int
    inode: int
    name: str


class Entry(NamedTuple):
    """One model as found in the store.

    Attributes:
        name: relative to the store, with ``/``.
        content: bytes that a reader gets, links followed; `None` where there is no file to read (a dead link, a pipe).
        way: the names beside its own that a reader passes to get at the content, or into the folder; none but for
            links and what lies behind them.
    """

    name: str
    kind: Kind
    stamp: Stamp
    content: int | None
    way: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class FolderLink:
    """A symbolic link to a folder; the engine follows it and lists what is behind.

    Attributes:
        entry: the link itself.
        target: where it points, as written in the link.
        behind: what the engine sees through it, named ``link/file``, sorted.
    """

    entry: Entry
    target: str
    behind: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Folder:
    """An immediate sub-folder of the store.

    Attributes:
        device, inode: which folder it is.
        has_folders: whether it holds folders of its own, which the engine does not look into.
    """

    name: str
    device: int
    inode: int
    has_folders: bool


@dataclass(frozen=True, slots=True)
class StoreId:
    """The directory of models that a command works on.

    Attributes:
        path: absolute, as it was named.
        real_path: absolute, links followed.
        device, inode: which directory it is.
    """

    path: str
    real_path: str
    device: int
    inode: int


@dataclass(frozen=True, slots=True)
class Space:
    """The room on a store's disk.

    Attributes:
        free: bytes that this user can write.
        total: bytes in all.
    """

    free: int
    total: int


@dataclass(frozen=True, slots=True)
class Unseen:
    """What lies in folders of sub-folders, where the engine does not look.

    Attributes:
        folders: how many folders, at all depths.
        files: how much else; links count as what they are, and are not followed.
        size: bytes of those.
        is_whole: whether all was looked at; else there is at least so much.
    """

    folders: int
    files: int
    size: int
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Scan:
    """The folder as read from disk by the engine's rules: non-folders in the store and its immediate sub-folders.

    Attributes:
        entries: sorted by name, without what lies behind links to folders.
        mounts: names of entries and sub-folders that are mount points.
        unfinished_runs: journals of runs that are at work or were broken off.
    """

    store: StoreId
    entries: tuple[Entry, ...]
    folders: tuple[Folder, ...]
    folder_links: tuple[FolderLink, ...]
    mounts: frozenset[str]
    unfinished_runs: tuple[str, ...] = ()

    def is_same_as(self, other: Scan) -> bool:
        """Tell whether two looks saw the same, but for this tool's own files."""
        return (self.store, self.entries, self.folder_links, self.mounts, self._others()) == (
            *(other.store, other.entries, other.folder_links, other.mounts),
            other._others(),
        )

    def _others(self) -> list[Folder]:
        return [folder for folder in self.folders if folder.name != RESERVED_FOLDER]

    @property
    def count(self) -> int:
        """How many entries an engine that sees everything would list."""
        return len(self.entries) + sum(len(link.behind) for link in self.folder_links)
