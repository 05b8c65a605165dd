"""A plan is saved, looked at, and carried out once: what was approved is what is done."""

from __future__ import annotations

import fcntl
import os
import signal
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.e2e.engines import hangs, stand_in
from tests.e2e.host import IN_SYNC, MANIFEST, Host, end_of, models_in, snapshot
from tests.e2e.plans import PLAN, assert_refused, document_of, saved
from tests.e2e.test_between_plan_and_apply import (
    folder_moved_out,
    folder_swapped,
    listed_one_vanished,
    replaced,
    replaced_by_link,
    store_replaced,
    store_swapped_for_a_link,
    vanished,
    written,
    written_in_place,
)
from tests.e2e.test_names import STRANGE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def planned(host: Host) -> Host:
    """Give a host with a saved plan that removes three models."""
    host.has("en.bin", "old_1.bin", "old_2.bin", "sub/old_3.bin").lists("en.bin")
    return saved(host)


# -- the usual way


def test_a_saved_plan_is_shown_as_it_was_and_carried_out_without_a_question(planned: Host) -> None:
    shown = planned.plan().out
    assert planned.run("show", PLAN).out == shown
    ended = planned.run("apply", PLAN)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(shown)
    assert set(models_in(planned.store)) == {"en.bin"}


@pytest.mark.without_engine
def test_what_was_allowed_is_not_saved_and_has_to_be_allowed_again(host: Host) -> None:
    host.has("en.bin", "old_1.bin").lists("en.bin", "fr.bin")
    told = host.plan("--out", PLAN, "--allow-missing", "--max-remove", "1", "--offline")
    assert "apply would refuse" not in told.out
    assert told.err == f"Saved; to carry it out: ocrstate apply {PLAN} --allow-missing --max-remove 1 --offline\n"
    assert "apply would refuse" in host.run("show", PLAN).out
    assert host.run("apply", PLAN).code == 3
    assert host.run("apply", PLAN, "--allow-missing").code == 0
    assert set(models_in(host.store)) == {"en.bin"}


def test_a_saved_plan_and_the_plan_itself_are_one_and_the_same_document(planned: Host) -> None:
    assert planned.run("show", PLAN, "--json").document == planned.plan("--json").document


def test_to_save_or_to_show_a_plan_changes_nothing_in_the_store(planned: Host) -> None:
    before = snapshot(planned.store)
    saved(planned)
    planned.run("show", PLAN)
    assert snapshot(planned.store) == before


def test_the_history_tells_which_saved_plan_a_run_carried_out(planned: Host) -> None:
    planned.run("apply", PLAN)
    (run,) = planned.runs()
    assert run["plan_id"] == document_of(planned)["saved"]["plan_id"]


def test_a_plan_is_applied_once_and_can_still_be_shown(planned: Host) -> None:
    assert planned.run("apply", PLAN).code == 0
    (run,) = planned.runs()
    assert_refused(planned, code="plan-used", said=f"applied already, by the run {run['run_id']}")
    assert planned.run("show", PLAN).code == 0


def test_a_plan_is_not_applied_again_even_if_the_store_is_again_as_it_saw_it(host: Host) -> None:
    host.has("en.bin", "old.bin").lists("en.bin")
    saved(host, "--retain", "7d")
    assert host.run("apply", PLAN).code == 0
    assert host.run("restore").code == 0
    assert_refused(host, code="plan-used", said="applied already")


def test_a_plan_that_was_taken_back_can_be_applied_later(planned: Host) -> None:
    stand_in(planned, "lists", "aborts", "lists")
    saved(planned)
    assert planned.run("apply", PLAN).code == 1
    assert planned.run("apply", PLAN).code == 0
    assert set(models_in(planned.store)) == {"en.bin"}


