"""A fetch that fails, or is broken off: nothing is removed, and what has come is not lost."""

from __future__ import annotations

import os
import random
import time
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.e2e.fetching import Gate, half_way, parts, sends, sourced, staged, wants
from tests.e2e.host import ENDING_SIGNALS, MANIFEST, Host, end_of, models_in, snapshot
from tests.servers.certificates import unknown_authority
from tests.servers.web import PIECE, Page, WebServer, content_of, sha256_of

if TYPE_CHECKING:
    import signal
    from collections.abc import Iterator
    from pathlib import Path

SIZE = 40 * PIECE
FR = content_of(SIZE)
DE = content_of(2000, seed=1)
STAYS = "nothing was changed; what has been fetched is kept, and the next apply goes on from there"
ACTIONS = {"de.bin": "replace", "en.bin": "keep", "old.bin": "remove", "sub/fr.bin": "fetch"}

pytestmark = pytest.mark.without_engine


@pytest.fixture
def large(host: Host, web: WebServer) -> Host:
    """Give a host where a large model is missing, one is wrong, and one is not listed."""
    sends(web, "/fr.bin", FR)
    (host.app / "de.bin").write_bytes(DE)
    host.has("en.bin", "old.bin", "de.bin")
    return wants(host, "en.bin", sourced("sub/fr.bin", FR, web.url()), sourced("de.bin", DE, "de.bin"))


@pytest.fixture
def page(large: Host, web: WebServer) -> Page:  # noqa: ARG001 - it has it
    return web.pages["/fr.bin"]


def is_right(host: Host) -> bool:
    """Tell whether all is as listed, and nothing of ours is left."""
    there = {path.name: path.read_bytes() for path in host.store.rglob("*.bin")}
    return there.keys() == {"en.bin", "fr.bin", "de.bin"} and (there["fr.bin"], there["de.bin"], staged(host)) == (
        *(FR, DE),
        {},
    )


# -- broken off


@pytest.mark.parametrize(("number", "jobs"), [*zip(ENDING_SIGNALS, ("1", "4"), strict=True)])
def test_a_signal_stops_it_and_the_next_apply_goes_on(
    large: Host, web: WebServer, page: Page, number: signal.Signals, jobs: str
) -> None:
    before = models_in(large.store)
    with half_way(large, page, "--jobs", jobs) as process:
        process.send_signal(number)
        ended = end_of(process)
    assert (ended.code, ended.err.count("\n")) == (ENDING_SIGNALS[number], 1)
    assert STAYS in ended.err
    assert models_in(large.store) == before

    (came,) = parts(large)
    assert came >= 2 * PIECE
    assert "are here already" in large.plan().out
    since = len(web.asked)
    summary = large.apply("--yes", "--json").document["summary"]
    assert web.sent(since) == SIZE - came, "only what was missing came"
    assert summary["bytes_transferred"] - web.sent(since) in (0, len(DE)), "the small one may have come before"
    assert summary["bytes_fetched"] == SIZE + len(DE)
    assert is_right(large)


def has_more_than(enough: int, host: Host) -> bool:
    return sum(parts(host)) > enough


def test_killed_again_and_again_it_ends_right(large: Host, web: WebServer, page: Page) -> None:
    chance = random.Random(4)
    before = models_in(large.store)
    page.stalls = 0.02
    for _ in range(4):
        enough = sum(parts(large)) + PIECE
        with large.running("apply", MANIFEST, "--yes") as process:
            large.wait_for(partial(has_more_than, enough, large))
            time.sleep(chance.uniform(0, 0.06))
            process.kill()
            process.wait()
        assert models_in(large.store) == before
        listed = large.run("plan", MANIFEST, "--json", "--inventory", "auto").actions()
        assert listed == ACTIONS, "the engine sees nothing of what has come"
    page.stalls = 0.0
    came, since = sum(parts(large)), len(web.asked)
    assert came > 4 * PIECE
    assert large.apply("--yes").code == 0
    assert web.sent(since) <= SIZE - came
    assert is_right(large)


def test_what_the_server_changed_meanwhile_is_fetched_anew(large: Host, web: WebServer, page: Page) -> None:
    with half_way(large, page) as process:
        process.kill()
        process.wait()
    other = content_of(SIZE, seed=7)
    sends(web, "/fr.bin", other, etag='"v2"')
    wants(large, "en.bin", sourced("sub/fr.bin", other, web.url()), sourced("de.bin", DE, "de.bin"))
    assert large.apply("--yes").code == 0
    assert (large.store / "sub" / "fr.bin").read_bytes() == other
    assert staged(large) == {}, "what nobody asks for any more is gone"


def test_what_appears_while_it_is_fetched_stops_it(large: Host, page: Page) -> None:
    gate = page.before = Gate()
    with large.running("apply", MANIFEST, "--yes") as process:
        large.wait_for(lambda: gate.is_reached)
        (large.store / "sub").mkdir()
        (large.store / "sub" / "fr.bin").write_bytes(FR)
        gate.open()
        ended = end_of(process)
    assert ended.code == 0
    assert "sub/fr.bin: something has this name since the plan" in ended.err
    assert is_right(large)


