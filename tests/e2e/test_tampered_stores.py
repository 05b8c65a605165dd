"""Stores where somebody was at what ocrstate keeps there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.e2e.host import MANIFEST, Host, models_in, snapshot
from tests.e2e.journals import expire, forge_journal, written
from tests.e2e.stories import NAMES, after_a_run, full_of_models, kept, run_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.without_engine


@pytest.fixture
def full(host: Host) -> Host:
    return full_of_models(host)


@pytest.fixture
def removed(full: Host) -> Host:
    """Give a host where a run has removed three models a moment ago, and keeps them."""
    return after_a_run(full)


# -- when somebody was at the quarantine


def replaced_by_another(path: Path) -> None:
    path.unlink()
    path.write_text("foreign")


def replaced_by_a_link(path: Path) -> None:
    path.unlink()
    os.symlink(path.parents[5].parent / "outside" / "precious", path)


def replaced_by_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "foreign").write_text("foreign")


def joined_by_another(path: Path) -> None:
    path.with_name("foreign.bin").write_text("foreign")


def joined_by_a_folder(path: Path) -> None:
    path.with_name("more").mkdir()
    (path.with_name("more") / "foreign.bin").write_text("foreign")


@pytest.mark.parametrize(
    "happens",
    [replaced_by_another, replaced_by_a_link, replaced_by_a_folder, joined_by_another, joined_by_a_folder],
)
def test_what_no_run_of_ours_put_into_quarantine_is_neither_put_back_nor_deleted(
    removed: Host, happens: Callable[[Path], None]
) -> None:
    (removed.outside / "precious").write_text("precious")
    run = run_of(removed)["run_id"]
    path = kept(removed, run, "old_1.bin")
    happens(path)
    foreign = foreign_in(path.parent)
    restored = removed.run("restore")
    assert restored.code == 0
    assert ("old_1.bin" in models_in(removed.store)) is not happens.__name__.startswith("replaced")
    expire(removed.journals()[0])
    for words in (("purge",), ("purge", "--all", "--yes"), ("apply", MANIFEST, "--yes")):
        assert removed.run(*words).code in (0, 4)
        assert foreign_in(path.parent) == foreign
    assert (removed.outside / "precious").read_text() == "precious"


def foreign_in(folder: Path) -> set[str]:
    ours = {"old_1.bin", "old_2.bin", "old_3.bin"}
    every = [path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()]
    return {
        str(path.relative_to(folder))
        for path in every
        if path.name not in ours or path.is_symlink() or path.read_text() == "foreign"
    }


def test_the_history_does_not_call_restored_what_somebody_replaced(removed: Host) -> None:
    for name in NAMES:
        replaced_by_another(kept(removed, run_of(removed)["run_id"], name))
    assert "all restored" not in removed.run("history").out


def test_purge_does_not_ask_about_nothing(removed: Host) -> None:
    """What somebody put there is no model that could be restored."""
    run = run_of(removed)["run_id"]
    joined_by_another(kept(removed, run, "old_1.bin"))
    assert removed.run("purge", "--all", "--yes").code == 0
    ended = removed.run("purge", "--all")
    assert (ended.code, "0 models" in ended.err) == (0, False)


def test_the_quarantine_of_a_run_being_a_link_to_elsewhere_is_not_followed(removed: Host) -> None:
    run = run_of(removed)["run_id"]
    folder = kept(removed, run, "old_1.bin").parent
    folder.rename(removed.outside / run)
    os.symlink(removed.outside / run, folder)
    before = snapshot(removed.outside)
    for words in (("restore",), ("purge", "--all", "--yes"), ("history",), ("apply", MANIFEST, "--yes")):
        assert removed.run(*words).code in (0, 1, 3)
    assert snapshot(removed.outside) == before


@pytest.mark.parametrize("damage", [b"", b"garbage\n", b"\0" * 100, None], ids=["empty", "garbage", "zeros", "gone"])
def test_the_history_tells_of_a_journal_that_cannot_be_read_and_of_what_waits_there(
    removed: Host, damage: bytes | None
) -> None:
    (journal,) = removed.journals()
    journal.unlink()
    if damage is not None:
        journal.write_bytes(damage)
    ended = removed.run("history")
    assert ended.code == 0
    assert journal.name.removesuffix(".journal") in ended.out + ended.err
    assert "3 models" in ended.out + ended.err
    removed.run("purge", "--all", "--yes")
    assert len(removed.quarantined()) == 3, "nobody knows whose they are"
    assert damage is None or journal.read_bytes() == damage, "and what is left of the journal is evidence"


FORGED = {
    "manifest": ["/x", "\x1b[2Jowned"],
    "restores": "\x1b[2Jowned",
    "keep_until": "\x1b[2J",
    "who": [1, "\x1b[2J", "\x1b[2J", "\x1b[2J", "\x1b[2J"],
    "kind": "nonsense",
    "moves": [["../x", "", "20200101T000000Z-abcdef", 1, 1, 1]],
    "folders": [["sub", 10**30, 10**30, 10**30, True]],
    "plan": "\ud800",
}


@pytest.mark.parametrize("field", FORGED)
def test_a_forged_journal_fools_no_terminal_and_breaks_nothing(removed: Host, field: str) -> None:
    run = run_of(removed)["run_id"]
    before = snapshot(removed.outside)
    (journal,) = removed.journals()
    forge_journal(journal, lambda records: records[0].update({field: FORGED[field]}))
    (removed.store / "old_1.bin").write_text("newer")
    for words in (("history",), ("history", run), ("history", "--json"), ("restore", "--overwrite"), ("purge",)):
        ended = removed.run(*words)
        assert ended.code != 70, ended.err
        assert "\x1b" not in ended.out + ended.err
    assert snapshot(removed.outside) == before


def test_a_journal_that_nests_deeply_breaks_nothing(removed: Host) -> None:
    (journal,) = removed.journals()
    text = b'{"record": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"

    journal.write_bytes(written(text))
    for command in ("history", "restore", "purge"):
        assert removed.run(command).code != 70


# -- places that are not ours


PLACES = [".ocrstate", ".ocrstate/lock", ".ocrstate/journal", ".ocrstate/quarantine", ".ocrstate/history"]


def plain_file(path: Path, _: Path) -> None:
    path.write_text("precious")


def link_to_a_folder(path: Path, outside: Path) -> None:
    os.symlink(outside, path)


def dead_link(path: Path, outside: Path) -> None:
    os.symlink(outside / "nowhere", path)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("makes", [plain_file, link_to_a_folder, dead_link])
def test_something_else_in_the_place_of_our_folders_is_refused_and_not_followed(
    full: Host, place: str, makes: Callable[[Path, Path], None]
) -> None:
    path = full.store / place
    path.parent.mkdir(exist_ok=True)
    makes(path, full.outside)
    (full.outside / "precious").write_text("precious")
    before = models_in(full.store), snapshot(full.outside)
    for command in ("plan models.yml", "check models.yml", "history"):
        assert full.run(*command.split()).code in (0, 2, 3)
    for options in ((), ("--retain", "7d")):
        ended = full.apply("--yes", *options)
        assert (ended.code in (1, 3), place in ended.err) == (True, True), ended
    for command in ("restore", "purge --all --yes", "recover"):
        assert full.run(*command.split()).code in (0, 1, 3)
    assert (models_in(full.store), snapshot(full.outside)) == before


@pytest.mark.parametrize("makes", [plain_file, link_to_a_folder])
def test_a_lock_that_is_a_link_leads_nowhere(full: Host, makes: Callable[[Path, Path], None]) -> None:
    (full.outside / "precious").write_text("precious")
    (full.store / ".ocrstate" / "lock").mkdir(parents=True)
    os.symlink(full.outside / "precious", full.store / ".ocrstate" / "lock" / "store.lock")
    makes(full.store / ".ocrstate" / "lock" / "holder.json", full.outside)
    before = snapshot(full.outside)
    full.apply("--yes")
    assert snapshot(full.outside) == before


# -- models in our own folder: the engine sees what lies right in it


@pytest.mark.parametrize("stray", [".ocrstate/stray.bin", ".OCRSTATE/stray.bin"])
def test_a_stray_model_in_our_own_folder_is_never_moved_into_it(host: Host, stray: str) -> None:
    """No journal may name it, so a run that moved it could be neither recovered nor taken back."""
    full_of_models(host).has(stray)
    before = models_in(host.store)
    assert host.plan("--json", "--out", "plan.json").actions()[stray] == "blocked"
    assert host.run("show", "plan.json").code == 0
    for words in (("apply", MANIFEST, "--yes"), ("apply", "plan.json")):
        ended = host.run(*words)
        assert (ended.code, stray in ended.err) == (3, True)
        assert models_in(host.store) == before
        assert (host.store / stray).exists()
