"""What was removed can be put back for a while, and what happened is remembered."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import stat
import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import pytest

from tests.e2e.host import IN_SYNC, MANIFEST, POWERLESS, Host, models_in, snapshot
from tests.e2e.stories import NAMES, full_of_models, restorable, run_of
from tests.e2e.test_names import STRANGE

if TYPE_CHECKING:
    from tests.e2e.host import Snapshot

pytestmark = pytest.mark.without_engine


WEEK = 7 * 86_400


@pytest.fixture
def full(host: Host) -> Host:
    return full_of_models(host)


# -- to keep


def test_what_was_removed_is_kept_where_the_engine_does_not_see_it(removed: Host) -> None:
    assert set(models_in(removed.store)) == {"en.bin"}
    assert removed.quarantined() == ["old_1.bin", "old_2.bin", "old_3.bin"]
    assert removed.check().out.endswith(IN_SYNC)
    assert removed.plan("--json").document["inventory"]["count"] == 1


def test_the_option_wins_over_the_manifest(full: Host) -> None:
    assert full.apply("--yes", "--retain", "0d").code == 0
    assert full.quarantined() == []
    full.has("old.bin").lists("en.bin")
    assert full.apply("--yes", "--retain", "12h").code == 0
    assert full.quarantined() == ["old.bin"]


@pytest.mark.parametrize("retain", ["", "7", "d", "-1d", "1.5d", "7 d", "7D", "999999d", "forever"])
def test_what_is_no_length_of_time_is_wrong_usage(full: Host, retain: str) -> None:
    ended = full.apply("--yes", "--retain", retain)
    assert (ended.code, "length of time" in ended.err) == (64, True)
    assert "old_1.bin" in models_in(full.store)


def test_without_a_time_the_space_is_free_when_apply_returns(full: Host) -> None:
    full.lists("en.bin")
    document = full.apply("--yes", "--json").document
    assert document["restorable_until"] is None
    assert document["summary"]["bytes_freed"] > 0 == document["summary"]["bytes_kept"]
    assert full.quarantined() == []
    assert os.listdir(full.store / ".ocrstate" / "quarantine") == []


def test_the_longest_time_is_no_trouble(full: Host) -> None:
    assert full.apply("--yes", "--retain", "99999w").code == 0
    assert full.run("history").code == 0
    assert full.run("purge").out.startswith("Nothing to purge")
    assert full.run("restore").code == 0


def test_the_result_says_that_nothing_was_freed_yet_and_until_when_undo_is_possible(removed: Host) -> None:
    removed.has("old_4.bin")
    document = removed.apply("--yes", "--json").document
    until = datetime.strptime(document["restorable_until"], "%Y-%m-%dT%H:%M:%S%z").timestamp()
    assert abs(until - time.time() - WEEK) < 100
    assert document["summary"]["bytes_kept"] > 0 == document["summary"]["bytes_freed"]


@pytest.mark.parametrize(
    ("retain", "said"),
    [
        ("0d", "for good? There is no undo."),
        ("7d", "They can be restored for 7 days, until 20"),
        ("90m", "for 90 minutes, until 20"),
    ],
)
def test_the_question_says_whether_undo_is_possible(full: Host, retain: str, said: str) -> None:
    ended = full.asked(b"no\n", "apply", MANIFEST, "--retain", retain)
    assert (ended.code, said in ended.err) == (3, True)


@pytest.mark.parametrize("options", [(), ("--store", "elsewhere")], ids=["the engine's own store", "a named store"])
def test_the_command_that_apply_prints_puts_everything_back(full: Host, options: tuple[str, ...]) -> None:
    if options:
        full.store.rename(full.app / "elsewhere")
        full.store = full.app / "elsewhere"
    before = models_in(full.store)
    (command,) = re.findall(r"^To put them back: ocrstate (.*)$", full.apply("--yes", *options).out, re.MULTILINE)
    ended = full.run(*shlex.split(command))
    assert (ended.code, models_in(full.store)) == (0, before), ended.err


# -- to remember


def test_the_history_tells_who_did_what_when_and_what_can_be_put_back(removed: Host) -> None:
    run = run_of(removed)
    assert (run["kind"], run["state"], run["open"]) == ("apply", "finished", False)
    command = " ".join(["ocrstate", *removed.defaults, "apply", MANIFEST, "--yes"])
    assert run["command"] == command
    assert run["manifest"]["path"] == str(removed.app / MANIFEST)
    assert run["manifest"]["sha256"] == removed.plan("--json").document["manifest"]["sha256"]
    assert restorable(run) == [*NAMES]
    assert run["bytes_held"] >= 3000
    age = datetime.now(timezone.utc) - datetime.fromisoformat(run["started"].replace("Z", "+00:00"))
    assert 0 <= age.total_seconds() < 100

    told = removed.run("history", run["run_id"]).out
    assert [
        name for name in NAMES if not re.search(rf"^  - {name} +1.0 kB  can be restored$", told, re.MULTILINE)
    ] == []
    assert f"Command   {command}\n" in told
    assert run["manifest"]["sha256"][:12] in told


def test_the_history_shows_the_last_run_first(removed: Host) -> None:
    first = run_of(removed)["run_id"]
    removed.run("restore")
    told = removed.run("history").out
    last = run_of(removed)["run_id"]
    assert told.index(last) < told.index("restored 3 models") < told.index(first) < told.index("removed 3 models")
    assert [run["restores"] for run in removed.runs()] == [first, None]


def test_a_store_in_which_nothing_was_ever_done_has_no_history(full: Host) -> None:
    before = snapshot(full.app)
    assert full.run("history").out.startswith("No run is remembered")
    assert full.runs() == []
    assert snapshot(full.app) == before


@pytest.mark.parametrize("command", ["restore", "restore old_1.bin", "purge", "purge --all --yes", "recover"])
def test_where_nothing_was_ever_done_there_is_nothing_to_undo_and_nothing_is_left_behind(
    full: Host, command: str
) -> None:
    before = snapshot(full.app)
    ended = full.run(*command.split())
    assert ended.code == (3 if "restore" in command else 0)
    assert snapshot(full.app) == before


@pytest.mark.parametrize("run", ["20200101T000000Z-abcdef", "../../../etc/passwd", "", "x" * 300, "\x1b[2J"])
def test_a_run_that_is_not_remembered_is_said_so(removed: Host, run: str) -> None:
    for command in ("history", "purge"):
        ended = removed.run(command, run)
        assert (ended.code, ended.out) == (3, "")
        assert "ocrstate history" in ended.err
        assert "\x1b" not in ended.err
    assert removed.run("restore", run).code == 3
    assert len(removed.quarantined()) == 3


@pytest.mark.parametrize("command", ["history", "plan models.yml", "check models.yml"])
def test_who_only_reads_changes_nothing(removed: Host, command: str) -> None:
    removed.store.chmod(0o555)
    before = snapshot(removed.app)
    try:
        assert removed.run(*command.split(), through=POWERLESS).code == 0
        assert snapshot(removed.app) == before
    finally:
        removed.store.chmod(0o755)


# -- to put back


def test_everything_is_put_back_as_it_was_folders_too(removed: Host, before: Snapshot) -> None:
    ended = removed.run("restore")
    assert (ended.code, ended.err) == (0, "")
    assert "Restored 3 models" in ended.out
    assert models_in(removed.store) == before
    assert removed.quarantined() == []
    assert restorable(run_of(removed)) == []


@pytest.mark.root
def test_a_folder_that_is_made_again_gets_its_owner(full: Host) -> None:
    os.chown(full.store / "sub", 1234, 5678)
    (full.store / "sub").chmod(0o3750)
    full.apply("--yes")
    assert not (full.store / "sub").exists()
    assert full.run("restore").code == 0
    status = (full.store / "sub").stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (1234, 5678, 0o3750)


def test_some_of_it_can_be_put_back_and_the_rest_later(removed: Host, before: Snapshot) -> None:
    run = run_of(removed)["run_id"]
    assert removed.run("restore", run, "sub/old_3.bin").code == 0
    assert set(models_in(removed.store)) == {"en.bin", "sub", "sub/old_3.bin"}
    assert removed.run("restore", "old_1.bin").code == 0
    assert restorable(removed.runs()[-1]) == ["old_2.bin"]
    assert removed.run("restore", run).code == 0
    assert models_in(removed.store) == before


def test_what_was_put_back_cannot_be_put_back_again(removed: Host) -> None:
    removed.run("restore")
    before = models_in(removed.store)
    for words in ((), (removed.runs()[-1]["run_id"],), ("old_1.bin",)):
        ended = removed.run("restore", *words, "--json")
        assert (ended.code, ended.document["error"]["code"]) == (3, "nothing-to-restore")
    assert models_in(removed.store) == before


@pytest.mark.parametrize(
    "names", [["nobody.bin"], ["old_1.bin", "nobody.bin"], ["../old_1.bin"], ["sub"], ["/etc/passwd"], ["./old_1.bin"]]
)
def test_if_one_name_is_unknown_nothing_is_put_back(removed: Host, names: list[str]) -> None:
    ended = removed.run("restore", *names)
    assert (ended.code, "cannot be restored" in ended.err) == (3, True)
    assert set(models_in(removed.store)) == {"en.bin"}


def test_of_names_that_no_single_run_keeps_the_message_says_so(removed: Host) -> None:
    removed.has("another.bin")
    removed.apply("--yes")
    ended = removed.run("restore", "another.bin", "old_1.bin")
    assert ended.code in (0, 3)
    assert "cannot be restored from any run" not in ended.err, "each of them can be"


def test_the_run_that_has_the_model_is_found(removed: Host) -> None:
    removed.has("another.bin")
    removed.apply("--yes")
    assert removed.run("restore", "old_1.bin").code == 0
    assert set(models_in(removed.store)) == {"en.bin", "old_1.bin"}


def test_of_two_runs_the_last_one_is_taken_back(removed: Host) -> None:
    removed.has("old_1.bin", size=5)
    removed.apply("--yes")
    assert removed.run("restore").code == 0
    assert (removed.store / "old_1.bin").stat().st_size == 5
    assert set(models_in(removed.store)) == {"en.bin", "old_1.bin"}


def test_the_next_apply_removes_it_again_and_keeps_it_again(removed: Host) -> None:
    assert "next apply removes again" in removed.run("restore").out
    assert removed.apply("--yes").code == 0
    assert set(models_in(removed.store)) == {"en.bin"}
    assert restorable(run_of(removed)) == [*NAMES]


def test_strange_names_are_kept_and_put_back_as_they_are(host: Host) -> None:
    host.has("en.bin", *STRANGE).lists("en.bin", policy={"retain": "1d"})
    before = models_in(host.store)
    assert host.apply("--yes").code == 0
    told = host.run("history", run_of(host)["run_id"]).out
    assert [how for how in STRANGE.values() if f"  - {how}  " not in told] == []
    assert all(character.isprintable() or character == "\n" for character in told)
    assert set(restorable(run_of(host))) == set(STRANGE)
    for name in STRANGE:
        assert host.run("restore", "--", name).code == 0
    assert models_in(host.store) == before


def test_links_are_kept_and_put_back_as_links(host: Host) -> None:
    host.has("en.bin").lists("en.bin", policy={"retain": "1d"})
    (host.outside / "there.bin").write_text("there")
    for name, target in {
        "dead": "nowhere",
        "out.bin": "../../../outside/there.bin",
        "folder": "../../../outside",
    }.items():
        os.symlink(target, host.store / name)
    before, outside = models_in(host.store), snapshot(host.outside)
    assert host.apply("--yes").code == 0
    assert set(models_in(host.store)) == {"en.bin"}
    assert host.run("restore").code == 0
    assert models_in(host.store) == before
    assert host.apply("--yes").code == 0
    assert host.run("purge", "--all", "--yes").code == 0
    assert snapshot(host.outside) == outside


def test_a_link_whose_folder_is_gone_by_now_can_still_be_put_back(host: Host) -> None:
    host.has("en.bin").lists("en.bin", policy={"retain": "1d"})
    (host.outside / "models").mkdir()
    (host.outside / "models" / "old.bin").write_text("old")
    os.symlink(host.outside / "models", host.store / "folder")
    assert host.apply("--yes").code == 0
    shutil.rmtree(host.outside / "models")
    ended = host.run("restore")
    assert (ended.code, (host.store / "folder").is_symlink()) == (0, True), ended.err


def test_a_store_that_was_moved_to_another_disk_keeps_its_undo(removed: Host, before: Snapshot) -> None:
    """Every file has another number there; so it has, on some filesystems, after each mount."""
    removed.store.rename(removed.outside / "models")
    shutil.copytree(removed.outside / "models", removed.store, symlinks=True)
    ended = removed.run("restore")
    assert (ended.code, models_in(removed.store)) == (0, before), ended.err


def test_what_is_advised_names_the_store_that_it_is_about(full: Host) -> None:
    full.store = full.store.rename(full.app / "else where")
    named = ("--store", "else where")
    assert full.apply("--yes", "--retain", "7d", *named).code == 0
    words = shlex.split(full.run("history", *named).out.rpartition("To put models back:")[2])
    assert words[-2:] == ["--store", str(full.store)]
    assert full.run(*words[1:]).code == 0
    for wrong, shows in (
        (("history", "none"), "history"),
        (("restore", "none"), "history"),
        (("purge", "none"), "history"),
        (("path", "none"), "list"),
    ):
        hint = full.run(*wrong, *named).err.splitlines()[-1]
        assert f"ocrstate {shows} --store '{full.store}' shows" in hint
        assert full.run(*shlex.split(hint.partition(" shows")[0])[1:]).code == 0
