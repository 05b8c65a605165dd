"""Whatever lies in a store: a plan with its snapshot, or with a first manifest of it, finds nothing to change."""

from __future__ import annotations

import os
import stat
import tempfile
from typing import TYPE_CHECKING

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ocrstate.authoring.exact_patterns import exact_pattern
from ocrstate.authoring.first_manifest import first_text
from ocrstate.authoring.pins import Pin
from ocrstate.authoring.snapshot import Made, says_the_same, snapshot_of, snapshot_text
from ocrstate.inventory.crosscheck import from_folder
from ocrstate.manifest.load import load_text
from ocrstate.manifest.patterns import pattern_problem
from ocrstate.names import Glob, name_problem
from ocrstate.planning.planner import plan
from ocrstate.store.opened import open_store
from ocrstate.store.scan import scan
from tests.support.manifests import manifest_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.manifest.desired import Desired
    from ocrstate.store.model import Scan

Thing = tuple[bytes, bytes, str]
"""A folder (empty for the store itself), a name in it, and what has the name."""

MADE = Made("/srv/models", named="/srv/models", host="ocr-1", time="2026-11-21T10:02:00Z", version="1.2.3")
LEAVES = tuple(
    text.encode("utf-8", "surrogateescape")
    for text in (
        *("a.bin", "A.bin", "axb", "a\nb", "a\x01b", "a\\b", "a?b", "a*b", "[a]b", "no", "NULL", "1e3", "0x1F", "1:30"),
        *("2026-10-01", "-", "-x", "- x", "a: b", "a #b", "#a", "'", '"', "{a}", "[", "!x", "!", "~", "=", "<<", "&a"),
        *(
            "*",
            "**",
            "***",
            "?",
            "|",
            ">",
            "%x",
            "@x",
            "`",
            " ",
            "  x ",
            "C:x",
            "C:",
            "..x",
            "...",
            ".x",
            "a^[^b",
            "[!]",
        ),
        *("\u00e9", "e\u0301", "\ufeff", "\uffff", "\u202e", "\u2028", "\x85", "😀", "模型.bin", "\udcff", "\udcfe"),
        *("x" * 255, "*" * 255, "{" * 255, "\u3000", "---", "--- x", "...", "models:", "a,b", "a]", "\t", "x\t"),
    )
)
FOLDERS = (b"", b"", b"", b"sub", b"Sub", b".OcrState", b".ocrstate", b"a\nb", b"\xff", b"axb", b"link")
KINDS = ("file", "file", "file", "empty", "pipe", "socket", "dead link", "link", "folder link", "folder")

_leaves = st.one_of(
    st.sampled_from(LEAVES),
    st.binary(min_size=1, max_size=6).filter(lambda name: not set(name) & {0, 47} and name not in (b".", b"..")),
)
things = st.lists(st.tuples(st.sampled_from(FOLDERS), _leaves, st.sampled_from(KINDS)), max_size=12)


@settings(max_examples=200, deadline=None)
@given(found=things, digests=st.booleans())
@example(found=[(b"", b"x.bin", "pipe"), (b"sub", b"x.bin", "file")], digests=True)
@example(found=[(b"", b"a\nb", "file"), (b"", b"axb", "file")], digests=True)
@example(found=[(b"", b"a\nb", "folder link"), (b"", b"axb", "file")], digests=True)
def test_a_plan_with_the_snapshot_changes_nothing(found: Sequence[Thing], *, digests: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = os.path.join(folder, "store")
        elsewhere = os.path.join(folder, "elsewhere")
        for made in (store, elsewhere):
            os.mkdir(made)
        for name in (b"a.bin", b"a\nb", b"x.bin"):
            _make(os.path.join(os.fsencode(elsewhere), name), "file", elsewhere)
        for parent, name, kind in found:
            _place(os.fsencode(store), parent, name, kind, elsewhere)
        with open_store(store) as (opened, descriptor):
            seen = scan(opened, descriptor)
    _judge(seen, digests=digests)


def _judge(seen: Scan, *, digests: bool) -> None:
    made = snapshot_of(seen)
    contents = {entry.name: Pin(f"{number:064}", entry.content or 0) for number, entry in enumerate(made.models)}
    text = snapshot_text(made, contents if digests else {}, MADE)
    desired = load_text([manifest_file("/app/models.yml", text)])
    inventory = from_folder(seen)
    assert plan(desired, inventory).in_sync
    first = load_text(
        [manifest_file("/app/models.yml", first_text(made, contents if digests else {}, MADE, has_schema=True))]
    )
    assert plan(first, inventory).in_sync
    assert [model.name for model in first.models] == [model.name for model in desired.models]
    _lists_all_that_can_be_listed(seen, desired)
    patterns = (*desired.ignore, *desired.protect)
    assert all(any(glob.matches(each.name) for glob in patterns) for each in made.left)
    assert says_the_same(text, snapshot_text(made, contents if digests else {}, MADE._replace(time="later")))


def _lists_all_that_can_be_listed(seen: Scan, desired: Desired) -> None:
    """Of names that differ only in case, one is listed: more would be refused."""
    entries = [*seen.entries, *(entry for link in seen.folder_links for entry in link.behind)]
    can_be = {entry.name for entry in entries if entry.content is not None and name_problem(entry.name) is None}
    listed = {model.name: model.size for model in desired.models}
    sizes = {entry.name: entry.content for entry in entries}
    assert listed.keys() <= can_be
    assert {name.casefold() for name in listed} >= {name.casefold() for name in can_be if name.isascii()}
    assert all(sizes[name] == size for name, size in listed.items())


def _place(store: bytes, parent: bytes, name: bytes, kind: str, elsewhere: str) -> None:
    folder = os.path.join(store, parent) if parent else store
    try:
        os.makedirs(folder, exist_ok=True)
        _make(os.path.join(folder, name), kind, elsewhere)
    except (FileExistsError, NotADirectoryError):
        return  # something else has the name already


def _make(path: bytes, kind: str, elsewhere: str) -> None:
    match kind:
        case "file" | "empty":
            with open(path, "xb") as file:
                file.write(b"" if kind == "empty" else path[-3:])
        case "pipe":
            os.mkfifo(path)
        case "socket":
            os.mknod(path, stat.S_IFSOCK | 0o600)
        case "folder":
            os.mkdir(path)
        case _:
            target = {"dead link": "nowhere", "link": f"{elsewhere}/a.bin", "folder link": elsewhere}[kind]
            os.symlink(os.fsencode(target), path)


@settings(max_examples=500)
@given(name=_leaves.map(lambda leaf: leaf.decode("utf-8", "surrogateescape")), other=st.text(max_size=6))
@example(name="a*b", other="axb")
@example(name="[a]b", other="ab")
def test_a_pattern_matches_its_name_and_others_only_where_it_must(name: str, other: str) -> None:
    pattern = exact_pattern(name)
    assert pattern_problem(pattern) is None
    assert Glob(pattern).matches(name)
    if "?" not in pattern and other != name and "/" not in other:
        assert not Glob(pattern).matches(other)
