"""Removals that fail: all or nothing, and the truth about it."""

from __future__ import annotations

import os
import shlex
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.e2e.engines import stand_in
from tests.e2e.host import POWERLESS, Ended, Host, end_of, models_in
from tests.e2e.tracing import failing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def full(host: Host) -> Host:
    return host.has("a/old.bin", "en.bin", "old_1.bin", "old_2.bin", "old_3.bin", "z/old.bin").lists("en.bin")


@pytest.fixture
def immutable(full: Host) -> Iterator[Path]:
    path = full.store / "old_2.bin"
    if subprocess.run(["chattr", "+i", path], capture_output=True, check=False).returncode:
        pytest.skip("this filesystem knows no immutable files")
    yield path
    subprocess.run(["chattr", "-i", path], check=True)


def outcomes(ended: Ended) -> dict[str, str]:
    return {each["name"]: each["status"] for each in ended.document["outcomes"]}


def told(hint: str) -> list[str]:
    """Return the words of the command that a hint ends with."""
    return shlex.split(hint.partition("ocrstate ")[2])


@pytest.mark.root
@pytest.mark.needs("chattr")
def test_if_one_model_cannot_be_moved_all_are_put_back(full: Host, immutable: Path) -> None:
    before = models_in(full.store)

    ended = full.apply("--yes")
    assert ended.code == 1
    assert f"{immutable.name} cannot be moved aside: Operation not permitted; nothing was removed, and" in ended.err
    assert models_in(full.store) == before
    assert full.quarantined() == []

    ended = full.apply("--yes", "--json")
    assert (ended.code, ended.document["status"], ended.document["changed"]) == (1, "failed", False)
    assert outcomes(ended) == {
        "a/old.bin": "rolled_back",
        "old_1.bin": "rolled_back",
        "old_2.bin": "failed",
        "old_3.bin": "not_started",
        "z/old.bin": "not_started",
    }


def test_a_folder_that_may_not_be_written_stops_the_whole_run(full: Host) -> None:
    before = models_in(full.store)
    (full.store / "z").chmod(0o555)
    try:
        ended = full.apply("--yes", through=POWERLESS)
    finally:
        (full.store / "z").chmod(0o755)
    assert ended.code == 1
    assert "z/old.bin cannot be moved aside: Permission denied" in ended.err
    assert models_in(full.store) == before
    assert full.quarantined() == []


@pytest.mark.needs("strace")
@pytest.mark.parametrize("when", ["1", "3", "5"])
@pytest.mark.parametrize("error", ["EIO", "ENOSPC"])
def test_whichever_move_fails_all_are_put_back(full: Host, error: str, when: str) -> None:
    before = models_in(full.store)
    ended = full.apply("--yes", through=failing(("?renameat,?renameat2", error, when)))
    assert ended.code == 1, ended
    assert "cannot be moved aside" in ended.err
    assert models_in(full.store) == before
    assert full.quarantined() == []


@pytest.mark.needs("strace")
def test_a_model_that_is_replaced_in_the_very_moment_of_its_move_is_noticed_and_put_back(full: Host) -> None:
    slow = ("strace", "-f", "-qq", "-o", "/dev/null", "--inject=?renameat,?renameat2:delay_enter=1000000:when=2")
    with full.running("apply", "models.yml", "--yes", through=slow) as process:
        full.wait_for(lambda: full.quarantined() == ["old.bin"])
        full.has("other.bin")
        (full.store / "other.bin").rename(full.store / "old_1.bin")
        before = models_in(full.store)
        ended = end_of(process)
    assert ended.code == 3
    assert "old_1.bin: changed since the plan; nothing was removed, and what had been moved aside is back" in ended.err
    assert {name: noted for name, noted in models_in(full.store).items() if name != "a/old.bin"} == before
    assert (full.store / "a" / "old.bin").exists()


