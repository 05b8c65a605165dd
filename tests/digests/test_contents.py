"""Reading models: all of them, each once, and noticing what changes meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ocrstate.digests.contents import bytes_to_read, read_shown
from ocrstate.digests.hashing import CHUNK
from ocrstate.digests.memory import Memory
from ocrstate.digests.model import Unreadable, Unsettled
from ocrstate.digests.spot import bytes_on_disk
from tests.digests.shelf import content
from tests.support.users import without_privileges

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.digests.shelf import Shelf

PROJECT = Path(__file__).parents[2]


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 7])
def test_a_file_of_any_size_is_read_to_its_end(shelf: Shelf, size: int) -> None:
    data = os.urandom(size)
    shelf.put("a.bin", data)
    assert shelf.read() == {"a.bin": content(data)}


def test_every_model_is_read_wherever_it_lies(shelf: Shelf, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "c.bin").write_bytes(b"c")
    shelf.put("a.bin", b"a")
    shelf.put("sub/b.bin", b"b")
    (shelf.path / "link.bin").symlink_to(outside / "c.bin")
    (shelf.path / "folder").symlink_to(outside)
    assert shelf.read() == {
        "a.bin": content(b"a"),
        "sub/b.bin": content(b"b"),
        "link.bin": content(b"c"),
        "folder/c.bin": content(b"c"),
    }


def test_names_that_are_not_utf8_are_read_too(shelf: Shelf) -> None:
    with open(os.path.join(os.fsencode(shelf.path), b"\xff\n\\.bin"), "wb") as file:
        file.write(b"strange")
    assert shelf.read() == {"\udcff\n\\.bin": content(b"strange")}


def test_a_file_with_several_names_is_read_once(shelf: Shelf) -> None:
    os.link(shelf.put("a.bin", b"12345"), shelf.path / "b.bin")
    told: list[int] = []
    assert shelf.read(watch=told.append) == {"a.bin": content(b"12345"), "b.bin": content(b"12345")}
    assert sum(told) == 5 == bytes_to_read(shelf.store, shelf.descriptor, shelf.entries())


def test_whoever_watches_is_told_of_every_byte(shelf: Shelf) -> None:
    for number in range(20):
        shelf.put(f"{number}.bin", bytes(number * 10_000))
    told: list[int] = []
    shelf.read(watch=told.append)
    assert sum(told) == sum(number * 10_000 for number in range(20))


def test_progress_is_of_what_has_to_be_read_alone(shelf: Shelf) -> None:
    shelf.put("known.bin", b"1" * 1000)
    shelf.settle()
    assert set(shelf.read_and_remember()) == {"known.bin"}
    shelf.put("new.bin", b"2" * 30)
    totals: list[int] = []
    counted: list[int] = []

    @contextmanager
    def progress(total: int) -> Iterator[Callable[[int], None]]:
        totals.append(total)
        yield counted.append

    for _ in range(2):
        shelf.settle()
        readings = read_shown(shelf.store, shelf.descriptor, shelf.entries(), Memory.of(shelf.store), progress)
        assert set(readings) == {"known.bin", "new.bin"}
    assert (totals, sum(counted)) == ([30], 30), "the second time, there is nothing to show"


def test_the_largest_is_begun_first(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ocrstate.digests.pool.cores", lambda: 1)
    for name, size in (("a", 2), ("b", 1), ("c", 4), ("d", 3)):
        shelf.put(name, bytes(size))
    told: list[int] = []
    shelf.read(watch=told.append)
    assert told == [4, 3, 2, 1]


@pytest.mark.parametrize(("files", "most"), [(1, 1), (2, 2), (9, 3)])
def test_there_is_a_thread_for_each_core_and_never_more_than_files(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, files: int, most: int
) -> None:
    monkeypatch.setattr("ocrstate.digests.pool.cores", lambda: 3)
    for number in range(files):
        shelf.put(f"{number}.bin", b"content")
    together = threading.Barrier(most)
    seen: set[int] = set()

    def watch(_count: int) -> None:
        seen.add(threading.get_ident())
        together.wait(timeout=30)  # passes only if so many read at the same time

    shelf.read(watch=watch)
    assert len(seen) == most
    assert not [each for each in threading.enumerate() if each.name == "reader"]


def test_where_the_system_gives_no_thread_the_files_are_read_all_the_same(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    shelf.put("a.bin", b"a")
    shelf.put("b.bin", b"b")
    assert shelf.read() == {"a.bin": content(b"a"), "b.bin": content(b"b")}


def test_what_the_watcher_raises_ends_the_reading_and_is_raised(shelf: Shelf) -> None:
    shelf.put("a.bin")
    shelf.put("b.bin")

    def watch(_count: int) -> None:
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        shelf.read(watch=watch)
    assert not [each for each in threading.enumerate() if each.name == "reader"]


def grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(bytes(10))


def shrink(path: Path) -> None:
    os.truncate(path, 10)


def rewrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"other")


def rewrite_and_put_the_time_back(path: Path) -> None:
    status = path.stat()
    rewrite(path)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def replace(path: Path) -> None:
    other = path.with_suffix(".new")
    other.write_bytes(path.read_bytes())
    other.replace(path)


def replace_one_of_two_names(path: Path) -> None:
    """Keep the old file under another name beforehand, so that only the name tells."""
    path.rename(path.with_suffix(".old"))
    path.write_bytes(path.with_suffix(".old").read_bytes())


CHANGES: list[tuple[Callable[[Path], None], str]] = [
    (grow, "it grew from 1,048,576 to 1,048,586 bytes"),
    (shrink, "it shrank from 1,048,576 to 10 bytes"),
    (rewrite, "it was rewritten"),
    (rewrite_and_put_the_time_back, "it was rewritten, or its name or rights were changed,"),
    (replace, "it was"),
    (replace_one_of_two_names, "it was"),
    (Path.unlink, "it was"),
]


@pytest.mark.parametrize(("change", "words"), CHANGES, ids=lambda each: getattr(each, "__name__", ""))
def test_a_file_that_changes_while_it_is_read_is_named(
    shelf: Shelf, change: Callable[[Path], None], words: str
) -> None:
    path = shelf.put("a.bin", bytes(2 * CHUNK))
    shelf.settle()
    pending = [change]

    def watch(_count: int) -> None:
        if pending:
            pending.pop()(path)

    (reading,) = shelf.read(watch=watch).values()
    assert isinstance(reading, Unsettled)
    assert reading.change.startswith(words)
    assert reading.change.endswith("while it was read")


def test_a_file_that_grows_without_end_is_not_read_without_end(shelf: Shelf) -> None:
    path = shelf.put("a.bin", bytes(CHUNK))

    def watch(_count: int) -> None:
        with path.open("ab") as file:
            file.write(bytes(2 * CHUNK))

    assert shelf.read(watch=watch)["a.bin"] == Unsettled(
        f"it grew from {CHUNK:,} to {5 * CHUNK:,} bytes while it was read"
    )


@pytest.mark.parametrize(
    ("put", "change"),
    [
        (Path.mkdir, "it was replaced by something that is no file"),
        (os.mkfifo, "it was replaced by something that is no file"),
        (lambda path: path.symlink_to("/etc/passwd"), "it was replaced by a link after the folder had been read"),
        (lambda path: path.write_bytes(b"12345"), "it was replaced after the folder had been read"),
        (str, "it vanished after the folder had been read"),
    ],
    ids=["folder", "pipe", "link", "other file", "nothing"],
)
def test_what_took_the_place_of_a_file_is_not_taken_for_it(
    shelf: Shelf, put: Callable[[Path], object], change: str
) -> None:
    path = shelf.put("a.bin", b"54321")
    entries = shelf.entries()
    path.rename(shelf.path.parent / "kept")  # so that nothing new gets its inode
    put(path)
    assert shelf.read_these(entries) == {"a.bin": Unsettled(change)}


def test_a_file_without_permission_is_unreadable(shelf: Shelf) -> None:
    shelf.put("a.bin").chmod(0)
    shelf.put("b.bin", b"b")
    with without_privileges():
        found = shelf.read()
    assert found == {"a.bin": Unreadable("Permission denied"), "b.bin": content(b"b")}


def test_a_link_that_died_is_unreadable(shelf: Shelf) -> None:
    target = shelf.put("a.bin")
    (shelf.path / "link.bin").symlink_to("a.bin")
    entries = [entry for entry in shelf.entries() if entry.name == "link.bin"]
    target.unlink()
    assert shelf.read_these(entries) == {"link.bin": Unreadable("No such file or directory")}


def test_holes_are_told_from_content(shelf: Shelf) -> None:
    shelf.put("full.bin", bytes(1 << 20))
    os.truncate(shelf.put("holes.bin", b"begin"), 1 << 20)
    (shelf.path / "link.bin").symlink_to("holes.bin")
    found = dict(bytes_on_disk(shelf.store, shelf.descriptor, shelf.entries()))
    assert found.keys() == {"holes.bin", "link.bin"}
    assert all(0 < each <= 64 * 1024 for each in found.values())


READER = """
import sys
from ocrstate.digests.contents import read_contents
from ocrstate.digests.memory import Memory
from ocrstate.errors import Interrupted
from ocrstate.signals import act_on_signals
from ocrstate.store.opened import open_store
from ocrstate.store.scan import scan
import threading, time
act_on_signals()

