"""What a doctor found: as text, as a document, and as a text to paste into an issue."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocrstate.doctor.model import Area, Finding, Findings, Status, Topic
from ocrstate.render.doctor_document import doctor_document
from ocrstate.render.doctor_report import PrivateWords, render_report
from ocrstate.render.doctor_text import render_findings, summary_line
from ocrstate.render.look import Detail, Look
from ocrstate.render.paint import Paint
from tests.support.documents import valid

ENGINE, STORE = Topic(Area.ENGINE, "engine-listing"), Topic(Area.STORE, "store-folder-links")
LOCK = Topic(Area.TOOL, "lock")
NOBODY = PrivateWords((), (), ())

FOUND: Findings = (
    ENGINE.fail(
        "the engine gave up (SIGABRT): .NET found no ICU library; it wrote:\n"
        "  Process terminated. Couldn't find a valid ICU package",
        "set DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1; --inventory directory lists the folder without the engine",
        error="engine-aborted",
    ),
    STORE.ok("no links to folders in the store", links=(), is_cut=False, limit=None, count=3),
    LOCK.warn("a run holds the lock (process 4711)", "wait for it to end", "deploy on ocr-1: ocrstate apply", pid=4711),
)
TEXT = """\
Engine
  x fail  the engine gave up (SIGABRT): .NET found no ICU
          library; it wrote:
            Process terminated. Couldn't find a valid ICU
            package
          > set DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1;
            --inventory directory lists the folder without
            the engine

Store
    ok    no links to folders in the store

ocrstate
  ! warn  a run holds the lock (process 4711)
            deploy on ocr-1: ocrstate apply
          > wait for it to end

1 warning, 1 failure.
"""


def drawn(found: Findings, detail: Detail = Detail.CHANGES, *, width: int = 60, colours: bool = False) -> str:
    return render_findings(found, Look(Paint(colours=colours), width, detail))


def test_each_finding_is_a_line_with_its_remedy_below() -> None:
    assert drawn(FOUND) == TEXT


def test_colour_only_adds_to_the_text() -> None:
    painted = drawn(FOUND, colours=True)
    assert "\x1b[31mx fail\x1b[0m" in painted
    assert re.sub(r"\x1b\[\d+m", "", painted) == TEXT


def test_in_full_the_facts_are_shown() -> None:
    lines = [line.strip() for line in drawn(FOUND, Detail.EVERYTHING).splitlines()]
    assert {"store-folder-links", "links: -", "is_cut: no", "limit: -", "count: 3", "error: engine-aborted"} <= {*lines}


@pytest.mark.parametrize(
    ("statuses", "words"),
    [
        ("", "All is well."),
        ("ok ok", "All is well."),
        ("ok warn", "1 warning."),
        ("fail", "1 failure."),
        ("fail warn ok fail warn warn", "3 warnings, 2 failures."),
    ],
)
def test_the_last_line_sums_up(statuses: str, words: str) -> None:
    found = tuple(Finding(Area.STORE, "code", Status(status), "message") for status in statuses.split())
    assert summary_line(found, Paint(colours=False)) == words
    assert drawn(found, Detail.SUMMARY) == f"{words}\n"
    assert drawn(found).endswith(f"{words}\n")


def test_the_document_has_the_keys_that_scripts_rely_on() -> None:
    document = valid(doctor_document(FOUND))
    assert document.keys() == {"format_version", "kind", "checks", "summary"}
    assert document["summary"] == {"ok": 1, "warn": 1, "fail": 1}
    assert document["checks"][1] == {
        "area": "store",
        "code": "store-folder-links",
        "status": "ok",
        "message": "no links to folders in the store",
        "hint": "",
        "detail": "",
        "facts": {"links": [], "is_cut": False, "limit": None, "count": 3},
    }


def test_the_report_is_one_block_with_all_facts_and_no_names_of_people() -> None:
    report = render_report(FOUND, NOBODY)
    assert report.startswith("```text\nocrstate doctor: 1 ok, 1 warn, 1 fail\n")
    assert report.endswith("\n```\n")
    assert "[warn] ocrstate/lock: a run holds the lock (process 4711)\n       hint: wait" in report
    assert "deploy" not in report


def test_the_report_names_no_homes_users_and_machines() -> None:
    found = (
        STORE.ok("/home/ann/models and /home/anna and /srv/ann/x on ocr-1", path="/home/ann", host="ocr-1.example"),
    )
    report = render_report(found, PrivateWords(("/home/ann", "/"), ("ann",), ("ocr-1.example", "ocr-1")))
    assert "~/models and /home/anna and /srv/USER/x on HOST" in report
    assert "path: ~\n       host: HOST\n" in report


@pytest.mark.parametrize("name", ["```", "`" * 7, "a`b", "```\n# heading"])
def test_nothing_breaks_out_of_the_block(name: str) -> None:
    first, *inside, last = render_report((STORE.ok(name, names=(name,)),), NOBODY).splitlines()
    assert first == f"{last}text"
    assert not any(line.lstrip().startswith(last) for line in inside)


HOSTILE = st.one_of(
    st.sampled_from(("\x1b[31m", "\u202e", "\udcff", "\x9b", "\u2028", "a\rb", "x" * 300, " ", "\n\n")),
    st.text(max_size=9).filter(lambda text: not re.search(r"[\ud800-\udc7f\udd00-\udfff]", text)),
)


@given(HOSTILE, st.sampled_from(Detail), st.sampled_from((1, 60, 80, 200)))
def test_whatever_is_found_the_text_is_harmless(text: str, detail: Detail, width: int) -> None:
    found = (STORE.warn(f"a{text}", text, text, name=text, names=(text,)),)
    told = (drawn(found, detail, width=width), render_report(found, NOBODY))
    assert all(each.replace("\n", "").isprintable() for each in told)
    assert valid(doctor_document(found))["summary"]["warn"] == 1
