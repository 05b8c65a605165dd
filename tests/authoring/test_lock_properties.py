"""However a manifest is written, a lock changes the entries of its models, and no other line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from ocrstate.authoring.pins import Pin
from ocrstate.authoring.yaml_text import double_quoted, scalar
from ocrstate.manifest.decode import decode
from ocrstate.manifest.parse import parse
from tests.authoring.test_lock_cases import locked, valid

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = ("fr.bin", "a b.bin", "sub/de.bin", "no", "1e3", "-x", "it's.bin", "é😀.bin", "a#b", "x, y.bin", "qq: r")
OLD, NEW = "ab" * 32, "12" * 32
_KEYS = st.permutations(("name", "sha256", "size", "description"))
_BLANK = st.sampled_from(("", "\n", "  \n", "# a comment\n", "      # far in: [\n"))
_TAIL = st.sampled_from(("", " ", "   # comment", " # it's {odd", "\t# tab"))
_QUOTES: tuple[Callable[[str], str], ...] = (scalar, double_quoted, lambda text: "'" + text.replace("'", "''") + "'")


@dataclass(frozen=True)
class Written:
    """An entry as it is written, all lines of it."""

    name: str
    text: str


@st.composite
def block_entries(draw: st.DrawFn, name: str, indent: str) -> Written:
    dash = "-" + " " * draw(st.integers(1, 4))
    spelled = draw(st.sampled_from(_QUOTES))(name)
    if draw(st.booleans()):
        return Written(name, f"{indent}{dash}{spelled}{draw(_TAIL)}\n")
    pairs = [f"{key}:{' ' * draw(st.integers(1, 3))}{value}" for key, value in draw(_pairs(spelled))]
    lines = [f"{pair}{draw(_TAIL)}\n" for pair in pairs]
    deeper = indent + " " * len(dash)
    rest = "".join(draw(_BLANK) + deeper + line for line in lines[1:])
    return Written(name, f"{indent}{dash}{lines[0]}{rest}")


@st.composite
def flow_entries(draw: st.DrawFn, name: str) -> Written:
    spelled = draw(st.sampled_from(_QUOTES))(name)
    if draw(st.booleans()):
        return Written(name, spelled)
    gap = draw(st.sampled_from(("", " ", "\n    ", " # comment\n    ")))
    pairs = f",{gap or ' '}".join(f"{key}: {value}" for key, value in draw(_pairs(spelled)))
    return Written(name, f"{{{gap}{pairs}{gap}}}")


@st.composite
def _pairs(draw: st.DrawFn, name: str) -> list[tuple[str, str]]:
    digest = draw(st.sampled_from((OLD, f'"{OLD}"', f"'{OLD.upper()}'", f'"{NEW}"')))
    values = {"name": name, "sha256": digest, "size": draw(st.sampled_from(("3", "0"))), "description": '"a, b: #c"'}
    kept = {key for key in values if key == "name" or draw(st.booleans())}
    return [(key, values[key]) for key in draw(_KEYS) if key in kept]


@st.composite
def manifests(draw: st.DrawFn) -> tuple[str, list[Written]]:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1))
    head = draw(st.sampled_from(("version: 1\n", "# top\n\nversion:   1 # one\n", "%YAML 1.1\n---\nversion: 1\n")))
    tail = draw(st.sampled_from(("", "ignore: ['*.tmp',   old]\n", "# end\n", "policy:\n    retain: 7d\n\n")))
    if draw(st.booleans()):
        entries = [draw(flow_entries(name)) for name in names]
        between = draw(st.sampled_from((",", " , ", ", # comment\n    ", ",\n\n  ")))
        models = f"models: [{between.join(entry.text for entry in entries)}]\n"
    else:
        indent = " " * draw(st.integers(0, 3))
        entries = [draw(block_entries(name, indent)) for name in names]
        models = "models:\n" + "".join(draw(_BLANK) + entry.text for entry in entries)
    text = head + models + tail
    ends = draw(st.sampled_from(("\n", "\r\n")))
    return draw(st.sampled_from(("", "\ufeff"))) + text.rstrip("\n" if draw(st.booleans()) else "").replace(
        "\n", ends
    ), entries


@settings(max_examples=300, deadline=None)
@given(written=manifests(), data=st.data())
def test_only_the_chosen_entries_say_something_new(written: tuple[str, list[Written]], data: st.DataObject) -> None:
    text, entries = written
    chosen = data.draw(st.sets(st.sampled_from([entry.name for entry in entries]), min_size=1))
    pins = {name: Pin(NEW, 3) for name in chosen}
    after = locked(text, pins)
    before = {model.name: model for model in valid(text).models}
    for name, model in ((each.name, each) for each in valid(after).models):
        expected = (NEW, 3) if name in chosen else (before[name].sha256, before[name].size)
        assert (model.sha256, model.size) == expected
    assert _descriptions(after) == _descriptions(text)


@settings(max_examples=300, deadline=None)
@given(written=manifests(), data=st.data())
def test_lines_of_other_entries_stay_to_the_byte(written: tuple[str, list[Written]], data: st.DataObject) -> None:
    text, entries = written
    chosen = data.draw(st.sampled_from(entries))
    after = locked(text, {chosen.name: Pin(NEW, 3)})
    ends = "\r\n" if "\r\n" in text else "\n"
    own = chosen.text.replace("\n", ends)
    at = text.find(own)
    start, rest = (text[:at], text[at + len(own) :]) if at >= 0 else (text[: text.rindex(own.rstrip("\r\n"))], "")
    assert after.startswith(start)
    assert after.endswith(rest)


@settings(max_examples=100, deadline=None)
@given(written=manifests())
def test_what_is_locked_already_stays_as_it_is(written: tuple[str, list[Written]]) -> None:
    text, entries = written
    pins = {entry.name: Pin(NEW, 3) for entry in entries}
    once = locked(text, pins)
    assert locked(once, pins) == once


def _descriptions(text: str) -> list[object]:
    data = parse(decode(text.encode())).data
    assert isinstance(data, dict)
    assert isinstance(data["models"], list)
    return [entry.get("description") if isinstance(entry, dict) else None for entry in data["models"]]
