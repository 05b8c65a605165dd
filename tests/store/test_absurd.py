"""Directories that are refused as a store, and those that are fine."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from ocrstate.store.absurd import why_absurd
from ocrstate.store.homes import home_folders

if TYPE_CHECKING:
    from pathlib import Path

HOMES = ("/data/users/ann", "/root")


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/", "the root of the filesystem"),
        ("C:/", "the root of the filesystem"),
        ("C:\\", "the root of the filesystem"),
        ("/root", "a home folder"),
        ("/home/ann", "a home folder"),
        ("/Users/ann", "a home folder"),
        ("/data/users/ann", "a home folder"),
        ("/data/users", "a folder that holds home folders"),
        ("/data", "a folder that holds home folders"),
        *((path, "a system folder") for path in ("/home", "/Users", "/etc", "/etc/app", "/usr", "/usr/lib/x", "/bin")),
        *((path, "a system folder") for path in ("/boot/efi", "/proc/1", "/sys/x", "/dev", "/dev/shm", "/tmp", "/var")),
        *((path, "a system folder") for path in ("/var/lib", "/var/log", "/opt", "/srv", "/mnt", "/media", "/run")),
        *((path, "a system folder") for path in ("/lib64/x", "/sbin", "/System/x", "/usr/local/lib", "/private/etc/x")),
        *((path, "a system folder") for path in ("C:\\Windows", "C:\\Windows\\System32", "C:/Program Files/app")),
    ],
)
def test_system_folders_and_homes_are_no_stores(path: str, reason: str) -> None:
    assert why_absurd(path, HOMES) == reason


@pytest.mark.parametrize(
    "path",
    [
        *("/models", "/srv/x", "/opt/x", "/opt/x/models", "/var/lib/x", "/var/lib/x/models", "/home/u/models"),
        *("/dev/shm/x", "/tmp/x", "/mnt/x", "/media/u/disk", "/run/x", "/var/lib/ocr/models", "/data/users/ann/models"),
        *("/data/models", "/usr/local/lib/x", "/usr/share/x", "/etcetera", "/usr/library", "/rooted", "/app"),
        *("C:\\models", "C:/Users/ann/models", "D:/Windowsill"),
    ],
)
def test_other_folders_may_be_stores(path: str) -> None:
    assert why_absurd(path, HOMES) is None


def test_a_home_that_is_the_root_makes_no_folder_absurd() -> None:
    assert why_absurd("/models", ("/",)) is None


def test_home_folders_are_known_from_the_environment_and_the_user_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "link"))
    monkeypatch.setenv("USERPROFILE", "relative")
    assert home_folders()[0] == os.path.realpath(tmp_path)
    assert all(os.path.isabs(home) for home in home_folders())


def test_without_a_home_in_the_environment_the_user_database_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    import pwd  # noqa: PLC0415 - POSIX only

    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.delenv("USERPROFILE", raising=False)
    assert home_folders() == (os.path.realpath(pwd.getpwuid(os.getuid()).pw_dir),)
