"""Verify: the content of every listed model, as a reader gets it, named where it is not as declared."""

from __future__ import annotations

import os
import re
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.host import (
    MANIFEST,
    POWERLESS,
    PROJECT,
    Host,
    end_of,
    snapshot,
)
from tests.e2e.verifying import NAMES, pin, reads_models, verdicts, verify

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.without_engine


def test_models_as_declared_are_verified(pinned: Host) -> None:
    before = snapshot(pinned.app)
    ended = verify(pinned)
    assert (ended.code, ended.err) == (0, "")
    assert re.fullmatch(r"Verified 3 models \(3\.0 kB\)\. Read 3\.0 kB in \d+\.\d s\.", ended.last_line)
    assert verify(pinned, "-q", "--no-cache").out.count("\n") == 1
    assert verify(pinned, "-v").out.count("sha256 ") == 3
    assert snapshot(pinned.app) == before


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def put_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def put_a_dead_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


DAMAGES: list[tuple[str, Callable[[Path], object], str, str]] = [
    ("first bit", lambda path: flip(path, 0), "differs", "its content differs"),
    ("last bit", lambda path: flip(path, -1), "differs", "its content differs"),
    ("one byte less", lambda path: os.truncate(path, 999), "truncated", "truncated: 1,000 B listed, 999 B found"),
    ("nothing left", lambda path: os.truncate(path, 0), "truncated", "truncated: 1,000 B listed, 0 B found"),
    ("zeros behind", lambda path: os.truncate(path, 1001), "longer", "too long: 1,000 B listed, 1,001 B found"),
    ("gone", Path.unlink, "missing", "missing"),
    ("renamed", lambda path: path.rename(path.with_name("EN.bin")), "missing", "did you mean EN.bin?"),
    ("a pipe", put_a_pipe, "not-a-file", "should be a file, is a named pipe"),
    (
        "a dead link",
        put_a_dead_link,
        "not-a-file",
        "should be a file, is a dead link",
    ),
]


@pytest.mark.parametrize(("damage", "verdict", "words"), [pytest.param(*each[1:], id=each[0]) for each in DAMAGES])
@pytest.mark.parametrize("after", ["nothing", "a first verify"])
def test_whatever_is_wrong_is_named(
    pinned: Host, damage: Callable[[Path], object], verdict: str, words: str, after: str
) -> None:
    if after == "a first verify":
        assert verify(pinned).code == 0
    damage(pinned.store / "en.bin")
    ended = verify(pinned)
    assert ended.code == 2
    assert words in ended.out
    assert verdicts(pinned) == {**dict.fromkeys(NAMES, "verified"), "en.bin": verdict}


def test_a_difference_shows_both_digests_in_full(pinned: Host) -> None:
    expected = sha256((pinned.store / "en.bin").read_bytes()).hexdigest()
    flip(pinned.store / "en.bin", 500)
    found = sha256((pinned.store / "en.bin").read_bytes()).hexdigest()
    assert f"      listed  {expected}\n      found   {found}\n" in verify(pinned).out


def test_a_digest_without_a_size_suffices(host: Host) -> None:
    host.has("en.bin")
    digest = sha256((host.store / "en.bin").read_bytes()).hexdigest()
    host.lists({"name": "en.bin", "sha256": digest.upper()})
    assert verdicts(host) == {"en.bin": "verified"}
    os.truncate(host.store / "en.bin", 5)
    assert verdicts(host) == {"en.bin": "differs"}


def test_what_has_no_digest_is_never_said_to_be_right(host: Host) -> None:
    host.has("en.bin", "fr.bin").lists("en.bin", {"name": "fr.bin", "size": 1000})
    ended = verify(host)
    assert ended.code == 0
    assert ended.last_line == "Verified 0 of 2 models: 2 not pinned. Nothing read."
    assert verdicts(host) == {"en.bin": "unpinned", "fr.bin": "unpinned"}


def test_a_file_that_grows_while_it_is_read_is_no_difference_but_an_error(host: Host) -> None:
    host.has("en.bin")
    os.truncate(host.store / "en.bin", 1 << 30)
    host.lists({"name": "en.bin", "sha256": "0" * 64})
    with host.running("verify", MANIFEST) as process:
        host.wait_for(lambda: reads_models(process.pid, host))
        with (host.store / "en.bin").open("ab") as file:
            file.write(b"more")
        told = end_of(process)
    assert told.code == 1
    assert re.search(r"x en\.bin +it grew from 1,073,741,824 to 1,073,741,828 bytes while it was read", told.out)


