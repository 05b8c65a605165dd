"""What fetching takes: room on the disk, a network that is allowed, and credentials that nobody gets to see."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.e2e.fetching import everything_said, half_way, sends, sourced, staged, wants
from tests.e2e.host import MANIFEST, Ended, Host, models_in, snapshot
from tests.e2e.plans import PLAN
from tests.servers.hub import HubServer, Repo
from tests.servers.web import PIECE, Page, WebServer, content_of, sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.without_engine

MEBIBYTE = 1024 * 1024
FR = content_of(3 * MEBIBYTE)
DE = content_of(2000, seed=1)


# -- room


def on_a_small_disk(host: Host, own_mounts: tuple[str, ...], size: int, what: str = MANIFEST, first: str = "") -> Ended:
    """Apply where the store's disk has so many KiB; its standard error ends with what is there afterwards."""
    script = f"""
        mount -t tmpfs -o size={size}k none {host.store}
        head -c 100000 /dev/zero > {host.store}/old.bin
        {first}
        "$@" && code=0 || code=$?
        (cd {host.store}; find . -type f -size +0 -printf "there %P %s\\n") >&2
        df --output=avail -k {host.store} | sed -n "2s/ */free /p" >&2
        exit $code"""
    return host.run("apply", what, "--yes", through=(*own_mounts, script, "sh"))


def left(ended: Ended) -> dict[str, int]:
    """Return what was left, apart from notes and journals."""
    found = re.findall(r"^there (\S+(?<!.journal)(?<!.json)) (\d+)$", ended.err, re.MULTILINE)
    return {name: int(size) for name, size in found}


def free(ended: Ended) -> int:
    return int(re.findall(r"^free (\d+)$", ended.err, re.MULTILINE)[0])


@pytest.mark.root
@pytest.mark.needs("unshare")
def test_too_little_room_is_refused_before_the_first_byte(
    host: Host, web: WebServer, own_mounts: tuple[str, ...]
) -> None:
    sends(web, "/fr.bin", FR)
    wants(host, sourced("fr.bin", FR, web.url()))
    ended = on_a_small_disk(host, own_mounts, 3000)
    assert (ended.code, web.asked, left(ended)) == (3, [], {"old.bin": 100000})
    assert re.search(r"fetching needs 3.1 MB, and 3.0 MB are free: \S+ [kM]B too few", ended.err)
    assert "but only when all is fetched and proven" in ended.err, "what goes does not count"


@pytest.mark.root
@pytest.mark.needs("unshare")
def test_room_that_was_there_when_the_plan_was_saved_may_be_gone(
    host: Host, web: WebServer, own_mounts: tuple[str, ...]
) -> None:
    sends(web, "/fr.bin", FR)
    wants(host, *(sourced(name, FR, web.url()) for name in ("fr.bin", "it.bin")))
    first = f"""
        {" ".join(host.command("plan", MANIFEST, "--out", PLAN))}
        mkdir -p {host.store}/not/models
        head -c 4000000 /dev/zero > {host.store}/not/models/ballast"""
    ended = on_a_small_disk(host, own_mounts, 8 * 1024, PLAN, first)
    assert (ended.code, web.asked) == (1, [])
    assert "all 2 models cannot be fetched: that needs 6.3 MB more, and 4.3 MB are free" in ended.err


@pytest.mark.root
@pytest.mark.needs("unshare")
def test_what_was_fetched_for_a_manifest_that_says_something_else_now_takes_no_room(
    host: Host, web: WebServer, own_mounts: tuple[str, ...]
) -> None:
    sends(web, "/fr.bin", FR)
    wants(host, sourced("fr.bin", FR, web.url()))
    staging = host.store / ".ocrstate" / "staging"
    first = f"mkdir -p {staging}; head -c 3000000 /dev/zero > {staging}/{'0' * 32}.part"
    ended = on_a_small_disk(host, own_mounts, 3 * 1024 + 1024 + 200, first=first)
    assert (ended.code, left(ended)) == (0, {"fr.bin": len(FR)})