@pytest.mark.needs("strace")
def test_what_cannot_be_deleted_in_the_end_is_said_with_what_to_run(full: Host) -> None:
    ended = full.apply("--yes", "--json", through=failing(("unlinkat", "EIO", "3")))
    document = ended.document
    assert (ended.code, document["status"]) == (4, "needs_recovery")
    (stuck,) = [name for name, status in outcomes(ended).items() if status == "in_quarantine"]
    assert list(outcomes(ended).values()).count("removed") == 4
    assert set(models_in(full.store)) == {"en.bin"}
    assert full.quarantined() == [os.path.basename(stuck)]

    assert "mend the cause" in document["error"]["hint"]
    assert full.run(*told(document["error"]["hint"])).code == 0
    assert full.quarantined() == []
    assert full.check().code == 0


def test_what_cannot_be_put_back_is_said_with_what_to_run(full: Host) -> None:
    """Something else takes a name while the engine lists again, and then the engine fails."""
    stand_in(full, "lists", "hangs")
    before = models_in(full.store)
    with full.running("apply", "models.yml", "--yes", "--engine-timeout", "2") as process:
        full.wait_for(lambda: len(full.quarantined()) == 5)
        (full.store / "old_2.bin").write_text("another")
        err = process.communicate(timeout=60)[1].decode()
    assert process.returncode == 4
    assert "1 model that had been moved could not be put back (old_2.bin: File exists)" in err
    assert (full.store / "old_2.bin").read_text() == "another", "what took the name is left alone"
    assert full.quarantined() == ["old_2.bin"]

    stuck = full.run(*told(err))
    assert (stuck.code, (full.store / "old_2.bin").read_text()) == (4, "another"), "nothing is mended yet"
    (full.store / "old_2.bin").unlink()
    assert full.run(*told(stuck.err)).code == 0
    assert models_in(full.store) == before
    assert full.quarantined() == []


def test_a_sub_folder_that_vanished_meanwhile_is_made_again_when_its_models_are_put_back(full: Host) -> None:
    stand_in(full, "lists", "hangs")
    with full.running("apply", "models.yml", "--yes", "--engine-timeout", "2") as process:
        full.wait_for(lambda: len(full.quarantined()) == 5)
        (full.store / "a").rmdir()
        ended = end_of(process)
    assert ended.code == 1, ended.err
    assert (full.store / "a" / "old.bin").exists()
    assert full.quarantined() == []


@pytest.mark.needs("strace")
def test_models_are_put_back_where_hard_links_fail(full: Host) -> None:
    stand_in(full, "lists", "aborts")
    before = models_in(full.store)
    ended = full.apply("--yes", through=failing(("linkat", "EPERM", "1+")))
    assert ended.code == 1
    assert "nothing was removed, and what had been moved aside is back" in ended.err
    assert models_in(full.store) == before


@pytest.mark.needs("strace")
def test_models_are_back_even_where_their_second_names_cannot_be_dropped(full: Host) -> None:
    stand_in(full, "lists", "aborts")
    before = models_in(full.store)
    ended = full.apply("--yes", through=failing(("unlinkat", "EIO", "2+")))
    assert ended.code == 4, "as long as they have second names, to remove them would free nothing"
    assert "Input/output error" in ended.err
    assert models_in(full.store) == before
    assert full.run("recover").code == 0
    assert models_in(full.store) == before
    assert full.quarantined() == []


@pytest.mark.needs("strace")
def test_when_nothing_can_be_put_back_nothing_is_lost(full: Host) -> None:
    stand_in(full, "lists", "aborts")
    before = models_in(full.store)
    through = failing(("linkat", "EIO", "1+"), ("?renameat,?renameat2", "EIO", "6+"))
    ended = full.apply("--yes", through=through)
    assert ended.code == 4
    assert "nothing is lost, what is not in its place waits in quarantine" in ended.err
    assert len(full.quarantined()) == 5
    assert full.run("recover").code == 0
    assert models_in(full.store) == before
    assert full.quarantined() == []
