"""What was read is remembered only for as long as it is certain to be true, and never in the way."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ocrstate.digests.memory import Memory, is_racy
from ocrstate.digests.model import Content
from ocrstate.digests.remembered import Record, digests_in, encoded, key_of, records_in
from ocrstate.store.model import Stamp
from tests.digests.shelf import SETTLED, Shelf, content, write_again
from tests.support.stores import stamp

if TYPE_CHECKING:
    from collections.abc import Callable

PROJECT = Path(__file__).parents[2]
SECOND = 1_000_000_000
NOW = 1_700_000_000 * SECOND


def the_file(cache: Path) -> Path:
    (found,) = cache.iterdir()
    return found


@pytest.fixture
def known(shelf: Shelf) -> Shelf:
    """Give a store with one model, which has been read."""
    shelf.put("a.bin", b"a")
    shelf.settle()
    shelf.read_and_remember()
    assert shelf.remembered() == {"a.bin": content(b"a", remembered=True)}
    return shelf


def test_what_was_read_is_not_read_again(known: Shelf) -> None:
    told: list[int] = []
    assert known.read(Memory.of(known.store), told.append) == {"a.bin": content(b"a", remembered=True)}
    assert told == []


def touch(path: Path) -> None:
    os.utime(path)


def lengthen(path: Path) -> None:
    path.write_bytes(b"ab")


def rewrite(path: Path) -> None:
    path.write_bytes(b"b")


def rewrite_with_its_time_put_back(path: Path) -> None:
    write_again(path, b"b")


def replace_with_its_time_put_back(path: Path) -> None:
    status = path.stat()
    other = path.with_suffix(".new")
    other.write_bytes(b"b")
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(path)


@pytest.mark.parametrize(
    "change", [touch, lengthen, rewrite, rewrite_with_its_time_put_back, replace_with_its_time_put_back]
)
def test_what_may_have_changed_is_read_again(known: Shelf, change: Callable[[Path], None]) -> None:
    path = known.path / "a.bin"
    change(path)
    assert known.remembered() == {}
    assert known.read(Memory.of(known.store)) == {"a.bin": content(path.read_bytes())}


def test_however_fast_a_file_is_rewritten_the_truth_is_told(shelf: Shelf) -> None:
    path = shelf.put("a.bin", b"0000")
    for number in range(300):
        data = b"%04d" % number
        write_again(path, data)
        (found,) = shelf.read_and_remember().values()
        assert isinstance(found, Content)
        assert found[:2] == content(data)[:2]


def test_a_link_is_remembered_by_what_it_leads_to(shelf: Shelf, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"one")
    (shelf.path / "link.bin").symlink_to(target)
    shelf.settle()
    shelf.read_and_remember()
    assert shelf.remembered() == {"link.bin": content(b"one", remembered=True)}
    write_again(target, b"two")
    assert shelf.read(Memory.of(shelf.store)) == {"link.bin": content(b"two")}


@pytest.mark.parametrize(
    ("mtime", "ctime", "racy"),
    [
        (-SECOND // 5 + 1, -SECOND // 5 + 1, False),
        (-SECOND // 5 + 1, -SECOND // 20 + 1, True),
        (-SECOND // 20 + 1, -SECOND // 5 + 1, True),
        (-3 * SECOND, -3 * SECOND, False),
        (-SECOND, -SECOND, True),
        (-SECOND, -SECOND + 1, False),
        (-3 * SECOND, SECOND + 1, True),
        (5 * SECOND, -3 * SECOND, True),
    ],
)
def test_a_file_changed_just_now_is_racy(mtime: int, ctime: int, *, racy: bool) -> None:
    """Where both times are whole seconds, the filesystem may count no finer; times to come tell nothing."""
    assert is_racy(stamp(mtime_ns=NOW + mtime, ctime_ns=NOW + ctime), NOW) is racy


def test_what_was_written_just_now_is_not_remembered(shelf: Shelf) -> None:
    path = shelf.put("a.bin", b"a")
    os.utime(path, (1, 1))
    assert shelf.read_and_remember() == {"a.bin": content(b"a")}
    assert shelf.remembered() == {}


def test_the_memory_is_for_this_user_alone(known: Shelf, cache: Path) -> None:
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    assert stat.S_IMODE(the_file(cache).stat().st_mode) == 0o600
    assert known.remembered()


def test_each_store_has_a_memory_of_its_own(known: Shelf, cache: Path, tmp_path: Path) -> None:
    with Shelf.opened(tmp_path / "other") as other:
        os.link(known.path / "a.bin", other.path / "a.bin")
        other.settle()
        other.read_and_remember()
    assert len(list(cache.iterdir())) == 2


def test_what_left_the_store_is_forgotten(known: Shelf, cache: Path) -> None:
    known.put("b.bin")
    known.put("sub/c.bin")
    known.settle()
    known.read_and_remember()
    (known.path / "a.bin").unlink()
    known.put("d.bin")
    known.settle()
    known.read_these([entry for entry in known.entries() if entry.name == "d.bin"], Memory.of(known.store))
    kept = records_in(the_file(cache).read_bytes())
    assert sorted(record.name for record in kept) == [b"b.bin", b"d.bin", b"sub/c.bin"]


def damaged_anywhere(data: bytes) -> list[bytes]:
    flipped = [data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :] for at in range(0, len(data), 7)]
    return [
        b"",
        b"\0" * len(data),
        data[:-1],
        data + b"x",
        data[: len(data) // 2],
        data.replace(b" 1\n", b" 2\n"),
        *flipped,
    ]


def test_a_damaged_memory_is_none(known: Shelf, cache: Path) -> None:
    file = the_file(cache)
    for damaged in damaged_anywhere(file.read_bytes()):
        file.write_bytes(damaged)
        assert known.remembered() == {}
    assert known.read(Memory.of(known.store)) == {"a.bin": content(b"a")}
    assert known.remembered() == {"a.bin": content(b"a", remembered=True)}


def writable_by_others(cache: Path) -> None:
    the_file(cache).chmod(0o622)


def in_a_folder_writable_by_others(cache: Path) -> None:
    cache.chmod(0o770)


def a_link(cache: Path) -> None:
    file = the_file(cache)
    file.rename(cache.parent / "elsewhere")
    file.symlink_to(cache.parent / "elsewhere")


def behind_a_link(cache: Path) -> None:
    cache.rename(cache.parent / "elsewhere")
    cache.symlink_to(cache.parent / "elsewhere")


def a_pipe(cache: Path) -> None:
    file = the_file(cache)
    file.unlink()
    os.mkfifo(file, 0o600)


def anothers(cache: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    os.chown(the_file(cache), 1, 1)


def in_anothers_folder(cache: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give folders away")
    os.chown(cache, 1, 1)


@pytest.mark.parametrize(
    "spoil",
    [
        *(writable_by_others, in_a_folder_writable_by_others, a_link, behind_a_link, a_pipe, anothers),
        in_anothers_folder,
    ],
)
def test_what_another_may_have_written_is_not_believed(
    known: Shelf, cache: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(cache)
    assert known.remembered() == {}
    assert known.read(Memory.of(known.store)) == {"a.bin": content(b"a")}


def test_a_cache_folder_that_cannot_be_made_is_done_without(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    shelf.put("a.bin", b"a")
    shelf.settle()
    for folder in (tmp_path / "file", Path("/proc/nowhere")):
        monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
        assert shelf.read_and_remember() == {"a.bin": content(b"a")}
        assert shelf.remembered() == {}


def test_nothing_is_kept_in_the_store_itself(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(shelf.path))
    shelf.put("a.bin", b"a")
    shelf.settle()
    shelf.read_and_remember()
    assert os.listdir(shelf.path) == ["a.bin"]


def test_what_killed_processes_left_is_removed(known: Shelf, cache: Path) -> None:
    left, being_written = cache / "old.part", cache / "new.part"
    left.touch()
    being_written.touch()
    os.utime(left, (1, 1))
    known.put("b.bin")
    known.settle()
    known.read_and_remember()
    assert not left.exists()
    assert being_written.exists()


READER = """
import sys
from ocrstate.digests.contents import read_contents
from ocrstate.digests.memory import Memory
from ocrstate.store.opened import open_store
from ocrstate.store.scan import scan
with open_store(sys.argv[1]) as (store, descriptor):
    for _ in range(20):
        for entry in scan(store, descriptor).entries:
            read_contents(store, descriptor, [entry], Memory.fresh(store), lambda _: None)
