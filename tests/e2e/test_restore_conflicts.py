"""What has taken the place of a model that is to be put back, and what else can be in the way of that."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.engines import hangs, stand_in
from tests.e2e.host import ENDING_SIGNALS, POWERLESS, Host, end_of, models_in, snapshot
from tests.e2e.stories import full_of_models, restorable, run_of

if TYPE_CHECKING:
    import signal
    from collections.abc import Callable

    from tests.e2e.host import Snapshot

pytestmark = pytest.mark.without_engine


@pytest.fixture
def full(host: Host) -> Host:
    return full_of_models(host)


# -- what is in the way


def test_nothing_newer_is_replaced_and_nothing_else_is_put_back_then(removed: Host) -> None:
    (removed.store / "old_2.bin").write_text("newer")
    before = models_in(removed.store)
    ended = removed.run("restore", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (3, "in-the-way")
    assert "old_2.bin: something has this name in the store by now" in ended.err
    assert models_in(removed.store) == before
    assert len(removed.quarantined()) == 3


def test_the_newer_one_is_kept_when_it_is_to_make_way_and_can_be_put_back_in_its_turn(
    removed: Host, before: Snapshot
) -> None:
    (removed.store / "old_2.bin").write_text("newer")
    ended = removed.run("restore", "--overwrite")
    assert ended.code == 0
    assert models_in(removed.store) == before
    run = run_of(removed)
    assert restorable(run) == ["old_2.bin"]
    assert removed.run("restore", run["run_id"], "--overwrite").code == 0
    assert (removed.store / "old_2.bin").read_text() == "newer"
    assert removed.run("restore", "--overwrite").code == 0
    assert models_in(removed.store) == before


def test_who_replaces_the_newer_one_is_told_until_when_it_is_kept(removed: Host) -> None:
    (removed.store / "old_2.bin").write_text("newer")
    ended = removed.run("restore", "old_2.bin", "--overwrite")
    run = run_of(removed)
    assert run["restorable_until"][:10] in ended.out
    assert f"ocrstate restore {run['run_id']}" in ended.out


def test_the_document_says_until_when_the_newer_one_is_kept(removed: Host) -> None:
    (removed.store / "old_2.bin").write_text("newer")
    document = removed.run("restore", "old_2.bin", "--overwrite", "--json").document
    assert document["restorable_until"] == run_of(removed)["restorable_until"] is not None
    assert document["summary"]["bytes_kept"] > 0


def test_the_newer_one_comes_back_even_if_its_folder_is_gone(removed: Host) -> None:
    removed.has("sub/old_3.bin", size=5)
    assert removed.run("restore", "sub/old_3.bin", "--overwrite").code == 0
    run = run_of(removed)["run_id"]
    assert removed.apply("--yes", "--retain", "0d").code == 0
    assert not (removed.store / "sub").exists()
    ended = removed.run("restore", run)
    assert ended.code == 0, ended.err
    assert (removed.store / "sub" / "old_3.bin").stat().st_size == 5


@pytest.mark.parametrize(("answer", "code", "content"), [(b"yes\n", 0, "old_2.bin"), (b"no\n", 3, "newer")])
def test_at_a_terminal_it_is_asked_before_something_newer_makes_way(
    removed: Host, answer: bytes, code: int, content: str
) -> None:
    (removed.store / "old_2.bin").write_text("newer")
    ended = removed.asked(answer, "restore", "old_2.bin", "--overwrite")
    assert (ended.code, "Put 1 newer model into quarantine instead?" in ended.err) == (code, True)
    assert (removed.store / "old_2.bin").read_text().startswith(content)


def folder_in_the_way(host: Host) -> None:
    (host.store / "old_2.bin").mkdir()
    (host.store / "old_2.bin" / "fr.bin").write_text("precious")


def empty_folder_in_the_way(host: Host) -> None:
    (host.store / "old_2.bin").mkdir()


def pipe_in_the_way(host: Host) -> None:
    os.mkfifo(host.store / "old_2.bin")


@pytest.mark.parametrize("happens", [folder_in_the_way, empty_folder_in_the_way, pipe_in_the_way])
def test_what_is_no_model_never_makes_way(removed: Host, happens: Callable[[Host], None]) -> None:
    happens(removed)
    before = models_in(removed.store)
    for options in ((), ("--overwrite",)):
        ended = removed.run("restore", *options)
        assert (ended.code in (1, 3), "old_2.bin" in ended.err) == (True, True), ended.out
        assert models_in(removed.store) == before
    assert len(removed.quarantined()) == 3


def link_to_elsewhere(host: Host) -> None:
    os.symlink(host.outside, host.store / "sub")


def link_to_a_folder_of_the_store(host: Host) -> None:
    host.has("other/x.bin")
    os.symlink("other", host.store / "sub")


def dead_link(host: Host) -> None:
    os.symlink("nowhere", host.store / "sub")


def file_of_that_name(host: Host) -> None:
    (host.store / "sub").write_text("a file")


@pytest.mark.parametrize("happens", [link_to_elsewhere, link_to_a_folder_of_the_store, dead_link, file_of_that_name])
@pytest.mark.parametrize("options", [(), ("--overwrite",)], ids=["", "overwrite"])
def test_where_the_folder_was_something_else_is_by_now_nothing_is_put_back(
    removed: Host, happens: Callable[[Host], None], options: tuple[str, ...]
) -> None:
    happens(removed)
    before = models_in(removed.store), snapshot(removed.outside)
    ended = removed.run("restore", *options)
    assert (ended.code in (1, 3), "sub" in ended.err) == (True, True)
    assert (models_in(removed.store), snapshot(removed.outside)) == before
    assert len(removed.quarantined()) == 3
    assert removed.run("restore", "old_1.bin").code == 0, "the others can be put back by their names"


def test_a_folder_that_may_not_be_written_stops_the_whole_restore(removed: Host) -> None:
    (removed.store / "sub").mkdir()
    for mode in (0o555, 0):
        (removed.store / "sub").chmod(mode)
        before = snapshot(removed.store / "sub")
        try:
            ended = removed.run("restore", through=POWERLESS)
        finally:
            (removed.store / "sub").chmod(0o755)
        assert (ended.code, "ermission denied" in ended.err) == (1, True), ended.err
        assert set(models_in(removed.store)) == {"en.bin", "sub"}, before


def test_if_the_engine_does_not_list_it_again_all_is_taken_back(removed: Host) -> None:
    stand_in(removed, "lists nothing", "aborts")
    removed.has("fr.bin").lists("en.bin", "fr.bin")
    before = models_in(removed.store)
    for _ in range(2):
        ended = removed.run("restore", "--inventory", "engine")
        assert (ended.code, "nothing was restored, and the store is as it was" in ended.err) == (1, True)
        assert models_in(removed.store) == before
        assert len(removed.quarantined()) == 3


# -- signals


@pytest.mark.parametrize(("number", "code"), ENDING_SIGNALS.items())
def test_a_signal_while_the_engine_lists_again_takes_a_restore_back(
    full: Host, number: signal.Signals, code: int
) -> None:
    stand_in(full, "lists", "lists", "hangs", "lists")
    full.apply("--yes")
    before = models_in(full.store)
    with full.running("restore", "--json") as process:
        full.wait_for(lambda: hangs(full))
        assert "old_1.bin" in models_in(full.store)
        process.send_signal(number)
        ended = end_of(process)
    assert (ended.code, ended.document["error"]["code"]) == (code, "interrupted")
    assert ended.err == f"Interrupted by {number.name}: nothing was changed.\n"
    assert models_in(full.store) == before
    assert len(full.quarantined()) == 3


@pytest.mark.needs("strace")
@pytest.mark.parametrize(("number", "code"), ENDING_SIGNALS.items())
def test_a_signal_in_the_middle_of_a_purge_ends_it_with_the_truth_in_one_line(
    removed: Host, number: signal.Signals, code: int
) -> None:
    log = removed.outside / "log"
    slow = (
        "strace",
        "-f",
        "-qq",
        "-e",
        "trace=unlinkat",
        "--inject=unlinkat:delay_exit=400000:when=3+",  # the lock library, too, may unlink what it tried
        "-o",
        str(log),
    )
    with removed.running("purge", "--all", "--yes", through=slow) as process:
        removed.wait_for(lambda: len(removed.quarantined()) < 3)
        os.kill(int(log.read_text().split()[0]), number)
        ended = end_of(process)
    assert ended.code == code, ended
    assert ended.err.count("\n") == 1
    assert ended.err.startswith(f"Interrupted by {number.name}: ")
    if "nothing was changed" in ended.err:
        assert len(removed.quarantined()) == 3
    if "finished" in ended.err:
        assert removed.quarantined() == []
    assert removed.run("purge").code == 0
    assert removed.quarantined() == []


@pytest.mark.parametrize(("number", "code"), ENDING_SIGNALS.items())
@pytest.mark.parametrize("command", ["purge --all", "restore --overwrite"])
def test_a_signal_while_a_question_waits_changes_nothing(
    removed: Host, command: str, number: signal.Signals, code: int
) -> None:
    (removed.store / "old_1.bin").write_text("newer")
    before = models_in(removed.store)

    def interrupt() -> None:
        word = command.partition(" ")[0]
        (process,) = [int(each.name) for each in Path("/proc").glob("[0-9]*") if is_ours(each, word)]
        os.kill(process, number)
        time.sleep(0.2)

    ended = removed.asked(b"", *command.split(), meanwhile=interrupt)
    assert (ended.code, f"Interrupted by {number.name}: nothing was changed." in ended.err) == (code, True), ended
    assert models_in(removed.store) == before
    assert len(removed.quarantined()) == 3


def is_ours(process: Path, command: str) -> bool:
    parent = f"\nPPid:\t{os.getpid()}\n"
    try:
        words = (process / "cmdline").read_bytes().split(b"\0")
        return command.encode() in words and parent in (process / "status").read_text()
    except OSError:
        return False
