"""Journals that cannot be relied on, of runs that have ended or were killed: a person has to look."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.e2e.host import POWERLESS, Host, models_in, snapshot
from tests.e2e.journals import written

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.host import Snapshot

pytestmark = pytest.mark.without_engine

WRITERS = ("apply models.yml --yes", "recover", "restore", "purge")


# -- journals that cannot be relied on


def torn(journal: Path) -> None:
    with journal.open("ab") as file:
        file.write(b"0123abcd {torn")


def torn_with_nothing_else(journal: Path) -> None:
    journal.write_bytes(journal.read_bytes()[:-1])


def emptied(journal: Path) -> None:
    journal.write_bytes(b"")


def garbage(journal: Path) -> None:
    journal.write_bytes(os.urandom(5000))


def broken_in_the_middle(journal: Path) -> None:
    journal.write_bytes(b"broken\n" + journal.read_bytes())


def of_another_run(journal: Path) -> None:
    journal.rename(journal.with_name("20200101T000000Z-abcdef.journal"))


def of_a_later_format(journal: Path) -> None:
    change(journal, b'"format":2', b'"format":3')


def leading_elsewhere(journal: Path) -> None:
    change(journal, b'["old_1.bin"', b'["../old_1.bin"')


def leading_to_our_own_files(journal: Path) -> None:
    change(journal, b'["old_1.bin"', b'[".ocrstate/lock"')


def nesting_deeply(journal: Path) -> None:
    journal.write_bytes(written(b'{"record": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"))


def as_a_list(journal: Path) -> None:
    journal.write_bytes(written(b"[1, 2]"))


def as_a_link(journal: Path) -> None:
    journal.rename(journal.parents[4] / "elsewhere")
    os.symlink(journal.parents[4] / "elsewhere", journal)


def as_a_pipe(journal: Path) -> None:
    journal.unlink()
    os.mkfifo(journal)


def as_a_folder(journal: Path) -> None:
    journal.unlink()
    journal.mkdir()


def change(journal: Path, old: bytes, new: bytes) -> None:
    (line,) = journal.read_bytes().splitlines()
    assert old in line
    journal.write_bytes(written(line[9:].replace(old, new)))


def test_a_torn_last_line_counts_as_not_written(killed: Host, before: Snapshot) -> None:
    torn(*killed.journals("journal"))
    assert killed.run("recover").code == 0
    assert models_in(killed.store) == before


DAMAGES = [
    *(torn_with_nothing_else, emptied, garbage, broken_in_the_middle, of_another_run, of_a_later_format),
    *(leading_elsewhere, leading_to_our_own_files, nesting_deeply, as_a_list, as_a_link, as_a_pipe, as_a_folder),
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_history_tells_of_a_journal_that_cannot_be_relied_on(killed: Host, damage: Callable[[Path], None]) -> None:
    damage(*killed.journals("journal"))
    (journal,) = killed.journals("journal")
    ended = killed.run("history")
    assert (ended.code, journal.stem in ended.out + ended.err) == (0, True), ended


@pytest.mark.parametrize("damage", DAMAGES)
def test_with_a_journal_that_cannot_be_relied_on_nothing_is_touched_before_a_person_has_looked(
    killed: Host, damage: Callable[[Path], None]
) -> None:
    damage(*killed.journals("journal"))
    before = models_in(killed.app), snapshot(killed.outside)
    for command in (*WRITERS, "apply models.yml"):
        ended = killed.run(*command.split())
        assert ended.code == (3 if command == "apply models.yml" else 4), ended
        assert "journal" in ended.err + ended.out
    for command in ("plan models.yml", "check models.yml"):
        ended = killed.run(*command.split())
        assert ended.code in (0, 2)
        assert "cannot be relied on" in ended.out + ended.err or "broken off" in ended.out + ended.err, command
    assert len(killed.quarantined()) == 3
    after = {name: noted for name, noted in models_in(killed.app).items() if not is_of_the_lock(name)}
    assert (after, snapshot(killed.outside)) == (
        {name: noted for name, noted in before[0].items() if not is_of_the_lock(name)},
        before[1],
    )


def is_of_the_lock(name: str) -> bool:
    return "/.ocrstate/lock/" in name or name == "plan.json"


def test_a_journal_that_may_not_be_read_stops_whoever_writes(killed: Host) -> None:
    (journal,) = killed.journals("journal")
    journal.chmod(0)
    ended = killed.run("recover", through=POWERLESS)
    assert (ended.code, "Permission denied" in ended.err) == (4, True)
    assert len(killed.quarantined()) == 3


def test_the_advice_for_a_journal_that_cannot_be_relied_on_works(killed: Host, before: Snapshot) -> None:
    (journal,) = killed.journals("journal")
    broken_in_the_middle(journal)
    assert "then move that folder and the journal out of the store" in killed.run("recover").err
    aside = killed.store / ".ocrstate" / "quarantine" / journal.stem
    for path in [path for path in aside.rglob("*") if path.is_file()]:
        path.rename(killed.store / path.relative_to(aside))
    aside.rename(killed.outside / "aside")
    journal.rename(killed.outside / "journal")
    assert killed.run("recover").out.startswith("Nothing to recover")
    assert models_in(killed.store) == before


def test_a_run_that_was_killed_while_it_wrote_its_first_line_did_nothing(full: Host, before: Snapshot) -> None:
    folder = full.store / ".ocrstate" / "journal"
    folder.mkdir(parents=True)
    for number, content in enumerate((b"", b"0123abcd {torn", b"\0" * 500)):
        (folder / f"20261121T10020{number}Z-abcdef.journal").write_bytes(content)
    assert full.plan().code == 0
    assert full.run("recover").code == 0
    assert full.journals("journal") == []
    assert models_in(full.store) == before


def test_what_is_no_journal_is_left_alone(full: Host) -> None:
    folder = full.store / ".ocrstate" / "journal"
    folder.mkdir(parents=True)
    (folder / "notes.txt").write_text("notes")
    (folder / "x.journal").write_text("notes")
    for command in ("plan models.yml", "apply models.yml --yes", "recover"):
        assert full.run(*command.split()).code == 0
    assert {path.name for path in folder.iterdir()} == {"notes.txt", "x.journal"}
