"""A machine in miniature: an application folder with a store, and `ocrstate` run there as a user runs it."""

from __future__ import annotations

import json
import os
import pty
import signal
import stat
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypedDict

import yaml
from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from typing_extensions import Unpack

PROJECT = Path(__file__).parents[2]
MANIFEST = "models.yml"
PROMPT = "Only 'yes' is accepted: "
IN_SYNC = "No changes. The store matches the manifest.\n"
PATIENCE = 60

POWERLESS = (
    sys.executable,
    "-c",
    """
import ctypes, os, sys
prctl = ctypes.CDLL(None).prctl
for right in range(64):
    prctl(24, right, 0, 0, 0)  # PR_CAPBSET_DROP
os.execv(sys.argv[1], sys.argv[1:])
""",
)
"""Runs a command without what lets root pass over permissions; without effect for other users.

Another user's id would not do: that user may have no right to read the interpreter.
"""


def has_engine() -> bool:
    try:
        version("aspose-ocr-python-net")
    except PackageNotFoundError:
        return False
    return True


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def last_line(self) -> str:
        return self.out.rstrip("\n").rpartition("\n")[2]

    @property
    def document(self) -> dict[str, Any]:
        """The JSON document on standard output, which must be all of it and as its schema says."""
        (line,) = self.out.splitlines()
        document: dict[str, Any] = json.loads(line)
        schema = json.loads((PROJECT / "schemas" / f"{document['kind']}.schema.json").read_text(encoding="utf-8"))
        Draft202012Validator(schema).validate(document)
        return document

    def actions(self) -> dict[str, str]:
        """Which action a plan's document has for each name."""
        return {change["name"]: change["action"] for change in self.document["changes"]}


_NOT_TAKEN_OVER = ("NO_COLOR", "COLUMNS", "PYTHONWARNINGS", "PYTHONDONTWRITEBYTECODE")  # the last costs 80 ms a command
Snapshot = dict[str, tuple[object, ...]]


def snapshot(folder: Path) -> Snapshot:
    """Note everything in a folder: kinds, modes, times, contents and where links lead."""
    root = os.fsencode(folder)
    found = {".": _noted(root)}
    for parent, folders, files in os.walk(root):
        for name in (*folders, *files):
            path = os.path.join(parent, name)
            found[os.fsdecode(os.path.relpath(path, root))] = _noted(path)
    return found


def models_in(folder: Path) -> Snapshot:
    """Note what is in a store apart from what ocrstate keeps there; folders without their times, files with them."""
    found = snapshot(folder)
    return {
        name: noted[:2] if isinstance(mode := noted[0], int) and stat.S_ISDIR(mode) else noted
        for name, noted in found.items()
        if name != "." and name.split("/")[0] != ".ocrstate"
    }


def _noted(path: bytes) -> tuple[object, ...]:
    status = os.lstat(path)
    content: object = None
    if stat.S_ISLNK(status.st_mode):
        content = os.readlink(path)
    elif stat.S_ISREG(status.st_mode) and os.access(path, os.R_OK):
        content = status.st_size if status.st_size > 1 << 20 else Path(os.fsdecode(path)).read_bytes()
    return status.st_mode, status.st_uid, status.st_mtime_ns, content


class Ways(TypedDict, total=False):
    """How to start a command; as for `subprocess.Popen`, but for these two.

    `env` is what differs from the usual environment, `None` where a variable is not to be set; `through` are the words
    of a command that starts it in its turn.
    """

    env: Mapping[str, str | None]
    through: tuple[str, ...]
    cwd: Path | str
    stdin: int | IO[bytes]
    stdout: int | IO[bytes]
    stderr: int | IO[bytes]