def watch(count):
    print("reads\\n", end="", flush=True)

with open_store(sys.argv[1]) as (store, descriptor):
    try:
        read_contents(store, descriptor, scan(store, descriptor).entries, Memory.none(), watch)
    except Interrupted as error:
        late = time.monotonic() + 5
        while threading.active_count() > 1 and time.monotonic() < late:
            time.sleep(0.001)  # one that was just being started ends before it does anything
        print("ended by", error.signal_number, "threads", threading.active_count())
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_all_threads_within_a_moment(shelf: Shelf, number: signal.Signals) -> None:
    for name in ("a.bin", "b.bin", "c.bin"):
        os.truncate(shelf.put(name), 1 << 40)  # holes: hours of reading, and nothing on disk
    command = [sys.executable, "-c", READER, str(shelf.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=PROJECT, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "reads\n"
        sent = time.monotonic()
        process.send_signal(number)
        lines = process.stdout.read().splitlines()
        assert lines[-1] == f"ended by {int(number)} threads 1"
        assert time.monotonic() - sent < 5


def test_a_fresh_memory_reads_what_is_remembered(shelf: Shelf) -> None:
    shelf.put("a.bin", b"a")
    shelf.settle()
    shelf.read_and_remember()
    assert shelf.read(Memory.fresh(shelf.store)) == {"a.bin": content(b"a")}
    assert shelf.remembered() == {"a.bin": content(b"a", remembered=True)}
