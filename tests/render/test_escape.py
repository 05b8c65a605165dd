"""How names are spelled so that no terminal acts on them, and no two look the same."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocrstate.text.escape import escape, escape_message

texts = st.text(st.one_of(st.characters(), st.sampled_from('\\" \n\x1b\u202e\udcff\x85xu0')))


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("fr.bin", "fr.bin"),
        ("sub/fr.bin", "sub/fr.bin"),
        ("-rf", "-rf"),
        ("a b", "a b"),
        ("", '""'),
        (" ", '" "'),
        (" a", '" a"'),
        ("a ", '"a "'),
        ('" a"', '"" a""'),
        ('a"b"', 'a"b"'),
        ("a\nb\rc\td", "a\\nb\\rc\\td"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\x00\x7f", "\\x00\\x7f"),
        ("a\\nb", "a\\\\nb"),
        ("\udc85", "\\x85"),
        ("\x85", "\\u0085"),
        ("a\u00a0", "a\\u00a0"),
        ("\u202e", "\\u202e"),
        ("\u2066", "\\u2066"),
        ("\u200b", "\\u200b"),
        ("\u2028", "\\u2028"),
        ("\ufeff", "\\ufeff"),
        ("\U000e0001", "\\U000e0001"),
        ("\ud800", "\\ud800"),
        ("é 模型 😀", "é 模型 😀"),
    ],
)
def test_what_a_terminal_would_not_show_as_it_is_is_spelled_out(text: str, spelled: str) -> None:
    assert escape(text) == spelled


@given(texts)
def test_nothing_that_acts_on_a_terminal_is_left(text: str) -> None:
    assert {unicodedata.category(character)[0] for character in escape(text)} <= set("LMNPSZ")
    assert escape(text).isprintable()


@given(texts)
def test_the_spelling_can_be_read_back(text: str) -> None:
    assert _read_back(escape(text)) == text


@given(texts)
def test_a_message_keeps_its_line_breaks_and_loses_all_else_that_acts(text: str) -> None:
    spelled = escape_message(text)
    assert spelled.count("\n") == text.count("\n")
    assert spelled.replace("\n", "").isprintable()


def test_a_message_keeps_backslashes_that_are_spellings_already() -> None:
    assert escape_message("cannot read " + escape("a\x1b")) == "cannot read a\\x1b"


def _read_back(spelled: str) -> str:
    if spelled.startswith('"'):
        spelled = spelled[1:-1]
    return re.sub(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))", _character, spelled)


def _character(match: re.Match[str]) -> str:
    byte, short, long, named = match.groups()
    if named:
        return {"n": "\n", "r": "\r", "t": "\t", "\\": "\\"}[named]
    point = int(byte or short or long, 16)
    return chr(point + 0xDC00 if byte and point >= 0x80 else point)
