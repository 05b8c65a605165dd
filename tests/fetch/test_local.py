"""What comes from this machine."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from ocrstate.errors import FetchError
from ocrstate.sources.local import local_size
from ocrstate.sources.model import LocalFile
from tests.fetch.stores import wanted_of
from tests.servers.web import content_of, sha256_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.fetch.stores import Fetching

CONTENT = content_of(3 * 1024 * 1024 + 17)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "fr.bin"
    path.write_bytes(CONTENT)
    return path


@pytest.mark.parametrize("spelled", ["{}", "file:{}", "file://{}", "~/fr.bin"])
def test_a_file_of_this_machine_is_copied(source: Path, fetching: Fetching, spelled: str) -> None:
    assert fetching.one(spelled.format(source), CONTENT).transferred == len(CONTENT)
    assert fetching.one(spelled.format(source), CONTENT).transferred == 0


def test_links_to_a_file_are_followed(source: Path, fetching: Fetching) -> None:
    link = source.with_name("link")
    link.symlink_to(source)
    fetching.one(str(link), CONTENT)


def test_without_a_digest_what_is_there_is_never_believed(source: Path, fetching: Fetching) -> None:
    wanted = wanted_of(str(source))
    (staged,) = fetching(wanted)
    assert (staged.sha256, staged.transferred) == (sha256_of(CONTENT), len(CONTENT))
    path = fetching.staging / f"{staged.key}.model"
    path.rename(path.with_suffix(".part"))
    source.write_bytes(CONTENT[::-1])
    (again,) = fetching(wanted)
    assert fetching.content(again) == CONTENT[::-1]
    assert again.transferred == len(CONTENT)


def test_a_copy_that_was_broken_off_goes_on(source: Path, fetching: Fetching) -> None:
    class EnoughError(Exception):
        pass

    def stop(count: int) -> None:
        fetching.watched.append(count)
        if len(fetching.watched) == 2:
            raise EnoughError

    with pytest.raises(EnoughError):
        fetching(wanted_of(str(source), CONTENT), watch=stop)
    assert fetching.part() == 2 * 1024 * 1024
    assert fetching.one(str(source), CONTENT).transferred == len(CONTENT) - 2 * 1024 * 1024


def test_a_file_that_changes_while_it_is_copied_is_copied_again(source: Path, fetching: Fetching) -> None:
    later = content_of(len(CONTENT), seed=1)
    seen: list[int] = []

    def change(count: int) -> None:
        seen.append(count)
        if len(seen) == 2:
            source.write_bytes(later)
            os.utime(source, (1, 1))

    (staged,) = fetching(wanted_of(str(source)), watch=change)
    assert fetching.content(staged) == later


def test_a_file_that_never_rests_is_given_up(source: Path, fetching: Fetching) -> None:
    def change(_: int) -> None:
        os.utime(source, ns=(0, source.stat().st_mtime_ns + 1))

    with pytest.raises(FetchError, match="the file changed while it was read"):
        fetching(wanted_of(str(source)), watch=change)


BAD: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "nothing": (lambda _: None, "source-missing", "there is no such file"),
    "a folder": (lambda path: path.mkdir(), "source-refused", "it is a folder, not a file"),
    "a pipe": (os.mkfifo, "source-refused", "it is not a regular file"),
    "a device": (lambda path: path.symlink_to("/dev/zero"), "source-refused", "it is not a regular file"),
    "a circle": (lambda path: path.symlink_to(path), "source-refused", "links lead in a circle"),
    "below a file": (lambda path: path.symlink_to("store/x/y"), "source-missing", "there is no such file"),
}


@pytest.mark.parametrize(("make", "code", "words"), BAD.values(), ids=BAD)
def test_what_is_no_file_is_told_before_and_when_it_is_wanted(
    tmp_path: Path, fetching: Fetching, make: Callable[[Path], object], code: str, words: str
) -> None:
    path = tmp_path / "odd"
    make(path)
    error = fetching.fails(wanted_of(str(path)))
    assert error.code == code
    assert f"fr.bin cannot be fetched from {path}: {words}" in error.message
    assert error.hint
    said = local_size(LocalFile(str(path)))
    assert isinstance(said, str)
    assert words in said


def test_the_size_of_a_file_is_known_without_reading_it(source: Path) -> None:
    assert local_size(LocalFile(str(source))) == len(CONTENT)
    assert local_size(LocalFile("a\0b")) == "it cannot be read: no file can have that path"
