"""Guards, as they stop a deploy script."""

from __future__ import annotations

import os

import pytest

from tests.e2e.host import MANIFEST, Host, models_in

HOLDS = ("en.bin", "old_1.bin", "old_2.bin", "old_3.bin")
GOES = {"en.bin"}
STAYS = set(HOLDS)

CASES = [
    # manifest, options, what stays, refusals
    ({"models": []}, "", STAYS, ["empty-manifest"]),
    ({"models": []}, "--allow-empty", set(), []),
    ({"models": ["en.bin", "fr.bin"]}, "", STAYS, ["listed-models-amiss"]),
    ({"models": ["en.bin", "fr.bin"]}, "--allow-missing", GOES, []),
    ({"models": ["en.bin", "fr.bin"], "policy": {"missing": "allow"}}, "", GOES, []),
    ({"models": [{"name": "en.bin", "size": 999}]}, "", STAYS, ["listed-models-amiss"]),
    ({"models": [{"name": "en.bin", "size": 999}]}, "--allow-missing", GOES, []),
    ({"models": ["en.bin"], "policy": {"max_remove": {"count": 2}}}, "", STAYS, ["max-remove-count"]),
    ({"models": ["en.bin"], "policy": {"max_remove": {"count": 2}}}, "--max-remove 3", GOES, []),
    ({"models": ["en.bin"], "policy": {"max_remove": {"count": 3}}}, "", GOES, []),
    ({"models": ["en.bin"], "policy": {"max_remove": {"percent": 74}}}, "", STAYS, ["max-remove-percent"]),
    ({"models": ["en.bin"], "policy": {"max_remove": {"percent": 75}}}, "", GOES, []),
    ({"models": ["en.bin"], "policy": {"max_remove": {"bytes": "1KiB"}}}, "", STAYS, ["max-remove-bytes"]),
    ({"models": ["en.bin"], "policy": {"max_remove": {"bytes": "1MiB"}}}, "", GOES, []),
    ({"models": ["en.bin"]}, "--max-remove 2", STAYS, ["max-remove-count"]),
    ({"models": ["en.bin"]}, "--max-remove 0", STAYS, ["max-remove-count"]),
    ({"models": ["en.bin"], "policy": {"retain": "7d"}}, "", GOES, []),
    ({"models": [{"name": "en.bin", "sha256": "0" * 64}]}, "--no-verify", GOES, []),
    ({"models": [{"name": "en.bin", "source": "en.bin"}]}, "", GOES, []),
    ({"models": ["en.bin"], "protect": ["old_2.*"], "ignore": ["old_1.bin"]}, "", STAYS - {"old_3.bin"}, []),
    ({"models": ["en.bin"], "policy": {"unlisted": "report"}}, "", STAYS, []),
    ({"models": ["en.bin"], "policy": {"unlisted": "report"}, "absent": ["old_1*"]}, "", STAYS - {"old_1.bin"}, []),
    ({"models": [], "policy": {"max_remove": {"count": 1, "percent": 1}}}, "",
     STAYS, ["empty-manifest", "max-remove-count", "max-remove-percent"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("manifest", "options", "stays", "refusals"), CASES, ids=lambda value: "" if isinstance(value, set) else str(value)
)
def test_a_guard_refuses_before_anything_is_touched(
    host: Host, manifest: dict[str, object], options: str, stays: set[str], refusals: list[str]
) -> None:
    host.has(*HOLDS).lists(**manifest)
    if options != "--no-verify":  # of which no plan knows
        foretold = [each["code"] for each in host.plan("--json", *options.split()).document["refusals"]]
        assert foretold == refusals, "plan says for what apply will refuse"

    ended = host.apply("--yes", "--json", *options.split())
    assert set(models_in(host.store)) == stays
    assert ended.code == (3 if refusals else 0), ended.err
    assert ended.document["changed"] is (stays != STAYS)
    if refusals:
        assert ended.document["error"]["code"] == refusals[0]
        assert ended.err.startswith("Error: ")


def test_before_something_goes_what_stays_is_read(host: Host) -> None:
    host.has(*HOLDS).lists(models=[{"name": "en.bin", "sha256": "0" * 64}])
    assert "Its content was not compared (--verify does, and apply)." in host.plan().out
    refused = host.apply("--yes")
    assert (refused.code, set(models_in(host.store))) == (3, STAYS)
    assert "1 drifted (en.bin)" in refused.err


def test_a_missing_name_that_is_nearly_the_name_of_an_unlisted_one_is_named(host: Host) -> None:
    host.has("fr_ocr_v2.bin").lists("fr_ocr_v2.bin ".strip().replace("fr", "fR"))
    ended = host.apply("--yes")
    assert ended.code == 3
    assert "did you mean fr_ocr_v2.bin?" in ended.out
    assert set(models_in(host.store)) == {"fr_ocr_v2.bin"}


@pytest.mark.parametrize("manifest", ["alias/models.yml", "link.yml"])
def test_a_manifest_in_the_store_is_known_under_every_name(host: Host, manifest: str) -> None:
    host.has("en.bin").lists("en.bin")
    (host.app / MANIFEST).rename(host.store / MANIFEST)
    (host.app / "alias").symlink_to(host.store)
    (host.app / "link.yml").symlink_to(host.store / MANIFEST)
    ended = host.run("apply", manifest, "--yes", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (3, "removes-manifest")
    assert (host.store / MANIFEST).exists()


def test_several_rules_are_told_one_by_one_each_with_its_way_out(host: Host) -> None:
    os.mkfifo(host.store / "pipe")
    host.has("en.bin", "old.bin").lists("en.bin", "gone.bin")
    ended = host.apply("--yes")
    assert ended.code == 3
    assert ended.err.startswith("Error: 2 rules refuse the plan:\n  1. ")
    assert "\n  2. of the listed models, 1 missing (gone.bin)" in ended.err
    assert "use --allow-missing" in ended.err.splitlines()[2]