def test_a_file_with_holes_is_noted_even_where_its_content_is_right(host: Host) -> None:
    for name in ("good.bin", "bad.bin", "unpinned.bin"):
        host.has(name)
        os.truncate(host.store / name, 1 << 20)
    pin(host, "good.bin", "bad.bin")
    listed = (host.app / MANIFEST).read_text() + "- unpinned.bin\n"
    (host.app / MANIFEST).write_text(listed.replace("version: 1\n", "") + "version: 1\n")
    flip_keeping_holes(host.store / "bad.bin")
    ended = verify(host)
    assert ended.code == 2
    assert re.search(r"  good\.bin .* sha256 \w{12}; holds holes: 4\.1 kB of 1\.0 MB are on disk", ended.out)
    assert re.search(r"\? unpinned\.bin .* not pinned: .*; holds holes: 4\.1 kB of 1\.0 MB are on disk", ended.out)
    assert re.search(r"~ bad\.bin .* holds holes: its copy was probably interrupted", ended.out)


def flip_keeping_holes(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"\0")


def test_a_file_without_permission_is_an_error(pinned: Host) -> None:
    (pinned.store / "en.bin").chmod(0)
    ended = verify(pinned, through=POWERLESS)
    assert ended.code == 1
    assert re.search(
        r"x en\.bin +cannot be read to its end: Permission denied; verify it again when that is mended\n", ended.out
    )
    assert verdicts(pinned, through=POWERLESS)["de.bin"] == "verified"


@pytest.mark.needs("strace")
def test_an_error_of_the_disk_is_an_error_whatever_was_read_before_it(host: Host) -> None:
    (host.store / "big.bin").write_bytes(bytes(8 << 20))
    pin(host, "big.bin")
    of_the_model = ("-P", str(host.store / "big.bin"), "--inject=read:error=EIO:when=3")
    through = ("strace", "-f", "-qq", "-o", "/dev/null", *of_the_model)
    ended = verify(host, through=through)
    assert ended.code == 1
    assert "cannot be read to its end: Input/output error" in ended.out


@pytest.mark.needs("strace")
def test_a_second_verify_reads_no_byte_of_a_model(pinned: Host) -> None:
    def opened() -> set[str]:
        notes = pinned.app.parent / "opened"
        assert verify(pinned, through=("strace", "-f", "-qq", "-e", "trace=openat", "-o", str(notes))).code == 0
        return {name for name in NAMES if f'"{name}"' in notes.read_text()}

    assert opened() == set(NAMES)
    assert opened() == set()
    assert verify(pinned).last_line == "Verified 3 models (3.0 kB). Nothing read, 3.0 kB known from before."
    assert verify(pinned, "--no-cache").last_line.startswith("Verified 3 models (3.0 kB). Read 3.0 kB in ")


def test_content_that_was_exchanged_with_all_times_put_back_is_seen(pinned: Host) -> None:
    assert verify(pinned).code == 0
    path = pinned.store / "en.bin"
    status = path.stat()
    path.write_bytes(bytes(1000))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_mtime_ns == status.st_mtime_ns
    assert verdicts(pinned)["en.bin"] == "differs"


def test_a_touched_file_is_read_again_and_right(pinned: Host) -> None:
    assert verify(pinned).code == 0
    (pinned.store / "en.bin").touch()
    summary = verify(pinned, "--json").document["summary"]
    assert (summary["verified"], summary["bytes_read"], summary["bytes_remembered"]) == (3, 1000, 2000)


def test_a_rewrite_right_after_a_verify_is_always_seen(host: Host) -> None:
    path = host.store / "en.bin"
    for number in range(12):
        path.write_bytes(b"right %04d" % number)
        pin(host, "en.bin")
        assert verify(host).code == 0
        path.write_bytes(b"wrong %04d" % number)
        assert verify(host).code == 2


