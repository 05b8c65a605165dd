"""What is said of a store: of the place it is in, and of what lies in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocrstate.doctor.choice import Choice, NamedBy, judge_choice, judge_manifest
from ocrstate.doctor.contents import Contents, LinkedFolder
from ocrstate.doctor.store import Room, Survey, judge_store
from ocrstate.manifest.problems import Problem
from ocrstate.store.model import StoreId
from ocrstate.store.mounts import Mount

EMPTY = Contents(
    models=0,
    folders=0,
    links=0,
    linked_folders=(),
    undecodable_files=(),
    undecodable_folders=(),
    unreadable=(),
    unwritable=(),
    deeper=0,
    of_others=0,
    held=0,
    is_cut=False,
)
USUAL = Survey(
    StoreId("/srv/models", "/srv/models", 1, 2),
    Mount("/", "ext4", frozenset({"rw"})),
    Room(10**11, 10**6, read_only=False),
    writable=True,
    mounts=(),
    ignores_case=False,
    contents=EMPTY,
)
LINK_OUT = LinkedFolder("etc", "/etc", leads_out=True)


def on(kind: str, *options: str) -> Survey:
    return replace(USUAL, mount=Mount("/srv", kind, frozenset(options)))


def holding(**contents: object) -> Survey:
    return replace(USUAL, contents=replace(EMPTY, **contents))  # type: ignore[arg-type] # checked by the dataclass


CASES: dict[str, tuple[Survey, dict[str, str], str]] = {
    "as it should be": (USUAL, {}, "0 models in the store"),
    "reached through links": (
        replace(USUAL, store=StoreId("/srv/models", "/data/m", 1, 2)),
        {},
        "links lead to /data/m",
    ),
    "of several models": (
        holding(models=3, folders=2, links=1),
        {},
        "3 models in the store and its 2 sub-folders",
    ),
    "on NFS": (on("nfs4"), {"store-filesystem": "warn"}, "its server decides"),
    "on CIFS": (on("cifs"), {"store-filesystem": "warn"}, "its server decides"),
    "on FUSE": (on("fuse.sshfs"), {"store-filesystem": "warn"}, "its program decides"),
    "on NTFS through FUSE": (on("fuseblk"), {}, "the store is on fuseblk"),
    "on NFS without locks": (on("nfs", "rw", "nolock"), {"store-filesystem": "warn"}, "keep locks on this host"),
    "on something unknown": (replace(USUAL, mount=None), {}, ""),
    "read-only": (
        replace(USUAL, room=Room(10**11, 10**6, read_only=True)),
        {"store-writable": "fail"},
        "mounted read-only",
    ),
    "not writable": (replace(USUAL, writable=False), {"store-writable": "fail"}, "may not write in the store"),
    "with a folder that is not writable": (holding(unwritable=("a\nb",)), {"store-writable": "fail"}, "(a\\nb)"),
    "of others": (holding(of_others=1), {}, "1 entry belongs to other users"),
    "of others with the sticky bit": (
        holding(of_others=1200, held=12),
        {"store-owners": "warn"},
        "1,200 entries",
    ),
    "full": (replace(USUAL, room=Room(0, 10**6, read_only=False)), {"store-space": "warn"}, "only 0 B are free"),
    "out of inodes": (
        replace(USUAL, room=Room(10**11, 1, read_only=False)),
        {"store-inodes": "warn"},
        "1 more file",
    ),
    "without inodes": (replace(USUAL, room=Room(10**11, None, read_only=False)), {}, ""),
    "without known room": (replace(USUAL, room=None), {}, ""),
    "with mounts": (replace(USUAL, mounts=("en.bin", "sub")), {"store-mounts": "warn"}, "en.bin, sub are mounted"),
    "with a link out of it": (
        holding(linked_folders=(LINK_OUT,)),
        {"store-folder-links": "warn"},
        "1 link to a folder outside the store: etc -> /etc; the engine lists",
    ),
    "with many links out of it": (
        holding(linked_folders=tuple(LINK_OUT._replace(name=f"etc{number}") for number in range(5))),
        {"store-folder-links": "warn"},
        "etc2 -> /etc and 2 more",
    ),
    "with a link within it": (holding(linked_folders=(LinkedFolder("a", ".", leads_out=False),)), {}, "twice"),
    "with a file that is not UTF-8": (
        holding(undecodable_files=("\udcff",)),
        {"store-names": "warn"},
        "(\\xff)",
    ),
    "with a folder that is not UTF-8": (
        holding(undecodable_folders=("\udcff",), undecodable_files=("\udcfe",)),
        {"store-names": "fail"},
        "the engine lists nothing at all",
    ),
    "with a folder that is closed": (holding(unreadable=("closed",)), {"store-sub-folders": "fail"}, "(closed)"),
    "with files deep in it": (holding(deeper=1), {"store-depth": "warn"}, "1 file lies deeper"),
    "too large to look through": (holding(models=9, is_cut=True), {"store-depth": "warn"}, "at least 9 models"),
    "that ignores case": (replace(USUAL, ignores_case=True), {}, "EN.bin and en.bin are one file"),
    "of which case is not known": (replace(USUAL, ignores_case=None), {}, ""),
}


@pytest.mark.parametrize(("survey", "expected", "words"), CASES.values(), ids=CASES)
def test_a_store(survey: Survey, expected: dict[str, str], words: str) -> None:
    found = judge_store(survey)
    assert {each.code: each.status.value for each in found if each.status.value != "ok"} == expected
    assert words in " ".join(each.message for each in found)
    assert all(bool(each.hint) is (each.status.value != "ok") for each in found)
    assert len({each.code for each in found}) == len(found)


@pytest.mark.parametrize(
    ("choice", "status", "words"),
    [
        (Choice("/srv/\x1b", NamedBy.OPTION), "ok", "the store is /srv/\\x1b, named with --store"),
        (Choice("/srv", NamedBy.MANIFEST), "ok", "named in the manifest"),
        (Choice("/a", NamedBy.DATA_FOLDER, passed_over="/b c"), "warn", "/b c is there, too, and is not used"),
        (Choice("/srv", NamedBy.ENGINE), "ok", "the engine's own"),
        (None, "warn", "is not known"),
    ],
)
def test_which_store_is_meant(choice: Choice | None, status: str, words: str) -> None:
    (found,) = judge_choice(choice)
    assert (found.status.value, words in found.message) == (status, True)


def test_a_manifest() -> None:
    (good,) = judge_manifest(("base.yml", "a.yml"), 1)
    assert good.message == "a.yml is valid, and lists 1 model"
    problems = tuple(Problem("a.yml", line, 1, f"code-{line % 2}", "\x1b") for line in range(5))
    (bad,) = judge_manifest(("base.yml", "a b.yml"), problems)
    assert (bad.status.value, bad.message) == ("fail", "5 problems in a b.yml")
    assert bad.detail.splitlines() == [f"a.yml:{line}:1: \\x1b" for line in range(3)]
    assert bad.hint == "mend the manifest; ocrstate validate base.yml 'a b.yml' shows all"
    assert dict(bad.facts) == {"problems": 5, "codes": ("code-0", "code-1")}
