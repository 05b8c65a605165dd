"""The engine's side: lists one store, answers and exits. Nothing else of this package runs in that process.

Before the engine it imports only what Python itself has loaded by then, so that the engine starts at once. `requests`
and `answers` say what is exchanged, `spawn` how it is started.
"""

from __future__ import annotations

import os
import sys
from _thread import start_new_thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
    from types import FrameType
    from typing import NoReturn, Protocol

    class Engine(Protocol):
        """What is used of the engine."""

        get_local_path: Callable[[], str]
        list_local: Callable[[], Iterable[str]]
        free_resources: Callable[[], None]


TAG = "ocrstate-engine-1"
END = "end"

_NO_FOLDER = "/dev/null/none"  # nothing can be in what is no folder
_ENDING = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
_LONGEST = 200  # the engine fails in working folders that are very long or not UTF-8 (docs/engine.md)
_INHERITED = 1024  # descriptors that whoever started the parent may have left open


class Failure(Exception):  # noqa: N818 - it is an answer
    """There is no listing; ``fields`` say why, as `answers.ChildFailure` does."""

    def __init__(self, stage: str, error: BaseException, *more: str) -> None:
        kind = str(error.errno) if isinstance(error, OSError) else type(error).__name__
        store, seen_as, *undecodable = more or ("", "")
        self.fields = (stage, kind, str(error), store, seen_as, *undecodable)


def main() -> None:
    """Answer one request, and leave without a word when there is none."""
    channel = _take_channel()
    before = {**os.environ}
    prepare(os.environ)
    try:
        fields = ("listing", *_serve(before))
    except Failure as failure:
        fields = ("failure", *failure.fields)
    _say(channel, fields)
    sys.stderr.flush()
    os._exit(0)  # the engine is freed; Python's own way out takes another 8 ms


def prepare(environment: MutableMapping[str, str]) -> None:
    """Set what .NET reads when it starts: later is too late (docs/engine.md)."""
    if not environment.get("CLR_ICU_VERSION_OVERRIDE") and not environment.get("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"):
        environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1"
    environment.setdefault("COMPlus_EnableDiagnostics", "0")
    environment["XDG_DATA_HOME"] = _NO_FOLDER  # with a data folder, the engine would look in that one store alone


def data_folder(environment: Mapping[str, str], folder: str) -> str:
    """Return where an application, started in a folder, has its own store: in the user's data folder, if there is one.

    Empty where there is none: its working folder takes that place. Source: measured (docs/engine.md).
    """
    data = environment.get("LOCALAPPDATA", "") if os.name == "nt" else environment.get("XDG_DATA_HOME", "")
    if os.name != "nt" and not data.startswith("/"):
        data = os.path.join(environment.get("HOME") or _home(), ".local", "share")
    return data if data and os.access(os.path.join(folder, data), os.R_OK) else ""


def _home() -> str:
    import pwd  # noqa: PLC0415 - rare, and POSIX alone has it

    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:
        return "/"


def _take_channel() -> int:
    """Keep the answer's descriptor away from native code: what that prints goes to stderr."""
    os.closerange(3, _INHERITED)
    channel = os.dup(1)
    os.dup2(2, 1)
    os.chdir(os.sep)
    return channel


def _serve(environment: Mapping[str, str]) -> tuple[str, ...]:
    try:
        from aspose.ocr.ai import AsposeAI  # noqa: PLC0415 - prepared above
    except Exception as error:
        raise Failure("import", error) from error
    _end_orderly_on_signals()
    try:
        engine = AsposeAI()
    except Exception as error:
        raise Failure("start", error) from error
    try:
        return _list(engine, environment, *_read_request())
    finally:
        engine.free_resources()


def _end_orderly_on_signals() -> None:
    """Clean up when told to end; handlers that are set before the engine's import are lost (docs/engine.md)."""
    import signal  # noqa: PLC0415 - not before the engine

    for name in _ENDING:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _leave)


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


def _read_request() -> tuple[str, str, list[str]]:
    data = b""
    while not data.endswith(f"\0{END}\0".encode()):
        chunk = os.read(0, 65536)
        if not chunk:
            os._exit(0)
        data += chunk
    _tag, kind, path, *places = os.fsdecode(data).split("\0")[:-2]
    return kind, path, places


