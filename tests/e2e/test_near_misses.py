"""A name in the manifest that is nearly that of a model: it is said which, and a typo costs nothing."""

from __future__ import annotations

import os
from hashlib import sha256

import pytest

from tests.e2e.host import MANIFEST, Host, models_in

NFC, NFD = "caf\u00e9.bin", "cafe\u0301.bin"

ALIKE = [
    # listed, in the store, how it is told
    ("FR_ocr.bin", "fr_ocr.bin", "did you mean fr_ocr.bin? (differs in case)"),
    ("fr ocr.bin", "frocr.bin", "did you mean frocr.bin? (differs in spaces)"),
    (NFC, NFD, f'did you mean {NFD}? (looks the same, in another Unicode form: write "cafe\\u0301.bin")'),
    (NFD, NFC, f'did you mean {NFC}? (looks the same, in another Unicode form: write "caf\\u00E9.bin")'),
]
ANOTHER = [
    ("fr_v2.bin", "fr_v1.bin", "did you mean fr_v1.bin?"),
    ("fr.onnx", "fr.bin", "did you mean fr.bin?"),
    ("fr.bin", "fr.bin.gz", "did you mean fr.bin.gz?"),
    ("fr.bin", "sub/fr.bin", "did you mean sub/fr.bin?"),
    ("sub/fr.bin", "fr.bin", "did you mean fr.bin?"),
    ("en_0cr.bin", "en_ocr.bin", "did you mean en_ocr.bin?"),
]
pytestmark = pytest.mark.without_engine


@pytest.mark.parametrize(("listed", "there", "told"), ALIKE + ANOTHER, ids=ascii)
def test_plan_names_it_and_apply_refuses(host: Host, listed: str, there: str, told: str) -> None:
    host.has("kept.bin", there).lists("kept.bin", listed)
    before = models_in(host.store)
    (missing,) = (each for each in host.plan("--json").document["changes"] if each["action"] == "missing")
    assert missing["did_you_mean"] == [there]
    assert [each["name"] for each in missing["near"]] == [there]

    ended = host.apply("--yes")
    assert (ended.code, told in ended.out) == (3, True)
    assert f"did you mean {there}" in ended.err
    assert models_in(host.store) == before


@pytest.mark.real_engine
def test_the_engines_list_is_told_apart_in_the_same_way(host: Host) -> None:
    host.defaults = ()
    host.has(NFD, "fr.bin").lists(NFC, "fr.bin")
    ended = host.apply("--yes")
    assert ended.code == 3
    assert f'1 missing ({NFC}; did you mean {NFD}, written "cafe\\u0301.bin"?)' in ended.err
    assert set(models_in(host.store)) == {NFD, "fr.bin"}


def test_of_several_missing_models_each_is_told_with_what_may_be_meant(host: Host) -> None:
    host.has("fr.bin", "en_ocr_v2.bin").lists("FR.bin", "en_0cr_v2.bin", "it.bin")
    ended = host.apply("--yes", "--json")
    assert (
        "3 missing (FR.bin, en_0cr_v2.bin, it.bin; did you mean fr.bin for FR.bin, en_ocr_v2.bin for "
        in (ended.document["error"]["message"])
    )
    assert (ended.code, set(models_in(host.store))) == (3, {"fr.bin", "en_ocr_v2.bin"})


