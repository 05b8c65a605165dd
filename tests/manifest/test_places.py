"""Where manifests say what they say, as editors count."""

from __future__ import annotations

import pytest

from ocrstate.manifest.places import Places, Section, Where
from tests.support.explaining import part_of

BASE = """\
version: 1
models:
- fr.bin
- name: de.bin
  size: 5
protect: ["base_*", 'x*']
policy: {unlisted: report}
"""
HOST = """\
version: 1
models: [fr.bin, {name: de.bin, sha256: "00"}, en.bin]
protect:
    - base_*
policy:
  unlisted: remove
"""
PLACES = Places([part_of(BASE, "base.yml"), part_of(HOST, "host.yml")])


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (PLACES.entries("fr.bin"), ["base.yml:3:3", "host.yml:2:10"]),
        (PLACES.entries("de.bin"), ["base.yml:4:3", "host.yml:2:18"]),
        (PLACES.entries("en.bin"), ["host.yml:2:48"]),
        (PLACES.entries("it.bin"), []),
        (PLACES.attributes("de.bin", "size"), ["base.yml:5:9"]),
        (PLACES.attributes("de.bin", "sha256"), ["host.yml:2:41"]),
        (PLACES.attributes("fr.bin", "size"), []),
        (PLACES.patterns("protect", "base_*"), ["base.yml:6:11", "host.yml:4:7"]),
        (PLACES.patterns("protect", "x*"), ["base.yml:6:21"]),
        (PLACES.patterns("ignore", "x*"), []),
    ],
)
def test_every_manifest_that_says_something_is_found(found: tuple[Where, ...], expected: list[str]) -> None:
    assert [f"{where.path}:{where.line}:{where.column}" for where in found] == expected


def test_of_a_policy_the_last_word_is_found() -> None:
    assert PLACES.unlisted() == Where("host.yml", 6, 13)
    assert Places([part_of(BASE, "base.yml"), part_of("version: 1\nmodels: []\n")]).unlisted() == Where(
        "base.yml", 7, 20
    )
    assert Places([part_of("version: 1\nmodels: []\npolicy: {missing: allow}\n")]).unlisted() is None


@pytest.mark.parametrize(
    ("text", "line", "indent"),
    [
        ("models:\n- a\n", 2, ""),
        ("models:\n  - a\n", 2, "  "),
        ("models:\n    - name: a\n      size: 1\n", 2, "    "),
        ("models: # all\n  # some\n  -   a\n", 2, "  "),
        ("models:\r\n  - a\r\n", 2, "  "),
        ("models: [a]\n", 2, None),
        ("models: []\n", 2, None),
        ("models:\n  [a,\n  b]\n", 2, None),
        ("extends: [b.yml]\n", None, "  "),
    ],
)
def test_to_which_list_something_can_be_added_and_how(text: str, line: int | None, indent: str | None) -> None:
    places = Places([part_of(BASE, "base.yml"), part_of(f"version: 1\n{text}", "m.yml")])
    where = None if line is None else Where("m.yml", line, 1)
    assert places.section("models") == Section("m.yml", "models", where, indent)