@pytest.mark.root
@pytest.mark.needs("unshare")
def test_what_just_fits_is_fetched(host: Host, web: WebServer, own_mounts: tuple[str, ...]) -> None:
    sends(web, "/fr.bin", FR)
    wants(host, sourced("fr.bin", FR, web.url()))
    ended = on_a_small_disk(host, own_mounts, 3 * 1024 + 1024 + 100 + 8)
    assert (ended.code, left(ended)) == (0, {"fr.bin": len(FR)})


@pytest.mark.root
@pytest.mark.needs("unshare")
def test_what_has_come_already_needs_no_room(host: Host, web: WebServer, own_mounts: tuple[str, ...]) -> None:
    page = sends(web, "/fr.bin", FR)
    wants(host, sourced("fr.bin", FR, web.url()))
    with half_way(host, page, at=20 * PIECE) as process:
        process.kill()
        process.wait()
    kept = host.temporary / "staging"
    shutil.copytree(host.store / ".ocrstate" / "staging", kept)
    page.stalls, since = 0.0, len(web.asked)
    first = f"mkdir {host.store}/.ocrstate; cp -r {kept} {host.store}/.ocrstate/staging"
    ended = on_a_small_disk(host, own_mounts, 3 * 1024 + 1024 + 200, first=first)
    shutil.rmtree(kept)
    assert (ended.code, left(ended)) == (0, {"fr.bin": len(FR)})
    assert web.sent(since) <= len(FR) - 20 * PIECE


@pytest.mark.root
@pytest.mark.needs("unshare")
@pytest.mark.parametrize(
    ("size", "measured"),
    [(2000, True), (2000, False), (3 * 1024 + 100 + 4, True)],
    ids=["too large", "too large, and not said so", "so large that no journal would fit beside it"],
)
def test_of_a_model_whose_size_nobody_knows_the_disk_is_not_left_full(
    host: Host, web: WebServer, own_mounts: tuple[str, ...], size: int, *, measured: bool
) -> None:
    sends(web, "/fr.bin", FR, measured=measured, ranges=False)
    wants(host, {"name": "fr.bin", "sha256": sha256_of(FR), "source": web.url()})
    ended = on_a_small_disk(host, own_mounts, size)
    assert (ended.code, left(ended)) == (1, {"old.bin": 100000})
    assert "the store's filesystem is full" in ended.err
    assert "free some space" in ended.err
    assert free(ended) > size - 200
    assert len(web.asked) == 1


# -- no network


def test_offline_nothing_is_asked_for(host: Host, web: WebServer) -> None:
    sends(web, "/fr.bin", DE)
    host.has("old.bin")
    wants(host, sourced("fr.bin", DE, web.url()))
    before = snapshot(host.store)
    ended = host.apply("--yes", "--offline")
    assert (ended.code, web.asked) == (3, [])
    assert "only the network has fr.bin, and --offline rules it out" in ended.err
    assert snapshot(host.store) == before


@pytest.fixture
def local(host: Host, web: WebServer) -> Host:  # noqa: ARG001 - for the home
    """Give a host where one model is wrong, and a file of the machine is right; another one is not listed."""
    (host.app / "de.bin").write_bytes(DE)
    (host.store / "de.bin").write_bytes(content_of(len(DE), seed=2))
    host.has("old.bin")
    return wants(host, sourced("de.bin", DE, "de.bin"))


def test_offline_what_this_machine_has_is_copied(local: Host) -> None:
    assert local.apply("--yes", "--offline").code == 0
    assert (local.store / "de.bin").read_bytes() == DE
    assert models_in(local.store).keys() == {"de.bin"}


