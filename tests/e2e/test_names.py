"""Names that no one should give to a file, and someone does."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.e2e.host import MANIFEST, Host, models_in

if TYPE_CHECKING:
    from collections.abc import Mapping

STRANGE = {
    "line\nbreak.bin": "line\\nbreak.bin",
    "\x1b[2J\x1b]0;owned\x07.bin": "\\x1b[2J\\x1b]0;owned\\x07.bin",
    "gp.\u202enib": "gp.\\u202enib",
    "back\\slash.bin": "back\\\\slash.bin",
    "-rf": "-rf",
    "trailing space ": '"trailing space "',
    "caf\u00e9.bin": "caf\u00e9.bin",
    "cafe\u0301.bin": "cafe\u0301.bin",
    "Case.bin": "Case.bin",
    "case.bin": "case.bin",
    "\u65e5\u672c/\U0001f600.bin": "\u65e5\u672c/\U0001f600.bin",
    ".hidden": ".hidden",
    "$(reboot).bin": "$(reboot).bin",
    "x" * 255: "x" * 255,
}
"""Names, and how they are shown."""


def test_strange_names_are_shown_escaped_and_removed_as_they_are(host: Host) -> None:
    host.has("en.bin", *STRANGE).lists("en.bin")

    shown = host.plan().out
    assert [how for how in STRANGE.values() if f"  - {how}  " not in shown] == []
    assert all(character.isprintable() or character == "\n" for character in shown)
    assert host.plan("--json").actions() == {**dict.fromkeys(STRANGE, "remove"), "en.bin": "keep"}

    assert host.apply("--yes").code == 0
    assert set(models_in(host.store)) == {"en.bin"}


def test_strange_names_can_be_listed_where_a_manifest_can_spell_them(host: Host) -> None:
    listed = [name for name in STRANGE if name.isprintable() and "\\" not in name and name.lower() != "case.bin"]
    listed.remove("cafe\u0301.bin")
    host.has(*listed, "CASE.BIN").lists(*listed)

    assert host.apply("--yes").code == 0
    assert {name for name in models_in(host.store) if "." in name or "/" not in name} >= set(listed) - {"CASE.BIN"}
    assert host.check().code == 0


@pytest.mark.parametrize("listed", ["caf\u00e9.bin", "cafe\u0301.bin"])
def test_of_names_that_differ_in_unicode_composition_alone_the_listed_one_stays(host: Host, listed: str) -> None:
    host.has("caf\u00e9.bin", "cafe\u0301.bin").lists(listed)
    if len(os.listdir(host.store)) == 1:
        pytest.skip("this filesystem takes both names for one")
    assert host.apply("--yes").code == 0
    assert set(models_in(host.store)) == {listed}


UNNAMEABLE = (b"caf\xe9.bin", b"caf\xe8.bin")
"""The engine shows both as one and the same name."""


def test_names_that_are_not_utf8_are_blocked_with_a_remedy(host: Host) -> None:
    host.has("en.bin", "old.bin", *UNNAMEABLE).lists("en.bin")
    before = models_in(host.store)

    planned = host.plan()
    assert planned.code == 0
    assert "  x caf\\xe8.bin  " in planned.out
    assert "  x caf\\xe9.bin  " in planned.out
    assert "rename it, or match it under `ignore`" in planned.out
    blocked = [each for each in host.plan("--json").document["changes"] if each["action"] == "blocked"]
    assert [bytes.fromhex(each["name_hex"]) for each in blocked] == sorted(UNNAMEABLE)

    assert host.apply("--yes").code == 3
    assert models_in(host.store) == before


def test_names_that_are_not_utf8_can_be_ignored(host: Host) -> None:
    host.has("en.bin", "old.bin", *UNNAMEABLE).lists("en.bin", ignore=["caf*.bin"])
    assert host.apply("--yes").code == 0
    assert set(models_in(host.store)) == {"en.bin", *map(os.fsdecode, UNNAMEABLE)}


@pytest.mark.real_engine
def test_a_folder_whose_name_is_not_utf8_stops_the_engine_but_not_the_folders_listing(host: Host) -> None:
    host.has("en.bin", b"d\xe9j\xe0/old.bin").lists("en.bin")

    ended = host.plan()
    assert (ended.code, ended.out) == (1, "")
    assert "d\\xe9j\\xe0" in ended.err
    assert "--inventory directory" in ended.err

    assert host.plan("--inventory", "directory").code == 0
    assert host.apply("--inventory", "directory", "--yes").code == 3, "what cannot be named is blocked"


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "POSIX", "LANG": None},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "latin-1"},
        {"LC_ALL": "en_US.ISO-8859-1", "PYTHONUTF8": "0"},
    ],
    ids=str,
)
def test_names_are_the_same_in_every_locale(host: Host, environment: Mapping[str, str | None]) -> None:
    host.has("caf\u00e9.bin", "\u65e5\u672c.bin", "sub/\u00e9.bin", b"\xff.bin").lists(
        "caf\u00e9.bin", ignore=["?.bin"]
    )
    os.symlink("nowhere", host.store / "d\u00e9ad")

    assert host.plan("--json", env=environment).actions() == {
        "caf\u00e9.bin": "keep",
        "d\u00e9ad": "remove",
        "\u65e5\u672c.bin": "remove",
    }
    assert host.run("plan", MANIFEST, "-v", env=environment).code == 0
    assert host.apply("--yes", env=environment).code == 0
    assert set(models_in(host.store)) == {"caf\u00e9.bin", "sub", "sub/\u00e9.bin", os.fsdecode(b"\xff.bin")}


@pytest.mark.needs("localedef")
def test_names_are_the_same_in_a_latin_1_locale(host: Host) -> None:
    locales = host.temporary.parent / "locales"
    locales.mkdir()
    made = os.system(f"localedef -i en_US -f ISO-8859-1 '{locales}/latin' 2>/dev/null")
    if made:
        pytest.skip("the sources of locales are not installed")
    environment = {"LC_ALL": "latin", "LOCPATH": str(locales)}
    host.has("caf\u00e9.bin", "\u65e5\u672c.bin").lists("caf\u00e9.bin")
    assert host.plan("--json", env=environment).actions() == {"caf\u00e9.bin": "keep", "\u65e5\u672c.bin": "remove"}
    assert host.apply("--yes", env=environment).code == 0
    assert set(models_in(host.store)) == {"caf\u00e9.bin"}
