"""A small store that has one of everything, and what is true of it at a moment."""

from __future__ import annotations

import json
import os
import shutil
import stat
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LISTED = ("keep_1.bin", "keep_2.bin", "sub/keep.bin", "twin_kept.bin")
PROTECTED = ("base_1.bin",)
IGNORED = ("notes.license",)
PLAIN = ("old_1.bin", "sub/old.bin", "gone/old.bin")
TWIN, LINK, HARD = "twin_old.bin", "link.bin", "hard.bin"
REMOVED = (*PLAIN, TWIN, LINK, HARD)
EMPTIED = "gone"
SWAPPED = "swapped.bin"
NEW, NEW_FOLDER = ("new.bin", "made/new.bin", f"{EMPTIED}/new.bin"), "made"
COMING = (*NEW, SWAPPED)

Noted = tuple[object, ...]
Models = dict[str, Noted]


class State(NamedTuple):
    """What is in a store.

    Attributes:
        models: what the engine would see, and the folders that hold it.
        held: names and contents of what waits in quarantine.
    """

    models: Models
    held: frozenset[tuple[str, object]]

    def contents(self) -> set[tuple[str, object]]:
        """Name every content that a model has or that waits in quarantine."""
        return {(name, noted[-1]) for name, noted in self.models.items() if len(noted) == _FILE} | self.held


class Arrived(tuple[object, ...]):
    """What is noted of a model that was fetched: its content; the rest comes with the fetching."""

    __slots__ = ()
    __hash__ = tuple.__hash__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, tuple) and len(other) == _FILE and other[-1] == self[-1]

    def __ne__(self, other: object) -> bool:
        return not self == other


def arrived(name: str) -> Arrived:
    """Note a model that was fetched."""
    return Arrived((*[None] * (_FILE - 1), f"fetched {name}".encode()))


