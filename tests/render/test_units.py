"""How numbers are spelled for people."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocrstate.text.units import counted, size_text

_FACTORS = {unit: 1000**power for power, unit in enumerate(("B", "kB", "MB", "GB", "TB", "PB", "EB"))}


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (1, "1 B"),
        (999, "999 B"),
        (1_000, "1.0 kB"),
        (1_049, "1.0 kB"),
        (1_050, "1.1 kB"),
        (9_949, "9.9 kB"),
        (9_950, "10 kB"),
        (999_499, "999 kB"),
        (999_500, "1.0 MB"),
        (5_300_000_000, "5.3 GB"),
        (40 * 1024**3, "43 GB"),
        (4_683_073_952, "4.7 GB"),
        (999_499_999_999, "999 GB"),
        (10**12, "1.0 TB"),
        (10**15, "1.0 PB"),
        (2**63, "9.2 EB"),
        (2**64, "18 EB"),
    ],
)
def test_a_size_has_three_digits_at_most(size: int, text: str) -> None:
    assert size_text(size) == text


@given(st.integers(0, 2**64))
def test_a_size_is_never_off_by_more_than_a_twentieth(size: int) -> None:
    text = size_text(size)
    match = re.fullmatch(r"(\d{1,3}|\d\.\d) (k?B|[MGTPE]B)", text)
    assert match
    assert abs(float(match[1]) * _FACTORS[match[2]] - size) <= size / 20


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 models"), (1, "1 model"), (2, "2 models"), (1_200, "1,200 models")]
)
def test_a_count_has_its_noun(number: int, text: str) -> None:
    assert counted(number, "model") == text