"""


def test_processes_at_the_same_time_leave_a_whole_memory(shelf: Shelf, cache: Path) -> None:
    for number in range(5):
        shelf.put(f"{number}.bin", b"%d" % number)
    shelf.settle()
    command = [sys.executable, "-c", READER, str(shelf.path)]
    processes = [subprocess.Popen(command, cwd=PROJECT) for _ in range(4)]
    while any(process.poll() is None for process in processes):
        assert all(
            each == content(b"%c" % name[:1].encode(), remembered=True) for name, each in shelf.remembered().items()
        )
        time.sleep(0.01)
    assert [process.wait() for process in processes] == [0] * 4
    assert os.listdir(cache) == [the_file(cache).name]
    shelf.read_and_remember()
    assert len(shelf.remembered()) == 5


class TestFormat:
    RECORDS = tuple(
        Record(b"%d\n\xff" % number, key_of(stamp(inode=number)) or b"", bytes([number]) * 32) for number in range(9)
    )

    def test_what_is_written_is_read(self) -> None:
        data = encoded(self.RECORDS)
        assert records_in(data) == self.RECORDS
        assert digests_in(data) == {record.key: record.digest for record in self.RECORDS}

    def test_nothing_is_written_and_read(self) -> None:
        assert records_in(encoded(())) == ()
        assert digests_in(encoded(())) == {}

    def test_a_count_that_does_not_fit_is_no_error(self) -> None:
        body = (2**63).to_bytes(8, "little")
        from hashlib import sha256  # noqa: PLC0415 - for this forgery alone

        forged = encoded(())[: len(b"ocrstate digests 1\n")] + sha256(body).digest() + body
        assert digests_in(forged) == {}
        assert records_in(forged) == ()

    def test_every_part_of_a_state_counts(self) -> None:
        base = stamp()
        others = [base._replace(**{field: 77}) for field in ("device", "inode", "size", "mtime_ns", "ctime_ns")]
        assert len({key_of(each) for each in (base, *others)}) == 6

    def test_what_reading_changes_does_not_count(self) -> None:
        assert key_of(stamp(allocated=1, links=2)) == key_of(stamp())

    def test_numbers_that_do_not_fit_are_not_remembered(self) -> None:
        assert key_of(stamp(inode=2**64)) is None
        assert key_of(stamp(mtime_ns=-1)) is not None

    def test_ten_thousand_are_looked_up_in_a_moment(self) -> None:
        stamps = [Stamp(1, number, 5, NOW, 0, 1, NOW) for number in range(10_000)]
        data = encoded(Record(b"%d" % each.inode, key_of(each) or b"", bytes(32)) for each in stamps)
        started = time.perf_counter()
        memory = Memory(None, digests_in(data))
        assert all(memory.recall(each) == "00" * 32 for each in stamps)
        assert time.perf_counter() - started < SETTLED  # 8 ms on a machine at rest
