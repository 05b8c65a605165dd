"""The JSON documents that tell of runs: valid by their schemas, and with the keys that scripts rely on."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import ValidationError

from ocrstate.applying.result import (
    Action,
    Ended,
    HeldOpen,
    Outcome,
    OutcomeStatus,
    Purge,
    Recovered,
    Result,
    RunStatus,
)
from ocrstate.planning.evidence import NO_EVIDENCE, Basis
from ocrstate.planning.planner import plan
from ocrstate.render.documents import result_document
from ocrstate.render.run_documents import history_document, purge_document, recovery_document
from ocrstate.runs.journal import decode
from ocrstate.runs.kept import PastRun
from ocrstate.runs.model import ManifestRef, RunKind
from ocrstate.saved.plan_file import Origin, saved_document
from ocrstate.schemas import read_schema, schema_names
from tests.support.documents import valid
from tests.support.manifests import desired_of
from tests.support.runs import (
    BEGUNS,
    ENDED,
    KEEP_UNTIL,
    KEPT,
    LATER_RUN,
    PURGED,
    PURGING,
    RUN,
    STARTED,
    STEPS,
    begun_of,
    journal_of,
    past_of,
    putting_back,
    removal,
)
from tests.support.stores import inventory_of, scan_of

if TYPE_CHECKING:
    from ocrstate.runs.model import Begun, Step

RECOVERED = (
    Recovered(RUN, Ended.UNDONE, STARTED, 2, ("gone.bin",)),
    Recovered(LATER_RUN, Ended.FINISHED, STARTED, 1, (), 4_096),
)
RECOVERED_DATA = [
    {
        "run_id": RUN,
        "ended": "undone",
        "started": STARTED,
        "models": 2,
        "gone": ["gone.bin"],
        "bytes_freed": 0,
        "restorable_until": None,
    },
    {
        "run_id": LATER_RUN,
        "ended": "finished",
        "started": STARTED,
        "models": 1,
        "gone": [],
        "bytes_freed": 4_096,
        "restorable_until": None,
    },
]
PURGES = (
    Purge(RUN, 2, 8_192),
    Purge(LATER_RUN, 1, 4_096, (("stuck.bin", "Operation not permitted"),), 16, (HeldOpen(811, "tail"),)),
)
PURGED_DATA = [
    {"run_id": RUN, "models": 2, "bytes_freed": 8_192, "bytes_freed_later": 0, "held_open_by": [], "stuck": []},
    {
        "run_id": LATER_RUN,
        "models": 1,
        "bytes_freed": 4_096,
        "bytes_freed_later": 16,
        "held_open_by": [{"pid": 811, "command": "tail"}],
        "stuck": [{"name": "stuck.bin", "cause": "Operation not permitted"}],
    },
]
DONE = Result(RUN, RunStatus.SUCCESS, "/app/models", in_sync=True)


# results


def test_a_result_says_until_when_what_was_removed_is_kept() -> None:
    kept = Outcome("old.bin", OutcomeStatus.REMOVED, kept=4_096)
    document = valid(result_document(replace(DONE, outcomes=(kept,), keep_until=KEEP_UNTIL)))
    assert document["restorable_until"] == KEEP_UNTIL
    assert (document["summary"]["bytes_kept"], document["summary"]["bytes_freed"]) == (4_096, 0)


def test_a_result_without_removals_has_nothing_that_can_be_restored() -> None:
    assert valid(result_document(replace(DONE, keep_until=KEEP_UNTIL)))["restorable_until"] is None


def test_a_result_says_who_holds_open_what_was_removed() -> None:
    readers = (HeldOpen(811, "python3 app.py"), HeldOpen(812, "tail"))
    held = Outcome("old.bin", OutcomeStatus.REMOVED, freed_later=4_096, held_open=readers)
    document = valid(result_document(replace(DONE, outcomes=(held, Outcome("b", OutcomeStatus.REMOVED, 1, size=3)))))
    assert document["outcomes"] == [
        {
            "name": "old.bin",
            "action": "remove",
            "status": "removed",
            "size": None,
            "bytes_freed": 0,
            "bytes_freed_later": 4_096,
            "held_open_by": [{"pid": 811, "command": "python3 app.py"}, {"pid": 812, "command": "tail"}],
        },
        {"name": "b", "action": "remove", "status": "removed", "size": 3, "bytes_freed": 1},
    ]
    assert (document["summary"]["bytes_freed"], document["summary"]["bytes_freed_later"]) == (1, 4_096)


def test_a_result_says_what_was_done_first_and_what_is_new() -> None:
    document = valid(result_document(replace(DONE, recovered=RECOVERED, purged=PURGES, new_since=("new.bin",))))
    assert (document["recovered"], document["purged"]) == (RECOVERED_DATA, PURGED_DATA)
    assert document["new_since_plan"] == ["new.bin"]


@pytest.mark.parametrize("status", OutcomeStatus)
def test_the_result_of_a_restore_says_which_run_it_takes_back(status: OutcomeStatus) -> None:
    result = replace(
        DONE,
        run_id=LATER_RUN,
        outcomes=(Outcome("old.bin", status, action=Action.RESTORE),),
        in_sync=None,
        restores=RUN,
    )
    document = valid(result_document(result))
    assert (document["restores"], document["in_sync"]) == (RUN, None)
    assert document["outcomes"] == [
        {"name": "old.bin", "action": "restore", "status": status.value, "size": None, "bytes_freed": 0}
    ]
    assert document["summary"]["restored"] == (status is OutcomeStatus.RESTORED)


# recovery and purge


def test_a_recovery_says_what_became_of_each_run() -> None:
    assert valid(recovery_document("/app/models", RECOVERED)) == {
        "format_version": "1.0",
        "kind": "recovery",
        "store": {"path": "/app/models"},
        "recovered": RECOVERED_DATA,
    }
    assert valid(recovery_document("/app/models", ()))["recovered"] == []


def test_a_purge_says_what_is_gone_and_what_is_stuck() -> None:
    assert valid(purge_document("/app/models", PURGES, RECOVERED)) == {
        "format_version": "1.0",
        "kind": "purge",
        "store": {"path": "/app/models"},
        "recovered": RECOVERED_DATA,
        "purged": PURGED_DATA,
        "bytes_freed": 12_288,
        "bytes_staged": 0,
    }
    assert valid(purge_document("/app/models", ()))["bytes_freed"] == 0


# history


def test_a_history_tells_of_the_last_run_first() -> None:
    runs = (past_of(begun_of("a"), *KEPT, held=5), past_of(begun_of("b", run_id=LATER_RUN), is_open=True, held=7))
    document = valid(history_document("/app/models", runs))
    assert document.keys() == {"format_version", "kind", "store", "runs", "bytes_held"}
    assert [run["run_id"] for run in document["runs"]] == [LATER_RUN, RUN]
    assert document["bytes_held"] == 12


def test_an_empty_history_is_valid() -> None:
    assert valid(history_document("/app/models", ()))["runs"] == []


def test_a_run_has_the_keys_that_scripts_rely_on() -> None:
    begun = replace(begun_of("old.bin", removal("sub/b.bin", 7), keep_until=KEEP_UNTIL), plan_id="0" * 32)
    assert _run(past_of(begun, *KEPT, restorable=["sub/b.bin"])) == {
        "run_id": RUN,
        "state": "finished",
        "open": False,
        "kind": "apply",
        "started": STARTED,
        "ended": ENDED,
        "user": "deploy",
        "host": "ocr-1",
        "command": "ocrstate apply models.yml --yes",
        "manifest": {"path": "/etc/app/models.yml", "sha256": "0" * 64},
        "plan_id": "0" * 32,
        "restores": None,
        "models": [
            {"name": "old.bin", "size": 1_000, "moved": "out", "restorable": False},
            {"name": "sub/b.bin", "size": 7, "moved": "out", "restorable": True},
        ],
        "restorable_until": KEEP_UNTIL,
        "bytes_held": 7,
        "bytes_freed": 0,
    }


def test_a_restore_tells_what_came_back_from_what_was_in_the_way() -> None:
    moves = (removal("old.bin", 9, LATER_RUN), putting_back("old.bin", 5))
    run = _run(past_of(begun_of(*moves, run_id=LATER_RUN, kind=RunKind.RESTORE), *KEPT, restorable=["old.bin"]))
    assert (run["kind"], run["restores"]) == ("restore", RUN)
    assert [(each["moved"], each["restorable"]) for each in run["models"]] == [("out", True), ("back", False)]


def test_a_run_that_has_not_begun_has_only_the_keys_that_every_run_has() -> None:
    assert _run(past_of(None, is_open=True)) == {
        "run_id": RUN,
        "state": "not_begun",
        "open": True,
        "bytes_held": 0,
        "bytes_freed": 0,
    }


def test_a_run_that_is_half_way_has_not_ended() -> None:
    assert _run(past_of(begun_of("a"), is_open=True))["ended"] is None


def test_what_a_run_has_freed_counts_what_was_purged() -> None:
    assert _run(past_of(begun_of("a"), *KEPT, PURGING, PURGED))["bytes_freed"] == PURGED.bytes_freed


@given(BEGUNS, STEPS, st.booleans())
def test_whatever_a_journal_holds_the_history_is_valid(begun: Begun, steps: list[Step], is_open: bool) -> None:  # noqa: FBT001
    log = decode(begun.run_id, journal_of(begun, *steps))
    valid(history_document("/app/models", [PastRun(log, is_open, (), 0, 0)]))


def _run(run: PastRun) -> Any:  # noqa: ANN401 - of JSON
    (told,) = valid(history_document("/app/models", [run]))["runs"]
    return told


# saved plans


ORIGIN = Origin("0" * 32, STARTED, None, "/app", "auto")


@pytest.mark.parametrize("origin", [ORIGIN, replace(ORIGIN, store="/app/models", folder="")])
def test_a_saved_plan_is_a_plan_and_what_it_was_made_from(origin: Origin) -> None:
    desired, inventory = desired_of("fr.bin"), inventory_of(scan_of("fr.bin", "\udcff\n.bin"))
    made = plan(desired, inventory)
    saved = valid(saved_document(made, Basis(desired, inventory, NO_EVIDENCE), origin))["saved"]
    assert (saved["plan_id"], saved["created"]) == (origin.plan_id, origin.created)
    assert (saved["store"], saved["folder"], saved["inventory_mode"]) == (origin.store, origin.folder, "auto")
    (manifest,) = saved["manifests"]
    assert (manifest["path"], manifest["text"], saved["retain"]) == (desired.path, "", 0)


# schemas


def test_what_several_schemas_describe_they_describe_alike() -> None:
    described: dict[str, list[str]] = {}
    for name in schema_names():
        definitions: Any = read_schema(name).get("$defs", {})
        for word in definitions.keys() & {"recovered", "purged"}:
            described.setdefault(word, []).append(json.dumps(definitions[word]))
    assert {word: (len(each), len(set(each))) for word, each in described.items()} == {
        "recovered": (3, 1),
        "purged": (2, 1),
    }


@pytest.mark.parametrize(
    "document",
    [
        history_document("/app/models", [past_of(replace(begun_of("a"), keep_until="soon"), *KEPT, restorable=["a"])]),
        history_document("/app/models", [past_of(begun_of("a", manifest=ManifestRef("m.yml", "x")), *KEPT)]),
        recovery_document("/app/models", [replace(RECOVERED[0], started="yesterday")]),
        purge_document("/app/models", [replace(PURGES[0], bytes_freed=-1)]),
        result_document(replace(DONE, restores="the last one")),
        result_document(replace(DONE, recovered=(replace(RECOVERED[0], run_id="x"),))),
    ],
    ids=["time", "digest", "start", "bytes", "run", "run in a list"],
)
def test_the_schemas_are_strict_enough_to_find_a_mistake(document: Any) -> None:  # noqa: ANN401 - of JSON
    with pytest.raises(ValidationError):
        valid(document)
