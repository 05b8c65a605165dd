"""How a journal is spelled: a line of JSON for each record, with a checksum in front. Pure.

A journal is only ever added to. A run that is killed can leave its last line torn; such a line counts as not written.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING
from zlib import crc32

from ocrstate.jsondata import as_list, as_number, as_text
from ocrstate.names import leads_into_store
from ocrstate.runs.model import (
    Begun,
    Committed,
    Finished,
    FolderLook,
    InQuarantine,
    InStaging,
    InStore,
    ManifestRef,
    Mark,
    Move,
    Purged,
    Purging,
    RunKind,
    RunLog,
    Spot,
    Step,
    Undone,
    Who,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FORMAT = 2
"""Number of the format; a release refuses journals of a later one. Since the second, models come from staging."""

_STAGED = "staging:"

_RUN_ID = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{6}", re.ASCII)
_STAGING_KEY = re.compile(r"[0-9a-f]{32}", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_TIME, _TIME_LENGTH = "%Y-%m-%dT%H:%M:%SZ", 20
_MOST_PERMISSIONS, _LARGEST_ID = 0o7777, 2**32 - 1
_CHECKSUM_DIGITS = 8


class DamagedJournalError(Exception):
    """A journal is not what a run can have written."""


def is_run_id(text: str) -> bool:
    """Tell whether the text has the form of a run's id."""
    return _RUN_ID.fullmatch(text) is not None


def is_staging_key(text: str) -> bool:
    """Tell whether the text has the form of what tells fetched models apart."""
    return _STAGING_KEY.fullmatch(text) is not None


def encode_begun(begun: Begun) -> bytes:
    """Spell the first record."""
    return _line(
        {
            "record": "begun",
            "format": FORMAT,
            "run": begun.run_id,
            "kind": begun.kind.value,
            "version": begun.version,
            "who": [begun.who.pid, begun.who.user, begun.who.host, begun.who.started, begun.who.command],
            "manifest": None if begun.manifest is None else [begun.manifest.path, begun.manifest.sha256],
            "plan": begun.plan_id,
            "restores": begun.restores,
            "keep_until": begun.keep_until,
            "moves": [[move.name, _place(move.origin), _place(move.target), *move.mark] for move in begun.moves],
            "folders": [list(folder) for folder in begun.folders],
        }
    )


def encode_step(step: Step) -> bytes:
    """Spell a later record."""
    match step:
        case Committed(at):
            return _line({"record": "committed", "at": at})
        case Undone(at, why):
            return _line({"record": "undone", "at": at, "why": why})
        case Finished(at, freed):
            return _line({"record": "finished", "at": at, "freed": freed})
        case Purging(at):
            return _line({"record": "purging", "at": at})
        case Purged(at, freed):
            return _line({"record": "purged", "at": at, "freed": freed})


def decode(run_id: str, data: bytes) -> RunLog:
    """Read a journal.

    Raises:
        DamagedJournalError: a line in its middle is broken, or it says what no run of ours writes.
    """
    records: list[Mapping[str, object]] = []
    intact = 0
    lines = data.split(b"\n")
    for number, line in enumerate(lines[:-1]):
        record = _record(line)
        if record is None:
            if any(map(_record, lines[number + 1 : -1])):
                raise DamagedJournalError(f"line {number + 1} is broken")
            break
        records.append(record)
        intact += len(line) + 1
    try:
        begun = _begun(records[0]) if records else None
        steps = tuple(map(_step, records[1:]))
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedJournalError(f"it says what no run writes: {error}") from error
    if begun is not None and begun.run_id != run_id:
        raise DamagedJournalError(f"it is of the run {begun.run_id}")
    return RunLog(run_id, begun, steps, intact)


def _line(record: Mapping[str, object]) -> bytes:
    text = json.dumps(record, separators=(",", ":")).encode("ascii")
    return b"%08x %s\n" % (crc32(text), text)