@pytest.mark.parametrize(("listed", "there"), [each[:2] for each in ALIKE], ids=ascii)
def test_where_models_may_be_missing_what_is_surely_meant_is_not_removed(host: Host, listed: str, there: str) -> None:
    host.has("kept.bin", "old.bin", there).lists("kept.bin", listed, policy={"missing": "allow"})
    before = models_in(host.store)
    foretold = host.plan("--json").document["refusals"]
    assert [each["code"] for each in foretold] == ["near-miss"]

    ended = host.apply("--yes", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (3, "near-miss")
    assert models_in(host.store) == before

    assert host.apply("--yes", "--allow-missing").code == 0
    assert set(models_in(host.store)) == {"kept.bin"}


@pytest.mark.parametrize(("listed", "there", "told"), ANOTHER[:2], ids=ascii)
def test_where_models_may_be_missing_another_model_is_removed(host: Host, listed: str, there: str, told: str) -> None:
    host.has("kept.bin", there).lists("kept.bin", listed, policy={"missing": "allow"})
    ended = host.apply("--yes")
    assert (ended.code, told in ended.out) == (0, True)
    assert set(models_in(host.store)) == {"kept.bin"}


def test_the_way_out_that_the_refusal_names_is_one(host: Host) -> None:
    host.has(NFD).lists(NFC, policy={"missing": "allow"})
    refused = host.apply("--yes")
    assert f"{NFC} is listed and not there, and {NFD}, written " in refused.err
    assert '  write "cafe\\u0301.bin" in the manifest, or rename the file; to remove it regardless, use' in refused.err
    (host.app / MANIFEST).write_text('version: 1\nmodels: ["cafe\\u0301.bin"]\n')
    assert host.apply("--yes").code == 0
    assert set(models_in(host.store)) == {NFD}


@pytest.mark.parametrize("policy", ["refuse", "allow"])
def test_a_model_that_can_be_fetched_does_not_cost_what_surely_is_the_same(host: Host, policy: str) -> None:
    host.has("FR.bin").lists({"name": "fr.bin", "source": "golden.bin"}, policy={"missing": policy})
    (host.app / "golden.bin").write_bytes(b"golden")
    assert "from golden.bin; did you mean FR.bin? (differs in case)" in host.plan().out
    ended = host.apply("--yes", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (3, "near-miss")
    assert set(models_in(host.store)) == {"FR.bin"}
    assert host.apply("--yes", "--allow-missing").code == 0
    assert set(models_in(host.store)) == {"fr.bin"}


def test_models_that_stay_do_not_hide_the_one_that_would_go(host: Host) -> None:
    host.has("MODEL.bin", "MODEl.bin", "MODeL.bin", "model.bin")
    host.lists("Model.bin", protect=["MO*"], policy={"missing": "allow"})
    before = models_in(host.store)
    assert host.apply("--yes").code == 3
    assert models_in(host.store) == before


def test_a_link_to_a_folder_takes_along_what_is_behind_it(host: Host) -> None:
    (host.outside / "model.bin").touch()
    os.symlink(host.outside, host.store / "Fr")
    host.lists("fr/model.bin", policy={"missing": "allow"})
    ended = host.apply("--yes")
    assert ended.code == 3
    assert "Fr/model.bin would be removed, which differs only in case" in ended.err


def test_where_a_digest_says_what_is_meant_it_is_fetched_whatever_has_nearly_its_name(host: Host) -> None:
    (host.app / "golden.bin").write_bytes(b"golden")
    host.has("FR.bin").lists({"name": "fr.bin", "source": "golden.bin", "sha256": sha256(b"golden").hexdigest()})
    assert host.apply("--yes").code == 0
    assert set(models_in(host.store)) == {"fr.bin"}


def test_a_newer_version_is_fetched_and_the_older_goes(host: Host) -> None:
    host.has("fr_v1.bin").lists({"name": "fr_v2.bin", "source": "golden.bin"})
    (host.app / "golden.bin").write_bytes(b"golden")
    assert "did you mean" not in host.plan().out
    assert host.apply("--yes").code == 0
    assert set(models_in(host.store)) == {"fr_v2.bin"}


def test_names_behind_links_and_names_that_no_manifest_can_hold_come_near_too(host: Host) -> None:
    (host.outside / "fr.bin").touch()
    os.symlink(host.outside, host.store / "link")
    host.has(b"caf\xe9.bin", "ab\x1b.bin").lists("fr.bin", NFC, "ab.bin")
    ended = host.plan()
    assert "did you mean link/fr.bin?" in ended.out
    assert "did you mean caf\\xe9.bin?" in ended.out
    assert "did you mean ab\\x1b.bin?" in ended.out
    assert host.plan("--json").code == 0


def test_verify_tells_them_as_well(host: Host) -> None:
    host.has("fr.bin").lists("FR.bin")
    ended = host.run("verify", MANIFEST)
    assert (ended.code, "missing; did you mean fr.bin? (differs in case)" in ended.out) == (2, True)
    (model,) = host.run("verify", MANIFEST, "--json").document["models"]
    assert model["near"] == [{"name": "fr.bin", "differs_in": ["case"]}]