class World:
    """A store, a manifest that lists part of it, and a folder outside that must never change."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self.store = f"{folder}/store"
        self.manifest = f"{folder}/models.yml"
        self._outside = f"{folder}/outside"
        self._elsewhere = f"{folder}/elsewhere"

    def make(self) -> None:
        """Begin anew."""
        shutil.rmtree(self._folder, ignore_errors=True)
        for made in (self._outside, self._elsewhere, f"{self.store}/sub", f"{self.store}/{EMPTIED}"):
            os.makedirs(made)
        for name in (*LISTED, *PROTECTED, *IGNORED, *PLAIN):
            self.put(name, f"content of {name}")
        os.chmod(f"{self.store}/{EMPTIED}", 0o750)
        os.link(f"{self.store}/twin_kept.bin", f"{self.store}/{TWIN}")
        for name in (LINK, HARD):
            with open(f"{self._outside}/{name}", "w", encoding="ascii") as file:
                file.write(f"outside {name}")
        os.symlink(f"../outside/{LINK}", f"{self.store}/{LINK}")
        os.link(f"{self._outside}/{HARD}", f"{self.store}/{HARD}")
        with open(self.manifest, "w", encoding="ascii") as file:
            json.dump({"version": 1, "models": LISTED, "protect": ["base_*"], "ignore": ["*.license"]}, file)

    def want_more(self) -> None:
        """List models that are not there, and one that is another, and say where they can be had."""
        self.put(SWAPPED, "short")
        models: list[object] = [*LISTED]
        for name in COMING:
            source = f"{self._outside}/{name.replace('/', '_')}"
            content = f"fetched {name}".encode("ascii")
            with open(source, "wb") as file:
                file.write(content)
            models.append({"name": name, "source": source, "size": len(content), "sha256": sha256(content).hexdigest()})
        with open(self.manifest, "w", encoding="ascii") as file:
            json.dump({"version": 1, "models": models, "protect": ["base_*"], "ignore": ["*.license"]}, file)

    def put(self, name: str, content: str) -> None:
        """Write a model."""
        with open(f"{self.store}/{name}", "w", encoding="ascii") as file:
            file.write(content)

    def lose(self, name: str) -> None:
        """Let somebody else take a model out of the store."""
        os.rename(f"{self.store}/{name}", f"{self._elsewhere}/{os.path.basename(name)}")

    @property
    def is_robbed(self) -> bool:
        """Whether somebody else has taken a model."""
        return bool(os.listdir(self._elsewhere))

    def find_again(self) -> None:
        """Put back what somebody else took."""
        for name in os.listdir(self._elsewhere):
            os.rename(f"{self._elsewhere}/{name}", f"{self.store}/{name}")

    def state(self) -> State:
        """Look at the store."""
        models = {name: noted for name, noted in _walk(self.store) if name.split("/")[0] != ".ocrstate"}
        held = frozenset((name.partition("/")[2], noted[-1]) for name, noted in self._quarantined())
        return State(models, held)

    def outside(self) -> dict[str, Noted]:
        """Look at what must never change."""
        return dict(_walk(self._outside))

    def everything(self) -> dict[str, Noted]:
        """Look at every entry in the store, to the time of its last change."""
        found: dict[str, Noted] = {}
        for folder, folders, files in os.walk(self.store):
            for path in (folder, *(os.path.join(folder, name) for name in (*folders, *files))):
                status = os.lstat(path)
                found[path] = (status.st_mode, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        return found

    def journals(self, folder: str) -> dict[str, bytes]:
        """Read the journals in one of our folders."""
        path = f"{self.store}/.ocrstate/{folder}"
        found = {}
        for name in os.listdir(path) if os.path.isdir(path) else ():
            with open(f"{path}/{name}", "rb") as file:
                found[name] = file.read()
        return found

    def has_record(self, record: str) -> bool:
        """Tell whether some journal has a whole line with this record."""
        word = f'"record":"{record}"'.encode()
        journals = (*self.journals("journal").values(), *self.journals("history").values())
        return any(word in line for data in journals for line in data.split(b"\n")[:-1])

    def garbled_lines(self) -> list[bytes]:
        """Return lines of closed journals that are no records; a torn last one counts as not written."""
        lines = (line for data in self.journals("history").values() for line in data.split(b"\n")[:-1])
        return [line for line in lines if line[:8] != b"%08x" % crc32(line[9:])]

    def seen_by_the_engine(self) -> list[str]:
        """Name what is ours and lies where the engine looks."""
        path = f"{self.store}/.ocrstate"
        return [each.name for each in os.scandir(path) if not each.is_dir()] if os.path.isdir(path) else []

    def empty_quarantines(self) -> list[str]:
        """Name the runs whose quarantine is there for nothing."""
        path = f"{self.store}/.ocrstate/quarantine"
        return [run for run in os.listdir(path) if not os.listdir(f"{path}/{run}")] if os.path.isdir(path) else []

    def _quarantined(self) -> Iterator[tuple[str, Noted]]:
        path = f"{self.store}/.ocrstate/quarantine"
        return ((name, noted) for name, noted in _walk(path) if len(noted) == _FILE)


_FILE = 5  # notes of what is no folder


def _walk(folder: str, prefix: str = "") -> Iterator[tuple[str, Noted]]:
    if not os.path.isdir(folder):
        return
    for entry in os.scandir(folder):
        name = f"{prefix}{entry.name}"
        status = entry.stat(follow_symlinks=False)
        if stat.S_ISDIR(status.st_mode):
            yield name, (status.st_mode, status.st_uid)
            yield from _walk(entry.path, f"{name}/")
        else:
            yield name, (status.st_mode, status.st_uid, status.st_ino, status.st_mtime_ns, _content(entry))


def _content(entry: os.DirEntry[str]) -> bytes:
    if entry.is_symlink():
        return os.fsencode(os.readlink(entry.path))
    with open(entry.path, "rb") as file:
        return file.read()


def without(models: Models, *names: str) -> Models:
    """Leave models out."""
    return {name: noted for name, noted in models.items() if name not in names}
