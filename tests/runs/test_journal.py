"""Journals: what is written is read again, torn ends count as not written, and nothing else is believed."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocrstate.runs.journal import DamagedJournalError, decode, encode_begun, encode_step, is_run_id
from ocrstate.runs.model import FolderLook, RunLog, RunState
from tests.support.runs import BEGUNS, COMMITTED, FINISHED, KEPT, LATER_RUN, RUN, STEPS, begun_of, journal_of

if TYPE_CHECKING:
    from ocrstate.runs.model import Begun, Step

LOOK = FolderLook("sub", 0o755, 1000, 1000, goes=True)
BEGUN = begun_of("old_1.bin", "sub/old_2.bin", keep_until="2026-11-28T06:00:00Z", folders=(LOOK,))
JOURNAL = journal_of(BEGUN, *KEPT)
LINES = JOURNAL.splitlines(keepends=True)


@given(BEGUNS, STEPS)
def test_what_is_written_is_read_again(begun: Begun, steps: list[Step]) -> None:
    data = journal_of(begun, *steps)
    assert decode(begun.run_id, data) == RunLog(begun.run_id, begun, tuple(steps), len(data))


@given(BEGUNS, STEPS)
def test_each_record_is_one_line_of_ascii(begun: Begun, steps: list[Step]) -> None:
    for line in (encode_begun(begun), *map(encode_step, steps)):
        assert line.isascii()
        assert line.index(b"\n") == len(line) - 1


# torn ends


@pytest.mark.parametrize("length", range(len(JOURNAL)))
def test_a_torn_journal_is_read_up_to_its_last_whole_line(length: int) -> None:
    whole = JOURNAL[:length].count(b"\n")
    expected = RunLog(RUN, BEGUN if whole else None, KEPT[: max(whole - 1, 0)], len(b"".join(LINES[:whole])))
    assert decode(RUN, JOURNAL[:length]) == expected


@pytest.mark.parametrize("rubbish", [b"\0" * 4096, b"\n", b"\0\n", b"\xff\xfe\n\n\n", b"00000000 {}\n"])
def test_a_last_line_that_is_rubbish_counts_as_not_written(rubbish: bytes) -> None:
    assert decode(RUN, JOURNAL + rubbish) == decode(RUN, JOURNAL)


@given(st.binary())
def test_what_is_no_journal_at_all_tells_nothing(data: bytes) -> None:
    assert decode(RUN, data) == RunLog(RUN, None, (), 0)


# damage


@given(st.integers(0, len(JOURNAL) - len(LINES[-1]) - 2), st.integers(1, 255))
def test_a_changed_byte_before_the_last_line_is_damage(position: int, change: int) -> None:
    changed = bytearray(JOURNAL)
    changed[position] ^= change
    with pytest.raises(DamagedJournalError):
        decode(RUN, bytes(changed))


@pytest.mark.parametrize("lines", [LINES[1:], LINES[::-1], [LINES[0], *LINES]], ids=["lost", "reversed", "twice"])
def test_lines_that_are_lost_or_out_of_order_are_damage(lines: list[bytes]) -> None:
    with pytest.raises(DamagedJournalError):
        decode(RUN, b"".join(lines))


def test_a_journal_under_the_name_of_another_run_is_damage() -> None:
    with pytest.raises(DamagedJournalError, match=f"it is of the run {RUN}"):
        decode(LATER_RUN, JOURNAL)


# what no run writes, with a checksum that is right


def line_of(text: bytes) -> bytes:
    return b"%08x %s\n" % (crc32(text), text)


def altered(data: bytes, **keys: Any) -> bytes:  # noqa: ANN401 - of JSON
    """Write a line's record again with some keys changed."""
    return line_of(json.dumps({**json.loads(data[9:]), **keys}).encode("ascii"))


MOVE = {"name": "a.bin", "origin": "", "target": RUN, "inode": 1, "size": 2, "mtime_ns": 3}
FOLDER = {"name": "sub", "mode": 0o755, "uid": 0, "gid": 0, "goes": True}


def move(**other: object) -> dict[str, object]:
    return {"moves": [list({**MOVE, **other}.values())]}


def folder(**other: object) -> dict[str, object]:
    return {"folders": [list({**FOLDER, **other}.values())]}


def who(**other: object) -> dict[str, object]:
    known = {"pid": 1, "user": "u", "host": "h", "started": "2026-11-21T06:00:00Z", "command": "c"}
    return {"who": list({**known, **other}.values())}


OUTSIDE = ["", ".", "..", "../x", "/etc/passwd", "sub/../x", "sub/..", "./x", "sub//x", "/", "sub/", "a/b/c", "a\0b"]
OWN = [".ocrstate", ".ocrstate/x", ".OCRSTATE/journal", ".ocrstate/lock"]
NO_NAMES: list[object] = [None, 1, True, [], {}, "a" * 1000, "\ud800"]
NO_NUMBERS: list[object] = [None, "1", 1.5, True, [], float("nan"), float("inf"), 2**70, -(2**70), 10**400]
NO_TRUTHS: list[object] = [None, 1, "no", []]
NO_SPOTS: list[object] = [
    "staging:",
    "staging:../../x",
    f"staging:{32 * chr(65)}",
    "..",
    "../..",
    "/etc",
    "x",
    f"{RUN}/..",
    1,
    True,
    [RUN],
]
NO_TIMES: list[object] = [
    None,
    1,
    "",
    "yesterday",
    "2026-11-21",
    "2026-11-21T06:00:00+01:00",
    "2026-13-41T06:00:00Z",
    "\x1b[31m",
]

