"""What is kept is kept until its time is up, and deleted then, or when somebody says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.host import Host, models_in, snapshot
from tests.e2e.journals import expire, forge_journal
from tests.e2e.stories import NAMES, full_of_models, restorable, run_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.host import Snapshot

pytestmark = pytest.mark.without_engine


@pytest.fixture
def full(host: Host) -> Host:
    return full_of_models(host)


# -- when the time is up


def test_what_is_kept_no_longer_is_deleted_by_the_next_apply(removed: Host) -> None:
    expire(*removed.journals())
    ended = removed.apply("--json")
    (purged,) = ended.document["purged"]
    assert (ended.code, purged["models"]) == (0, 3)
    assert purged["bytes_freed"] > 0
    assert removed.quarantined() == []
    assert run_of(removed)["state"] == "purged"


def test_an_apply_that_removes_something_deletes_what_is_kept_no_longer_too(removed: Host) -> None:
    expire(*removed.journals())
    removed.has("old_4.bin")
    ended = removed.apply("--yes")
    assert "Deleted 3 models kept since the run" in ended.out
    assert removed.quarantined() == ["old_4.bin"]


def test_purge_deletes_what_is_kept_no_longer_without_a_question(removed: Host) -> None:
    removed.has("old_4.bin")
    removed.apply("--yes")
    expire(removed.journals()[0])
    document = removed.run("purge", "--json").document
    assert [each["models"] for each in document["purged"]] == [3]
    assert removed.quarantined() == ["old_4.bin"]
    assert removed.run("purge").out.startswith("Nothing to purge")


@pytest.mark.parametrize("command", ["plan models.yml", "check models.yml", "history"])
def test_who_only_reads_deletes_nothing_whose_time_is_up(removed: Host, command: str) -> None:
    expire(*removed.journals())
    before = snapshot(removed.app)
    assert removed.run(*command.split()).code == 0
    assert snapshot(removed.app) == before


def test_the_history_does_not_promise_what_the_next_apply_will_delete(removed: Host) -> None:
    expire(*removed.journals())
    assert "restorable until 2020" not in removed.run("history").out


def test_what_is_still_there_can_be_put_back_even_if_its_time_is_up(removed: Host, before: Snapshot) -> None:
    expire(*removed.journals())
    assert removed.run("restore").code == 0
    assert models_in(removed.store) == before


@pytest.mark.parametrize("whole", [True, False], ids=["all", "a run"])
def test_what_could_still_be_put_back_is_not_deleted_unasked(removed: Host, *, whole: bool) -> None:
    words = ("--all",) if whole else (run_of(removed)["run_id"],)
    before = snapshot(removed.store / ".ocrstate" / "quarantine")
    ended = removed.run("purge", *words, "--json")
    assert (ended.code, ended.document["error"]["code"]) == (3, "not-confirmed")
    assert "3 models" in ended.err
    assert "--yes" in ended.err
    assert removed.asked(b"no\n", "purge", *words).code == 3
    assert snapshot(removed.store / ".ocrstate" / "quarantine") == before

    ended = removed.asked(b"yes\n", "purge", *words)
    assert (ended.code, "for good?" in ended.err) == (0, True)
    assert removed.quarantined() == []
    assert removed.run("restore").code == 3


def test_purging_all_deletes_what_was_fetched_and_not_used(removed: Host) -> None:
    staging = removed.store / ".ocrstate" / "staging"
    staging.mkdir()
    (staging / f"{32 * 'a'}.part").write_bytes(b"x" * 8_192)
    assert removed.run("purge").code == 0
    assert len(list(staging.iterdir())) == 1, "the next apply may go on with it"
    document = removed.run("purge", "--all", "--yes", "--json").document
    assert (document["bytes_staged"], list(staging.iterdir())) == (8_192, [])
    assert removed.run("purge", "--all", "--yes").out == "Nothing to purge: nothing is kept whose time is up.\n"


def test_one_run_is_purged_and_the_others_stay(removed: Host) -> None:
    removed.has("old_4.bin")
    removed.apply("--yes")
    assert removed.run("purge", removed.runs()[1]["run_id"], "--yes").code == 0
    assert removed.quarantined() == ["old_4.bin"]
    assert [run["state"] for run in removed.runs()] == ["finished", "purged"]


def test_the_oldest_runs_are_forgotten_but_for_those_that_keep_something(removed: Host) -> None:
    (journal,) = removed.journals()
    for number in range(220):
        forget_me(journal, f"20270101T000000Z-{number:06x}")
    assert removed.run("purge").code == 0
    runs = removed.runs()
    assert len(runs) in (200, 201)
    assert restorable(runs[-1]) == [*NAMES]


def forget_me(journal: Path, run: str) -> None:
    """Add a later run that moved nothing."""
    other = journal.with_name(f"{run}.journal")
    other.write_bytes(journal.read_bytes())
    forge_journal(other, lambda records: records[0].update(run=run, keep_until=None, moves=[]))
