"""What is kept for a while, and goes when the while is over; the clock may have jumped meanwhile."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from ocrstate.applying.recovery import recover
from ocrstate.applying.result import Ended
from ocrstate.applying.retention import expired_runs, forget_oldest, keeping_runs, purge, purge_expired
from ocrstate.runs.journal import encode_begun, encode_step
from ocrstate.runs.model import (
    Begun,
    Committed,
    Finished,
    InQuarantine,
    InStore,
    Move,
    Purged,
    Purging,
    RunKind,
    RunState,
    Step,
    Undone,
    Who,
    mark_of,
)
from ocrstate.runs.read import closed_runs, read_closed, read_open
from ocrstate.store.opened import open_store
from ocrstate.store.scan import stamp_of
from ocrstate.writer.store_writer import StoreWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

RUN = "20261121T100200Z-3f9c2a"
NOON = "2026-11-21T12:00:00Z"
COMMITTED = Committed("2026-11-21T10:02:01Z")
FINISHED = Finished("2026-11-21T10:02:02Z", 0)
PURGING = Purging("2026-11-21T11:00:00Z")
LONG_AGO = "2001-01-01T00:00:00Z"
SIZE = 5000


def impatiently(change: Callable[[], None]) -> None:
    change()


@dataclass
class Shelf:
    """A store in which runs keep something."""

    writer: StoreWriter
    folder: Path

    def keeps(self, *names: str, until: str | None, run_id: str = RUN, steps: tuple[Step, ...] = ()) -> None:
        """Let a run have ended that moved models aside, and let them be kept."""
        aside = self.quarantine(run_id)
        moves = []
        for name in names:
            (aside / name).parent.mkdir(parents=True, exist_ok=True)
            (aside / name).write_bytes(b"x" * SIZE)
            mark = mark_of(stamp_of(os.lstat(aside / name)))
            moves.append(Move(name, InStore(), InQuarantine(run_id), mark))
        who = Who(1, "ann", "host", "2026-11-21T10:02:00Z", "ocrstate apply models.yml")
        begun = Begun(run_id, RunKind.APPLY, "1.0", who, None, None, None, until, tuple(moves), ())
        self.writer.journals.start(run_id, encode_begun(begun))
        for step in steps or (COMMITTED, FINISHED):
            self.writer.journals.append(run_id, encode_step(step))
        self.writer.journals.close(run_id)

    def quarantine(self, run_id: str = RUN) -> Path:
        return self.folder / ".ocrstate" / "quarantine" / run_id

    def state(self, run_id: str = RUN) -> RunState:
        return read_closed(self.writer.descriptor, run_id).state

    def expired(self, moment: str) -> list[str]:
        return [log.run_id for log in expired_runs(self.writer.descriptor, moment)]

    def purge(self, run_id: str = RUN) -> tuple[int, int, tuple[tuple[str, str], ...]]:
        purged = purge(self.writer, read_closed(self.writer.descriptor, run_id))
        return purged.models, purged.bytes_freed, purged.stuck


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    with open_store(str(tmp_path)) as (store, descriptor):
        assert descriptor is not None
        with StoreWriter(store, descriptor, impatiently) as writer:
            yield Shelf(writer, tmp_path)


def allocated(*paths: Path) -> int:
    return sum(path.stat().st_blocks * 512 for path in paths)


@pytest.mark.parametrize(
    ("until", "steps", "is_over"),
    [
        ("2026-11-21T11:59:59Z", (), True),
        (NOON, (), True),
        ("2026-11-21T12:00:01Z", (), False),
        (LONG_AGO, (), True),
        ("9999-12-31T23:59:59Z", (), False),
        (None, (), False),
        (LONG_AGO, (COMMITTED,), False),
        (LONG_AGO, (Undone(NOON, "broken off"),), False),
    ],
    ids=[
        "before",
        "now",
        "after",
        "the clock jumped ahead",
        "for ever",
        "deleted at once",
        "no end",
        "undone",
    ],
)
def test_time_is_up_when_it_has_come_and_never_for_a_run_that_did_not_finish(
    shelf: Shelf, until: str | None, steps: tuple[Step, ...], *, is_over: bool
) -> None:
    shelf.keeps("old.bin", until=until, steps=steps)
    assert shelf.expired(NOON) == ([RUN] if is_over else [])


def test_a_clock_that_jumps_back_keeps_longer_and_never_shorter(shelf: Shelf) -> None:
    shelf.keeps("old.bin", until=NOON)
    assert shelf.expired("2026-11-21T12:00:01Z") == [RUN]
    assert shelf.expired("1970-01-01T00:00:00Z") == []


def test_who_keeps_nothing_has_nothing_to_purge(shelf: Shelf) -> None:
    shelf.keeps(until=LONG_AGO)
    assert shelf.expired(NOON) == []
    assert keeping_runs(shelf.writer.descriptor) == ()


def test_a_damaged_journal_is_passed_over_and_what_it_keeps_stays(shelf: Shelf) -> None:
    shelf.keeps("old.bin", until=LONG_AGO)
    journal = shelf.folder / ".ocrstate" / "history" / f"{RUN}.journal"
    journal.write_bytes(journal.read_bytes().replace(b"2001", b"2002", 1))
    assert purge_expired(shelf.writer) == ()
    assert (shelf.quarantine() / "old.bin").exists()


def test_a_purge_frees_what_it_says_and_says_so_in_the_journal(shelf: Shelf) -> None:
    shelf.keeps("old.bin", "sub/old.bin", until=None)
    measured = allocated(shelf.quarantine() / "old.bin", shelf.quarantine() / "sub" / "old.bin")
    assert shelf.purge() == (2, measured, ())
    assert shelf.state() is RunState.PURGED
    assert not shelf.quarantine().exists()
    steps = read_closed(shelf.writer.descriptor, RUN).steps
    assert isinstance(steps[-1], Purged)
    assert steps[-1].bytes_freed == measured


def test_content_that_has_another_name_elsewhere_frees_nothing(shelf: Shelf) -> None:
    shelf.keeps("old.bin", until=None)
    os.link(shelf.quarantine() / "old.bin", shelf.folder / "kept.bin")
    assert shelf.purge() == (1, 0, ())
    assert (shelf.folder / "kept.bin").exists()


def test_what_the_run_did_not_put_there_is_not_deleted(shelf: Shelf) -> None:
    shelf.keeps("old.bin", until=None)
    (shelf.quarantine() / "notes.txt").write_text("mine")
    assert shelf.purge()[0] == 1
    assert os.listdir(shelf.quarantine()) == ["notes.txt"]


def test_a_purge_that_was_killed_is_finished_by_whoever_changes_the_store_next(shelf: Shelf) -> None:
    shelf.keeps("a.bin", "b.bin", until="9999-12-31T23:59:59Z")
    shelf.writer.journals.reopen(RUN, read_closed(shelf.writer.descriptor, RUN).intact)
    shelf.writer.journals.append(RUN, encode_step(PURGING))
    (shelf.quarantine() / "a.bin").unlink()
    measured = allocated(shelf.quarantine() / "b.bin")
    (recovered,) = recover(shelf.writer)
    assert (recovered.ended, recovered.bytes_freed) == (Ended.FINISHED, measured)
    assert shelf.state() is RunState.PURGED
    assert not shelf.quarantine().exists()
    assert recover(shelf.writer) == ()


def test_a_torn_last_line_of_a_killed_purge_does_no_harm(shelf: Shelf) -> None:
    shelf.keeps("old.bin", until=LONG_AGO)
    with open(shelf.folder / ".ocrstate" / "history" / f"{RUN}.journal", "ab") as journal:
        journal.write(encode_step(PURGING)[:-5])
    (purged,) = purge_expired(shelf.writer)
    assert purged.models == 1
    assert shelf.state() is RunState.PURGED


def test_what_cannot_be_deleted_is_named_with_its_cause_and_tried_again(tmp_path: Path) -> None:
    in_the_way = [OSError(errno.EBUSY, "Device or resource busy")]

    def patiently(change: Callable[[], None]) -> None:
        if in_the_way:
            raise in_the_way.pop()
        change()

    with open_store(str(tmp_path)) as (store, descriptor):
        assert descriptor is not None
        with StoreWriter(store, descriptor, patiently) as writer:
            shelf = Shelf(writer, tmp_path)
            shelf.keeps("a.bin", "b.bin", until=LONG_AGO)
            (purged,) = purge_expired(writer)
            assert (purged.models, purged.stuck) == (1, (("a.bin", "Device or resource busy"),))
            assert os.listdir(shelf.quarantine()) == ["a.bin"]
            assert read_open(descriptor, RUN).state is RunState.PURGING

            assert len(recover(writer)) == 1
            assert os.listdir(tmp_path / ".ocrstate" / "quarantine") == []
            assert shelf.state() is RunState.PURGED


def test_beyond_the_last_200_only_runs_that_keep_something_are_remembered(shelf: Shelf) -> None:
    ids = [f"20261121T1002{number // 60:02d}Z-{number:06x}" for number in range(203)]
    for number, run_id in enumerate(ids):
        shelf.keeps(*(["old.bin"] if number == 1 else []), until=None, run_id=run_id)
    forget_oldest(shelf.writer)
    assert closed_runs(shelf.writer.descriptor) == (ids[1], *ids[3:])


def test_runs_that_are_not_too_many_are_all_remembered(shelf: Shelf) -> None:
    shelf.keeps(until=None)
    forget_oldest(shelf.writer)
    assert closed_runs(shelf.writer.descriptor) == (RUN,)