def _list(
    engine: Engine, environment: Mapping[str, str], kind: str, path: str, places: Sequence[str]
) -> tuple[str, ...]:
    local_path = engine.get_local_path()
    start_new_thread(_end_with_parent, (places, local_path))
    if kind == "canary":
        place = _make_folder(places, local_path, path, path, _put_canary)
        return local_path, local_path, *_ask_from(place, engine, local_path, os.path.join(place, local_path))
    data = "" if kind == "store" else data_folder(environment, path)
    said = os.path.join(data, local_path)  # what it says to applications
    store = path if kind == "store" else os.path.normpath(os.path.join(path, said))  # as .NET does, links or not
    try:
        with os.scandir(store):  # the system's own words for what is wrong are better than the engine's
            own = _go_where_it_is_own(store, local_path)
    except OSError as error:
        raise Failure("store", error, store, "") from error
    if own:
        return said, local_path, *_ask(engine, local_path, store)
    place = _make_folder(places, local_path, store, os.path.realpath(store), _link_from)
    return said, local_path, *_ask_from(place, engine, local_path, store)


def _ask_from(place: str, engine: Engine, local_path: str, store: str) -> list[str]:
    try:
        os.chdir(place)
        return _ask(engine, local_path, store)
    finally:
        os.chdir(os.sep)
        _remove_folder(place, local_path)


def _end_with_parent(places: Sequence[str], local_path: str) -> None:
    os.read(0, 1)  # the parent writes no more: this returns when it is gone
    for place in places:
        _remove_folder(place, local_path)
    os._exit(1)


def _go_where_it_is_own(store: str, local_path: str) -> bool:
    """Go to the folder in which the engine's own path leads to the store, if the engine can work there."""
    if store == local_path:
        return True
    folder = store.removesuffix(os.path.normpath(local_path))
    if folder == store or not folder.endswith(os.sep):
        return False
    os.chdir(folder)
    physical = os.getcwd()
    return physical.isascii() and len(physical) <= _LONGEST


def _make_folder(
    places: Sequence[str], local_path: str, store: str, away_from: str, furnish: Callable[[str, str, str], None]
) -> str:
    """Make a private folder, and in it what the engine's own path leads to; nothing is ever written in the store."""
    if os.path.isabs(local_path) or ".." in local_path:
        raise Failure("elsewhere", ValueError(local_path), store, "")
    inside = os.path.join(away_from, "")
    refusals = []
    for place in places:
        if os.path.realpath(place).startswith(inside):
            continue
        try:
            furnish(place, local_path, store)
        except OSError as error:
            refusals.append(f"{os.path.dirname(place)}: {error.strerror}")
            _remove_folder(place, local_path)
        else:
            return place
    raise Failure("folder", ValueError("; ".join(refusals)), store, "")


def _link_from(place: str, local_path: str, store: str) -> None:
    link = os.path.join(place, local_path)
    os.mkdir(place, 0o700)
    os.makedirs(os.path.dirname(link), exist_ok=True)
    os.symlink(store, link, target_is_directory=True)


def _put_canary(place: str, local_path: str, _store: str) -> None:
    os.mkdir(place, 0o700)
    os.makedirs(os.path.join(place, local_path))
    os.close(os.open(_canary(place, local_path), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _canary(place: str, local_path: str) -> str:
    """Say where the canary is: it has the folder's own random name, which no file of a store has."""
    return os.path.join(place, local_path, os.path.basename(place))


def _remove_folder(place: str, local_path: str) -> None:
    path = os.path.join(place, local_path)
    _try(os.unlink, path)
    _try(os.unlink, _canary(place, local_path))  # the link to a store is gone by now
    _try(os.rmdir, path)  # how Windows removes a link to a folder
    while path != place:
        path = os.path.dirname(path)
        _try(os.rmdir, path)


def _ask(engine: Engine, local_path: str, store: str) -> list[str]:
    seen_as = os.path.join(os.getcwd(), local_path)
    try:
        entries = list(engine.list_local())
    except Exception as error:
        raise Failure("list", error, store, seen_as, *_undecodable(store)) from error
    return [entry.replace("\\", "/") for entry in entries] if os.sep == "\\" else entries


def _undecodable(store: str) -> list[str]:
    try:
        return [name for name in os.listdir(store) if any("\ud800" <= character <= "\udfff" for character in name)]
    except OSError:
        return []


def _say(channel: int, fields: Sequence[str]) -> None:
    row = (TAG, fields[0], str(len(fields) - 1), *fields[1:], END, "")
    rest = memoryview("\0".join(row).encode("utf-8", "surrogatepass"))
    try:
        while rest:
            rest = rest[os.write(channel, rest) :]
    except OSError:
        os._exit(1)  # nobody listens any more


def _try(action: Callable[[str], None], path: str) -> None:
    try:
        action(path)
    except OSError:
        return
