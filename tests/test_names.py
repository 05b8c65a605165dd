"""What a model may be called, which names are twins, and what patterns match."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocrstate.names import NAME_RULES, PLAIN_NAME, Glob, first_match, is_decodable, lossy, name_problem, twin_key

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
names_on_disk = st.binary(min_size=1, max_size=12).map(lambda name: name.decode("utf-8", "surrogateescape"))


@pytest.mark.parametrize(
    "name",
    [
        "a",
        "fr.bin",
        "sub/fr.bin",
        ".hidden",
        "...",
        "..a",
        "a..b",
        " leading",
        "trailing ",
        "-dash",
        "é",
        "\u202eRTL",
        "emoji 😀",
        "x" * 255,
        "é" * 127,
        f"{'x' * 255}/{'y' * 255}",
        ".ocrstate.bin",
        "sub/.ocrstate",
        "ab:c",
        "*.bin",
    ],
)
def test_these_names_are_good(name: str) -> None:
    assert name_problem(name) is None


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("a\nb", "control character"),
        ("a\x1b[m", "control character"),
        ("a\x7f", "control character"),
        ("a\x85", "control character"),
        ("a\u2028", "control character"),
        ("a\udc80", "not valid Unicode"),
        ("a\\b", "backslash"),
        ("/a", "absolute path"),
        ("c:/a", "absolute path"),
        ("C:", "absolute path"),
        ("..", "leaves the store"),
        ("../a", "leaves the store"),
        ("a/..", "leaves the store"),
        (".", "empty or '.' part"),
        ("a/.", "empty or '.' part"),
        ("a//b", "empty or '.' part"),
        ("a/", "empty or '.' part"),
        ("a/b/c", "no deeper than one sub-folder"),
        (".ocrstate", "tool's own files"),
        (".ocrstate/a", "tool's own files"),
        (".OCRstate/a", "tool's own files"),
        ("x" * 256, "longer than 255 bytes"),
        ("é" * 128, "longer than 255 bytes"),
        ("a/" + "x" * 256, "longer than 255 bytes"),
    ],
)
def test_these_names_are_refused(name: str, part: str) -> None:
    assert part in str(name_problem(name))


@given(names)
def test_a_good_name_stays_inside_the_store(name: str) -> None:
    if name_problem(name) is None:
        assert not name.startswith("/")
        assert not {"", ".", ".."} & set(name.split("/"))
        assert name.count("/") <= 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a", "A"),
        ("é", "e\u0301"),
        ("É", "e\u0301"),
        ("ß", "SS"),
        ("Å", "\u212b"),
        ("\u017f", "s"),
        ("\u0345\u0391", "\u03b9\u03b1"),
    ],
)
def test_twins_have_one_key(one: str, other: str) -> None:
    assert twin_key(one) == twin_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("a", "b"), ("a", "á"), ("a.bin", "a.bin "), ("sub/a", "a"), ("\u0131", "i")]
)
def test_others_have_not(one: str, other: str) -> None:
    assert twin_key(one) != twin_key(other)


@given(names)
def test_the_key_ignores_case_folding_and_composition(name: str) -> None:
    assert (
        twin_key(name) == twin_key(unicodedata.normalize("NFD", name)) == twin_key(unicodedata.normalize("NFC", name))
    )
    assert twin_key(name) == twin_key(unicodedata.normalize("NFC", name).casefold())


@given(names_on_disk)
def test_names_on_disk_are_spelt_as_the_engine_does(name: str) -> None:
    on_disk = name.encode("utf-8", "surrogateescape")
    assert lossy(name) == on_disk.decode("utf-8", "replace")
    assert is_decodable(name) == (lossy(name) == name)


@pytest.mark.parametrize(
    ("pattern", "matching", "other"),
    [
        ("*.bin", ["a.bin", "sub/a.bin", ".bin", "a\nb.bin"], ["a.BIN", "a.bin.x", "a.bin/x"]),
        ("old_*", ["old_1", "sub/old_1", "old_"], ["sold_1", "old_1/x"]),
        ("sub/*.bin", ["sub/a.bin"], ["a.bin", "other/a.bin", "sub/x/a.bin"]),
        ("*/a", ["sub/a", ".x/a"], ["a", "a/b"]),
        ("sub/", ["sub/a", "sub/.x"], ["sub", "a/sub", "subs/a"]),
        ("s*/", ["sub/a", "s/a"], ["s", "x/s"]),
        ("?", ["a", "é", "sub/b"], ["ab", "sub/ab"]),
        ("[ab]", ["a", "x/b"], ["c", "[ab]"]),
        ("[!a]", ["b", "!"], ["a"]),
        ("[*]", ["*", "x/*"], ["a"]),
        ("[z-a]", [], ["a", "z"]),
        ("[", ["["], ["a"]),
        ("a.b", ["a.b"], ["axb"]),
        ("*", ["a", ".a", "sub/a"], []),
    ],
)
def test_a_pattern_matches_as_in_gitignore(pattern: str, matching: list[str], other: list[str]) -> None:
    glob = Glob(pattern)
    assert [name for name in matching + other if glob.matches(name)] == matching


@given(st.text("ab*?[]!-/.", min_size=1, max_size=10), names)
def test_no_pattern_fails(pattern: str, name: str) -> None:
    assert Glob(pattern).matches(name) in {True, False}


def test_globs_are_equal_when_their_texts_are() -> None:
    assert Glob("a*") == Glob("a*") != Glob("b*")
    assert len({Glob("a*"), Glob("a*")}) == 1


def test_the_first_match_is_returned() -> None:
    globs = (Glob("x"), Glob("a*"), Glob("*"))
    assert first_match(globs, "sub/ab") is globs[1]
    assert first_match(globs[:2], "b") is None


@given(st.from_regex(PLAIN_NAME, fullmatch=True))
def test_a_plain_name_breaks_no_rule(name: str) -> None:
    parts = name.split("/")
    assert [problem for is_broken, problem in NAME_RULES if is_broken(name, parts)] == []
