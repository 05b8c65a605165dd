"""What is drawn for people fits their terminal; what goes into a pipe stays one line a model, to be searched."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import termios
from typing import TYPE_CHECKING

import pytest

from tests.e2e.host import MANIFEST, Ended, Host, end_of, read_until

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = pytest.mark.without_engine

NARROW = 60
HINT = "put the models in place or mend the manifest; to go on regardless, use --allow-missing"


@pytest.fixture
def refused(host: Host) -> Host:
    """Give a host with a plan that has long lines and that apply refuses."""
    return host.has("old_ocr_v1.bin", "fr_ocr_v2.bin").lists("fr_ocr_v3.bin", protect=["old_*"])


def at_a_terminal(host: Host, columns: int, *words: str, env: Mapping[str, str | None] | None = None) -> str:
    """Run a command at a terminal so wide, and return what was seen there."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with host.running(*words, stdout=theirs, stderr=theirs, env=env or {}) as process:
        os.close(theirs)
        seen = read_until(ours, None).replace("\r\n", "\n")
        os.close(ours)
        end_of(process)
    return seen


def too_wide(text: str, columns: int = NARROW) -> list[str]:
    """Return the lines that the terminal would break although they could have been folded."""
    long = [line for line in text.splitlines() if len(line) > columns]
    return [line for line in long if all(len(word) <= columns for word in line.split())]


def one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    "words",
    [
        ("plan", MANIFEST),
        ("apply", MANIFEST, "--yes"),
        ("verify", MANIFEST),
        ("diff", MANIFEST, "nowhere.yml"),
        ("plan", MANIFEST, "--engine-timeout", "never"),
        ("history", "no-such-run"),
    ],
    ids=" ".join,
)
def test_at_a_narrow_terminal_nothing_is_left_for_the_terminal_to_break(refused: Host, words: tuple[str, ...]) -> None:
    assert too_wide(at_a_terminal(refused, NARROW, *words, "--color", "never")) == []


def test_what_is_said_does_not_depend_on_the_width(refused: Host) -> None:
    seen = {columns: at_a_terminal(refused, columns, "plan", MANIFEST, "--color", "never") for columns in (60, 200)}
    assert one_line(seen[60]) == one_line(seen[200]) == one_line(refused.plan().out)
    assert seen[200] == refused.plan().out
    assert seen[60] != seen[200]


def test_a_terminal_that_does_not_tell_its_width_gets_whole_lines(refused: Host) -> None:
    assert at_a_terminal(refused, 0, "plan", MANIFEST, "--color", "never") == refused.plan().out


def test_in_a_pipe_a_line_stays_one_line(refused: Host) -> None:
    ended = refused.apply("--yes")
    assert f"\n  {HINT}\n" in ended.err
    assert (
        "Error: of the listed models, 1 missing (fr_ocr_v3.bin; did you mean fr_ocr_v2.bin?): a typo in " in ended.err
    )
    assert ended.err.count("\n") == 2
    assert "listed, not in the store; did you mean fr_ocr_v2.bin?\n" in ended.out


def test_columns_counts_where_it_is_set_in_a_pipe_too(refused: Host) -> None:
    narrow: Ended = refused.apply("--yes", env={"COLUMNS": str(NARROW)})
    assert too_wide(narrow.out) == too_wide(narrow.err) == []
    assert one_line(narrow.out) == one_line(refused.apply("--yes").out)
    assert (
        at_a_terminal(refused, 200, "plan", MANIFEST, env={"COLUMNS": str(NARROW), "NO_COLOR": "1"})
        == refused.plan(env={"COLUMNS": str(NARROW)}).out
    )


@pytest.mark.parametrize("columns", ["0", "-5", "", "wide", "9" * 5000, "1"])
def test_columns_that_make_no_sense_do_no_harm(refused: Host, columns: str) -> None:
    planned = refused.plan(env={"COLUMNS": columns})
    assert (planned.code, planned.err) == (0, "")
    assert one_line(planned.out) == one_line(refused.plan().out)


def test_a_document_is_not_folded(refused: Host) -> None:
    assert refused.plan("--json", env={"COLUMNS": "40"}).document["kind"] == "plan"
