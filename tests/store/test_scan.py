"""What a scan finds in a real folder, by the engine's rules."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ocrstate.errors import StoreError
from ocrstate.store.model import Entry, Folder, FolderLink, Kind, Scan
from ocrstate.store.opened import open_store
from ocrstate.store.scan import native_name, scan, text_name
from tests.support.users import without_privileges

if TYPE_CHECKING:
    from pathlib import Path


def scanned(path: Path) -> Scan:
    with open_store(str(path)) as (store, descriptor):
        return scan(store, descriptor)


def names(found: Scan) -> list[str]:
    return [entry.name for entry in found.entries]


def refused_without_privileges(path: Path) -> StoreError:
    # opened with privileges: the folders above are closed to other users
    with (
        open_store(str(path)) as (store, descriptor),
        without_privileges(),
        pytest.raises(StoreError) as caught,
    ):
        scan(store, descriptor)
    return caught.value


def only(path: Path) -> Entry:
    (found,) = scanned(path).entries
    return found


def link(path: Path) -> FolderLink:
    (found,) = scanned(path).folder_links
    return found


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "store"
    path.mkdir()
    return path


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """Make a folder beside the store, with a file and a deeper folder."""
    path = tmp_path / "outside"
    (path / "deeper").mkdir(parents=True)
    (path / "secret.txt").write_text("secret")
    (path / "deeper" / "more.txt").write_text("more")
    return path


class TestEntries:
    def test_an_empty_store_is_empty(self, store: Path) -> None:
        found = scanned(store)
        assert (found.entries, found.folders, found.folder_links, found.count) == ((), (), (), 0)

    def test_files_of_the_store_and_of_its_sub_folders_are_found_sorted_by_name(self, store: Path) -> None:
        for name in ("sub/deep/unseen.bin", "sub/fr.bin", "sub/.hidden", "z.bin", ".gitkeep", "a.bin"):
            (store / name).parent.mkdir(parents=True, exist_ok=True)
            (store / name).touch()
        assert names(scanned(store)) == [".gitkeep", "a.bin", "sub/.hidden", "sub/fr.bin", "z.bin"]

    def test_what_is_found_is_sorted_in_whatever_order_it_lies_on_disk(self, store: Path, outside: Path) -> None:
        shuffled = [f"{number * 37 % 101:03}" for number in range(100)]
        for name in shuffled:
            (store / f"file{name}").touch()
            (store / f"folder{name}").mkdir()
            (store / f"link{name}").symlink_to(outside)
            (outside / name).touch()
        found = scanned(store)
        assert names(found) == [f"file{name}" for name in sorted(shuffled)]
        assert [folder.name for folder in found.folders] == [f"folder{name}" for name in sorted(shuffled)]
        assert [each.entry.name for each in found.folder_links] == [f"link{name}" for name in sorted(shuffled)]
        behind = [seen.name.removeprefix("link000/") for seen in found.folder_links[0].behind]
        assert behind == [*sorted(shuffled), "secret.txt"]

    def test_a_file_carries_what_identifies_it_and_its_state(self, store: Path) -> None:
        (store / "fr.bin").write_bytes(b"x" * 5000)
        status = (store / "fr.bin").lstat()
        found = only(store)
        assert (found.kind, found.content) == (Kind.FILE, 5000)
        assert found.stamp._asdict() == {
            "device": status.st_dev,
            "inode": status.st_ino,
            "size": 5000,
            "mtime_ns": status.st_mtime_ns,
            "allocated": status.st_blocks * 512,
            "links": 1,
            "ctime_ns": status.st_ctime_ns,
        }

    def test_a_sparse_file_takes_up_less_than_its_size(self, store: Path) -> None:
        with (store / "sparse.bin").open("wb") as file:
            file.truncate(10**9)
        assert only(store).content == 10**9
        assert only(store).stamp.allocated < 10**6

    def test_hard_links_share_an_inode_and_count_their_names(self, store: Path, tmp_path: Path) -> None:
        (store / "a").write_text("x")
        (store / "sub").mkdir()
        os.link(store / "a", store / "sub" / "b")
        os.link(store / "a", tmp_path / "outside of the store")
        first, second = scanned(store).entries
        assert (first.name, second.name) == ("a", "sub/b")
        assert first.stamp == second.stamp
        assert first.stamp.links == 3

    def test_a_pipe_is_not_opened(self, store: Path) -> None:
        os.mkfifo(store / "a.fifo")
        assert (only(store).kind, only(store).content) == (Kind.FIFO, None)

    def test_a_socket_is_no_file(self, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(store)  # the path of a socket must be short
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind("a.socket")
            assert (only(store).kind, only(store).content) == (Kind.SOCKET, None)

    def test_devices_are_no_files(self, store: Path) -> None:
        (store / "dev").symlink_to("/dev")
        kinds = {seen.name: seen.kind for seen in link(store).behind}
        assert kinds["dev/null"] is Kind.DEVICE


class TestLinks:
    def test_a_link_to_a_file_has_the_content_of_the_file(self, store: Path, outside: Path) -> None:
        (store / "l.bin").symlink_to(outside / "secret.txt")
        found = only(store)
        assert (found.kind, found.content) == (Kind.LINK, 6)
        assert found.stamp.inode == (store / "l.bin").lstat().st_ino
        assert found.stamp.size == len(str(outside / "secret.txt"))

    @pytest.mark.parametrize("target", ["nowhere", "loop", "file/x", "/proc/1/nothing", "/dev/null", "x" * 300])
    def test_a_link_that_leads_to_no_file_has_no_content(self, store: Path, target: str) -> None:
        (store / "loop").symlink_to(target)
        assert (only(store).kind, only(store).content) == (Kind.LINK, None)

    def test_a_dead_link_in_a_sub_folder_is_found(self, store: Path) -> None:
        (store / "sub").mkdir()
        (store / "sub" / "gone.bin").symlink_to("nowhere")
        assert (only(store).name, only(store).kind) == ("sub/gone.bin", Kind.LINK)

    def test_a_link_to_a_folder_shows_the_files_behind_it_and_nothing_deeper(self, store: Path, outside: Path) -> None:
        (store / "l").symlink_to("../outside")
        (outside / "another.txt").write_text("12345678")
        found = link(store)
        assert (found.entry.name, found.entry.kind, found.entry.content) == ("l", Kind.FOLDER_LINK, None)
        assert found.entry.stamp.inode == (store / "l").lstat().st_ino
        assert found.target == "../outside"
        assert [(seen.name, seen.content) for seen in found.behind] == [("l/another.txt", 8), ("l/secret.txt", 6)]
        assert scanned(store).entries == ()
        assert scanned(store).count == 2

    def test_a_link_to_the_store_itself_repeats_its_files_and_not_itself(self, store: Path) -> None:
        (store / "a").symlink_to(".")
        (store / "fr.bin").touch()
        (store / "sub").mkdir()
        (store / "sub" / "de.bin").touch()
        assert [seen.name for seen in link(store).behind] == ["a/fr.bin"]
        assert names(scanned(store)) == ["fr.bin", "sub/de.bin"]

    def test_behind_a_link_loops_and_dead_links_are_entries_and_links_to_folders_are_not(
        self, store: Path, outside: Path
    ) -> None:
        (store / "l").symlink_to(outside)
        (outside / "loop").symlink_to("loop")
        (outside / "dead").symlink_to("nowhere")
        (outside / "folder").symlink_to("deeper")
        kinds = {seen.name: seen.kind for seen in link(store).behind}
        assert kinds == {"l/dead": Kind.LINK, "l/loop": Kind.LINK, "l/secret.txt": Kind.FILE}

    def test_a_chain_of_links_to_a_folder_is_followed(self, store: Path, outside: Path) -> None:
        (outside / "second").symlink_to(outside / "deeper")
        (store / "first").symlink_to(outside / "second")
        assert [seen.name for seen in link(store).behind] == ["first/more.txt"]

    def test_a_link_to_a_folder_inside_a_sub_folder_is_not_looked_through(self, store: Path, outside: Path) -> None:
        (store / "sub").mkdir()
        (store / "sub" / "l").symlink_to(outside)
        found = scanned(store)
        assert (found.entries, found.folder_links) == ((), ())
        assert [(folder.name, folder.has_folders) for folder in found.folders] == [("sub", True)]

    def test_a_store_that_is_itself_a_link_is_read_through_it(self, store: Path, tmp_path: Path) -> None:
        (store / "fr.bin").touch()
        (tmp_path / "link").symlink_to("store")
        found = scanned(tmp_path / "link")
        assert names(found) == ["fr.bin"]
        assert (found.store.path, found.store.real_path) == (str(tmp_path / "link"), str(store))


class TestFolders:
    def test_sub_folders_say_which_they_are_and_whether_they_hold_folders(self, store: Path) -> None:
        (store / "deep" / "deeper").mkdir(parents=True)
        (store / "empty").mkdir()
        (store / "full").mkdir()
        (store / "full" / "fr.bin").touch()
        device = store.lstat().st_dev
        assert scanned(store).folders == tuple(
            Folder(name, device, (store / name).lstat().st_ino, name == "deep") for name in ("deep", "empty", "full")
        )

    def test_the_tool_does_not_see_its_own_files(self, store: Path) -> None:
        own = store / ".ocrstate" / "quarantine" / "run"
        own.mkdir(parents=True)
        (own / "old.bin").touch()
        assert scanned(store).count == 0

    def test_what_lies_in_the_folder_of_open_journals_is_told(self, store: Path) -> None:
        journals = store / ".ocrstate" / "journal"
        journals.mkdir(parents=True)
        for name in ("b.journal", "a.journal"):
            (journals / name).touch()
        assert scanned(store).unfinished_runs == ("a.journal", "b.journal")

    def test_a_link_in_place_of_the_folder_of_open_journals_is_not_followed(self, store: Path, outside: Path) -> None:
        (store / ".ocrstate").mkdir()
        (store / ".ocrstate" / "journal").symlink_to(outside)
        assert scanned(store).unfinished_runs == ()

    def test_two_looks_are_the_same_whatever_this_tool_did_between_them(self, store: Path) -> None:
        (store / "fr.bin").touch()
        before = scanned(store)
        (store / ".ocrstate" / "journal").mkdir(parents=True)
        (store / ".ocrstate" / "journal" / "a.journal").touch()
        assert before.is_same_as(scanned(store))

    def test_two_looks_differ_when_a_model_or_a_folder_came_went_or_changed(self, store: Path) -> None:
        (store / "fr.bin").touch()
        before = scanned(store)
        for change in (
            lambda: (store / "fr.bin").write_bytes(b"longer"),
            (store / "sub").mkdir,
            lambda: (store / "link").symlink_to("sub"),
            (store / "fr.bin").unlink,
        ):
            change()
            after = scanned(store)
            assert not before.is_same_as(after)
            before = after


class TestNames:
    @pytest.mark.parametrize(
        "name",
        [
            *("a\nb", "\x1b[31mred", "a\\b", "-rf", " a ", "trailing ", "\u202egnp", "é", "e\u0301", "😀", "模型"),
            *("*", "?", "[", "'", '"', "$HOME", "~", "CON", "a:b", "..a", "...", "x" * 255, "é" * 127),
        ],
        ids=ascii,
    )
    def test_names_are_exact(self, store: Path, name: str) -> None:
        (store / "sub").mkdir()
        for path in (store / name, store / "sub" / name):
            path.touch()
        assert sorted(names(scanned(store))) == sorted([name, f"sub/{name}"])

    def test_bytes_that_are_not_utf8_are_kept_apart_although_the_engine_spells_them_the_same(self, store: Path) -> None:
        for raw in (b"a\xfe", b"a\xff", b"a\xed\xa0\x80"):
            os.close(os.open(os.fsencode(store) + b"/" + raw, os.O_CREAT))
        found = names(scanned(store))
        assert found == ["a\udced\udca0\udc80", "a\udcfe", "a\udcff"]
        assert [native_name(name) for name in found] == [b"a\xed\xa0\x80", b"a\xfe", b"a\xff"]

    def test_folders_links_and_targets_may_have_such_names_too(self, store: Path) -> None:
        os.mkdir(os.fsencode(store) + b"/s\xff")
        os.close(os.open(os.fsencode(store) + b"/s\xff/\xfe", os.O_CREAT))
        os.symlink(b"s\xff", os.fsencode(store) + b"/l\xff")
        found = scanned(store)
        assert names(found) == ["s\udcff/\udcfe"]
        assert found.folders[0].name == "s\udcff"
        assert (link(store).entry.name, link(store).target) == ("l\udcff", "s\udcff")
        assert [seen.name for seen in link(store).behind] == ["l\udcff/\udcfe"]

    def test_twins_by_case_or_composition_are_two_models(self, store: Path) -> None:
        for name in ("fr.bin", "FR.bin", "é", "e\u0301"):
            (store / name).touch()
        assert len(scanned(store).entries) == 4

    def test_a_name_survives_the_way_to_text_and_back(self) -> None:
        raw = b"\xc3\xa9 \xff\xfe \xf0\x9f\x98\x80"
        assert native_name(text_name(os.fsdecode(raw))) == raw

    def test_names_are_the_same_whatever_the_locale_says(self, store: Path) -> None:
        for raw in (b"\xc3\xa9", b"\xff"):
            os.close(os.open(os.fsencode(store) + b"/" + raw, os.O_CREAT))
        program = (
            "import os, sys\n"
            "from ocrstate.store.opened import open_store\n"
            "from ocrstate.store.scan import scan\n"
            "with open_store(sys.argv[1]) as (store, descriptor):\n"
            "    print(sys.getfilesystemencoding(), *(ascii(e.name) for e in scan(store, descriptor).entries))\n"
        )
        plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONPATH": os.pathsep.join(sys.path)}
        told = subprocess.run(
            [sys.executable, "-c", program, str(store)], env=plain, capture_output=True, text=True, check=True
        )
        encoding, *shown = told.stdout.split()
        assert encoding != "utf-8"
        assert shown == [r"'\xe9'", r"'\udcff'"]


class TestRefusals:
    def test_an_unreadable_sub_folder_fails_the_scan_and_is_named(self, store: Path) -> None:
        (store / "closed").mkdir(mode=0o000)
        refused = refused_without_privileges(store)
        assert (refused.code, "'closed'" in refused.message) == ("folder-unreadable", True)
        assert "permission" in refused.hint

    def test_a_sub_folder_that_may_be_listed_but_not_searched_fails_the_scan(self, store: Path) -> None:
        (store / "closed").mkdir()
        (store / "closed" / "fr.bin").touch()
        (store / "closed").chmod(0o444)
        assert "'closed'" in refused_without_privileges(store).message

    def test_a_link_to_an_unreadable_folder_fails_the_scan_as_it_fails_the_engine(self, store: Path) -> None:
        (store / "sub" / "closed").mkdir(parents=True)
        (store / "sub" / "closed").chmod(0o000)
        (store / "l").symlink_to("sub/closed")
        assert "'l'" in refused_without_privileges(store).message

    def test_a_store_that_cannot_be_read_any_more_is_an_error_of_the_store(self, store: Path) -> None:
        with open_store(str(store)) as (opened, descriptor):
            assert descriptor is not None
            nowhere = os.open(os.devnull, os.O_RDONLY)
            try:
                with pytest.raises(StoreError):
                    scan(opened, nowhere)
            finally:
                os.close(nowhere)


def test_a_scan_changes_nothing_in_the_store_or_behind_its_links(store: Path, outside: Path) -> None:
    (store / "sub").mkdir()
    (store / "sub" / "fr.bin").write_text("x")
    (store / "l").symlink_to(outside)
    os.mkfifo(store / "a.fifo")
    before = _state(store.parent)
    scanned(store)
    assert _state(store.parent) == before


def _state(top: Path) -> dict[str, tuple[int, ...]]:
    paths = [top, *sorted(top.rglob("*"))]
    return {
        str(path): (status.st_ino, status.st_mode, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        for path in paths
        for status in [path.lstat()]
    }
