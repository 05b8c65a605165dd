"""Runs that were killed half-way: whoever changes the store next finishes them or takes them back first."""

from __future__ import annotations

import json
import os
import re
import stat
from typing import TYPE_CHECKING

import pytest

from tests.e2e.engines import hangs, stand_in
from tests.e2e.host import ENDING_SIGNALS, MANIFEST, Host, end_of, models_in, snapshot
from tests.e2e.journals import written
from tests.e2e.stories import NAMES, kill_when_it_hangs

if TYPE_CHECKING:
    import signal

    from tests.e2e.host import Snapshot

WRITERS = ("apply models.yml --yes", "recover", "restore", "purge")


@pytest.fixture
def killed_restore(full: Host) -> Host:
    """Give a host where a restore was killed when it had put back three models, one of them over a newer one."""
    stand_in(full, "lists", "lists", "hangs", "lists")
    assert full.apply("--yes", "--retain", "7d").code == 0
    (full.store / "old_2.bin").write_text("newer")
    kill_when_it_hangs(full, "restore", "--overwrite")
    assert set(models_in(full.store)) == {"en.bin", "sub", *NAMES}
    return full


def commit(host: Host) -> None:
    """Let the run that was killed have been killed a moment later: when it had decided to finish."""
    (journal,) = host.journals("journal")
    with journal.open("ab") as file:
        file.write(written(b'{"record": "committed", "at": "2026-11-21T10:02:00Z"}'))


# -- whoever only reads


@pytest.mark.parametrize(("command", "code"), [("plan", 0), ("check", 2)])
def test_who_only_reads_says_that_a_recovery_is_pending_and_writes_nothing(
    killed: Host, command: str, code: int
) -> None:
    before = snapshot(killed.app)
    ended = killed.run(command, MANIFEST)
    assert (ended.code, ended.err) == (code, "")
    (journal,) = killed.journals("journal")
    assert f"the run {journal.stem} (ocrstate apply) was broken off" in ended.out
    assert "the next apply, or ocrstate recover, " in ended.out
    assert "3 models" in ended.out
    document = killed.run(command, MANIFEST, "--json").document
    assert [each["code"] for each in document["inventory"]["warnings"]] == ["run-unfinished"]
    assert (document["unfinished_runs"], document["in_sync"]) == ([journal.stem], False)
    assert snapshot(killed.app) == before


def test_the_history_says_that_a_run_is_half_way_and_writes_nothing(killed: Host) -> None:
    before = snapshot(killed.app)
    ended = killed.run("history")
    assert ended.code == 0
    assert "half-way" in ended.out
    assert "ocrstate recover" in ended.out
    assert [run["open"] for run in killed.runs()] == [True]
    assert snapshot(killed.app) == before


def test_a_run_at_work_is_not_called_broken_off(full: Host) -> None:
    stand_in(full, "lists", "hangs", "lists")
    with full.running("apply", MANIFEST, "--yes"):
        full.wait_for(lambda: hangs(full))
        said = full.plan().out
    assert "is at work on this store" in said
    assert "broken off" not in said


# -- whoever writes


@pytest.mark.parametrize("command", WRITERS)
def test_an_apply_that_was_killed_before_its_decision_is_taken_back_first(
    killed: Host, before: Snapshot, command: str
) -> None:
    ended = killed.run(*command.split())
    assert ended.code == (3 if command == "restore" else 0)
    told = ended.out + ended.err
    assert re.search(r"The run \S+, begun [-\d]+ [:\d]+ UTC, had been broken off and was taken back: 3 models", told)
    if command.startswith("apply"):
        assert set(models_in(killed.store)) == {"en.bin"}
    else:
        assert models_in(killed.store) == before
    assert killed.quarantined() == []
    assert killed.journals("journal") == []


@pytest.mark.parametrize("command", WRITERS)
def test_an_apply_that_was_killed_after_its_decision_is_finished_first(killed: Host, command: str) -> None:
    commit(killed)
    ended = killed.run(*command.split())
    assert ended.code == (3 if command == "restore" else 0)
    assert "after it had been decided, and was finished: freed 12" in ended.out + ended.err
    assert set(models_in(killed.store)) == {"en.bin"}
    assert killed.quarantined() == []
    assert [run["state"] for run in killed.runs()] == ["finished"]


