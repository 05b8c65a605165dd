from __future__ import annotations

import re
import time
from datetime import datetime, timedelta, timezone

import pytest

from ocrstate.applying.clock import later, new_run_id, now, seconds_between
from ocrstate.runs.journal import is_run_id

DAY = 86400


def test_the_time_is_spelled_in_utc_to_the_second() -> None:
    before = datetime.now(timezone.utc).replace(microsecond=0)
    spelled = now()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", spelled)
    said = datetime.strptime(spelled, "%Y-%m-%dT%H:%M:%S%z")
    assert before <= said <= before + timedelta(seconds=60)


@pytest.mark.parametrize(
    ("start", "seconds", "end"),
    [
        ("2026-11-21T10:02:00Z", 0, "2026-11-21T10:02:00Z"),
        ("2026-11-21T10:02:00Z", 7 * DAY, "2026-11-28T10:02:00Z"),
        ("2026-12-31T23:59:59Z", 1, "2027-01-01T00:00:00Z"),
        ("2028-02-28T12:00:00Z", DAY, "2028-02-29T12:00:00Z"),
        ("2026-11-21T10:02:00Z", -60, "2026-11-21T10:01:00Z"),
    ],
)
def test_later_is_so_many_seconds_later_and_back_again(start: str, seconds: int, end: str) -> None:
    assert later(start, seconds) == end
    assert seconds_between(start, end) == seconds


@pytest.mark.parametrize("seconds", [8000 * 366 * DAY, 10**12, 10**30])
def test_beyond_the_end_of_time_it_is_the_end_of_time(seconds: int) -> None:
    assert later("2026-11-21T10:02:00Z", seconds) == "9999-12-31T23:59:59Z"


def test_such_times_sort_as_texts() -> None:
    times = [later("2026-11-21T10:02:00Z", step) for step in (-1, 0, 1, 59, 3600, DAY, 400 * DAY, 10**30)]
    assert times == sorted(times)
    assert len(set(times)) == len(times)


def test_ids_of_runs_sort_by_time_to_a_fraction_of_a_second() -> None:
    ids = []
    for _ in range(20):
        ids.append(new_run_id())
        time.sleep(0.001)
    assert ids == sorted(set(ids))


def test_the_id_of_a_run_tells_when_it_was_and_has_the_form_of_one() -> None:
    start = datetime.now(timezone.utc)
    run_id = new_run_id()
    end = datetime.now(timezone.utc)
    assert is_run_id(run_id)
    assert f"{start:%Y%m%dT%H%M%SZ}" <= run_id <= f"{end:%Y%m%dT%H%M%SZ}-ffffff"
