"""What happens to the store while a person reads the plan."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.e2e.host import PROMPT, Host, models_in, snapshot

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def asked(host: Host) -> Host:
    return host.has("en.bin", "old_1.bin", "old_2.bin", "sub/old_3.bin").lists("en.bin")


def written(host: Host) -> None:
    with open(host.store / "old_2.bin", "ab") as file:
        file.write(b"more")


def written_in_place(host: Host) -> None:
    before = os.stat(host.store / "old_2.bin")
    (host.store / "old_2.bin").write_bytes(b"X" * before.st_size)


def vanished(host: Host) -> None:
    (host.store / "old_2.bin").unlink()


def replaced(host: Host) -> None:
    """Put another file of the same size and time in its place."""
    before = os.stat(host.store / "old_2.bin")
    other = host.outside / "other"
    other.write_bytes(b"X" * before.st_size)
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.rename(host.store / "old_2.bin")


def replaced_by_link(host: Host) -> None:
    (host.store / "old_2.bin").rename(host.outside / "old_2.bin")
    os.symlink(host.outside / "old_2.bin", host.store / "old_2.bin")


def listed_one_vanished(host: Host) -> None:
    (host.store / "en.bin").unlink()


def folder_swapped(host: Host) -> None:
    """Replace a folder by a link to another one with a file of that name."""
    shutil.rmtree(host.store / "sub")
    (host.outside / "old_3.bin").write_text("precious")
    os.symlink(host.outside, host.store / "sub")


def folder_moved_out(host: Host) -> None:
    """Move the folder with the very files out of the store, and leave a link in its place."""
    (host.store / "sub").rename(host.outside / "sub")
    os.symlink(host.outside / "sub", host.store / "sub")


def store_replaced(host: Host) -> None:
    host.store.rename(host.outside / "models")
    shutil.copytree(host.outside / "models", host.store)


def store_swapped_for_a_link(host: Host) -> None:
    shutil.copytree(host.store, host.outside / "models")
    host.store.rename(host.outside / "former")
    os.symlink(host.outside / "models", host.store)


@pytest.mark.parametrize(
    ("happens", "named"),
    [
        (written, "old_2.bin: size 1000 → 1004, changed 20"),
        (written_in_place, "old_2.bin: its times changed since the plan"),
        (vanished, "old_2.bin: gone since the plan"),
        (replaced, "old_2.bin: another file of this name"),
        (replaced_by_link, "old_2.bin: size 1000 → "),
        (listed_one_vanished, "en.bin: listed, and gone since the plan"),
        (folder_swapped, "sub/old_3.bin: gone since the plan"),
        (folder_moved_out, "sub/old_3.bin: gone since the plan"),
        (store_replaced, "another folder is there now"),
        (store_swapped_for_a_link, "another folder is there now"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_what_changed_since_it_was_shown_makes_apply_refuse(
    asked: Host, happens: Callable[[Host], None], named: str
) -> None:
    seen = []

    def meanwhile() -> None:
        happens(asked)
        seen.extend([models_in(asked.store), snapshot(asked.outside)])

    ended = asked.apply_asked(b"yes\n", meanwhile)
    assert ended.code == 3
    assert named in ended.err
    assert "run plan again" in ended.err
    assert [models_in(asked.store), snapshot(asked.outside)] == seen


def test_what_appears_after_the_plan_was_shown_stays(asked: Host) -> None:
    ended = asked.apply_asked(b"yes\n", lambda: asked.has("new.bin", "sub/new.bin"))
    assert ended.code == 2, "what was shown is done, and the store differs again"
    assert "new.bin" in ended.out
    assert set(models_in(asked.store)) == {"en.bin", "new.bin", "sub", "sub/new.bin"}


def test_a_person_who_says_yes_gets_what_was_shown(asked: Host) -> None:
    ended = asked.apply_asked(b"yes\n")
    assert ended.code == 0
    assert "Remove 3 models (" in ended.err
    assert set(models_in(asked.store)) == {"en.bin"}


@pytest.mark.parametrize(
    "answer", [b"y\n", b"\n", b"no\n", b"YES\n", b" yes\n", b"yes please\n", b"\x04", b"\xff\xfe\n"]
)
def test_only_yes_is_yes(asked: Host, answer: bytes) -> None:
    before = snapshot(asked.app)
    ended = asked.apply_asked(answer)
    assert ended.code == 3
    assert re.search(r"^(\x1b\[\d+m)?Error:", ended.err, re.MULTILINE), "on a line of its own"
    assert "not confirmed" in ended.err
    assert snapshot(asked.app) == before


def test_without_a_terminal_the_plan_and_the_flag_are_shown_and_standard_input_is_not_read(asked: Host) -> None:
    before = snapshot(asked.app)
    reading, writing = os.pipe()
    os.write(writing, b"yes\nyes\n")
    ended = asked.apply(stdin=reading)
    assert ended.code == 3
    assert "  - old_1.bin  " in ended.out
    assert "--yes" in ended.err
    assert PROMPT not in ended.err
    assert os.read(reading, 100) == b"yes\nyes\n"
    assert snapshot(asked.app) == before


def test_a_question_that_nobody_would_see_is_not_asked(asked: Host) -> None:
    ours, theirs = os.openpty()
    ended = asked.apply(stdin=theirs, stderr=subprocess.PIPE)
    os.close(ours)
    os.close(theirs)
    assert ended.code == 3
    assert PROMPT not in ended.err


def test_a_person_who_is_asked_has_seen_the_plan_wherever_it_else_goes(host: Host) -> None:
    host.has("en.bin", "old.bin").lists("en.bin")
    ended = host.apply_asked(b"no\n")  # standard output is no terminal
    assert ended.err.index("- old.bin") < ended.err.index("Remove 1 model")
    assert "- old.bin" in ended.out