def test_what_an_apply_that_was_killed_after_its_decision_was_to_keep_is_kept(full: Host, before: Snapshot) -> None:
    stand_in(full, "lists", "hangs", "lists")
    kill_when_it_hangs(full, "apply", MANIFEST, "--yes", "--retain", "7d")
    commit(full)
    ended = full.run("recover")
    assert (ended.code, "freed 0 B" in ended.out + ended.err) == (0, False), "it says that they are kept"
    assert len(full.quarantined()) == 3
    assert full.run("restore").code == 0
    assert models_in(full.store) == before


@pytest.mark.parametrize("command", ["apply models.yml --yes --retain 7d", "recover", "purge"])
def test_a_restore_that_was_killed_before_its_decision_is_taken_back_first(killed_restore: Host, command: str) -> None:
    ended = killed_restore.run(*command.split())
    assert (ended.code, "had been broken off and was taken back" in ended.out + ended.err) == (0, True)
    if command.startswith("apply"):
        assert set(models_in(killed_restore.store)) == {"en.bin"}
    else:
        assert set(models_in(killed_restore.store)) == {"en.bin", "old_2.bin"}
        assert (killed_restore.store / "old_2.bin").read_text() == "newer"
    assert killed_restore.run("restore", killed_restore.runs()[-1]["run_id"], "old_1.bin").code == 0


def test_a_restore_that_was_killed_after_its_decision_is_finished_first(killed_restore: Host, before: Snapshot) -> None:
    commit(killed_restore)
    assert killed_restore.run("recover").code == 0
    assert models_in(killed_restore.store) == before
    assert killed_restore.quarantined() == ["old_2.bin"]
    assert killed_restore.run("restore", "--overwrite").code == 0
    assert (killed_restore.store / "old_2.bin").read_text() == "newer"


def test_to_recover_is_all_that_recover_does(killed: Host, before: Snapshot) -> None:
    document = killed.run("recover", "--json").document
    (recovered,) = document["recovered"]
    assert (recovered["ended"], recovered["models"]) == ("undone", 3)
    assert models_in(killed.store) == before
    again = killed.run("recover")
    assert (again.code, again.out) == (0, "Nothing to recover: no run was broken off.\n")
    assert killed.run("recover", "--json").document["recovered"] == []


def test_what_recover_did_is_its_answer(killed: Host) -> None:
    ended = killed.run("recover")
    assert ("taken back: 3 models" in ended.out, ended.err) == (True, "")


@pytest.mark.parametrize("command", ["apply models.yml --yes", "restore --overwrite old_1.bin"])
def test_the_document_of_whoever_came_next_tells_what_was_recovered(killed_restore: Host, command: str) -> None:
    document = killed_restore.run(*command.split(), "--json").document
    assert [each["ended"] for each in document["recovered"]] == ["undone"]


def test_an_apply_without_consent_does_not_recover_unasked(killed: Host) -> None:
    before = snapshot(killed.app)
    ended = killed.apply("--json")
    assert (ended.code, ended.document["error"]["code"]) == (3, "not-confirmed")
    assert "ocrstate recover" in ended.err
    assert killed.asked(b"no\n", "apply", MANIFEST).code == 3
    assert snapshot(killed.app) == before


def test_a_saved_plan_is_carried_out_after_what_was_half_way_has_been_taken_back(full: Host) -> None:
    stand_in(full, "lists", "lists", "hangs", "lists")
    full.plan("--out", "plan.json")
    kill_when_it_hangs(full, "apply", MANIFEST, "--yes")
    ended = full.run("apply", "plan.json")
    assert (ended.code, set(models_in(full.store))) == (0, {"en.bin"}), ended.err


def test_a_saved_plan_that_was_broken_off_can_be_carried_out_again(full: Host) -> None:
    stand_in(full, "lists", "hangs", "lists")
    full.plan("--out", "plan.json")
    kill_when_it_hangs(full, "apply", "plan.json")
    assert full.run("apply", "plan.json").code == 0
    assert full.run("apply", "plan.json").code == 3
    assert set(models_in(full.store)) == {"en.bin"}


