"""Find out which processes have files open, where the system tells: Linux, for processes of one's own, or for root."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PROCESSES = "/proc"

Identity = tuple[int, int]  # device and inode


class Opener(NamedTuple):
    """A process that has a file open, or mapped into its memory."""

    pid: int
    command: str


def openers_of(files: Mapping[Identity, str]) -> dict[Identity, tuple[Opener, ...]]:
    """Return, for those of the files that are open, who has them open, as far as the system tells.

    Args:
        files: the name of each file without its folders; a file that is open under another name is not found.
    """
    found: dict[Identity, dict[int, Opener]] = {}
    if files:
        leaves = frozenset(map(_native, files.values()))
        for pid in _processes():
            for identity in {*_open_in(pid, leaves), *_mapped_in(pid)} & files.keys():
                found.setdefault(identity, {})[pid] = Opener(pid, _command(pid))
    return {identity: tuple(found[identity].values()) for identity in found}


def _processes() -> list[int]:
    try:
        return sorted(int(name) for name in os.listdir(_PROCESSES) if name.isdigit() and int(name) != os.getpid())
    except OSError:
        return []


def _open_in(pid: int, leaves: frozenset[bytes]) -> Iterator[Identity]:
    folder = b"%s/%d/fd/" % (_PROCESSES.encode(), pid)
    with suppress(OSError):
        for number in os.listdir(folder):
            with suppress(OSError):
                # to look at a file on a server that does not answer would hang; to read the link does not
                leaf = os.readlink(folder + number).rpartition(b"/")[2]
                if leaf in leaves or leaf.removesuffix(b" (deleted)") in leaves:
                    status = os.stat(folder + number)
                    yield status.st_dev, status.st_ino


def _mapped_in(pid: int) -> Iterator[Identity]:
    with suppress(OSError, ValueError), open(f"{_PROCESSES}/{pid}/maps", "rb") as maps:
        for line in maps:
            fields = line.split(None, 5)
            if len(fields) > 5 and fields[4] != b"0":  # noqa: PLR2004 - address, rights, offset, device, inode, path
                major, _, minor = fields[3].partition(b":")
                yield os.makedev(int(major, 16), int(minor, 16)), int(fields[4])


def _native(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def _command(pid: int) -> str:
    try:
        with open(f"{_PROCESSES}/{pid}/comm", encoding="utf-8", errors="replace") as file:
            return file.read().rstrip("\n")
    except OSError:
        return "?"