class Host:
    """An application folder in which a manifest and a store lie."""

    def __init__(self, folder: Path) -> None:
        self.app = folder / "app"
        self.store = self.app / "Aspose.AI.LLM" / "models"
        self.outside = folder / "outside"
        self.temporary = folder / "temporary"
        self.cache = folder / "cache"
        for made in (self.store, self.outside, self.temporary):
            made.mkdir(parents=True)
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in _NOT_TAKEN_OVER},
            "PYTHONPATH": str(PROJECT),
            "TMPDIR": str(self.temporary),
            "XDG_CACHE_HOME": str(self.cache),
            "XDG_DATA_HOME": str(folder / "data"),  # where there is such a folder, the engine keeps its models in it
            "OCRSTATE_TEST_HOST": str(folder),
        }
        self.defaults: tuple[str, ...] = () if has_engine() else ("--inventory", "directory")

    def has(self, *names: str | bytes, size: int = 1000) -> Host:
        """Put models into the store, each with content of its own."""
        for name in map(os.fsencode, names):
            path = os.path.join(os.fsencode(self.store), name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write((name * size)[:size])
        return self

    def lists(self, *models: str | Mapping[str, object], **rest: object) -> Host:
        """Write the manifest."""
        text = yaml.safe_dump({"version": 1, "models": list(models), **rest}, allow_unicode=True)
        (self.app / MANIFEST).write_text(text, encoding="utf-8")
        return self

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "ocrstate", *self.defaults, *words]

    def run(self, *words: str, **ways: Unpack[Ways]) -> Ended:
        """Run ``ocrstate`` with these words in the application folder, and wait for its end."""
        with self.running(*words, **ways) as process:
            return end_of(process)

    @contextmanager
    def running(self, *words: str, **ways: Unpack[Ways]) -> Iterator[subprocess.Popen[bytes]]:
        """Start ``ocrstate`` and let it run; it is killed if it still runs in the end."""
        environment: dict[str, str | None] = {**self.environment, **ways.get("env", {})}
        with subprocess.Popen(
            [*ways.get("through", ()), *self.command(*words)],
            cwd=ways.get("cwd", self.app),
            env={name: value for name, value in environment.items() if value is not None},
            stdin=ways.get("stdin", subprocess.DEVNULL),
            stdout=ways.get("stdout", subprocess.PIPE),
            stderr=ways.get("stderr", subprocess.PIPE),
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def validate(self, *options: str, **ways: Unpack[Ways]) -> Ended:
        return self.run("validate", MANIFEST, *options, **ways)

    def plan(self, *options: str, **ways: Unpack[Ways]) -> Ended:
        return self.run("plan", MANIFEST, *options, **ways)

    def check(self, *options: str, **ways: Unpack[Ways]) -> Ended:
        return self.run("check", MANIFEST, *options, **ways)

    def apply(self, *options: str, **ways: Unpack[Ways]) -> Ended:
        return self.run("apply", MANIFEST, *options, **ways)

    def apply_asked(self, answer: bytes, meanwhile: Callable[[], object] = lambda: None) -> Ended:
        """Apply at a terminal: wait for the question, do something else meanwhile, then answer."""
        return self.asked(answer, "apply", MANIFEST, meanwhile=meanwhile)

    def asked(self, answer: bytes, *words: str, meanwhile: Callable[[], object] = lambda: None) -> Ended:
        """Run ``ocrstate`` at a terminal: wait for the question, do something else meanwhile, then answer."""
        ours, theirs = pty.openpty()
        with self.running(*words, stdin=theirs, stderr=theirs) as process:
            os.close(theirs)
            said = read_until(ours, PROMPT)
            if PROMPT in said:
                meanwhile()
                os.write(ours, answer)
            said += read_until(ours, None)
            os.close(ours)
            assert process.stdout
            out = process.stdout.read().decode()
            return _judged(Ended(process.wait(PATIENCE), out, said.replace("\r\n", "\n")))

    def runs(self) -> list[dict[str, Any]]:
        """Return what the history tells of each run, the last one first."""
        told: list[dict[str, Any]] = self.run("history", "--json").document["runs"]
        return told

    def journals(self, state: str = "history") -> list[Path]:
        """Return the journals of runs that have ended, or of those that have not (``journal``), oldest first."""
        return sorted((self.store / ".ocrstate" / state).glob("*.journal"))

    def wait_for(self, condition: Callable[[], object]) -> None:
        """Wait until something that another process does has happened."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.005)

    def processes(self) -> list[str]:
        """Command lines of the processes that were started on this host and still run."""
        mark = f"OCRSTATE_TEST_HOST={self.environment['OCRSTATE_TEST_HOST']}".encode()
        return [line for each in Path("/proc").glob("[0-9]*") if (line := _command_line(each, mark))]

    def quarantined(self) -> list[str]:
        """Names that wait in quarantine."""
        runs = self.store / ".ocrstate" / "quarantine"
        return sorted(path.name for path in runs.rglob("*") if not path.is_dir() or path.is_symlink())


def end_of(process: subprocess.Popen[bytes]) -> Ended:
    """Wait for a process's end."""
    out, err = process.communicate(timeout=PATIENCE)
    decoded = [each.decode("utf-8", "surrogateescape") if each else "" for each in (out, err)]
    return _judged(Ended(process.returncode, *decoded))


def _judged(ended: Ended) -> Ended:
    """No input makes the tool show a traceback, except in a report of a bug of its own."""
    assert "Traceback" not in ended.err or ended.code == 70, ended.err
    assert "Exception ignored" not in ended.err, ended.err
    return ended


def read_until(terminal: int, text: str | None) -> str:
    """Read what a terminal shows until it has shown a text, or to its end."""
    said = b""
    while text is None or text.encode() not in said:
        try:
            chunk = os.read(terminal, 4096)
        except OSError:  # the other side is closed
            break
        if not chunk:
            break
        said += chunk
    return said.decode("utf-8", "replace")


def _command_line(process: Path, mark: bytes) -> str:
    try:
        if mark not in (process / "environ").read_bytes().split(b"\0"):
            return ""
        if "\nState:\tZ" in (process / "status").read_text():
            return ""
        return (process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""


ENDING_SIGNALS = {signal.SIGINT: 130, signal.SIGTERM: 143}
