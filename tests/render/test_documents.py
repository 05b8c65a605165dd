"""The JSON documents: valid by their schemas, and with the keys that scripts rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from ocrstate.applying.result import Action, Outcome, OutcomeStatus, Result, RunError, RunStatus
from ocrstate.inventory.crosscheck import from_folder
from ocrstate.inventory.model import BlindEngine, OnlyInEngine, OnlyInFolder
from ocrstate.manifest.desired import Budget, DesiredModel, Policy
from ocrstate.manifest.problems import Problem
from ocrstate.planning.guards import Consent, refusals
from ocrstate.planning.planner import plan
from ocrstate.render.documents import error_document, plan_document, result_document, validation_document
from ocrstate.schemas import read_schema, schema_names
from ocrstate.store.model import Kind
from tests.support.cases import CASES, read_case
from tests.support.documents import valid
from tests.support.manifests import desired_of
from tests.support.stores import entry, inventory_of, scan_of, stamp

if TYPE_CHECKING:
    from pathlib import Path

DESIRED = desired_of(
    "fr.bin",
    DesiredModel("de.bin", 1, size=3, sha256="0" * 64),
    extends=("/etc/base.yml",),
    policy=Policy(max_remove=Budget(count=0, percent=0, size=0)),
)
WARNINGS = (BlindEngine("26.10.0", 1), OnlyInFolder(("a",)), OnlyInEngine(("b",)))
STORE = scan_of("fr.bin", "\udcff.bin", entry("a.fifo", Kind.FIFO), entry("old.bin", of=stamp(5)), ".git/HEAD")
PLAN = plan(DESIRED, inventory_of(STORE, warnings=WARNINGS))
REFUSED = refusals(PLAN, DESIRED, Consent())
RESULT = Result(
    "20261121T060000Z-0a1b2c",
    RunStatus.NEEDS_RECOVERY,
    "/app/models",
    (
        Outcome("a", OutcomeStatus.REMOVED, 5, size=9),
        Outcome("b", OutcomeStatus.REMOVED, 7),
        Outcome("c", OutcomeStatus.IN_QUARANTINE, cause="Read-only file system", action=Action.REPLACE),
    ),
    removed_folders=("old",),
    remaining=PLAN.changes,
    error=RunError("needs-recovery", "message", "hint"),
)
PROBLEMS = [Problem("m.yml", 3, 5, "unknown-key", "message")]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_plan_of_every_case_is_valid(path: Path, tmp_path: Path) -> None:
    made = read_case(path, tmp_path).plan
    document = valid(plan_document(made, ()))
    assert document["summary"]["bytes_freed"] == sum(each.get("bytes_freed", 0) for each in document["changes"])
    assert [each["action"] for each in document["changes"]].count("remove") == document["summary"]["remove"]


def test_a_plan_has_the_keys_that_scripts_rely_on() -> None:
    document = valid(plan_document(PLAN, REFUSED))
    assert document.keys() == {
        *("format_version", "kind", "manifest", "store", "engine", "inventory", "warnings", "in_sync", "changes"),
        *("unfinished_runs", "emptied_folders", "refusals", "summary", "disk", "retain"),
    }
    assert (document["format_version"], document["kind"], document["in_sync"]) == ("1.0", "plan", False)
    assert document["manifest"] == {
        "path": "/etc/app/models.yml",
        "sha256": "0" * 64,
        "extends": [{"path": "/etc/base.yml", "sha256": "0" * 64}],
    }
    assert document["store"] == {"path": "/app/models", "real_path": "/srv/models"}
    assert document["engine"] == {
        "package": "aspose-ocr-python-net",
        "version": "26.7.0",
        "local_path": "Aspose.AI.LLM/models",
    }
    assert document["inventory"].keys() == {"source", "count", "ignored", "warnings"}
    assert (document["inventory"]["source"], document["inventory"]["count"]) == ("engine", 5)
    assert document["summary"] == {
        "keep": 1,
        "remove": 2,
        "fetch": 0,
        "replace": 0,
        "missing": 1,
        "drifted": 0,
        "protected": 0,
        "unlisted": 0,
        "blocked": 2,
        "bytes_freed": 15,
        "bytes_kept": 0,
        "bytes_fetched": 0,
        "unverified": 0,
    }
    assert all(each.keys() >= {"name", "action", "reason", "explanation", "size"} for each in document["changes"])


def test_a_plan_that_keeps_what_it_removes_frees_nothing_yet() -> None:
    desired = desired_of("fr.bin", policy=Policy(retain=60))
    document = valid(plan_document(plan(desired, inventory_of(scan_of("fr.bin", "old.bin"))), ()))
    summary = document["summary"]
    assert (document["retain"], summary["bytes_freed"], summary["bytes_kept"]) == (60, 0, 10)
    assert [each.get("bytes_freed") for each in document["changes"]] == [None, 0]


def test_a_plan_says_what_apply_would_refuse_and_what_to_do() -> None:
    document = valid(plan_document(PLAN, REFUSED))
    assert [each["code"] for each in document["refusals"]] == [
        "blocked",
        "listed-models-amiss",
        "max-remove-count",
        "max-remove-percent",
        "max-remove-bytes",
        "removes-version-control",
    ]
    assert all(each["message"] and each["hint"] for each in document["refusals"])


def test_a_plan_tells_its_warnings_apart_by_code() -> None:
    document = valid(plan_document(PLAN, ()))
    assert [each["code"] for each in document["inventory"]["warnings"]] == [
        "engine-blind",
        "only-in-folder",
        "only-in-engine",
    ]
    assert document["warnings"] == []


def test_names_that_are_not_utf8_can_be_told_apart_by_their_bytes() -> None:
    made = plan(desired_of(), from_folder(scan_of("\udcff", "\udcfe", "\ufffd")))
    changes = valid(plan_document(made, ()))["changes"]
    assert {(each["name"], each.get("name_hex")) for each in changes} == {
        ("\ufffd", "fe"),
        ("\ufffd", "ff"),
        ("\ufffd", None),
    }


def test_without_an_engine_the_key_is_null() -> None:
    document = valid(plan_document(plan(desired_of(), from_folder(scan_of())), ()))
    assert document["engine"] is None
    assert document["inventory"]["source"] == "directory"
    assert document["in_sync"] is True


def test_a_result_has_the_keys_that_scripts_rely_on() -> None:
    document = valid(result_document(RESULT))
    assert document == {
        "format_version": "1.0",
        "kind": "result",
        "run_id": "20261121T060000Z-0a1b2c",
        "status": "needs_recovery",
        "changed": True,
        "in_sync": False,
        "store": {"path": "/app/models"},
        "restores": None,
        "outcomes": [
            {"name": "a", "action": "remove", "status": "removed", "size": 9, "bytes_freed": 5},
            {"name": "b", "action": "remove", "status": "removed", "size": None, "bytes_freed": 7},
            {
                "name": "c",
                "action": "replace",
                "status": "in_quarantine",
                "size": None,
                "bytes_freed": 0,
                "differences": [],
                "cause": "Read-only file system",
            },
        ],
        "removed_folders": ["old"],
        "summary": {
            "removed": 2,
            "fetched": 0,
            "replaced": 0,
            "restored": 0,
            "bytes_freed": 12,
            "bytes_freed_later": 0,
            "bytes_kept": 0,
            "bytes_fetched": 0,
            "bytes_transferred": 0,
        },
        "restorable_until": None,
        "recovered": [],
        "purged": [],
        "new_since_plan": [],
        "warnings": [],
        "remaining": [
            {"name": ".git/HEAD", "action": "remove"},
            {"name": "a.fifo", "action": "blocked"},
            {"name": "de.bin", "action": "missing"},
            {"name": "fr.bin", "action": "keep"},
            {"name": "old.bin", "action": "remove"},
            {"name": "\ufffd.bin", "action": "blocked"},
        ],
        "error": {"code": "needs-recovery", "message": "message", "hint": "hint"},
    }


@pytest.mark.parametrize("status", RunStatus)
def test_a_result_of_any_status_is_valid(status: RunStatus) -> None:
    document = valid(result_document(Result("20261121T060000Z-0a1b2c", status, "/app/models")))
    assert (document["status"], document["changed"], document["error"]) == (status.value, False, None)


@pytest.mark.parametrize(
    ("status", "changed"),
    [
        (OutcomeStatus.REMOVED, True),
        (OutcomeStatus.RESTORED, True),
        (OutcomeStatus.IN_QUARANTINE, True),
        (OutcomeStatus.ROLLED_BACK, False),
        (OutcomeStatus.FAILED, False),
        (OutcomeStatus.NOT_STARTED, False),
    ],
)
def test_a_run_changed_the_store_unless_all_is_where_it_was(status: OutcomeStatus, *, changed: bool) -> None:
    result = Result("20261121T060000Z-0a1b2c", RunStatus.FAILED, "/app/models", (Outcome("a", status),))
    assert valid(result_document(result))["changed"] is changed


def test_an_error_has_a_code_a_message_and_a_hint() -> None:
    assert valid(error_document("store-missing", "message", "hint")) == {
        "format_version": "1.0",
        "kind": "error",
        "error": {"code": "store-missing", "message": "message", "hint": "hint"},
    }


def test_an_invalid_manifest_is_an_error_with_every_place() -> None:
    document = valid(error_document("manifest-invalid", "message", "hint", PROBLEMS))
    assert document["error"]["problems"] == [
        {"path": "m.yml", "line": 3, "column": 5, "code": "unknown-key", "message": "message"}
    ]


def test_a_valid_manifest_is_said_to_be_valid() -> None:
    assert valid(validation_document("/etc/m.yml", 3)) == {
        "format_version": "1.0",
        "kind": "validation",
        "valid": True,
        "manifest": {"path": "/etc/m.yml"},
        "models": 3,
    }


@pytest.mark.parametrize("name", schema_names())
def test_the_schemas_are_schemas(name: str) -> None:
    Draft202012Validator.check_schema(read_schema(name))
