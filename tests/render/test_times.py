"""How moments and lengths of time are spelled for people."""

from __future__ import annotations

import pytest

from ocrstate.text.times import age_text, duration_text, minute_text, moment_text, readable_time


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [
        (0, "1970-01-01T00:00Z"),
        (1_795_255_320_000_000_000, "2026-11-21T10:02Z"),
        (1_795_255_379_999_999_999, "2026-11-21T10:02Z"),
        (-1, "1969-12-31T23:59Z"),
        (2**63 - 1, "2262-04-11T23:47Z"),
        (10**30, "at no time that a calendar knows"),
        (-(10**30), "at no time that a calendar knows"),
        (253_402_300_800 * 10**9, "at no time that a calendar knows"),
    ],
)
def test_a_moment_of_a_file_is_spelled_to_the_minute(nanoseconds: int, text: str) -> None:
    assert minute_text(nanoseconds) == text


def test_a_moment_of_a_run_is_spelled_to_the_minute() -> None:
    assert readable_time("2026-11-21T10:02:59Z") == "2026-11-21 10:02 UTC"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (59, "59 seconds"),
        (60, "1 minute"),
        (90, "90 seconds"),
        (1_800, "30 minutes"),
        (3_600, "1 hour"),
        (129_600, "36 hours"),
        (86_400, "1 day"),
        (604_800, "7 days"),
        (1_209_600, "14 days"),
        (99_999 * 604_800, "699,993 days"),
    ],
)
def test_a_length_of_time_is_spelled_in_the_largest_unit_that_says_it_exactly(seconds: int, text: str) -> None:
    assert duration_text(seconds) == text


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1_795_255_379_999_999_999, "2026-11-21T10:02:59Z"),
        (-1, "1969-12-31T23:59:59Z"),
        (-62_000_000_000 * 10**9, None),
        (10**30, None),
    ],
)
def test_a_moment_is_data_to_the_second(nanoseconds: int, text: str | None) -> None:
    assert moment_text(nanoseconds) == text


_DAY = 86_400


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-1, "future"),
        (0, "now"),
        (59, "now"),
        (60, "1 min"),
        (3_599, "59 min"),
        (3_600, "1 h"),
        (2 * _DAY - 1, "47 h"),
        (2 * _DAY, "2 d"),
        (60 * _DAY, "60 d"),
        (61 * _DAY, "2 mo"),
        (150 * _DAY, "4 mo"),
        (730 * _DAY, "23 mo"),
        (731 * _DAY, "2 y"),
        (292 * 366 * _DAY, "292 y"),
    ],
)
def test_an_age_is_told_in_one_unit_and_six_characters(seconds: int, text: str) -> None:
    assert age_text(seconds) == text
    assert len(text) <= 6
