"""Stores without space, and stores that may not be written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.e2e.host import MANIFEST, Ended, Host, snapshot

if TYPE_CHECKING:
    from tests.e2e.host import Ended

WRITERS = ("apply models.yml --yes", "recover", "restore", "purge")


# -- a store that is full or read-only


def in_a_full_store(host: Host, own_mounts: tuple[str, ...], first: str) -> tuple[str, ...]:
    """Give what runs a command on a small filesystem, after something else there and when nothing more fits in.

    Its standard error gets the exit code, and which models there are afterwards.
    """
    script = f"""
        {{
            mount -t tmpfs -o size=256k,nr_inodes=64 none {host.store}
            for each in en old_1 old_2; do head -c 20000 /dev/zero > {host.store}/$each.bin; done
            {first}
            cat /dev/zero > {host.store}/ballast 2>/dev/null || true
            "$@" && echo "code 0" || echo "code $?"
            find {host.store} -name "*.bin" -printf "there %f\\n"
        }} >&2"""
    return (*own_mounts, script, "sh")


def told(ended: Ended) -> tuple[int, set[str]]:
    """Read the exit code and the models that are still there."""
    (code,) = re.findall(r"^code (\d+)$", ended.err, re.MULTILINE)
    return int(code), set(re.findall(r"^there (\S+)$", ended.err, re.MULTILINE))


@pytest.mark.root
@pytest.mark.needs("unshare")
def test_on_a_full_disk_apply_makes_room_or_says_what_it_needs(host: Host, own_mounts: tuple[str, ...]) -> None:
    host.lists("en.bin")
    ended = host.apply("--yes", through=in_a_full_store(host, own_mounts, ""))
    if told(ended) != (0, {"en.bin"}):
        assert told(ended) == (1, {"en.bin", "old_1.bin", "old_2.bin"})
        assert "No space left on device" in ended.err
        assert "a run needs a little space" in ended.err


@pytest.mark.root
@pytest.mark.needs("unshare")
@pytest.mark.parametrize(
    ("command", "left"),
    [
        ("purge --all --yes", {"en.bin"}),
        *(
            (each, {"en.bin", "old_1.bin", "old_2.bin"})
            for each in ("restore", "recover", "history", "plan models.yml")
        ),
    ],
)
def test_on_a_full_disk_nothing_is_lost(host: Host, own_mounts: tuple[str, ...], command: str, left: set[str]) -> None:
    host.lists("en.bin")
    first = " ".join(host.command("apply", MANIFEST, "--yes", "--retain", "7d", "-q"))
    ended = host.run(*command.split(), through=in_a_full_store(host, own_mounts, first))
    code, there = told(ended)
    if code == 0:
        assert there == left
    else:
        assert (code, there) == (1, {"en.bin", "old_1.bin", "old_2.bin"})
        assert "No space left on device" in ended.err


@pytest.mark.root
@pytest.mark.needs("unshare")
def test_a_read_only_store_can_be_read_and_says_so_to_whoever_wants_to_write(
    killed: Host, own_mounts: tuple[str, ...]
) -> None:
    before = snapshot(killed.app)
    mounts = f'mount --bind {killed.store} {killed.store}; mount -o remount,ro,bind {killed.store}; exec "$@"'
    through = (*own_mounts, mounts, "sh")
    for command in ("plan models.yml", "history", "check models.yml"):
        assert killed.run(*command.split(), through=through).code in (0, 2)
    for command in WRITERS:
        ended = killed.run(*command.split(), through=through)
        assert (ended.code in (1, 4), "Read-only file system" in ended.err) == (True, True), ended
    assert snapshot(killed.app) == before
