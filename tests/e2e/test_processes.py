"""Signals, pipes, locks and surroundings."""

from __future__ import annotations

import getpass
import os
import random
import re
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.e2e.engines import hangs, stand_in
from tests.e2e.host import ENDING_SIGNALS, IN_SYNC, MANIFEST, Host, end_of, models_in, snapshot


@pytest.fixture
def usual(host: Host) -> Host:
    return host.has("en.bin", "old_1.bin", "old_2.bin").lists("en.bin")


@pytest.mark.parametrize(("number", "code"), ENDING_SIGNALS.items())
@pytest.mark.parametrize("command", ["plan", "check", "apply --yes"])
def test_a_signal_while_the_engine_is_asked_changes_nothing(
    usual: Host, command: str, number: signal.Signals, code: int
) -> None:
    stand_in(usual, "hangs")
    before = snapshot(usual.app)
    name, *options = command.split()
    with usual.running(name, MANIFEST, *options) as process:
        usual.wait_for(lambda: hangs(usual))
        process.send_signal(number)
        ended = end_of(process)
    assert (ended.code, ended.out) == (code, "")
    assert ended.err == f"Interrupted by {number.name}: nothing was changed.\n"
    assert snapshot(usual.app) == before


def test_a_signal_while_another_store_is_listed_leaves_no_folder_behind(usual: Host) -> None:
    stand_in(usual, "hangs")
    with usual.running("plan", MANIFEST, "--store", str(usual.outside)) as process:
        usual.wait_for(lambda: hangs(usual))
        assert os.listdir(usual.temporary) != []
        process.send_signal(signal.SIGINT)
        assert end_of(process).code == 130
    assert os.listdir(usual.temporary) == []


@pytest.mark.parametrize(("number", "code"), ENDING_SIGNALS.items())
@pytest.mark.parametrize("times", [1, 3])
def test_a_signal_while_the_engine_lists_again_puts_everything_back(
    usual: Host, number: signal.Signals, code: int, times: int
) -> None:
    stand_in(usual, "lists", "hangs")
    before = models_in(usual.store)
    with usual.running("apply", MANIFEST, "--yes", "--json") as process:
        usual.wait_for(lambda: hangs(usual))
        assert usual.quarantined() == ["old_1.bin", "old_2.bin"]
        for _ in range(times):
            process.send_signal(number)
        ended = end_of(process)
    assert (ended.code, ended.document["error"]["code"]) == (code, "interrupted")
    assert ended.err == f"Interrupted by {number.name}: nothing was changed.\n"
    assert models_in(usual.store) == before
    assert usual.quarantined() == []


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system does not tell who handles which signal")
def test_a_signal_at_any_moment_leaves_all_or_nothing_and_one_line(host: Host) -> None:
    names = [f"old_{number}.bin" for number in range(200)]
    everything = {"en.bin", *names}
    chance = random.Random(2)
    started = time.monotonic()
    host.has(*everything).lists("en.bin")
    host.apply("--yes")
    whole = time.monotonic() - started
    for _ in range(8):
        host.has(*names)
        with host.running("apply", MANIFEST, "--yes") as process:
            wait_for_handler(host, process.pid)
            time.sleep(chance.random() * whole)  # the moments are the point here
            process.send_signal(signal.SIGINT)
            process.send_signal(signal.SIGTERM)
            ended = end_of(process)
        left = set(models_in(host.store))
        assert ended.code in (0, 130, 143)
        assert left in (everything, {"en.bin"})
        assert ended.err.count("\n") == (ended.code != 0)
        if "nothing was changed" in ended.err:
            assert left == everything
        else:
            assert left == {"en.bin"}
        assert host.quarantined() == []


def wait_for_handler(host: Host, process: int) -> None:
    """Wait until a process has set a handler for SIGTERM; before that, Python itself starts."""
    host.wait_for(lambda: caught_by(process) & 1 << signal.SIGTERM - 1)


