"""Stores that not everyone may read or write, and stores in which something is mounted."""

from __future__ import annotations

import os
import shlex
import stat
import subprocess

import pytest

from tests.e2e.host import MANIFEST, POWERLESS, Host, models_in, snapshot

pytestmark = pytest.mark.without_engine


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
        assert host.apply(through=POWERLESS).err == ended.err, "nobody is asked about what cannot be done"
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
@pytest.mark.parametrize("umask", ["022", "077"])
def test_a_sub_folder_with_odd_rights_comes_back_as_it_was(host: Host, umask: str) -> None:
    host.has("en.bin", "a/old.bin", "b/old.bin", "c/old.bin", "d/old.bin").lists("en.bin")
    for folder, mode, owner, group in (
        ("a", 0o2775, 0, 2000),
        ("b", 0o1777, 1001, 1001),
        ("c", 0o700, 65534, 65534),
        ("d", 0o6751, 1001, 2000),
    ):
        os.chown(host.store / folder, owner, group)
        (host.store / folder).chmod(mode)
    before = models_in(host.store)
    groups = [(host.store / folder).stat().st_gid for folder in "abcd"]
    through = ("sh", "-c", f'umask {umask}; exec "$@"', "sh")

    assert host.apply("--yes", "--retain", "1d", through=through).code == 0
    assert set(models_in(host.store)) == {"en.bin"}
    assert host.run("restore", through=through).code == 0
    assert models_in(host.store) == before
    assert [(host.store / folder).stat().st_gid for folder in "abcd"] == groups


ANN, BEN, TEAM = 1001, 1002, 2000


def acting_as(user: int, umask: str = "022") -> tuple[str, ...]:
    """Run a command as a user of the team, who may read everything (the interpreter, too) but not write everywhere."""
    rights = "--inh-caps=+dac_read_search --ambient-caps=+dac_read_search"
    script = f'umask {umask}; exec setpriv --reuid {user} --regid {user} --groups {TEAM} {rights} "$@"'
    return ("sh", "-c", script, "sh")


@pytest.fixture(params=[0o2775, 0o775], ids=["setgid", "plain"])
def team(host: Host, request: pytest.FixtureRequest) -> Host:
    """Give a host whose store the users of a team share."""
    tried = subprocess.run([*acting_as(ANN), "true"], capture_output=True, check=False)
    if tried.returncode:
        pytest.skip("no command can be run here as another user")
    host.defaults = ("--inventory", "directory")
    host.has("en.bin", "old_1.bin", "old_2.bin").lists("en.bin")
    os.chown(host.store, 0, TEAM)
    host.store.chmod(request.param)
    host.temporary.chmod(0o1777)
    return host


@pytest.mark.root
@pytest.mark.needs("setpriv")
@pytest.mark.parametrize("umask", ["022", "077"])
def test_the_users_of_a_team_can_restore_and_purge_what_another_one_removed(team: Host, umask: str) -> None:
    for command, names in (("restore", {"en.bin", "old_1.bin", "old_2.bin"}), ("purge --all --yes", {"en.bin"})):
        ended = team.apply("--yes", "--retain", "1d", through=acting_as(ANN, umask))
        assert ended.code == 0, ended.err
        ended = team.run(*command.split(), through=acting_as(BEN, umask))
        assert ended.code == 0, ended.err
        assert set(models_in(team.store)) == names


@pytest.mark.root
@pytest.mark.needs("setpriv")
@pytest.mark.needs("strace")
@pytest.mark.parametrize("command", ["recover", "apply models.yml --yes"])
def test_the_users_of_a_team_can_recover_what_another_one_left_half_done(team: Host, command: str) -> None:
    killed = ("strace", "-f", "-qq", "-o", "/dev/null", "--inject=?renameat,?renameat2:signal=SIGKILL:when=2")
    team.apply("--yes", through=(*killed, *acting_as(ANN)))
    assert "old_1.bin" in team.quarantined(), "it was killed half-way"
    ended = team.run(*command.split(), through=acting_as(BEN))
    assert ended.code == 0, ended.err
    assert team.quarantined() == []
    assert set(models_in(team.store)) == ({"en.bin"} if "apply" in command else {"en.bin", "old_1.bin", "old_2.bin"})


@pytest.mark.root
@pytest.mark.needs("unshare")
@pytest.mark.parametrize(
    "script",
    [
        "mount -t tmpfs none {store}; cp -r {outside}/models/. {store}",
        "cd {outside}; mkdir up work; mount -t overlay -o lowerdir=models,upperdir=up,workdir=work none {store}; cd -",
    ],
    ids=["tmpfs", "overlay"],
)
def test_a_store_on_a_filesystem_of_containers_is_changed_and_changed_back(
    host: Host, own_mounts: tuple[str, ...], script: str
) -> None:
    host.has("en.bin", "old.bin", "sub/old.bin").lists("en.bin")
    host.defaults = ("--inventory", "directory")
    host.store.rename(host.outside / "models")
    host.store.mkdir()
    before = snapshot(host.outside / "models")
    ocrstate = shlex.join(host.command())
    shown = f"echo ---; find {host.store} -type f -not -path '*/.ocrstate/*' | sort"
    script = "; ".join(
        [
            script.format(store=host.store, outside=host.outside),
            *(f"{ocrstate} {command}; {shown}" for command in (f"apply {MANIFEST} --yes --retain 1d", "restore")),
            f"{ocrstate} apply {MANIFEST} --yes; {shown}",
        ]
    )
    told = subprocess.run(
        [*own_mounts, script], cwd=host.app, env=host.environment, capture_output=True, text=True, check=False
    )
    if "mount:" in told.stderr:
        pytest.skip("this system cannot mount that")
    assert (told.returncode, told.stderr) == (0, "")
    found = [step.splitlines() for step in told.stdout.split("---\n")[1:]]
    present = [[line for line in lines if line.startswith(str(host.store))] for lines in found]
    everything = [f"{host.store}/{name}" for name in ("en.bin", "old.bin", "sub/old.bin")]
    assert present == [everything[:1], everything, everything[:1]]
    assert snapshot(host.outside / "models") == before


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
