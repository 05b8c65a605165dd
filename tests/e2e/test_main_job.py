"""The main job, as a stranger would try it."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.e2e.engines import stand_in
from tests.e2e.host import IN_SYNC, MANIFEST, Host, models_in, snapshot

if TYPE_CHECKING:
    from pathlib import Path


def test_validate_plan_apply_plan_check(host: Host) -> None:
    host.has("en.bin", "old_1.bin", "sub/old_2.bin").lists("en.bin")

    assert host.validate().out == f"{MANIFEST}: valid, 1 model\n"

    planned = host.plan()
    assert planned.code == 0
    assert planned.last_line.startswith("Plan: 0 to fetch, 0 to replace, 2 to remove (frees ")

    applied = host.apply("--yes")
    assert (applied.code, applied.err) == (0, "")
    assert applied.out.startswith(planned.out), "what is shown is what plan showed"
    assert "\nRemoved 2 models and 1 emptied folder, freed " in applied.out
    assert applied.last_line == "Listed again: the store matches the manifest."
    assert set(models_in(host.store)) == {"en.bin"}

    assert host.plan().out.endswith(IN_SYNC)
    assert host.check("-q").out == IN_SYNC

    before = snapshot(host.store)
    again = host.apply("--yes")
    assert (again.code, again.out[-len(IN_SYNC) :]) == (0, IN_SYNC)
    assert snapshot(host.store) == before, "a second apply changes nothing"


def test_every_document_is_as_its_schema_says(host: Host) -> None:
    host.has("en.bin", "old_1.bin", "sub/old_2.bin").lists("en.bin")

    assert host.validate("--json").document["models"] == 1
    planned = host.plan("--json")
    assert planned.actions() == {"en.bin": "keep", "old_1.bin": "remove", "sub/old_2.bin": "remove"}
    assert host.check("--json").document == planned.document

    asked = host.apply("--json")
    assert (asked.code, asked.document["status"], asked.document["changed"]) == (3, "refused", False)
    assert asked.document["error"]["code"] == "not-confirmed"

    applied = host.apply("--json", "--yes").document
    assert (applied["status"], applied["changed"], applied["in_sync"]) == ("success", True, True)
    assert applied["summary"]["removed"] == 2
    assert applied["summary"]["bytes_freed"] == planned.document["summary"]["bytes_freed"]
    assert applied["removed_folders"] == ["sub"]
    assert {each["name"]: each["status"] for each in applied["outcomes"]} == {
        "old_1.bin": "removed",
        "sub/old_2.bin": "removed",
    }

    again = host.apply("--json", "--yes").document
    assert (again["status"], again["changed"], again["outcomes"]) == ("success", False, [])


@pytest.mark.real_engine
def test_plan_says_who_listed(shared: Host) -> None:
    document = shared.plan("--json").document
    assert document["engine"]["package"] == "aspose-ocr-python-net"
    assert document["engine"]["local_path"] == "Aspose.AI.LLM/models"
    assert document["inventory"] == {"source": "engine", "count": 3, "ignored": 0, "warnings": []}
    assert document["store"]["path"] == str(shared.store), "a plan names the absolute path"


def test_plan_check_and_validate_write_nothing(shared: Host) -> None:
    before = snapshot(shared.app)
    codes = [
        shared.run(command, MANIFEST, *json).code
        for command in ("validate", "plan", "check")
        for json in ((), ("--json",))
    ]
    assert codes == [0, 0, 0, 0, 2, 2]
    assert snapshot(shared.app) == before
    assert os.listdir(shared.temporary) == []


def amiss(host: Host) -> None:
    host.lists("en.bin", "gone.bin")


def in_sync(host: Host) -> None:
    host.lists("en.bin", "old_1.bin", "sub/old_2.bin")


def no_manifest(host: Host) -> None:
    (host.app / MANIFEST).unlink()


def aborting_engine(host: Host) -> None:
    stand_in(host, "aborts")


def our_bug(host: Host) -> None:
    """Break a dependency, which no user can mend."""
    broken = host.temporary.parent / "broken"
    broken.mkdir()
    (broken / "deepdiff.py").write_text("raise RuntimeError('broken')", encoding="utf-8")
    host.environment["PYTHONPATH"] = f"{broken}{os.pathsep}{host.environment['PYTHONPATH']}"
    host.lists("en.bin", models=[{"name": "en.bin", "size": 1}])


@pytest.mark.parametrize(
    ("given", "words", "code"),
    [
        (None, f"plan {MANIFEST}", 0),
        (None, f"apply {MANIFEST} --yes", 0),
        (in_sync, f"check {MANIFEST}", 0),
        (in_sync, f"plan {MANIFEST} --detailed-exitcode", 0),
        (in_sync, f"apply {MANIFEST} --detailed-exitcode", 0),
        (no_manifest, f"plan {MANIFEST}", 1),
        (no_manifest, f"validate {MANIFEST}", 1),
        (aborting_engine, f"plan {MANIFEST}", 1),
        (None, f"check {MANIFEST}", 2),
        (None, f"plan {MANIFEST} --detailed-exitcode", 2),
        (None, f"apply {MANIFEST} --yes --detailed-exitcode", 2),
        (None, f"apply {MANIFEST}", 3),
        (amiss, f"apply {MANIFEST} --yes", 3),
        (None, "plan", 64),
        (None, "", 64),
        (None, "destroy", 64),
        (None, f"plan {MANIFEST} --inventory oracle", 64),
        (None, f"show {MANIFEST} extra", 64),
        (our_bug, f"plan {MANIFEST}", 70),
    ],
    ids=lambda value: value.__name__ if callable(value) else str(value),
)
def test_each_exit_code(host: Host, given: object, words: str, code: int) -> None:  # 4, 5, 130, 143: see the others
    host.has("en.bin", "old_1.bin", "sub/old_2.bin").lists("en.bin")
    if callable(given):
        given(host)
    before = models_in(host.store)

    ended = host.run(*words.split())
    assert ended.code == code, ended.err
    if code in (0, 2) and "--yes" in words:
        assert set(models_in(host.store)) == {"en.bin"}
    else:
        assert models_in(host.store) == before
    if code in (1, 3, 64, 70):
        assert "Error: " in ended.err or "Usage: " in ended.err
        assert ended.err.count("\n") >= 2, "what happened, and what to do"


@pytest.mark.parametrize(
    ("words", "kind", "code"),
    [
        ("plan --json", "usage", 64),
        ("plan models.yml --json --engine-timeout soon", "usage", 64),
        ("plan missing.yml --json", "manifest-not-found", 1),
        ("validate missing.yml --json", "manifest-not-found", 1),
        ("plan models.yml --json -C nowhere", "chdir-failed", 1),
        ("plan models.yml --json --store nowhere", "store-missing", 1),
        ("apply models.yml --json --store /etc", "store-absurd", 3),
    ],
)
def test_with_json_an_error_is_a_document_too(shared: Host, words: str, kind: str, code: int) -> None:
    ended = shared.run(*words.split())
    assert (ended.code, ended.document["error"]["code"]) == (code, kind)
    assert ended.document["error"]["message"] in ended.err, "people are told as well"


def test_options_before_the_command_are_the_same_as_after_it(shared: Host) -> None:
    assert shared.run("--json", "-C", str(shared.app), "plan", MANIFEST, cwd="/").out == shared.plan("--json").out
    assert shared.run("-q", "check", MANIFEST).out == shared.check("--quiet").out


def test_quiet_says_the_last_line_and_verbose_the_models_that_stay(shared: Host) -> None:
    usual, quiet, verbose = shared.plan(), shared.plan("-q"), shared.plan("-v")
    assert quiet.out == f"{usual.last_line}\n"
    assert "  en.bin " not in usual.out
    assert "    en.bin " in verbose.out


@pytest.mark.parametrize(
    ("options", "environment", "coloured"),
    [
        ("", {}, False),
        ("--color always", {}, True),
        ("--color always", {"NO_COLOR": "1"}, True),
        ("--color never", {}, False),
    ],
)
def test_colour_only_where_it_is_wanted(
    shared: Host, options: str, environment: dict[str, str], *, coloured: bool
) -> None:
    assert ("\x1b[" in shared.plan(*options.split(), env=environment).out) is coloured


def test_the_programs_own_output_reaches_a_full_disk_as_an_error(shared: Host) -> None:
    with open("/dev/full", "wb") as full:
        for words in ("--help", "--version", "schema plan"):
            ended = shared.run(*words.split(), stdout=full)
            assert ended.code == 1, words
            assert re.match("Error: .*No space left on device", ended.err), words


def test_a_relative_store_is_found_from_its_manifest_and_an_option_from_the_working_folder(
    host: Host, tmp_path: Path
) -> None:
    host.has("en.bin").lists("en.bin", store="Aspose.AI.LLM/models")
    assert host.run("check", str(host.app / MANIFEST), cwd=tmp_path).code == 0
    assert host.run("check", f"app/{MANIFEST}", "--store", "app/Aspose.AI.LLM/models", cwd=tmp_path).code == 0
    assert host.run("check", f"app/{MANIFEST}", "--store", "Aspose.AI.LLM/models", cwd=tmp_path).code == 1


def test_the_data_is_on_standard_output_and_nothing_else(shared: Host) -> None:
    ended = shared.plan("--json", stderr=subprocess.DEVNULL)
    assert ended.document["kind"] == "plan"


@pytest.mark.parametrize("command", ["validate", "plan", "check", "apply", "schema"])
def test_help_shows_an_example_on_a_line_of_its_own(shared: Host, command: str) -> None:
    lines = shared.run(command, "--help").out.splitlines()
    assert any(line.startswith(f"    ocrstate {command} ") for line in lines), lines


def test_a_store_that_no_system_can_name_is_refused_as_the_manifests_fault(host: Host) -> None:
    (host.app / "models.yml").write_text('version: 1\nstore: "a\\0b"\nmodels: [en.bin]\n')
    ended = host.run("plan", "models.yml")
    assert (ended.code, ended.err.splitlines()[0][:15]) == (1, "models.yml:2:8:")