def test_what_was_to_be_removed_and_is_written_meanwhile_is_planned_anew(large: Host, page: Page) -> None:
    gate = page.before = Gate()
    with large.running("apply", MANIFEST, "--yes") as process:
        large.wait_for(lambda: gate.is_reached)
        (large.store / "old.bin").write_bytes(b"precious")
        gate.open()
        ended = end_of(process)
    assert "old.bin: size 1000 → 8" in ended.err
    assert (ended.code, is_right(large)) == (0, True)


# -- not to be had


@pytest.fixture
def two(host: Host, web: WebServer) -> Host:
    """Give a host where two models are to be fetched, of which the second comes slowly, and one is not listed."""
    host.has("en.bin", "old.bin")
    sends(web, "/fr.bin", FR, stalls=0.02)
    return wants(host, "en.bin", sourced("a.bin", DE, web.url("/a.bin")), sourced("fr.bin", FR, web.url()))


def fails(host: Host, *said: str) -> None:
    """See that an apply fails, says why and what to do, and leaves the store as it was."""
    before = models_in(host.store)
    ended = host.apply("--yes", "--json")
    assert ended.code == 1, ended.err
    error = ended.document["error"]
    for words in said:
        assert words in error["message"]
    assert "nothing was removed, and the store is as it was" in error["message"]
    assert error["hint"]
    assert error["message"] in ended.err
    assert "Traceback" not in ended.err
    assert models_in(host.store) == before
    assert ended.document["changed"] is False


def test_a_wrong_digest_is_shown_with_the_one_that_is_listed(two: Host, web: WebServer) -> None:
    wrong = content_of(len(DE), seed=3)
    sends(web, "/a.bin", wrong)
    fails(two, sha256_of(DE), sha256_of(wrong))
    kept = [path.read_bytes() for path in (two.store / ".ocrstate" / "staging").iterdir()]
    assert wrong not in kept, "nothing of it is kept"


@pytest.mark.parametrize("status", [401, 403, 404])
def test_what_the_server_does_not_give_is_said_and_what_else_came_is_kept(
    two: Host, web: WebServer, status: int
) -> None:
    def when_some_came(_asked: object) -> None:
        two.wait_for(lambda: sum(parts(two)) >= PIECE)

    sends(web, "/a.bin", DE, statuses=[status], before=when_some_came)
    fails(two, "a.bin cannot be fetched", str(status))
    came, since = sum(parts(two)), len(web.asked)
    assert came >= PIECE
    sends(web, "/a.bin", DE)
    web.pages["/fr.bin"].stalls = 0.0
    assert two.apply("--yes").code == 0
    assert web.sent(since) == SIZE - came + len(DE)


def test_a_server_that_asks_for_too_much_patience_gets_none(two: Host, web: WebServer) -> None:
    sends(web, "/a.bin", DE, statuses=[503], headers={"Retry-After": "500"})
    fails(two, "503", "the server asks to come back in 500 seconds")


def test_a_server_with_an_unknown_certificate_is_not_believed(host: Host, web: WebServer, tmp_path: Path) -> None:  # noqa: ARG001 - for the home
    context, authority = unknown_authority(tmp_path)
    host.has("old.bin")
    with WebServer({"/fr.bin": Page(FR)}, context) as secure:
        wants(host, sourced("fr.bin", FR, secure.url()))
        fails(host, "certificate")
        assert secure.sent() == 0
        ended = host.apply("--yes", env={"SSL_CERT_FILE": authority})
    assert (ended.code, (host.store / "fr.bin").read_bytes()) == (0, FR)


@pytest.fixture
def endless(two: Host, web: WebServer) -> Iterator[Host]:
    """Give a host that waits for a server which never answers."""
    gate = Gate()
    sends(web, "/a.bin", DE, before=gate)
    yield two
    gate.open()


def test_a_signal_ends_the_waiting_for_a_server_that_says_nothing(endless: Host) -> None:
    before = models_in(endless.store)
    with endless.running("apply", MANIFEST, "--yes") as process:
        endless.wait_for(lambda: parts(endless))
        began = time.monotonic()
        process.terminate()
        ended = end_of(process)
    assert (ended.code, time.monotonic() - began < 3) == (143, True)
    assert STAYS in ended.err
    assert models_in(endless.store) == before


# -- sources on this machine that are none


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("nowhere/fr.bin", "there is no such file"),
        (".", "it is a folder, not a file"),
        ("/dev/zero", "it is not a regular file"),
        ("pipe", "it is not a regular file"),
        ("loop", "links lead in a circle there"),
        ("models.yml/fr.bin", "there is no such file"),
    ],
)
def test_a_local_source_that_is_no_file_is_refused_before_anything_is_done(host: Host, source: str, said: str) -> None:
    os.mkfifo(host.app / "pipe")
    (host.app / "loop").symlink_to("loop")
    host.has("old.bin")
    wants(host, {"name": "fr.bin", "source": source})
    before = snapshot(host.store)
    ended = host.apply("--yes")
    assert ended.code == 3
    assert said in ended.err
    assert snapshot(host.store) == before


def test_a_local_source_of_another_size_is_refused_before_a_byte_is_read(host: Host) -> None:
    host.has("old.bin")
    (host.app / "de.bin").write_bytes(DE[:-1])
    wants(host, sourced("de.bin", DE, "de.bin"))
    ended = host.apply("--yes")
    assert ended.code == 3
    assert "it has 1,999 B, and 2,000 B are listed" in ended.err
