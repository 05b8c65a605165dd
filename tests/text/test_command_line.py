"""What is spelled for a shell is what the shell then reads."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ocrstate.text.command_line import Word, spelled, words_of

QUOTES = ("", "'", '"')
printable = st.text(st.characters(codec="utf-8").filter(str.isprintable), min_size=1, max_size=20)
shell_like = st.text(" '\"\\$`!*?[]{}()<>|&;#~=:,-ab/\u00e9", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("line", "last"),
    [
        ("", Word()),
        ("ocrstate", Word("ocrstate", "ocrstate")),
        ("ocrstate ", Word()),
        ("  ocrstate pl", Word("pl", "pl")),
        ("a 'b c", Word("'b c", "b c", "'")),
        ('a "b c', Word('"b c', "b c", '"')),
        ('a "b c"', Word('"b c"', "b c")),
        ("a b\\ c", Word("b\\ c", "b c")),
        ('a "b\\$\\"c\\d', Word('"b\\$\\"c\\d', 'b$"c\\d', '"')),
        ('a "b\\', Word('"b\\', "b", '"')),
        ("a b\\", Word("b\\", "b")),
        ("a b'c d'\"e f\"g", Word("b'c d'\"e f\"g", "bc de fg")),
        ("a\tb\nc", Word("c", "c")),
    ],
)
def test_the_word_at_the_cursor(line: str, last: Word) -> None:
    assert words_of(line)[-1] == last


@given(text=printable | shell_like, quote=st.sampled_from(QUOTES))
@example(text="a!b", quote='"')
@example(text="it's", quote="'")
def test_what_is_spelled_reads_as_it_was(text: str, quote: str) -> None:
    assert words_of(f"x {quote}{spelled(text, quote)}{quote}")[-1].text == text


@given(line=shell_like | st.text(max_size=20))
def test_no_line_is_too_odd(line: str) -> None:
    assert "".join(word.raw for word in words_of(line)) == "".join(word.raw for word in words_of(f" {line}"))


@pytest.mark.parametrize("quote", QUOTES)
def test_bash_reads_it_so_too(quote: str) -> None:
    texts = [f"{first}a{second}" for first in map(chr, range(32, 127)) for second in map(chr, range(32, 127))]
    words = " ".join(f"{quote}{spelled(text, quote)}{quote}" for text in texts)
    script = f"set -o history -o histexpand\nprintf '%s\\0' {words}"
    read = subprocess.run(["bash", "--norc"], input=script, capture_output=True, text=True, check=True)
    assert (read.stdout.split("\0")[:-1], read.stderr) == (texts, "")
