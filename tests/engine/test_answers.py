"""What is taken for an answer, and what is not."""

from __future__ import annotations

import pytest

from ocrstate.engine.answers import ChildFailure, EngineListing, Garbled, parse

HERE = "Aspose.AI.LLM/models"
THERE = "/home/you/.local/share/Aspose.AI.LLM/models"


def row(*fields: str) -> bytes:
    return "".join(f"{field}\0" for field in fields).encode("utf-8", "surrogatepass")


def listing(*entries: str) -> bytes:
    return row("ocrstate-engine-1", "listing", str(len(entries) + 2), THERE, HERE, *entries, "end")


def test_a_listing_loses_the_prefix_and_keeps_order_and_duplicates() -> None:
    entries = [f"{HERE}/sub/b", f"{HERE}/x\ufffd", f"{HERE}/x\ufffd", f"{HERE}/a\n"]
    assert parse(listing(*entries)) == EngineListing(THERE, ("sub/b", "x\ufffd", "x\ufffd", "a\n"))


def test_an_empty_listing_is_a_listing() -> None:
    assert parse(listing()) == EngineListing(THERE, ())


def test_a_failure_is_told_with_all_its_facts() -> None:
    told = row("ocrstate-engine-1", "failure", "6", "list", "RuntimeError", "no", "/srv", "/p", "bad\udcff", "end")
    assert parse(told) == ChildFailure("list", "RuntimeError", "no", "/srv", "/p", ("bad\udcff",))


def test_every_part_of_an_answer_is_garbled() -> None:
    whole = listing(f"{HERE}/fr.bin", f"{HERE}/end")
    assert isinstance(parse(whole), EngineListing)
    assert all(isinstance(parse(whole[:length]), Garbled) for length in range(len(whole)))


GARBLED = {
    "nothing": (b"", "empty"),
    "bytes that are not UTF-8": (b"\xff\xfe\0", "not UTF-8"),
    "foreign words": (b"Hello\n" + listing(), "does not begin"),
    "words after the end": (listing() + b"bye", "breaks off"),
    "two answers": (listing() + listing(), "promises"),
    "fewer fields than promised": (
        row("ocrstate-engine-1", "listing", "3", THERE, HERE, "end"),
        "promises '3' fields and has 2",
    ),
    "more fields than promised": (
        row("ocrstate-engine-1", "listing", "0", THERE, HERE, "end"),
        "promises '0' fields and has 2",
    ),
    "a count that is no number": (row("ocrstate-engine-1", "listing", "x", HERE, "end"), "promises 'x'"),
    "another version": (row("ocrstate-engine-2", "listing", "1", HERE, "end"), "does not begin"),
    "an unknown kind": (row("ocrstate-engine-1", "poem", "1", "roses", "end"), "it is a 'poem' with 1 fields"),
    "a listing without its path": (row("ocrstate-engine-1", "listing", "0", "end"), "it is a 'listing' with 0 fields"),
    "an entry from elsewhere": (listing("/etc/passwd"), "it lists '/etc/passwd'"),
    "an entry without a name": (listing(f"{HERE}/"), "which is not in"),
}


@pytest.mark.parametrize(("data", "why"), GARBLED.values(), ids=GARBLED)
def test_garbled_is(data: bytes, why: str) -> None:
    answer = parse(data)
    assert isinstance(answer, Garbled)
    assert why in answer.why
