"""What is read of the runs in a store, however odd what lies there is."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

import pytest

from ocrstate.errors import StoreError, UnfinishedError
from ocrstate.runs.model import RunState, UnfinishedRun
from ocrstate.runs.read import (
    closed_runs,
    held_by,
    holding_runs,
    is_at_work,
    open_runs,
    read_closed,
    read_open,
    unfinished,
)
from tests.support.runs import COMMITTED, KEPT, LATER_RUN, RUN, begun_of, journal_of
from tests.support.users import without_privileges

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.runs.conftest import Store

    Prepare = Callable[[Store], None]

BEGUN, LATER = begun_of("old.bin"), begun_of("old.bin", run_id=LATER_RUN)


def test_a_store_without_any_run_has_none(store: Store) -> None:
    at = store.descriptor
    assert (open_runs(at), closed_runs(at), holding_runs(at), unfinished(at), held_by(at, RUN)) == ((), (), (), (), ())
    assert is_at_work(at) is False
    assert os.listdir(store.path) == []


def test_runs_are_told_apart_by_where_their_journals_lie_oldest_first(store: Store) -> None:
    store.has_open(LATER)
    store.has_open(BEGUN)
    store.has_closed(BEGUN, *KEPT)
    store.keeps("a", run_id=LATER_RUN)
    assert open_runs(store.descriptor) == (RUN, LATER_RUN)
    assert closed_runs(store.descriptor) == (RUN,)
    assert holding_runs(store.descriptor) == (LATER_RUN,)


def test_what_is_no_journal_is_passed_over(store: Store) -> None:
    for name in ("README", "x.journal", f"{RUN}.journal~", f"{RUN}", f"..{RUN}.journal"):
        (store.folder("journal") / name).touch()
    store.folder("quarantine/not a run")
    assert (open_runs(store.descriptor), holding_runs(store.descriptor)) == ((), ())


def test_a_journal_is_read_with_the_bytes_that_are_intact(store: Store) -> None:
    data = journal_of(BEGUN, COMMITTED)
    store.has_journal("journal", RUN, data + b"torn")
    log = read_open(store.descriptor, RUN)
    assert (log.begun, log.state, log.intact) == (BEGUN, RunState.COMMITTED, len(data))


def _damaged(store: Store) -> None:
    data = journal_of(BEGUN, *KEPT)
    store.has_journal("history", RUN, data[:20] + b"?" + data[21:])


def _of_another_run(store: Store) -> None:
    store.has_journal("history", RUN, journal_of(LATER))


def _pipe(store: Store) -> None:
    os.mkfifo(store.folder("history") / f"{RUN}.journal")


def _folder(store: Store) -> None:
    store.folder(f"history/{RUN}.journal")


def _link(store: Store) -> None:
    (store.path / "elsewhere").write_bytes(journal_of(BEGUN, *KEPT))
    (store.folder("history") / f"{RUN}.journal").symlink_to(store.path / "elsewhere")


def _linked_folder(store: Store) -> None:
    store.has_closed(BEGUN, *KEPT)
    own = store.path / ".ocrstate"
    own.rename(store.path / "elsewhere")
    own.symlink_to("elsewhere")


def _nothing(store: Store) -> None:
    store.folder("history")


@pytest.mark.parametrize("prepare", [_damaged, _of_another_run, _pipe, _folder, _link, _linked_folder, _nothing])
def test_a_journal_that_cannot_be_relied_on_is_refused_with_what_to_do(store: Store, prepare: Prepare) -> None:
    prepare(store)
    with pytest.raises(UnfinishedError) as caught:
        read_closed(store.descriptor, RUN)
    assert caught.value.code == "journal-damaged"
    assert f".ocrstate/history/{RUN}.journal" in caught.value.message
    assert f".ocrstate/quarantine/{RUN}" in caught.value.hint


def test_what_waits_in_quarantine_is_listed_by_name_with_what_tells_it(store: Store) -> None:
    marks = store.keeps("old.bin", "sub/old.bin", "\udcff\n.bin")
    held = held_by(store.descriptor, RUN)
    assert [each.name for each in held] == ["old.bin", "sub/old.bin", "\udcff\n.bin"]
    assert [each.mark for each in held] == marks
    assert {each.links for each in held} == {1}


def test_links_in_quarantine_are_listed_and_not_followed(store: Store) -> None:
    (store.folder(f"quarantine/{RUN}") / "link").symlink_to("/etc")
    assert [each.name for each in held_by(store.descriptor, RUN)] == ["link"]


def test_folders_deeper_than_models_lie_are_not_looked_into(store: Store) -> None:
    store.keeps("a/b/c.bin", "a/d.bin")
    assert [each.name for each in held_by(store.descriptor, RUN)] == ["a/d.bin"]


def test_a_quarantine_that_cannot_be_read_is_no_empty_one(store: Store) -> None:
    store.keeps("old.bin")
    folder = store.folder(f"quarantine/{RUN}")
    folder.chmod(0)
    with without_privileges(), pytest.raises(StoreError, match="cannot be read"):
        held_by(store.descriptor, RUN)
    folder.chmod(0o755)


def test_a_quarantine_that_is_a_link_is_not_followed(store: Store) -> None:
    store.folder("quarantine")
    (store.path / ".ocrstate" / "quarantine" / RUN).symlink_to("/etc")
    with pytest.raises(StoreError, match="cannot be read"):
        held_by(store.descriptor, RUN)


def test_a_run_that_was_broken_off_is_described(store: Store) -> None:
    store.has_open(BEGUN)
    store.keeps("old.bin")
    assert unfinished(store.descriptor) == (UnfinishedRun(RUN, BEGUN, RunState.MOVING, 1, at_work=False),)


def test_a_run_that_had_only_just_started_is_described(store: Store) -> None:
    store.has_journal("journal", RUN, journal_of(BEGUN)[:-1])
    assert unfinished(store.descriptor) == (UnfinishedRun(RUN, None, RunState.NOT_BEGUN, 0, at_work=False),)


def test_a_run_whose_journal_is_damaged_is_described_with_what_waits(store: Store) -> None:
    store.has_journal("journal", RUN, journal_of(LATER))
    store.keeps("old.bin", "sub/old.bin")
    assert unfinished(store.descriptor) == (UnfinishedRun(RUN, None, None, 2, at_work=False),)


def test_a_run_is_at_work_as_long_as_it_holds_the_lock(store: Store) -> None:
    store.has_open(BEGUN)
    with open(store.folder("lock") / "store.lock", "wb") as lock:
        assert is_at_work(store.descriptor) is False
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert is_at_work(store.descriptor) is True
        assert [run.at_work for run in unfinished(store.descriptor)] == [True]
        fcntl.flock(lock, fcntl.LOCK_UN)
        assert is_at_work(store.descriptor) is False


def test_whether_a_run_is_at_work_is_not_known_where_the_lock_cannot_be_opened(store: Store) -> None:
    (store.folder("lock") / "store.lock").symlink_to("/etc/passwd")
    assert is_at_work(store.descriptor) is None