def _record(line: bytes) -> dict[str, object] | None:
    checksum, text = line[:_CHECKSUM_DIGITS], line[_CHECKSUM_DIGITS + 1 :]
    if checksum != b"%08x" % crc32(text) or line[_CHECKSUM_DIGITS : _CHECKSUM_DIGITS + 1] != b" ":
        return None
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _place(spot: Spot) -> str:
    match spot:
        case InStore():
            return ""
        case InQuarantine(run_id):
            return run_id
        case InStaging(key):
            return f"{_STAGED}{key}"


def _begun(record: Mapping[str, object]) -> Begun:
    if record["record"] != "begun":
        raise ValueError("its first record is another")
    if record["format"] not in range(1, FORMAT + 1):
        raise ValueError(f"its format {record['format']!r} is not known to this release")
    manifest = record["manifest"]
    return Begun(
        run_id=_run_id(record["run"]),
        kind=RunKind(record["kind"]),
        version=as_text(record["version"]),
        who=_who(*as_list(record["who"])),
        manifest=None if manifest is None else _manifest(*as_list(manifest)),
        plan_id=_optional(record["plan"], as_text),
        restores=_optional(record["restores"], _run_id),
        keep_until=_optional(record["keep_until"], _time),
        moves=tuple(_move(*as_list(each)) for each in as_list(record["moves"])),
        folders=tuple(_folder(*as_list(each)) for each in as_list(record["folders"])),
    )


def _step(record: Mapping[str, object]) -> Step:
    at = _time(record["at"])
    match record["record"]:
        case "committed":
            return Committed(at)
        case "undone":
            return Undone(at, as_text(record["why"]))
        case "finished":
            return Finished(at, as_number(record["freed"]))
        case "purging":
            return Purging(at)
        case "purged":
            return Purged(at, as_number(record["freed"]))
        case other:
            raise ValueError(f"the record {other!r} is not known")


def _who(pid: object, user: object, host: object, started: object, command: object) -> Who:
    return Who(as_number(pid), as_text(user), as_text(host), _time(started), as_text(command))


def _manifest(path: object, sha256: object) -> ManifestRef:
    return ManifestRef(as_text(path), _checked(sha256, lambda text: _DIGEST.fullmatch(text) is not None))


def _move(name: object, origin: object, target: object, *mark: object) -> Move:
    return Move(_checked(name, leads_into_store), _spot(origin), _spot(target), Mark(*map(as_number, mark)))


def _folder(name: object, mode: object, uid: object, gid: object, goes: object) -> FolderLook:
    plain = _checked(name, lambda text: "/" not in text and leads_into_store(text))
    if not isinstance(goes, bool):
        raise TypeError(f"{goes!r} is neither true nor false")
    look = _within(mode, _MOST_PERMISSIONS), _within(uid, _LARGEST_ID), _within(gid, _LARGEST_ID)
    return FolderLook(plain, *look, goes)


def _spot(written: object) -> Spot:
    text = as_text(written)
    if text.startswith(_STAGED):
        return InStaging(_checked(text.removeprefix(_STAGED), is_staging_key))
    return InStore() if text == "" else InQuarantine(_run_id(text))


def _checked(value: object, is_good: Callable[[str], bool]) -> str:
    text = as_text(value)
    if not is_good(text):
        raise ValueError(f"{text!r} leads elsewhere")
    return text


def _run_id(value: object) -> str:
    return _checked(value, is_run_id)


def _time(value: object) -> str:
    text = as_text(value)
    if len(text) != _TIME_LENGTH or not text.isascii():
        raise ValueError(f"{text!r} is no time")
    datetime.strptime(text, _TIME)  # noqa: DTZ007 - for its error alone
    return text


def _within(value: object, largest: int) -> int:
    number = as_number(value)
    if not 0 <= number <= largest:
        raise ValueError("it holds a number that no system has")
    return number


def _optional(value: object, read: Callable[[object], str]) -> str | None:
    return None if value is None else read(value)