def caught_by(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text()
    (caught,) = re.findall(r"^SigCgt:\t(\w+)$", status, re.MULTILINE)
    return int(caught, 16)


def test_a_signal_that_was_ignored_from_the_start_stays_ignored(usual: Host) -> None:
    stand_in(usual, "hangs")
    through = ("sh", "-c", 'trap "" HUP; exec "$@"', "sh")  # as nohup does
    with usual.running("plan", MANIFEST, "--engine-timeout", "2", through=through) as process:
        usual.wait_for(lambda: hangs(usual))
        process.send_signal(signal.SIGHUP)
        assert end_of(process).code == 1


def test_the_second_of_two_applies_waits_and_finds_nothing_to_do(usual: Host) -> None:
    stand_in(usual, "lists")
    with usual.running("apply", MANIFEST, "--yes") as first, usual.running("apply", MANIFEST, "--yes") as second:
        ended = [end_of(first), end_of(second)]
    assert [each.code for each in ended] == [0, 0]
    assert set(models_in(usual.store)) == {"en.bin"}
    assert usual.quarantined() == []


def test_a_run_that_waits_too_long_says_who_holds_the_lock(usual: Host) -> None:
    stand_in(usual, "lists", "hangs", "lists")
    with usual.running("apply", MANIFEST, "--yes") as first:
        usual.wait_for(lambda: hangs(usual))
        usual.has("old_3.bin")
        before = snapshot(usual.app)
        ended = usual.apply("--yes", "--lock-timeout", "0.2", "--json")
        assert snapshot(usual.app) == before
        first.send_signal(signal.SIGTERM)
        assert end_of(first).code == 143
    assert (ended.code, ended.document["error"]["code"]) == (5, "locked")
    assert f"process {first.pid} of {getpass.getuser()} on {socket.gethostname()}, started 20" in ended.err
    assert f"ocrstate apply {MANIFEST} --yes" in ended.err


def test_a_run_that_cannot_leave_its_name_at_the_lock_goes_on(usual: Host) -> None:
    """On a full disk there is no room for it, and apply is what makes room."""
    (usual.store / ".ocrstate" / "lock" / "holder.json").mkdir(parents=True)
    assert usual.apply("--yes").code == 0
    assert set(models_in(usual.store)) == {"en.bin"}


def test_a_pipe_in_the_place_of_the_holders_name_is_not_waited_for(usual: Host) -> None:
    stand_in(usual, "lists", "hangs", "lists")
    with usual.running("apply", MANIFEST, "--yes") as first:
        usual.wait_for(lambda: hangs(usual))
        usual.has("old_3.bin")
        name = usual.store / ".ocrstate" / "lock" / "holder.json"
        name.unlink()
        os.mkfifo(name)
        ended = usual.apply("--yes", "--lock-timeout", "0")
        first.send_signal(signal.SIGTERM)
        assert end_of(first).code == 143
    assert ended.code == 5
    assert "its holder has not left a name" in ended.err


def test_a_run_that_waited_for_the_lock_plans_anew(usual: Host) -> None:
    stand_in(usual, "lists", "hangs", "lists")
    with usual.running("apply", MANIFEST, "--yes") as first:
        usual.wait_for(lambda: hangs(usual))
        usual.has("old_3.bin")
        with usual.running("apply", MANIFEST, "--yes") as second:
            first.send_signal(signal.SIGTERM)
            assert end_of(first).code == 143
            assert end_of(second).code in (0, 2)
    assert usual.apply("--yes").code == 0
    assert set(models_in(usual.store)) == {"en.bin"}


def test_the_lock_of_a_dead_process_is_none(usual: Host) -> None:
    stand_in(usual, "lists", "hangs", "lists")
    with usual.running("apply", MANIFEST, "--yes") as first:
        usual.wait_for(lambda: hangs(usual))
        first.kill()
    usual.has("old_3.bin")
    assert usual.apply("--yes", "--lock-timeout", "0").code == 0
    assert set(models_in(usual.store)) == {"en.bin"}


@pytest.mark.parametrize(
    ("command", "code"), [("plan", 0), ("plan --json", 0), ("check", 2), ("apply", 3), ("apply --yes", 0)]
)
def test_a_reader_that_has_left_changes_no_exit_code(usual: Host, command: str, code: int) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    name, *options = command.split()
    ended = usual.run(name, MANIFEST, *options, stdout=writing)
    os.close(writing)
    assert ended.code == code
    assert ("old_1.bin" in models_in(usual.store)) is (command != "apply --yes"), "--yes approves unseen"


WRITES = {
    "snapshot --output": "# yaml-language-server",
    f"lock {MANIFEST} --output": "models:\n- name: en.bin\n",
    f"check {MANIFEST} --metrics": "# HELP ocrstate_",
    f"plan {MANIFEST} --out": '{"format_version"',
}


@pytest.mark.parametrize(("command", "beginning"), WRITES.items())
def test_what_goes_to_a_file_goes_through_a_pipe_as_well(usual: Host, command: str, beginning: str) -> None:
    usual.lists({"name": "en.bin"}, "old_1.bin")
    ended = usual.run(*command.split(), "/dev/stdout")
    assert (ended.code, ended.err) == (2 if command.startswith("check") else 0, "")
    assert f"\n{beginning}" in f"\n{ended.out}"
    os.mkfifo(usual.outside / "pipe")
    with usual.running(*command.split(), str(usual.outside / "pipe")) as process:
        assert (usual.outside / "pipe").read_text().startswith(beginning)
        assert end_of(process).code == ended.code


def test_a_person_is_not_asked_about_a_plan_that_could_not_be_shown(usual: Host) -> None:
    ours, theirs = os.openpty()
    reading, writing = os.pipe()
    os.close(reading)
    with usual.running("apply", MANIFEST, stdin=theirs, stderr=theirs, stdout=writing) as process:
        os.close(theirs)
        os.close(writing)
        said = b""
        while b"unseen" not in said and b"accepted" not in said:
            said += os.read(ours, 1000)
        assert b"accepted" not in said
        assert process.wait(60) == 3
    os.close(ours)
    assert "old_1.bin" in models_in(usual.store)


@pytest.mark.parametrize(
    ("command", "code", "done"),
    [
        ("plan", 1, False),
        ("check --json", 1, False),
        ("apply --yes", 1, False),
        ("apply --yes --json", 4, True),
        ("plan --json --store /etc", 3, False),
        ("plan --json --nonsense", 64, False),
    ],
)
def test_an_answer_that_cannot_be_written_is_an_error(usual: Host, command: str, code: int, *, done: bool) -> None:
    name, *options = command.split()
    with open("/dev/full", "wb") as full:
        ended = usual.run(name, MANIFEST, *options, stdout=full)
    assert ended.code == code
    assert "No space left on device" in ended.err
    assert ("2 models removed, but" in ended.err) is done
    assert ("old_1.bin" not in models_in(usual.store)) is done


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_standard_streams_do_no_harm(usual: Host, closed: str) -> None:
    through = ("sh", "-c", f'exec "$@" {closed}', "sh")
    planned = usual.plan("--json", through=through)
    assert planned.code == 0
    if ">&-" not in closed or closed == "2>&-":
        assert planned.actions()["old_1.bin"] == "remove"
    assert usual.apply(through=through).code == 3
    assert usual.apply("--yes", through=through).code == 0
    assert set(models_in(usual.store)) == {"en.bin"}


@pytest.mark.parametrize(
    "environment",
    [
        {"TMPDIR": "/nowhere"},
        {"TMPDIR": "/proc"},
        {"TMPDIR": "relative"},
        {"TMPDIR": "/dev/null"},
        {"TMPDIR": None, "HOME": None},
        {"HOME": "/nowhere"},
        {"HOME": ""},
        {"TERM": "dumb"},
        {"TERM": None, "COLUMNS": "0"},
        {"PYTHONSAFEPATH": "", "PYTHONDEVMODE": ""},
    ],
    ids=str,
)
def test_odd_surroundings_do_no_harm(usual: Host, environment: dict[str, str | None]) -> None:
    ended = usual.apply("--yes", env=environment)
    assert (ended.code, ended.err) == (0, "")
    elsewhere = usual.check(
        "--store", str(usual.store), cwd=usual.outside.parent, through=("env", "-C", str(usual.app)), env=environment
    )
    assert elsewhere.code == 0


def test_warnings_of_python_do_not_reach_the_user(usual: Host) -> None:
    ended = usual.apply("--yes", env={"PYTHONDEVMODE": "1", "PYTHONWARNINGS": "error"})
    assert (ended.code, ended.err) == (0, "")
    assert usual.plan(env={"PYTHONDEVMODE": "1", "PYTHONWARNINGS": "error"}).out.endswith(IN_SYNC)


def test_a_deleted_working_folder_is_an_error_with_a_next_step(usual: Host) -> None:
    through = ("sh", "-ec", 'mkdir gone; cd gone; rmdir ../gone; exec "$@"', "sh")
    for command in ("validate", "plan", "apply"):
        ended = usual.run(command, str(usual.app / MANIFEST), through=through)
        assert (ended.code, ended.out) == (1, "")
        assert "cannot work in the current folder: No such file or directory" in ended.err


def test_an_apply_with_nothing_to_do_waits_for_the_run_that_is_half_way(usual: Host) -> None:
    stand_in(usual, "lists", "hangs", "lists")
    with usual.running("apply", MANIFEST, "--yes", "--engine-timeout", "60") as first:
        usual.wait_for(lambda: hangs(usual))
        seen = usual.plan("--json", "--inventory", "directory").document
        second = usual.apply("--yes", "--lock-timeout", "0.2", "--inventory", "directory")
        first.send_signal(signal.SIGTERM)
        end_of(first)
    assert [each["code"] for each in seen["inventory"]["warnings"]] == ["run-unfinished"]
    assert (second.code, f"process {first.pid} of" in second.err) == (5, True)
    assert set(models_in(usual.store)) == {"en.bin", "old_1.bin", "old_2.bin"}, "the first one put all back"


@pytest.fixture
def killed(usual: Host) -> Host:
    """Give a host on which an apply was killed when it had moved all models aside."""
    stand_in(usual, "lists", "hangs", "lists")
    with usual.running("apply", MANIFEST, "--yes") as first:
        usual.wait_for(lambda: hangs(usual))
        first.kill()
        first.wait()
    assert usual.quarantined() == ["old_1.bin", "old_2.bin"]
    return usual


def test_what_a_killed_run_left_half_done_is_told_until_it_is_recovered(killed: Host) -> None:
    for ended, code in ((killed.plan(), 0), (killed.check(), 2), (killed.apply(), 3)):
        assert ended.code == code
        assert "(ocrstate apply) was broken off: the next apply, or ocrstate recover, " in ended.out
        assert "2 models wait in quarantine" in ended.out
        assert "1 run half-way." in ended.last_line
    assert killed.quarantined() == ["old_1.bin", "old_2.bin"], "who only looks, or is not approved, changes nothing"

    ended = killed.run("recover")
    assert (ended.code, ended.err) == (0, "")
    assert "had been broken off and was taken back: 2 models are where they were." in ended.out
    assert set(models_in(killed.store)) == {"en.bin", "old_1.bin", "old_2.bin"}
    assert "half-way" not in killed.plan().out


def test_the_next_apply_takes_back_what_a_killed_run_left_and_plans_anew(killed: Host) -> None:
    ended = killed.apply("--yes", "--json")
    assert ended.code == 0, ended.err
    document = ended.document
    assert [(each["ended"], each["models"]) for each in document["recovered"]] == [("undone", 2)]
    assert document["summary"]["removed"] == 2
    assert set(models_in(killed.store)) == {"en.bin"}
    assert killed.quarantined() == []
