"""What a web server's answer means for a download that goes on."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from ocrstate.sources.answers import Comes, StartOver, read_answer, resume_headers
from ocrstate.sources.body import RefusedError, Resume, TemporaryError

NOW = datetime(2026, 10, 21, 7, 28, tzinfo=timezone.utc)
DATE = "Wed, 21 Oct 2026 07:28:00 GMT"
REST = Resume(40, '"v1"', 100)
RANGE = {"content-range": "bytes 40-99/100", "etag": '"v1"'}
CASES: dict[str, tuple[int, dict[str, str], Resume, Comes | StartOver]] = {
    "all of it": (200, {"content-length": "100", "etag": '"v1"'}, Resume(), Comes(0, 100, '"v1"')),
    "all of it, though a part was asked for": (200, {"content-length": "100"}, REST, Comes(0, 100, None)),
    "no length": (200, {}, Resume(), Comes(0, None, None)),
    "a length beside chunks": (
        *(200, {"content-length": "9", "transfer-encoding": "chunked"}, Resume()),
        Comes(0, None, None),
    ),
    "no number as length": (200, {"content-length": "+5"}, Resume(), Comes(0, None, None)),
    "a weak tag": (200, {"etag": 'W/"v1"', "last-modified": DATE}, Resume(), Comes(0, None, DATE)),
    "a date that is none": (200, {"last-modified": "yesterday"}, Resume(), Comes(0, None, None)),
    "the rest": (206, RANGE, REST, Comes(40, 100, '"v1"')),
    "the rest, without its tag": (206, {"content-range": "bytes 40-99/100"}, REST, Comes(40, 100, '"v1"')),
    "the rest of who knows how much": (206, {"content-range": "bytes 40-99/*"}, REST, Comes(40, None, '"v1"')),
    "the rest with status 200": (200, RANGE, REST, Comes(40, 100, '"v1"')),
    "a range of everything": (206, {"content-range": "bytes 0-99/100"}, Resume(), Comes(0, 100, None)),
    "a part from elsewhere": (206, RANGE | {"content-range": "bytes 41-99/100"}, REST, StartOver()),
    "a part of a longer file": (206, RANGE | {"content-range": "bytes 40-199/200"}, REST, StartOver()),
    "a part of a shorter file": (206, {"content-range": "bytes 40-30/31"}, Resume(40, None, None), StartOver()),
    "a part of another file": (206, RANGE | {"etag": '"v2"'}, REST, StartOver()),
    "a part of which nothing is told": (206, {"etag": '"v1"'}, REST, StartOver()),
    "several parts": (206, {"content-type": "multipart/byteranges"}, REST, StartOver()),
    "no such part": (416, {"content-range": "bytes */30"}, REST, StartOver()),
    "a compressed part": (206, RANGE | {"content-encoding": "gzip"}, REST, StartOver()),
    "compressed": (
        200,
        {"content-encoding": "gzip", "content-length": "9"},
        Resume(),
        Comes(0, None, None, encoded=True),
    ),
}


@pytest.mark.parametrize(("status", "headers", "resume", "meaning"), CASES.values(), ids=CASES)
def test_an_answer_brings(status: int, headers: dict[str, str], resume: Resume, meaning: Comes | StartOver) -> None:
    assert read_answer(status, headers, resume, NOW) == meaning


@pytest.mark.parametrize(
    ("resume", "headers"),
    [
        (Resume(), {}),
        (Resume(0, '"v1"', 100), {}),
        (REST, {"Range": "bytes=40-", "If-Range": '"v1"'}),
        (Resume(40), {"Range": "bytes=40-"}),
    ],
)
def test_the_rest_is_asked_for_under_the_condition_that_nothing_changed(
    resume: Resume, headers: dict[str, str]
) -> None:
    assert resume_headers(resume) == headers


LATER = (NOW + timedelta(seconds=90)).strftime("%a, %d %b %Y %H:%M:%S GMT")


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("", None), ("120", 120.0), (LATER, 90.0), (DATE, 0.0), ("Mon, 01 Jan 2001 00:00:00 GMT", 0.0), ("soon", None)],
)
def test_the_pause_that_a_server_asks_for_is_read(told: str, seconds: float | None) -> None:
    with pytest.raises(TemporaryError) as caught:
        read_answer(503, {"retry-after": told}, Resume(), NOW)
    assert caught.value.retry_after == seconds


def test_a_part_that_nobody_asked_for_is_not_taken_for_the_file() -> None:
    with pytest.raises(TemporaryError, match="another part"):
        read_answer(206, {"content-range": "bytes 5-9/10"}, Resume(), NOW)


@pytest.mark.parametrize("status", [100, 204, 304, 400, 407, 418, 451, 501, 505, 511, 999])
def test_other_answers_are_refused(status: int) -> None:
    with pytest.raises(RefusedError, match=f"the server answers {status}"):
        read_answer(status, {}, Resume(), NOW)
