from __future__ import annotations

import pytest

from ocrstate.authoring.exact_patterns import exact_pattern


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("a.bin", "a.bin"),
        ("sub/a.bin", "sub/a.bin"),
        ("a*b?[c].{d}", "a[*]b[?][[]c].[{]d}"),
        ("a\nb", "a?b"),
        ("\udcff\\", "??"),
        (" ", "[ ]"),
        ("C:x", "[C]:x"),
        ("!x", "?x"),
        ("a!b", "a!b"),
        ("*" * 255, "?" * 255),
    ],
)
def test_a_pattern_is_as_exact_as_patterns_can_be(name: str, pattern: str) -> None:
    assert exact_pattern(name) == pattern
