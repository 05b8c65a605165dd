"""What the tool relies on in the real engine, whatever release is installed. docs/engine.md says how it was measured.

A blind release lists nothing, but fails where others fail: every listing here is exact, or empty for a blind release.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ocrstate.engine.child import data_folder
from ocrstate.engine.package import BLIND_RELEASES, installed_version
from ocrstate.engine.process import EngineProcess
from ocrstate.engine.requests import ListDefault, ListStore
from ocrstate.errors import StoreError
from ocrstate.names import lossy
from tests.contract.real_engine import LOCAL_PATH, SETTINGS, evaluate, run
from tests.engine.stand_in import ASK

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contract.conftest import Visible


LIST = "from aspose.ocr.ai import AsposeAI; ai = AsposeAI(); ai.list_local()"
LIST_ALL = "from aspose.ocr.ai import AsposeAI\nfor each in AsposeAI().list_local(): print(each)"
WHERE = "from aspose.ocr.ai import AsposeAI; print(AsposeAI().get_local_path())"


def entries(request: ListStore | ListDefault) -> list[str]:
    with EngineProcess.start() as process:
        process.send(request)
        return sorted(process.answer(120).entries)


def code_of(request: ListStore | ListDefault) -> str:
    with pytest.raises(StoreError) as caught:
        entries(request)
    return caught.value.code


def error_in(folder: Path) -> str:
    done = run(LIST, folder)
    assert done.returncode == 1
    return done.stderr.splitlines()[-1]


# --- what is listed


def test_the_releases_known_to_be_blind_are_the_blind_ones(visible: Visible) -> None:
    assert (visible(["canary.bin"]) == []) == (installed_version() in BLIND_RELEASES)


def test_the_store_is_a_relative_path_that_is_resolved_at_each_call(app: Path, store: Path, visible: Visible) -> None:
    (store / "fr.bin").touch()
    assert evaluate("ai.get_local_path()", app) == LOCAL_PATH
    late = evaluate(f"os.chdir({str(app)!r}) or list(ai.list_local())", app.parent)
    assert late == visible([f"{LOCAL_PATH}/fr.bin"])


@pytest.mark.parametrize("home", ["with", "without", ""])
@pytest.mark.parametrize("data", ["folder", "folder/", "file", "missing", "relative", ""])
def test_the_store_is_in_the_users_data_folder_where_there_is_one(tmp_path: Path, home: str, data: str) -> None:
    """Of `XDG_DATA_HOME` only an absolute path counts, and of that only whether it can be read."""
    for folder in ("with/.local/share", "without", "folder", "app"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "file").touch()
    settings = {
        **SETTINGS,
        "HOME": home and f"{tmp_path}/{home}",
        "XDG_DATA_HOME": data if data in ("relative", "") else f"{tmp_path}/{data}",
    }
    done = run(WHERE, tmp_path / "app", settings=settings)
    expected = os.path.join(data_folder(settings, str(tmp_path / "app")), LOCAL_PATH)
    assert done.stdout == f"{expected}\n"


def test_a_data_folder_behind_a_link_is_found_as_its_path_reads(tmp_path: Path, visible: Visible) -> None:
    """`link/../data` is `data`, although the folder above what the link leads to has one, too."""
    for folder, name in (("data", "as_it_reads.bin"), ("real/data", "as_it_leads.bin")):
        (tmp_path / folder / LOCAL_PATH).mkdir(parents=True)
        (tmp_path / folder / LOCAL_PATH / name).touch()
    (tmp_path / "real" / "home").mkdir()
    (tmp_path / "link").symlink_to("real/home")
    settings = {**SETTINGS, "XDG_DATA_HOME": f"{tmp_path}/link/../data"}
    done = run(LIST_ALL, tmp_path, settings=settings)
    assert [Path(line).name for line in done.stdout.splitlines()] == visible(["as_it_reads.bin"])
    shown = run(ASK + f"show(ListDefault({str(tmp_path)!r}))", tmp_path, settings=settings)
    assert shown.stdout.split() == visible(["as_it_reads.bin"])


def test_entries_are_paths_with_the_relative_prefix(app: Path, store: Path, visible: Visible) -> None:
    (store / "sub").mkdir()
    (store / "sub" / "fr.bin").touch()
    assert evaluate("list(ai.list_local())", app) == visible([f"{LOCAL_PATH}/sub/fr.bin"])


def test_the_result_is_a_proxy_that_list_turns_into_plain_strings(app: Path, store: Path, visible: Visible) -> None:
    (store / "fr.bin").touch()
    kinds = evaluate("[type(ai.list_local()) is list] + [type(entry).__name__ for entry in ai.list_local()]", app)
    assert kinds == [False, *visible(["str"])]


LISTED: dict[str, Callable[[Path], object]] = {
    "plain.bin": Path.touch,
    ".hidden": Path.touch,
    "fifo": os.mkfifo,
    "dead-link": lambda path: path.symlink_to("/nowhere"),
    "looping-link": lambda path: path.symlink_to(path.name),
    "link-to-a-file": lambda path: path.symlink_to(sys.executable),
    "sub/fr.bin": Path.touch,
    ".hidden-sub/fr.bin": Path.touch,
    "no suffix": Path.touch,
    " spaces ": Path.touch,
    "line\nbreak": Path.touch,
    "escape\x1b[31m": Path.touch,
    "back\\slash": Path.touch,
    "right-to-left\u202e": Path.touch,
    "e\u0301": Path.touch,
    "\u00e9": Path.touch,
    "\U0001f642": Path.touch,
    "n" * 255: Path.touch,
}


def test_every_entry_that_is_no_folder_is_listed_in_the_store_and_its_sub_folders(
    store: Path, visible: Visible
) -> None:
    for name, make in LISTED.items():
        (store / name).parent.mkdir(exist_ok=True)
        make(store / name)
    (store / "empty").mkdir()
    (store / "sub" / "deeper").mkdir()
    (store / "sub" / "deeper" / "fr.bin").touch()
    assert entries(ListStore(str(store))) == visible(sorted(LISTED))


def test_symlinked_folders_are_followed(store: Path, tmp_path: Path, visible: Visible) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "precious").touch()
    (store / "link").symlink_to(tmp_path / "outside")
    (store / "self").symlink_to(".")
    (store / "fr.bin").touch()
    assert entries(ListStore(str(store))) == visible(["fr.bin", "link/precious", "self/fr.bin"])


def test_names_that_are_not_utf8_come_back_lossy_and_may_collide(store: Path, visible: Visible) -> None:
    names = [b"a\xff", b"a\xfe", b"b\xc3(", b"c\xe2\x82", b"d\xed\xa0\x80", b"e\xf0\x9f\x99"]
    for name in names:
        Path(os.fsdecode(bytes(store) + b"/" + name)).touch()
    expected = sorted(lossy(name.decode("utf-8", "surrogateescape")) for name in names)
    assert entries(ListStore(str(store))) == visible(expected)
    assert expected[0] == expected[1]


def test_the_order_is_the_folders_own(app: Path, store: Path, visible: Visible) -> None:
    for number in range(40):
        (store / f"{number:02}.bin").touch()
    found = evaluate("list(ai.list_local())", app)
    assert found == visible([f"{LOCAL_PATH}/{name}" for name in os.listdir(store)])


# --- another store than the engine's own


def test_a_link_in_a_private_folder_leads_to_any_store(tmp_path: Path, visible: Visible) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "fr.bin").touch()
    (tmp_path / "private" / "Aspose.AI.LLM").mkdir(parents=True)
    (tmp_path / "private" / LOCAL_PATH).symlink_to(tmp_path / "store")
    found = evaluate("list(ai.list_local())", tmp_path / "private")
    assert found == visible([f"{LOCAL_PATH}/fr.bin"])
    assert entries(ListStore(str(tmp_path / "store"))) == visible(["fr.bin"])


@pytest.mark.parametrize("name", [b"app\xff", b"/".join([b"l" * 250] * 4)], ids=["not UTF-8", "very long"])
def test_the_child_lists_where_the_working_folder_is(tmp_path: Path, name: bytes, visible: Visible) -> None:
    folder = tmp_path / os.fsdecode(name)
    (folder / LOCAL_PATH).mkdir(parents=True)
    (folder / LOCAL_PATH / "fr.bin").touch()
    assert entries(ListDefault(str(folder))) == visible(["fr.bin"])


def test_the_engine_itself_fails_where_the_working_folder_is_not_utf8(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"app\xff")
    (folder / LOCAL_PATH).mkdir(parents=True)
    assert "DirectoryNotFoundException" in error_in(folder)


# --- what fails, and how


def test_a_missing_store_is_a_directory_not_found_with_its_path(tmp_path: Path) -> None:
    assert error_in(tmp_path) == (
        "RuntimeError: Proxy error(DirectoryNotFoundException): "
        f"Could not find a part of the path '{tmp_path}/{LOCAL_PATH}'."
    )
    assert code_of(ListDefault(str(tmp_path))) == "store-missing"


def test_a_dangling_link_is_a_missing_store(app: Path, store: Path) -> None:
    store.rmdir()
    store.symlink_to("/nowhere")
    assert f"DirectoryNotFoundException): Could not find a part of the path '{store}'." in error_in(app)
    assert code_of(ListStore(str(store))) == "store-missing"


def test_a_file_or_a_link_loop_is_an_io_exception(app: Path, store: Path) -> None:
    store.rmdir()
    store.touch()
    assert "Proxy error(IOException): Not a directory" in error_in(app)
    store.unlink()
    store.symlink_to("models")
    assert "Proxy error(IOException): Too many levels of symbolic links" in error_in(app)


@pytest.mark.parametrize("name", [b"bad\xff", b"it's\xc3 bad"])
def test_one_sub_folder_whose_name_is_not_utf8_fails_the_whole_call(app: Path, store: Path, name: bytes) -> None:
    (store / "fr.bin").touch()
    (store / os.fsdecode(name)).mkdir()
    lossy_path = f"{store}/{name.decode('utf-8', 'replace')}"
    assert f"DirectoryNotFoundException): Could not find a part of the path '{lossy_path}'." in error_in(app)
    assert code_of(ListStore(str(store))) == "folder-undecodable"


@pytest.mark.parametrize(
    ("locked", "code"), [("Aspose.AI.LLM/models/it's", "folder-unreadable"), (LOCAL_PATH, "store-unreadable")]
)
def test_one_unreadable_folder_fails_the_whole_call(app: Path, store: Path, locked: str, code: str) -> None:
    (store / "fr.bin").touch()
    (app / locked).mkdir(exist_ok=True)
    (app / locked).chmod(0)
    said = run(LIST, app, without_roots_rights=True).stderr
    assert f"UnauthorizedAccessException): Access to the path '{app / locked}' is denied." in said
    shown = run(ASK + f"show(ListDefault({str(app)!r}))", app, without_roots_rights=True)
    (app / locked).chmod(0o700)  # so that it can be removed
    assert shown.stdout.splitlines()[0] == code


# --- starting, freeing, ending


def test_without_icu_and_invariant_globalization_it_aborts(app: Path) -> None:
    done = run(LIST, app, settings={"CLR_ICU_VERSION_OVERRIDE": "99.9"})
    assert done.returncode == -signal.SIGABRT
    assert "valid ICU package" in done.stderr


def test_that_abort_is_told_as_what_it_is(app: Path) -> None:
    shown = run(ASK + f"show(ListDefault({str(app)!r}))", app, settings={"CLR_ICU_VERSION_OVERRIDE": "99.9"})
    code, message = shown.stdout.splitlines()[:2]
    assert code == "engine-aborted"
    assert "ICU" in message


def test_the_child_sets_invariant_globalization_itself(app: Path) -> None:
    shown = run(ASK + f"show(ListDefault({str(app)!r}))", app, settings={})
    assert (shown.stdout.strip(), shown.stderr) == ("", "")


def test_with_diagnostics_off_it_needs_no_folder_for_temporary_files(app: Path) -> None:
    assert run(LIST, app, settings={**SETTINGS, "TMPDIR": "/nowhere"}).returncode == 0


def test_with_diagnostics_on_it_aborts_where_tmpdir_is_missing(app: Path) -> None:
    done = run(LIST, app, settings={**SETTINGS, "COMPlus_EnableDiagnostics": "1", "TMPDIR": "/nowhere"})
    assert done.returncode == -signal.SIGABRT
    assert "0x80004005" in done.stderr


def test_with_diagnostics_off_a_kill_leaves_no_files_behind(app: Path, tmp_path: Path) -> None:
    (tmp_path / "temporary").mkdir()
    done = run(
        LIST + "; import os; os.kill(os.getpid(), 9)", app, settings={**SETTINGS, "TMPDIR": f"{tmp_path}/temporary"}
    )
    assert done.returncode == -signal.SIGKILL
    assert list((tmp_path / "temporary").iterdir()) == []


def test_too_little_address_space_is_told_as_such(app: Path) -> None:
    limit = "import resource; resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))\n"
    shown = run(limit + ASK + f"show(ListDefault({str(app)!r}))", app)
    code, message = shown.stdout.splitlines()[:2]
    assert code == "engine-aborted"
    assert "too little memory" in message


def test_it_prints_nothing(app: Path, store: Path) -> None:
    (store / "fr.bin").touch()
    done = run(LIST + "; ai.free_resources()", app)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_freeing_returns_none_and_the_store_can_be_renamed(app: Path, store: Path) -> None:
    (store / "fr.bin").touch()
    facts = evaluate(
        """[
            len(list(ai.list_local())),
            ai.free_resources(),
            any("fr.bin" in os.path.realpath(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")),
            os.rename("Aspose.AI.LLM/models", "Aspose.AI.LLM/renamed"),
        ][1:]""",
        app,
    )
    assert facts == [None, False, None]
    assert (app / "Aspose.AI.LLM" / "renamed" / "fr.bin").exists()


def test_listing_writes_nothing(app: Path, store: Path) -> None:
    (store / "fr.bin").touch()
    evaluate("list(ai.list_local())", app)
    assert [path.relative_to(app).as_posix() for path in sorted(app.rglob("*"))] == [
        "Aspose.AI.LLM",
        LOCAL_PATH,
        f"{LOCAL_PATH}/fr.bin",
    ]


HANDLER = "signal.signal(signal.SIGTERM, lambda *_: (print('handled', flush=True), os._exit(0)))"
TERMINATE = "os.kill(os.getpid(), signal.SIGTERM); time.sleep(5)"


def test_signal_handlers_work_when_they_are_set_after_the_import(app: Path) -> None:
    done = run(f"import os, signal, time\n{LIST}\n{HANDLER}\n{TERMINATE}", app)
    assert (done.returncode, done.stdout) == (0, "handled\n")


def test_signal_handlers_are_lost_when_they_are_set_before_the_import(app: Path) -> None:
    done = run(f"import os, signal, time\n{HANDLER}\n{LIST}\n{TERMINATE}", app)
    assert (done.returncode, done.stdout) == (143, "")