@pytest.mark.needs("strace")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("plan", MANIFEST, "--verify"), 0),
        (("check", MANIFEST), 2),
        (("verify", MANIFEST), 2),
        (("apply", MANIFEST, "--yes", "--offline"), 0),
    ],
    ids=lambda each: each[0] if isinstance(each, tuple) else "",
)
def test_no_socket_is_opened(local: Host, words: tuple[str, ...], code: int) -> None:
    noted = local.outside / "calls"
    through = ("strace", "-f", "-qq", "-e", "trace=socket,connect", "-o", str(noted))
    assert local.run(*words, through=through).code == code
    assert "AF_INET" not in noted.read_text()


# -- credentials

SECRETS = (b"geheim", b"Z2VoZWlt")  # as it is, and as a part of a header


def tells_no_secret(host: Host, *ended: Ended) -> None:
    said = everything_said(host, *ended)
    for secret in SECRETS:
        assert secret not in said


def all_that_is_said(host: Host) -> Iterator[Ended]:
    """Do whatever tells of a source."""
    yield from (host.plan(), host.plan("--json"), host.plan("--out", PLAN), host.run("show", PLAN))
    yield from (host.validate(), host.check("--json"), host.run("list", "--json"))
    yield from (host.apply("--json"), host.apply("--yes", "--offline"))


@pytest.fixture
def login(host: Host, web: WebServer) -> Host:
    """Give a host that has the login for a server in its netrc."""
    sends(web, "/fr.bin", DE, login=("me", "geheim"))
    host.has("old.bin")
    netrc = host.outside / ".netrc"
    netrc.write_text("machine 127.0.0.1 login me password geheim\n")
    netrc.chmod(0o600)
    return wants(host, sourced("fr.bin", DE, web.url("/fr.bin?token=geheim")), policy={"retain": "1d"})


def test_credentials_are_used_and_never_told(login: Host, web: WebServer) -> None:
    said = list(all_that_is_said(login))
    assert web.asked == []
    web.pages["/fr.bin"].statuses = [404]
    said += [login.apply("--yes"), login.apply("--yes", "--json")]
    said += [login.run("history", "--json"), login.run("history")]
    assert said[-3].document["summary"]["fetched"] == 1
    assert web.asked[-1].path == "/fr.bin?token=geheim"
    tells_no_secret(login, *said)


def test_a_saved_plan_holds_no_more_than_its_manifest_and_can_still_be_applied(login: Host) -> None:
    assert login.plan("--out", PLAN).code == 0
    applied = login.run("apply", PLAN)
    assert applied.code == 0, applied.err
    tells_no_secret(login, applied)


@pytest.mark.parametrize("wrong", ["not me", "nobody"])
def test_a_login_that_is_refused_is_not_told_either(login: Host, wrong: str) -> None:
    (login.outside / ".netrc").write_text(f"machine 127.0.0.1 login {wrong} password geheim\n")
    ended = login.apply("--yes")
    assert ended.code == 1
    assert "401" in ended.err
    assert ".netrc" in ended.err, "it says where a login is looked for"
    tells_no_secret(login, ended)


@pytest.mark.parametrize(("token", "code"), [("geheim", 0), ("geheim2", 1)])
def test_the_token_of_the_hub_is_used_and_never_told(host: Host, web: WebServer, token: str, code: int) -> None:  # noqa: ARG001 - for the home
    host.has("old.bin")
    hub = HubServer({"me/models": Repo({"fr.bin": Page(DE)}, token="geheim")})
    with hub:
        wants(host, sourced("fr.bin", DE, "hf://me/models/fr.bin@main"))
        hidden = {"HF_TOKEN": token, "HF_ENDPOINT": hub.endpoint}
        ended = host.apply("--yes", env=hidden)
    assert ended.code == code, ended.err
    tells_no_secret(host, ended, host.run("history", "--json"))


def test_a_login_in_the_address_is_refused_without_repeating_it(host: Host, tmp_path: Path) -> None:  # noqa: ARG001
    wants(host, sourced("fr.bin", DE, "https://me:geheim@example.com/fr.bin"))
    ended = host.plan()
    assert ended.code == 1
    assert "~/.netrc" in ended.err
    assert staged(host) == {}
    tells_no_secret(host, ended)