HOSTILE: list[dict[str, object]] = [
    *(move(name=name) for name in (*OUTSIDE, *OWN, *NO_NAMES)),
    *(move(**{key: number}) for key in ("inode", "size", "mtime_ns") for number in NO_NUMBERS),
    *(move(**{key: spot}) for key in ("origin", "target") for spot in NO_SPOTS),
    {"moves": [[]]},
    {"moves": [["a.bin", "", RUN, 1, 2]]},
    {"moves": [["a.bin", "", RUN, 1, 2, 3, 4]]},
    {"moves": {"a.bin": ""}},
    {"moves": None},
    *(folder(name=name) for name in (*OUTSIDE, *OWN, *NO_NAMES, "a/b")),
    *(folder(**{key: number}) for key in ("mode", "uid", "gid") for number in NO_NUMBERS),
    *(folder(goes=goes) for goes in NO_TRUTHS),
    {"folders": [["sub", 0o755, 0, 0]]},
    {"folders": "sub"},
    {"record": "committed"},
    {"record": None},
    {"format": 3},
    {"format": 0},
    {"format": "1"},
    {"format": None},
    {"run": "../../etc"},
    {"run": None},
    {"kind": "destroy"},
    {"kind": []},
    {"version": 1},
    {"who": None},
    {"who": [1, "u"]},
    who(pid="1"),
    who(user=None),
    who(command=1),
    *(who(started=moment) for moment in NO_TIMES),
    *({"keep_until": moment} for moment in NO_TIMES[1:]),
    {"manifest": ["m.yml"]},
    {"manifest": ["m.yml", 1]},
    {"manifest": ["m.yml", "\x1b[31m"]},
    {"manifest": {}},
    {"plan": 1},
    {"restores": 1},
    {"restores": "../x"},
    {"restores": "\x1b[31m"},
]


@pytest.mark.parametrize("keys", HOSTILE, ids=lambda keys: ascii(keys)[:80])
def test_a_first_record_that_no_run_writes_is_refused(keys: dict[str, object]) -> None:
    with pytest.raises(DamagedJournalError):
        decode(RUN, altered(LINES[0], **keys))


@pytest.mark.parametrize("key", json.loads(LINES[0][9:]))
def test_a_first_record_that_lacks_something_is_refused(key: str) -> None:
    record = json.loads(LINES[0][9:])
    del record[key]
    with pytest.raises(DamagedJournalError):
        decode(RUN, line_of(json.dumps(record).encode("ascii")))


@pytest.mark.parametrize(
    "keys",
    [
        *({"at": moment} for moment in NO_TIMES),
        *({"freed": number} for number in NO_NUMBERS),
        {"record": "begun"},
        {"record": "vanished"},
        {"record": ["finished"]},
        {"record": "undone"},
        {"record": "undone", "why": 1},
    ],
    ids=lambda keys: ascii(keys)[:80],
)
def test_a_later_record_that_no_run_writes_is_refused(keys: dict[str, object]) -> None:
    with pytest.raises(DamagedJournalError):
        decode(RUN, LINES[0] + LINES[1] + altered(encode_step(FINISHED), **keys))


@pytest.mark.parametrize(
    "text",
    [
        b"null",
        b"[]",
        b"1",
        b'"begun"',
        b"{",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"record":' + b"1" * 5_000 + b"}",
        b"\xff",
    ],
    ids=lambda text: ascii(text[:20]),
)
def test_a_line_that_is_no_record_counts_as_not_written(text: bytes) -> None:
    assert decode(RUN, JOURNAL + line_of(text)) == decode(RUN, JOURNAL)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=3), st.lists), st.data())
def test_whatever_a_record_holds_it_is_read_or_refused(value: object, data: st.DataObject) -> None:
    line = data.draw(st.sampled_from([LINES[0], encode_step(COMMITTED), encode_step(FINISHED)]))
    key = data.draw(st.sampled_from(sorted(json.loads(line[9:]))))
    journal = altered(line, **{key: value}) if line is LINES[0] else LINES[0] + altered(line, **{key: value})
    with suppress(DamagedJournalError):
        assert decode(RUN, journal).state in RunState


# ids


@pytest.mark.parametrize(
    ("text", "good"),
    [
        (RUN, True),
        (f"{RUN}\n", False),
        (f"{RUN}/..", False),
        (RUN.upper(), False),
        (RUN.replace("2026", "\uff12\uff10\uff12\uff16"), False),
        ("", False),
        ("..", False),
        ("old.bin", False),
    ],
    ids=ascii,
)
def test_a_run_is_told_from_a_model_by_its_form(text: str, *, good: bool) -> None:
    assert is_run_id(text) is good
