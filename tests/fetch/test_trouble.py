"""Killed at any moment, whatever the server does: the right bytes in the end, or an error."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from ocrstate.errors import FetchError
from ocrstate.fetch.model import Pace
from tests.fetch.stores import Fetching, wanted_of
from tests.servers.web import PIECE, Page, WebServer, content_of, sha256_of

ROOT = Path(__file__).parents[2]
CONTENT = content_of(40 * PIECE + 5)
KILLS = 12
SMALL = content_of(6 * PIECE + 5)
AFTER_AN_EARLIER_ONE = content_of(6 * PIECE + 5, seed=1)


def test_a_download_that_is_killed_again_and_again_ends_right(fetching: Fetching) -> None:
    chance = random.Random(4)
    with WebServer({"/fr.bin": Page(CONTENT, stalls=0.004)}) as server:
        script = "from tests.fetch.test_trouble import fetch; fetch()"
        command = [sys.executable, "-c", script, str(fetching.store), server.url()]
        for _ in range(KILLS):
            asked = len(server.asked)
            running = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
            while len(server.asked) == asked and running.poll() is None:
                time.sleep(0.002)
            time.sleep(chance.uniform(0, 0.03))
            running.kill()
            running.wait()
        left = sum(path.stat().st_size for path in fetching.staging.glob("*.part"))
        server.pages["/fr.bin"].stalls = 0.0
        last = len(server.asked)
        staged = fetching.one(server.url(), CONTENT)
        assert staged.transferred <= len(CONTENT) - left
        assert server.sent(since=last) == staged.transferred
        assert any(asked.range for asked in server.asked)


def fetch() -> None:
    Fetching(Path(sys.argv[1])).one(sys.argv[2], CONTENT)


EVENTS = st.fixed_dictionaries(
    {},
    optional={
        "drops": st.lists(st.integers(0, len(SMALL)), max_size=4),
        "ranges": st.booleans(),
        "if_range": st.booleans(),
        "etag": st.sampled_from(['"v1"', '"v2"', 'W/"v1"', None]),
        "content": st.sampled_from([SMALL, AFTER_AN_EARLIER_ONE, SMALL[:-1], SMALL + b"x", b""]),
        "shift": st.sampled_from([0, 0, 1, -1]),
        "ranged_200": st.booleans(),
        "gzipped": st.booleans(),
        "measured": st.booleans(),
        "claims": st.sampled_from([0, 0, 0, 5, -5]),
        "statuses": st.lists(st.sampled_from([416, 429, 500, 503]), max_size=2),
    },
)


@settings(max_examples=60, deadline=None)
@given(st.lists(EVENTS, min_size=1, max_size=4), st.sampled_from([None, len(SMALL)]))
def test_whatever_a_server_does_no_wrong_bytes_are_taken_for_the_model(
    events: list[dict[str, object]], size: int | None
) -> None:
    """Each run meets the server in another state; after the last one, it behaves."""
    with TemporaryDirectory() as folder, WebServer({"/fr.bin": Page(SMALL)}) as server:
        fetching = Fetching(Path(folder))
        fetching.pace = Pace(attempts=3, first_pause=0, longest_pause=0, connect=2, stall=2)
        wanted = wanted_of(server.url(), SMALL, size=size)
        for event in events:
            page = server.pages["/fr.bin"] = Page(SMALL)
            for name, value in event.items():
                setattr(page, name, list(value) if isinstance(value, list) else value)
            with suppress(FetchError):
                fetching(wanted)
            for path in fetching.staging.glob("*.model"):
                assert sha256_of(path.read_bytes()) == wanted.sha256
        server.pages["/fr.bin"] = Page(SMALL)
        (staged,) = fetching(wanted)
        assert fetching.content(staged) == SMALL
