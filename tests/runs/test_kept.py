"""What runs keep, and what of it can be put back."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ocrstate.runs.kept import kept_runs, past_runs
from ocrstate.runs.model import RunKind
from tests.support.runs import (
    COMMITTED,
    FINISHED,
    KEEP_UNTIL,
    KEPT,
    LATER_RUN,
    PURGED,
    PURGING,
    RUN,
    UNDONE,
    begun_of,
    journal_of,
    putting_back,
    removal,
)

if TYPE_CHECKING:
    from ocrstate.runs.model import Begun, Step
    from tests.runs.conftest import Store


def begun_for(store: Store, *names: str, run_id: str = RUN) -> Begun:
    """Let a run keep models, and return what it was going to do."""
    marks = store.keeps(*names, run_id=run_id)
    moves = (removal(name, run_id=run_id)._replace(mark=mark) for name, mark in zip(names, marks, strict=True))
    return begun_of(*moves, run_id=run_id, keep_until=KEEP_UNTIL)


def restorable(store: Store) -> dict[str, list[str]]:
    runs = past_runs(store.descriptor)
    assert kept_runs(store.descriptor) == tuple(run for run in runs if run.restorable)
    return {run.log.run_id: [each.name for each in run.restorable] for run in runs}


def test_what_a_finished_run_keeps_can_be_put_back(store: Store) -> None:
    store.has_closed(begun_for(store, "old.bin", "sub/\udcff.bin"), *KEPT)
    assert restorable(store) == {RUN: ["old.bin", "sub/\udcff.bin"]}


@pytest.mark.parametrize("steps", [(UNDONE,), (*KEPT, PURGING), (*KEPT, PURGING, PURGED)], ids=repr)
def test_what_was_taken_back_or_is_being_deleted_cannot(store: Store, steps: tuple[Step, ...]) -> None:
    store.has_closed(begun_for(store, "old.bin"), *steps)
    assert restorable(store) == {RUN: []}


@pytest.mark.parametrize("steps", [(), (COMMITTED,), (COMMITTED, FINISHED)], ids=repr)
def test_nor_what_a_run_holds_that_is_at_work_or_was_broken_off(store: Store, steps: tuple[Step, ...]) -> None:
    store.has_open(begun_for(store, "old.bin"), *steps)
    assert restorable(store) == {RUN: []}
    assert [run.is_open for run in past_runs(store.descriptor)] == [True]


def test_what_was_put_back_already_cannot_be_put_back_again(store: Store) -> None:
    store.has_closed(begun_for(store, "old.bin", "other.bin"), *KEPT)
    (store.folder(f"quarantine/{RUN}") / "old.bin").unlink()
    assert restorable(store) == {RUN: ["other.bin"]}


def test_what_was_altered_or_slipped_into_quarantine_is_not_put_back(store: Store) -> None:
    store.has_closed(begun_for(store, "altered.bin", "good.bin"), *KEPT)
    store.keeps("foreign.bin")
    (store.folder(f"quarantine/{RUN}") / "altered.bin").write_bytes(b"other")
    assert restorable(store) == {RUN: ["good.bin"]}


def test_a_restore_keeps_what_was_in_the_way_and_not_what_it_put_back(store: Store) -> None:
    moved = begun_for(store, "old.bin", run_id=LATER_RUN)
    back = putting_back("old.bin")
    store.has_closed(replace(moved, kind=RunKind.RESTORE, restores=RUN, moves=(*moved.moves, back)), *KEPT)
    assert restorable(store) == {LATER_RUN: ["old.bin"]}


def test_runs_are_given_oldest_first_the_open_ones_among_them(store: Store) -> None:
    store.has_closed(begun_of("b", run_id=LATER_RUN), *KEPT)
    store.has_open(begun_of("a"))
    assert list(restorable(store)) == [RUN, LATER_RUN]


def test_nothing_can_be_restored_of_a_run_whose_journal_cannot_be_relied_on(store: Store) -> None:
    store.has_journal("history", RUN, journal_of(begun_of("a", run_id=LATER_RUN)))
    store.keeps("a")
    assert restorable(store) == {RUN: []}


def test_the_bytes_held_are_those_that_the_disk_would_gain(store: Store) -> None:
    store.has_closed(begun_for(store, "old.bin", "shared.bin"), *KEPT)
    folder = store.folder(f"quarantine/{RUN}")
    os.link(folder / "shared.bin", store.path / "shared.bin")
    (run,) = past_runs(store.descriptor)
    assert run.bytes_held == (folder / "old.bin").stat().st_blocks * 512