@pytest.mark.parametrize("spoiled", [b"", b"{}", b"\0" * 5000])
def test_a_damaged_memory_is_none(pinned: Host, spoiled: bytes) -> None:
    assert verify(pinned).code == 0
    (memory,) = (pinned.cache / "ocrstate").iterdir()
    memory.write_bytes(spoiled)
    ended = verify(pinned)
    assert (ended.code, ended.err) == (0, "")
    assert "Read 3.0 kB" in ended.last_line
    assert "Nothing read" in verify(pinned).last_line


@pytest.mark.parametrize(
    "environment",
    [
        {"XDG_CACHE_HOME": "/dev/null"},
        {"XDG_CACHE_HOME": "/proc"},
        {"XDG_CACHE_HOME": None, "HOME": "/dev/null"},
    ],
    ids=str,
)
def test_without_a_cache_folder_everything_is_read(pinned: Host, environment: dict[str, str | None]) -> None:
    for _ in range(2):
        ended = verify(pinned, env=environment)
        assert (ended.code, ended.err) == (0, "")
        assert "Read 3.0 kB" in ended.last_line


@pytest.mark.root
def test_on_a_full_disk_the_memory_is_done_without(pinned: Host, own_mounts: tuple[str, ...]) -> None:
    pinned.cache.mkdir()
    script = (
        f'mount -t tmpfs -o size=4k none {pinned.cache}; dd if=/dev/zero of={pinned.cache}/full 2>/dev/null || :; "$@"'
    )
    ended = verify(pinned, through=(*own_mounts, script, "sh"))
    assert (ended.code, ended.err) == (0, "")


def test_a_cache_folder_inside_the_store_is_not_used(pinned: Host) -> None:
    before = snapshot(pinned.store)
    assert verify(pinned, env={"XDG_CACHE_HOME": str(pinned.store)}).code == 0
    assert snapshot(pinned.store) == before


def test_links_are_followed_and_hard_links_read_once(host: Host) -> None:
    (host.outside / "real.bin").write_bytes(b"real")
    host.has("en.bin")
    os.link(host.store / "en.bin", host.store / "same.bin")
    (host.store / "link.bin").symlink_to(host.outside / "real.bin")
    (host.store / "folder").symlink_to(host.outside)
    pin(host, "en.bin", "same.bin", "link.bin", "folder/real.bin")
    document = verify(host, "--json").document
    assert document["as_declared"] is True
    assert document["summary"]["bytes_read"] == 1004
    (host.outside / "real.bin").write_bytes(b"fake")
    assert verdicts(host) == {
        "en.bin": "verified",
        "same.bin": "verified",
        "link.bin": "differs",
        "folder/real.bin": "differs",
    }


def test_empty_files_and_strange_names_are_verified(host: Host) -> None:
    names = ["-rf", "$(reboot).bin", "\u65e5\u672c/\U0001f600.bin", " space", "x" * 255]
    host.has(*names)
    host.has("empty.bin", size=0)
    pin(host, *names, "empty.bin")
    assert verdicts(host) == dict.fromkeys([*names, "empty.bin"], "verified")
    assert verdicts(host, env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"})["-rf"] == "verified"


def test_a_run_that_was_broken_off_is_a_warning(pinned: Host) -> None:
    journal = pinned.store / ".ocrstate" / "journal"
    journal.mkdir(parents=True)
    (journal / "20261121T060000Z-0a1b2c.journal").touch()
    ended = verify(pinned)
    assert ended.code == 0
    assert "Warning: " in ended.out
    assert "20261121T060000Z-0a1b2c" in ended.out
    assert [each["code"] for each in verify(pinned, "--json").document["warnings"]] == ["run-unfinished"]


def test_an_empty_manifest_has_nothing_to_verify(host: Host) -> None:
    host.has("en.bin").lists()
    assert verify(host).last_line == "Nothing to verify: the manifest lists no models."


def test_no_engine_is_started(pinned: Host) -> None:
    pinned.defaults = ()
    stood_in = pinned.app.parent / "aspose"
    (stood_in / "ocr").mkdir(parents=True)
    for module in (stood_in / "__init__.py", stood_in / "ocr" / "__init__.py"):
        module.write_text("raise SystemExit('an engine was started')")
    assert verify(pinned, env={"PYTHONPATH": f"{stood_in.parent}{os.pathsep}{PROJECT}"}).code == 0
