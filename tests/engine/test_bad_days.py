"""Odd environments, odd paths and sudden ends: the child still works, or says why not, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import venv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ocrstate.engine.process import EngineProcess
from ocrstate.engine.requests import ListDefault, ListStore
from ocrstate.errors import EngineError, StoreError
from tests.engine.stand_in import ASK, PROJECT, StandIn, run_asking

if TYPE_CHECKING:
    from collections.abc import Callable

MODELS = ["de.bin", "fr.bin"]
LOCAL_PATH = Path("Aspose.AI.LLM", "models")

ENVIRONMENTS = {
    "a C locale": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "no home": {"HOME": None},
    "a TMPDIR that is missing": {"TMPDIR": "/nowhere"},
    "a TMPDIR that is relative": {"TMPDIR": "somewhere"},
    "a TMPDIR that is a file": {"TMPDIR": __file__},
    "a TMPDIR that is very long": {"TMPDIR": "/tmp/" + "long/" * 60},
    "nothing at all": dict.fromkeys(os.environ),
}


@pytest.mark.parametrize("changes", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_the_child_works_with(stand_in: StandIn, store: Path, changes: dict[str, str | None]) -> None:
    environment = {**os.environ, **changes, "PYTHONPATH": stand_in.environment["PYTHONPATH"]}
    done = run_asking(
        f"show(ListStore({str(store)!r}))", {name: value for name, value in environment.items() if value is not None}
    )
    assert (done.stdout.split(), done.stderr) == (MODELS, "")


def test_the_child_works_when_the_standard_descriptors_are_closed(stand_in: StandIn, store: Path) -> None:
    told = store.parent / "told"
    code = f"open({str(told)!r}, 'w').write(repr(sorted(ask(ListStore({str(store)!r})).entries)))"
    script = store.parent / "script.py"
    script.write_text(ASK + code, encoding="utf-8")
    subprocess.run(
        ["sh", "-c", f'exec "{sys.executable}" "{script}" <&- >&- 2>&-'],
        env=stand_in.environment,
        check=True,
        timeout=60,
    )
    assert told.read_text(encoding="utf-8") == repr(MODELS)


def test_no_module_in_the_working_folder_poses_as_the_engine(stand_in: StandIn, store: Path, tmp_path: Path) -> None:
    hijack = StandIn(tmp_path / "hijack")
    hijack.is_("raise ImportError('hijacked')")
    (hijack.folder / "os.py").write_text("raise ImportError('hijacked')", encoding="utf-8")
    environment = {**stand_in.environment, "PYTHONPATH": os.pathsep + stand_in.environment["PYTHONPATH"] + os.pathsep}
    code = f"import os; os.chdir({str(hijack.folder)!r}); show(ListStore({str(store)!r}))"
    assert run_asking(code, environment).stdout.split() == MODELS


def test_a_working_folder_that_is_gone_does_not_matter(
    stand_in: StandIn, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in.is_("")
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert entries(ListStore(str(store))) == MODELS


def test_an_isolated_parent_has_an_isolated_child(stand_in: StandIn, store: Path) -> None:
    stand_in.is_("raise ImportError('from PYTHONPATH')")
    code = f"import sys; sys.path.append({str(PROJECT)!r})\n{ASK}\nshow(ListStore({str(store)!r}))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], env=stand_in.environment, capture_output=True, text=True, check=True
    )
    assert "from PYTHONPATH" not in done.stdout


def test_without_the_package_the_error_names_the_command_that_installs_it(tmp_path: Path) -> None:
    venv.create(tmp_path / "bare")
    bare = tmp_path / "bare" / "bin" / "python"
    done = run_asking("show(ListStore('/srv'))", {"PYTHONPATH": str(PROJECT)}, interpreter=str(bare))
    code, message, hint = done.stdout.splitlines()
    assert (code, message) == ("engine-not-installed", "aspose-ocr-python-net is not installed")
    assert hint.startswith(f"{bare} -m pip install 'aspose-ocr-python-net>=")


ODD_FOLDERS = {
    "is short": b"app",
    "is not ASCII": "приложение".encode(),
    "is not UTF-8": b"app\xff",
    "is very long": b"/".join([b"l" * 200] * 3),
    "has a line break in its name": b"a\npp",
}


@pytest.mark.parametrize("name", ODD_FOLDERS.values(), ids=ODD_FOLDERS)
def test_the_engines_own_store_is_listed_when_the_working_folder(
    stand_in: StandIn, tmp_path: Path, temporary: Path, name: bytes
) -> None:
    stand_in.is_("")
    folder = tmp_path / os.fsdecode(name)
    (folder / LOCAL_PATH / "sub").mkdir(parents=True)
    assert entries(ListDefault(str(folder))) == ["sub"]
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("name", ODD_FOLDERS.values(), ids=ODD_FOLDERS)
def test_any_store_is_listed_when_its_path(stand_in: StandIn, store: Path, tmp_path: Path, name: bytes) -> None:
    stand_in.is_("")
    moved = tmp_path / os.fsdecode(name)
    moved.parent.mkdir(parents=True, exist_ok=True)
    store.rename(moved)
    assert entries(ListStore(str(moved))) == MODELS


def test_a_short_link_to_a_long_working_folder_counts_as_long(stand_in: StandIn, tmp_path: Path) -> None:
    stand_in.is_("AsposeAI.list_local = lambda self: ['Aspose.AI.LLM/models/' + os.path.basename(os.getcwd())]")
    folder = tmp_path / ("l" * 220)
    (folder / LOCAL_PATH).mkdir(parents=True)
    (tmp_path / "app").symlink_to(folder)
    assert entries(ListDefault(str(tmp_path / "app")))[0].startswith("ocrstate-")


def test_a_store_where_the_engine_itself_looks_needs_no_private_folder(
    stand_in: StandIn, tmp_path: Path, temporary: Path
) -> None:
    stand_in.is_("AsposeAI.list_local = lambda self: ['Aspose.AI.LLM/models/' + os.path.basename(os.getcwd())]")
    (tmp_path / "app" / LOCAL_PATH).mkdir(parents=True)
    assert entries(ListStore(str(tmp_path / "app" / LOCAL_PATH))) == ["app"]
    assert list(temporary.iterdir()) == []


def test_nothing_is_written_in_a_store_that_holds_tmpdir(
    stand_in: StandIn, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in.is_("AsposeAI.list_local = lambda self: ['Aspose.AI.LLM/models/' + os.getcwd()]")
    (store / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(store / "tmp"))
    assert str(store) not in entries(ListStore(str(store)))[0]


def test_with_no_place_for_a_private_folder_the_error_names_all_that_were_tried(stand_in: StandIn) -> None:
    stand_in.is_("")
    with pytest.raises(EngineError) as caught:
        entries(ListStore("/"))
    assert caught.value.code == "engine-no-folder"
    assert "TMPDIR" in caught.value.hint


def test_an_engine_that_looks_in_an_absolute_folder_is_asked_for_that_one_only(
    stand_in: StandIn, store: Path, tmp_path: Path
) -> None:
    stand_in.is_(f"AsposeAI.get_local_path = lambda self: {str(store)!r}\nAsposeAI.list_local = lambda self: []")
    assert entries(ListDefault("/anywhere")) == []
    with pytest.raises(EngineError, match="cannot be led to"):
        entries(ListStore(str(tmp_path)))


BAD_STORES = {
    "is missing": ("nothing", "store-missing"),
    "is a file": ("file", "store-not-a-folder"),
    "is a link to nothing": ("dangling", "store-missing"),
    "is a link to itself": ("loop", "store-link-loop"),
    "has a name that is too long": ("n" * 300, "store-missing"),
}


@pytest.mark.parametrize(("name", "code"), BAD_STORES.values(), ids=BAD_STORES)
def test_it_is_the_stores_fault_when_it(stand_in: StandIn, tmp_path: Path, name: str, code: str) -> None:
    stand_in.is_("")
    (tmp_path / "file").touch()
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(StoreError) as caught:
        entries(ListStore(str(tmp_path / name)))
    assert caught.value.code == code
    assert name in caught.value.message


TELL_PID = "open({pid!r}, 'w').write(str(os.getpid()))"

SUDDEN_ENDS = {
    "is imported": "{tell}\nimport time; time.sleep(600)",
    "lists": "def hang(self):\n    {tell}\n    import time; time.sleep(600)\nAsposeAI.list_local = hang",
}


@pytest.mark.parametrize("source", SUDDEN_ENDS.values(), ids=[f"while the engine {name}" for name in SUDDEN_ENDS])
def test_ctrl_c_in_the_terminal_ends_parent_and_child(
    stand_in: StandIn, store: Path, temporary: Path, source: str
) -> None:
    parent, child = hanging_pair(stand_in, store, source)
    os.killpg(parent.pid, signal.SIGINT)
    assert parent.wait(30) == -signal.SIGINT
    assert is_gone(child)
    assert list(temporary.iterdir()) == []


def test_a_child_whose_parent_was_killed_ends_and_leaves_no_litter(
    stand_in: StandIn, store: Path, temporary: Path
) -> None:
    parent, child = hanging_pair(stand_in, store, SUDDEN_ENDS["lists"])
    assert list(temporary.iterdir()) != []
    parent.kill()
    parent.wait(30)
    assert within_seconds(30, lambda: is_gone(child))
    assert list(temporary.iterdir()) == []


def test_a_child_whose_parent_was_killed_before_it_asked_ends(stand_in: StandIn, store: Path) -> None:
    told = store.parent / "told"
    stand_in.is_(TELL_PID.format(pid=str(told)))
    parent = subprocess.Popen(
        [sys.executable, "-c", ASK + "import time; process = EngineProcess.start(); time.sleep(600)"],
        env=stand_in.environment,
    )
    child = told_pid(told)
    parent.kill()
    parent.wait(30)
    assert within_seconds(30, lambda: is_gone(child))


def test_a_child_that_is_asked_to_end_removes_its_folder(stand_in: StandIn, store: Path, temporary: Path) -> None:
    told = store.parent / "told"
    stand_in.is_(SUDDEN_ENDS["lists"].format(tell=TELL_PID.format(pid=str(told))))
    with EngineProcess.start() as process:
        process.send(ListStore(str(store)))
        os.kill(told_pid(told), signal.SIGTERM)
        with pytest.raises(EngineError, match="exit code 143"):
            process.answer(60)
    assert list(temporary.iterdir()) == []


def entries(request: ListStore | ListDefault) -> list[str]:
    with EngineProcess.start() as process:
        process.send(request)
        return sorted(process.answer(60).entries)


def hanging_pair(stand_in: StandIn, store: Path, source: str) -> tuple[subprocess.Popen[bytes], int]:
    """Start a parent, in a process group of its own, whose engine hangs; return it and the id of its child."""
    told = store.parent / "told"
    stand_in.is_(source.format(tell=TELL_PID.format(pid=str(told))))
    parent = subprocess.Popen(
        [sys.executable, "-c", ASK + f"ask(ListStore({str(store)!r}))"],
        env=stand_in.environment,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    return parent, told_pid(told)


def told_pid(told: Path) -> int:
    assert within_seconds(30, lambda: told.exists() and told.read_text(encoding="utf-8") != "")
    return int(told.read_text(encoding="utf-8"))


def is_gone(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return True
    return False


def within_seconds(seconds: float, holds: Callable[[], bool]) -> bool:
    """Tell whether something becomes true in time."""
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.01)
    return holds()
