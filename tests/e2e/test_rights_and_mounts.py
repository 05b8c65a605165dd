"""Stores that not everyone may read or write, and stores in which something is mounted."""

from __future__ import annotations

import os
import stat

import pytest

from tests.e2e.host import POWERLESS, Host, models_in, snapshot


def test_a_folder_that_may_not_be_read_is_an_error(host: Host) -> None:
    host.has("en.bin", "closed/fr.bin", "old.bin").lists("en.bin", "closed/fr.bin")
    (host.store / "closed").chmod(0)
    try:
        for inventory in ((), ("--inventory", "directory")):
            for ended in (host.plan(*inventory, through=POWERLESS), host.apply("--yes", *inventory, through=POWERLESS)):
                assert (ended.code, ended.out) == (1, "")
                assert "closed" in ended.err
                assert "Permission denied" in ended.err or "may not be read" in ended.err
    finally:
        (host.store / "closed").chmod(0o755)
    assert set(models_in(host.store)) == {"en.bin", "closed", "closed/fr.bin", "old.bin"}


def test_a_store_that_may_not_be_written_can_be_planned_and_is_left_alone(host: Host) -> None:
    host.has("en.bin", "old.bin").lists("en.bin")
    host.store.chmod(0o555)
    before = snapshot(host.app)
    try:
        assert host.plan(through=POWERLESS).code == 0
        assert host.check(through=POWERLESS).code == 2
        ended = host.apply("--yes", through=POWERLESS)
        assert ended.code == 1
        assert f"{host.store} cannot be changed: Permission denied" in ended.err
        assert snapshot(host.app) == before
    finally:
        host.store.chmod(0o755)


@pytest.mark.root
def test_whoever_may_write_in_the_store_may_apply_whoever_did_so_before(host: Host) -> None:
    host.has("en.bin", "old.bin").lists("en.bin")
    assert host.apply("--yes").code == 0
    for path in (host.store / ".ocrstate").rglob("*"):
        if path.is_file():
            os.chown(path, 65534, 65534)
    host.has("old.bin")
    assert host.apply("--yes", through=POWERLESS).code == 0
    assert set(models_in(host.store)) == {"en.bin"}


@pytest.mark.root
def test_a_strict_umask_does_not_make_the_store_unlistable_for_its_owner(host: Host) -> None:
    host.has("en.bin", "old.bin").lists("en.bin")
    os.chown(host.store, 65534, 65534)
    before = os.umask(0o077)
    try:
        assert host.apply("--yes").code == 0
    finally:
        os.umask(before)
    for folder, _, _ in os.walk(host.store):
        status = os.stat(folder)
        assert (status.st_uid, stat.S_IMODE(status.st_mode)) == (65534, 0o755), folder
    assert host.check(through=POWERLESS).code == 0


@pytest.mark.root
@pytest.mark.needs("unshare")
@pytest.mark.parametrize(
    ("script", "blocked"),
    [
        ("mount -t tmpfs none {store}/sub; echo > {store}/sub/on_it.bin", "sub/on_it.bin"),
        ("mount --bind {outside}/file {store}/old.bin", "old.bin"),
        ("mount --bind {outside} {store}/sub", "sub/file"),
    ],
    ids=["another filesystem", "a file", "a folder of the same filesystem"],
)
def test_what_is_mounted_in_the_store_is_blocked(
    host: Host, own_mounts: tuple[str, ...], script: str, blocked: str
) -> None:
    host.has("en.bin", "old.bin").lists("en.bin")
    (host.store / "sub").mkdir()
    (host.outside / "file").write_text("precious")
    before = models_in(host.store), snapshot(host.outside)
    through = (*own_mounts, f'{script.format(store=host.store, outside=host.outside)}; exec "$@"', "sh")

    assert host.plan("--json", through=through).actions()[blocked] == "blocked"
    ended = host.apply("--yes", through=through)
    assert ended.code == 3
    assert "unmount it" in ended.out
    assert (models_in(host.store), snapshot(host.outside)) == before


@pytest.mark.root
@pytest.mark.needs("unshare")
def test_a_read_only_filesystem_can_be_planned_and_is_left_alone(host: Host, own_mounts: tuple[str, ...]) -> None:
    host.has("en.bin", "old.bin").lists("en.bin")
    before = snapshot(host.app)
    mounts = f'mount --bind {host.store} {host.store}; mount -o remount,ro,bind {host.store}; exec "$@"'
    through = (*own_mounts, mounts, "sh")

    assert host.plan(through=through).code == 0
    ended = host.apply("--yes", through=through)
    assert ended.code == 1
    assert "Read-only file system" in ended.err
    assert snapshot(host.app) == before