def test_recovery_goes_on_where_a_recovery_was_killed(killed: Host, before: Snapshot) -> None:
    kills = "--inject=linkat:signal=KILL:when=2"
    killed.run("recover", through=("strace", "-f", "-qq", "-o", "/dev/null", kills))
    assert 0 < len(killed.quarantined()) < 4
    assert killed.run("recover").code == 0
    assert models_in(killed.store) == before
    assert killed.quarantined() == []


# -- what happened meanwhile


def test_what_took_a_models_name_meanwhile_is_left_alone_and_said_with_what_to_do(
    killed: Host, before: Snapshot
) -> None:
    (killed.store / "old_2.bin").write_text("another")
    for command in WRITERS:
        ended = killed.run(*command.split())
        assert (ended.code, "old_2.bin: File exists" in ended.err) == (4, True)
        assert "move away what has taken the place" in ended.err
        assert (killed.store / "old_2.bin").read_text() == "another"
        assert killed.quarantined() == ["old_2.bin"]
    (killed.store / "old_2.bin").unlink()
    assert killed.run("recover").code == 0
    assert models_in(killed.store) == before


def test_a_sub_folder_that_vanished_meanwhile_is_made_again_as_it_was(killed: Host, before: Snapshot) -> None:
    (killed.store / "sub").rmdir()
    assert killed.run("recover").code == 0
    assert models_in(killed.store) == before


def test_a_link_in_the_place_of_a_sub_folder_is_not_followed(killed: Host, before: Snapshot) -> None:
    (killed.store / "sub").rmdir()
    os.symlink(killed.outside, killed.store / "sub")
    ended = killed.run("recover")
    assert (ended.code, "sub/old_3.bin" in ended.err) == (4, True)
    assert os.listdir(killed.outside) == []
    (killed.store / "sub").unlink()
    assert killed.run("recover").code == 0
    assert models_in(killed.store) == before


def test_what_somebody_took_out_of_quarantine_is_told(killed: Host) -> None:
    next((killed.store / ".ocrstate" / "quarantine").rglob("old_2.bin")).rename(killed.outside / "old_2.bin")
    ended = killed.run("recover", "--json")
    assert (ended.code, ended.document["recovered"][0]["gone"]) == (0, ["old_2.bin"])
    assert set(models_in(killed.store)) == {"en.bin", "sub", *NAMES} - {"old_2.bin"}


def test_what_somebody_put_into_quarantine_under_a_models_name_does_not_become_that_model(killed: Host) -> None:
    path = next((killed.store / ".ocrstate" / "quarantine").rglob("old_2.bin"))
    path.unlink()
    path.write_text("foreign")
    ended = killed.run("recover")
    assert "3 models are where they were" not in ended.out + ended.err
    assert [each.read_text() for each in killed.store.rglob("old_2.bin")] == ["foreign"], "it is not deleted"


# -- signals


@pytest.mark.needs("strace")
@pytest.mark.parametrize(("number", "code"), ENDING_SIGNALS.items())
def test_a_signal_in_the_middle_of_a_recovery_ends_it_with_the_truth_in_one_line(
    killed: Host, before: Snapshot, number: signal.Signals, code: int
) -> None:
    log = killed.outside / "log"
    slow = ("strace", "-f", "-qq", "-e", "trace=linkat", "--inject=linkat:delay_exit=1000000:when=2", "-o", str(log))
    with killed.running("recover", "--json", through=slow) as process:
        killed.wait_for(lambda: log.exists() and log.read_text().count("linkat") > 1)
        os.kill(int(log.read_text().split()[0]), number)
        ended = end_of(process)
    assert (ended.code, len(ended.err.splitlines())) == (code, 1), ended
    assert ended.err.startswith(f"Interrupted by {number.name}: ")
    assert "nothing was changed" not in ended.err
    assert json.loads(ended.out)
    assert killed.run("recover").code == 0
    assert models_in(killed.store) == before


@pytest.mark.root
def test_what_is_written_down_can_be_read_by_others_whatever_the_umask(full: Host) -> None:
    previous = os.umask(0o077)
    try:
        assert full.apply("--yes", "--retain", "7d").code == 0
    finally:
        os.umask(previous)
    modes = [stat.S_IMODE(journal.stat().st_mode) for journal in full.journals()]
    assert modes == [0o644]