@pytest.mark.needs("strace")
def test_of_two_processes_only_one_carries_a_plan_out(host: Host) -> None:
    """The second one looked before the first one began, and the store is as the plan saw it when its turn comes."""
    host.has("en.bin", "old.bin").lists("en.bin")
    saved(host, "--retain", "7d")
    log = host.outside / "log"
    through = ("strace", "-f", "-qq", "-e", "trace=flock", "-o", str(log))
    with locked(host) as release, host.running("apply", PLAN, "--lock-timeout", "50", through=through) as second:
        host.wait_for(lambda: log.exists() and "EAGAIN" in log.read_text())
        process = int(log.read_text().split()[0])
        with stopped(process):
            release()
            assert host.run("apply", PLAN).code == 0
            assert host.run("restore").code == 0
        ended = end_of(second)
    assert (ended.code, "applied already" in ended.err) == (3, True), ended
    assert set(models_in(host.store)) == {"en.bin", "old.bin"}


@contextmanager
def stopped(process: int) -> Iterator[None]:
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


@contextmanager
def locked(host: Host) -> Iterator[Callable[[], None]]:
    """Hold the store's lock, until the end or until what is given is called."""
    folder = host.store / ".ocrstate" / "lock"
    folder.mkdir(parents=True)
    with (folder / "store.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lambda: fcntl.flock(lock, fcntl.LOCK_UN)


def test_an_empty_plan_is_carried_out_as_well(host: Host) -> None:
    saved(host.has("en.bin").lists("en.bin"))
    for _ in range(2):
        ended = host.run("apply", PLAN)
        assert (ended.code, ended.err) == (0, "")
        assert ended.out.endswith(IN_SYNC)


def test_how_long_removed_models_are_kept_is_part_of_the_plan(host: Host) -> None:
    host.has("en.bin", "old.bin").lists("en.bin", policy={"retain": "2w"})
    saved(host, "--retain", "7d")
    assert "kept for 7 days" in host.run("show", PLAN).out
    ended = host.run("apply", PLAN, "--json")
    assert ended.document["restorable_until"] == host.runs()[0]["restorable_until"]
    assert host.quarantined() == ["old.bin"]


@pytest.mark.parametrize("option", [("--store", "elsewhere"), ("--retain", "7d")])
def test_what_is_part_of_the_plan_is_no_option_of_its_apply(planned: Host, option: tuple[str, str]) -> None:
    ended = planned.run("apply", PLAN, *option)
    assert (ended.code, option[0] in ended.err) == (64, True)
    assert "old_1.bin" in models_in(planned.store)


# -- where from


@pytest.mark.parametrize(
    "options",
    [(), ("--store", "Aspose.AI.LLM/models"), ("-C", "Aspose.AI.LLM/..", "--store", "Aspose.AI.LLM/models")],
    ids=["the engine's own store", "a store that is named", "both"],
)
def test_a_plan_is_carried_out_where_it_was_made_wherever_apply_is_started(
    planned: Host, options: tuple[str, ...]
) -> None:
    saved(planned, *options)
    ended = planned.run("apply", str(planned.app / PLAN), cwd=planned.outside)
    assert (ended.code, ended.err) == (0, "")
    assert set(models_in(planned.store)) == {"en.bin"}
    assert os.listdir(planned.outside) == []


def test_a_plan_made_with_another_working_folder_is_saved_and_found_from_there(planned: Host) -> None:
    words = ("-C", str(planned.app))
    (planned.app / PLAN).unlink()
    assert planned.run("plan", MANIFEST, "--out", PLAN, *words, cwd=planned.outside).code == 0
    assert planned.run("apply", PLAN, *words, cwd=planned.outside).code == 0
    assert set(models_in(planned.store)) == {"en.bin"}


# -- stale plans


def touched(host: Host) -> None:
    os.utime(host.store / "old_2.bin", ns=(0, 1_795_255_320_000_000_000))


def needed_now(host: Host) -> None:
    os.symlink("old_2.bin", host.store / "en.bin.new")
    (host.store / "en.bin.new").rename(host.store / "en.bin")


def store_moved(host: Host) -> None:
    host.store.rename(host.outside / "models")


def manifest_changed(host: Host) -> None:
    host.lists("en.bin", "old_2.bin")


@pytest.mark.parametrize(
    ("happens", "named"),
    [
        (written, "old_2.bin: size 1000 → 1004, changed 20"),
        (touched, "old_2.bin: its times changed since the plan, to 2026-11-21T10:02Z"),
        (written_in_place, "old_2.bin: its times changed since the plan"),
        (vanished, "old_2.bin: gone since the plan"),
        (replaced, "old_2.bin: another file of this name is there now"),
        (replaced_by_link, "old_2.bin: "),
        (needed_now, "old_2.bin: must not be removed any more"),
        (listed_one_vanished, "en.bin: listed, and gone since the plan"),
        (folder_swapped, "sub/old_3.bin: gone since the plan"),
        (folder_moved_out, "sub/old_3.bin: gone since the plan"),
        (store_replaced, "another folder is there now"),
        (store_swapped_for_a_link, "another folder is there now"),
        (store_moved, "models"),
        (manifest_changed, f"{MANIFEST}: it says something else now"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_stale_plan_is_refused_with_each_difference_in_words_and_can_still_be_shown(
    planned: Host, happens: Callable[[Host], None], named: str
) -> None:
    shown = planned.run("show", PLAN).out
    happens(planned)
    before = models_in(planned.outside)
    models = models_in(planned.store) if planned.store.exists() else None

    ended = planned.run("apply", PLAN, "--json")
    assert (ended.code, ended.document["error"]["code"]) == (3, "plan-stale"), ended.err
    assert named in ended.err
    assert "run plan again" in ended.err
    assert models_in(planned.outside) == before
    assert (models_in(planned.store) if planned.store.exists() else None) == models
    assert planned.run("show", PLAN).out == shown


def test_every_difference_is_told(planned: Host) -> None:
    written(planned)
    (planned.store / "old_1.bin").unlink()
    (planned.store / "en.bin").unlink()
    told = planned.run("apply", PLAN).err
    assert [name for name in ("old_1.bin: gone", "old_2.bin: size", "en.bin: listed") if name not in told] == []


def test_what_is_new_since_the_plan_is_a_remark_and_stays(planned: Host) -> None:
    planned.has("new.bin", "sub/new.bin")
    ended = planned.run("apply", PLAN)
    assert (ended.code, ended.err) == (0, "")
    assert "New since the plan: new.bin, sub/new.bin; left alone." in ended.out
    assert set(models_in(planned.store)) == {"en.bin", "new.bin", "sub", "sub/new.bin"}


def test_what_is_new_since_the_plan_is_in_the_document(planned: Host) -> None:
    planned.has("new.bin")
    document = planned.run("apply", PLAN, "--json").document
    assert (document["new_since_plan"], document["status"]) == (["new.bin"], "success")


def test_a_manifest_that_is_gone_is_not_needed_any_more(planned: Host) -> None:
    (planned.app / MANIFEST).unlink()
    assert planned.run("apply", PLAN).code == 0


def test_a_manifest_that_only_looks_newer_does_not_matter(planned: Host) -> None:
    os.utime(planned.app / MANIFEST)
    assert planned.run("apply", PLAN).code == 0


def test_a_pipe_in_the_place_of_the_manifest_is_not_waited_for(planned: Host) -> None:
    (planned.app / MANIFEST).unlink()
    os.mkfifo(planned.app / MANIFEST)
    assert planned.run("apply", PLAN, through=("timeout", "20")).code in (0, 3)


def test_a_changed_manifest_is_noticed_whatever_its_path_is_called(planned: Host) -> None:
    folder = os.path.join(os.fsencode(planned.app), b"caf\xe9")
    os.mkdir(folder)
    path = os.path.join(folder, MANIFEST.encode())
    os.rename(planned.app / MANIFEST, path)
    assert planned.run("plan", os.fsdecode(path), "--out", PLAN).code == 0
    with open(path, "ab") as manifest:
        manifest.write(b"ignore: ['old_*']\n")
    assert_refused(planned, code="plan-stale", said="a manifest changed since the plan was made")


# -- guards


def test_saving_a_plan_is_no_way_round_the_guards(host: Host) -> None:
    saved(host.has("old.bin").lists())
    assert_refused(host, code="empty-manifest", said="--allow-empty")
    assert host.run("apply", PLAN, "--allow-empty").code == 0


def test_a_plan_is_not_saved_while_a_run_is_half_way(planned: Host) -> None:
    stand_in(planned, "lists", "hangs", "lists")
    with planned.running("apply", MANIFEST, "--yes") as process:
        planned.wait_for(lambda: hangs(planned))
        process.kill()
    before = snapshot(planned.app)
    ended = planned.plan("--out", "another.json")
    assert (ended.code, f"run ocrstate recover --store {planned.store} first" in ended.err) == (3, True)
    assert snapshot(planned.app) == before


# -- where to


@pytest.mark.parametrize("inside", ["plan.json", "sub/plan.json", ".ocrstate/plan.json", "old_1.bin", "link.json"])
def test_a_plan_is_not_saved_where_it_would_be_taken_for_a_model(planned: Host, inside: str) -> None:
    os.symlink(planned.store / "hidden.json", planned.app / "link.json")
    out = inside if inside == "link.json" else str(planned.store / inside)
    before = snapshot(planned.app)
    ended = planned.plan("--out", out)
    assert (ended.code, "lies in the store" in ended.err) == (3, True)
    assert snapshot(planned.app) == before


def test_a_plan_that_cannot_be_saved_is_one_document_with_the_reason(planned: Host) -> None:
    ended = planned.plan("--json", "--out", str(planned.store / PLAN))
    assert (ended.code, ended.document["kind"]) == (3, "error")


def test_a_plan_is_not_saved_over_its_own_manifest(planned: Host) -> None:
    before = snapshot(planned.app)
    ended = planned.plan("--out", MANIFEST)
    assert ended.code in (1, 3)
    assert snapshot(planned.app) == before


def test_a_plan_replaces_the_one_before_or_what_a_link_leads_to(planned: Host) -> None:
    first = document_of(planned)
    (planned.app / PLAN).rename(planned.outside / PLAN)
    os.symlink(planned.outside / PLAN, planned.app / PLAN)
    saved(planned)
    assert (planned.app / PLAN).is_symlink()
    assert document_of(planned)["saved"]["plan_id"] != first["saved"]["plan_id"]
    assert os.listdir(planned.outside) == [PLAN]


@pytest.mark.parametrize("out", ["nowhere/plan.json", ".", "/dev/full", "models.yml/plan.json", "x" * 300])
def test_a_plan_that_cannot_be_written_is_an_error_and_leaves_no_part_behind(planned: Host, out: str) -> None:
    before = snapshot(planned.app)
    ended = planned.plan("--out", out)
    assert (ended.code, "the plan could not be saved to" in ended.err) == (1, True)
    assert snapshot(planned.app) == before


def test_a_saved_plan_is_readable_for_whom_the_umask_lets(planned: Host) -> None:
    before = os.umask(0o027)
    try:
        (planned.app / PLAN).unlink()
        saved(planned)
    finally:
        os.umask(before)
    assert stat.S_IMODE((planned.app / PLAN).stat().st_mode) == 0o640


# -- names


def test_strange_names_survive_being_saved(host: Host) -> None:
    saved(host.has("en.bin", *STRANGE).lists("en.bin"))
    shown = host.run("show", PLAN).out
    assert [how for how in STRANGE.values() if f"  - {how}  " not in shown] == []
    assert host.run("apply", PLAN).code == 0
    assert set(models_in(host.store)) == {"en.bin"}


def test_names_that_are_not_utf8_survive_being_saved(host: Host) -> None:
    host.has("en.bin", b"caf\xe9.bin", b"caf\xe8.bin").lists("en.bin")
    if not any(name.endswith(b"\xe9.bin") for name in os.listdir(os.fsencode(host.store))):
        pytest.skip("this filesystem has only names that are UTF-8")
    saved(host)
    assert host.run("show", PLAN, "--json").document == host.plan("--json").document
    assert_refused(host, code="blocked", said="caf\\xe8.bin, caf\\xe9.bin")
