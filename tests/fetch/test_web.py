"""What comes from web servers, good ones and bad ones: the right bytes, or an error, never others."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from tests.fetch.pages import CONTENT, CUT, DATE, OTHER, SIZE
from tests.fetch.stores import NAME, QUICK, wanted_of
from tests.servers.web import PIECE, Page, WebServer, sha256_of

if TYPE_CHECKING:
    from tests.fetch.stores import Fetching


def test_a_model_comes_whole_and_is_there_at_once_the_next_time(server: WebServer, fetching: Fetching) -> None:
    first = fetching.one(server.url(), CONTENT, size=SIZE)
    again = fetching.one(server.url(), CONTENT, size=SIZE)
    assert (first.transferred, again.transferred) == (SIZE, 0)
    assert again == first._replace(transferred=0)
    assert len(server.asked) == 1


def test_an_empty_model_comes(server: WebServer, fetching: Fetching) -> None:
    server.pages["/fr.bin"] = Page(b"")
    assert fetching.one(server.url(), b"", size=0).transferred == 0


def test_bytes_are_asked_for_as_they_are_by_a_client_that_says_who_it_is(server: WebServer, fetching: Fetching) -> None:
    fetching.one(server.url(), CONTENT)
    headers = server.asked[0].headers
    assert headers["accept-encoding"] == "identity"
    assert headers["user-agent"].startswith("ocrstate/")
    assert "authorization" not in headers


@dataclass(frozen=True)
class Broken:
    """A page that is cut off first, and what the second request brings."""

    page: dict[str, object]
    condition: str | None
    again: int
    then: dict[str, object] = field(default_factory=dict)


REST = SIZE - CUT
RESUMED = {
    "a tag": Broken({}, '"v1"', REST),
    "a date": Broken({"etag": None, "modified": DATE}, DATE, REST),
    "a weak tag and a date": Broken({"etag": 'W/"v1"', "modified": DATE}, DATE, REST),
    "a weak tag alone": Broken({"etag": 'W/"v1"'}, None, REST),
    "neither": Broken({"etag": None}, None, REST),
    "a part with status 200": Broken({"ranged_200": True}, '"v1"', REST),
    "no length": Broken({"etag": None, "measured": False}, None, REST),
}
STARTED_OVER = {
    "parts cannot be had": Broken({"ranges": False}, '"v1"', SIZE),
    "the server's copy changed": Broken({}, '"v1"', SIZE, {"etag": '"v2"'}),
    "it changed, and the condition is ignored": Broken({"if_range": False}, '"v1"', SIZE, {"etag": '"v2"'}),
    "the date changed": Broken({"etag": None, "modified": DATE}, DATE, SIZE, {"modified": DATE.replace("21", "22")}),
    "the part begins later": Broken({}, '"v1"', SIZE, {"shift": 7}),
    "the part begins earlier": Broken({}, '"v1"', SIZE, {"shift": -7}),
    "the range is refused": Broken({}, '"v1"', SIZE, {"statuses": [416]}),
}


@pytest.mark.parametrize("case", (RESUMED | STARTED_OVER).values(), ids=RESUMED | STARTED_OVER)
def test_a_download_that_was_cut_off_goes_on_or_starts_over(
    server: WebServer, fetching: Fetching, case: Broken
) -> None:
    page = server.pages["/fr.bin"] = Page(CONTENT, drops=[CUT])
    set_all(page, case.page)
    page.before = lambda _: set_all(page, case.then) if len(server.asked) == 2 else None
    expected = len(CONTENT) if "measured" in case.page else None  # else the end of the connection is the file's end
    fetching.one(server.url(), CONTENT, size=expected)
    assert server.asked[1].range == f"bytes={CUT}-"
    assert server.asked[1].headers.get("if-range") == case.condition
    assert all(asked.range is None for asked in server.asked[2:])
    assert server.sent(since=1) >= case.again
    assert server.asked[-1].sent == case.again


def set_all(page: Page, values: dict[str, object]) -> None:
    for name, value in values.items():
        setattr(page, name, list(value) if isinstance(value, list) else value)


def test_a_later_run_goes_on_where_an_earlier_one_gave_up(server: WebServer, fetching: Fetching) -> None:
    page = server.pages["/fr.bin"] = Page(CONTENT, drops=[CUT, 0, 0, 0, 0])
    error = fetching.fails(wanted_of(server.url(), CONTENT))
    assert error.code == "source-unreachable"
    assert "(4 attempts)" in error.message
    assert "goes on where it ended" in error.hint
    assert fetching.part() == CUT
    page.drops.clear()
    assert fetching.one(server.url(), CONTENT).transferred == REST
    assert server.asked[-1].range == f"bytes={CUT}-"
    assert server.asked[-1].sent == REST


def test_a_part_that_is_complete_needs_no_request(server: WebServer, fetching: Fetching) -> None:
    page = server.pages["/fr.bin"] = Page(CONTENT, drops=[CUT, 0, 0, 0, 0])
    fetching.fails(wanted_of(server.url(), CONTENT))
    (part,) = fetching.staging.glob("*.part")
    part.write_bytes(CONTENT)
    page.drops.clear()
    asked = len(server.asked)
    assert fetching.one(server.url(), CONTENT).transferred == 0
    assert len(server.asked) == asked


def test_a_part_from_another_address_is_not_gone_on_with(server: WebServer, fetching: Fetching) -> None:
    server.pages["/fr.bin"] = Page(CONTENT, drops=[CUT, 0, 0, 0, 0])
    server.pages["/mirror.bin"] = Page(CONTENT)
    fetching.fails(wanted_of(server.url(), CONTENT))
    assert fetching.one(server.url("/mirror.bin"), CONTENT).transferred == SIZE
    assert server.asked[-1].range is None


def test_nothing_of_the_address_is_written_down(server: WebServer, fetching: Fetching) -> None:
    server.pages["/fr.bin"] = Page(CONTENT, drops=[CUT, 0, 0, 0, 0])
    error = fetching.fails(wanted_of(server.url("/fr.bin?key=hidden"), CONTENT))
    (note,) = fetching.staging.glob("*.json")
    assert "hidden" not in note.read_text() + error.message + error.hint
    assert "127.0.0.1" not in note.read_text()
    assert "/fr.bin?…" in error.message


def test_parts_of_two_files_under_one_tag_are_found_out(server: WebServer, fetching: Fetching) -> None:
    page = server.pages["/fr.bin"] = Page(OTHER, drops=[CUT])
    page.before = lambda _: set_all(page, {"content": CONTENT}) if len(server.asked) == 2 else None
    fetching.one(server.url(), CONTENT, size=SIZE)
    assert server.ranges() == [None, f"bytes={CUT}-", None]


def test_a_wrong_part_from_an_earlier_run_is_found_out(server: WebServer, fetching: Fetching) -> None:
    page = server.pages["/fr.bin"] = Page(CONTENT, drops=[CUT, 0, 0, 0, 0])
    fetching.fails(wanted_of(server.url(), CONTENT))
    (part,) = fetching.staging.glob("*.part")
    part.write_bytes(bytes(CUT))
    page.drops.clear()
    fetching.one(server.url(), CONTENT)
    assert server.ranges()[-2:] == [f"bytes={CUT}-", None]


@pytest.mark.parametrize("size", [None, SIZE])
def test_a_wrong_file_is_kept_out_and_both_digests_are_told(
    server: WebServer, fetching: Fetching, size: int | None
) -> None:
    error = fetching.fails(wanted_of(server.url(), OTHER, size=size))
    assert error.code == "wrong-digest"
    assert sha256_of(CONTENT) in error.message
    assert sha256_of(OTHER) in error.message
    assert list(fetching.staging.iterdir()) == []
    assert len(server.asked) == 1


def test_a_file_of_another_length_is_refused_before_its_first_byte(server: WebServer, fetching: Fetching) -> None:
    error = fetching.fails(wanted_of(server.url(), CONTENT, size=SIZE + 1))
    assert error.code == "wrong-size"
    assert f"{SIZE + 1:,} bytes are expected, but it has {SIZE:,}" in error.message
    assert list(fetching.staging.iterdir()) == []


def test_a_file_that_does_not_end_is_left_at_the_expected_length(server: WebServer, fetching: Fetching) -> None:
    server.pages["/fr.bin"] = Page(CONTENT * 50, measured=False)
    error = fetching.fails(wanted_of(server.url(), CONTENT, size=SIZE))
    assert error.code == "wrong-size"
    assert "but it has more" in error.message
    assert sum(self for self in fetching.watched if self > 0) <= SIZE


@pytest.mark.parametrize(("claims", "size"), [(10, None), (10, SIZE), (-10, None), (-10, SIZE)])
def test_a_server_that_lies_about_the_length_gets_nothing_in(
    server: WebServer, fetching: Fetching, claims: int, size: int | None
) -> None:
    server.pages["/fr.bin"].claims = claims
    error = fetching.fails(wanted_of(server.url(), CONTENT, size=size))
    assert error.code in ("wrong-size", "wrong-digest", "source-unreachable")
    assert list(fetching.staging.glob("*.model")) == []


def test_a_server_that_compresses_unasked_is_understood(server: WebServer, fetching: Fetching) -> None:
    page = server.pages["/fr.bin"] = Page(CONTENT, gzipped=True, drops=[CUT])
    fetching.one(server.url(), CONTENT, size=SIZE)
    assert server.asked[-1].range is None
    page.headers["Content-Encoding"] = "unheard-of"
    error = fetching.fails(wanted_of(server.url(), OTHER))
    assert error.code == "source-refused"


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_passing_failure_passes(server: WebServer, fetching: Fetching, status: int) -> None:
    server.pages["/fr.bin"].statuses = [status, status]
    fetching.one(server.url(), CONTENT)
    assert [asked.status for asked in server.asked] == [status, status, 200]


@pytest.mark.parametrize(
    ("status", "code", "hint"),
    [
        (401, "source-denied", "~/.netrc"),
        (403, "source-denied", "has not expired"),
        (404, "source-missing", "correct the source"),
        (410, "source-missing", "correct the source"),
        (400, "source-refused", "curl -I"),
        (204, "source-refused", "curl -I"),
        (304, "source-refused", "curl -I"),
        (501, "source-refused", "curl -I"),
    ],
)
def test_a_lasting_failure_is_told_at_once(
    server: WebServer, fetching: Fetching, status: int, code: str, hint: str
) -> None:
    server.pages["/fr.bin"].statuses = [status]
    error = fetching.fails(wanted_of(server.url(), CONTENT))
    assert error.code == code
    assert error.message.startswith(f"{NAME} cannot be fetched from {server.url()}: the server answers {status}")
    assert hint in error.hint
    assert len(server.asked) == 1


def test_whoever_asks_to_come_back_later_is_heard(server: WebServer, fetching: Fetching) -> None:
    page = server.pages["/fr.bin"] = Page(CONTENT, statuses=[429], headers={"Retry-After": "1"})
    times: list[float] = []
    page.before = lambda _: times.append(monotonic())
    fetching.one(server.url(), CONTENT)
    assert times[1] - times[0] >= 1.0


def test_whoever_asks_to_come_back_tomorrow_is_not_waited_for(server: WebServer, fetching: Fetching) -> None:
    server.pages["/fr.bin"] = Page(CONTENT, statuses=[503], headers={"Retry-After": "86400"})
    error = fetching.fails(wanted_of(server.url(), CONTENT))
    assert error.code == "source-unreachable"
    assert "asks to come back in 86400 seconds" in error.message
    assert len(server.asked) == 1


def test_a_server_that_stops_sending_is_tried_again_and_given_up(server: WebServer, fetching: Fetching) -> None:
    fetching.patient(stall=0.1, attempts=2)
    server.pages["/fr.bin"].stalls = 1.0
    error = fetching.fails(wanted_of(server.url(), CONTENT))
    assert "the server stopped sending (2 attempts)" in error.message


def test_a_slow_server_is_waited_for(server: WebServer, fetching: Fetching) -> None:
    fetching.patient(stall=0.5)
    server.pages["/fr.bin"].stalls = 0.06
    fetching.one(server.url(), CONTENT)
    assert len(server.asked) == 1


def test_as_long_as_more_comes_it_is_tried_again(server: WebServer, fetching: Fetching) -> None:
    fetching.patient(attempts=3)
    server.pages["/fr.bin"].drops = [PIECE, 0] * 6
    fetching.one(server.url(), CONTENT)
    assert len(server.asked) == 13


def test_to_get_as_far_as_before_is_no_progress(server: WebServer, fetching: Fetching) -> None:
    server.pages["/fr.bin"] = Page(CONTENT, ranges=False, drops=[CUT] * 100)
    error = fetching.fails(wanted_of(server.url(), CONTENT))
    assert error.code == "source-unreachable"
    assert len(server.asked) == QUICK.attempts
