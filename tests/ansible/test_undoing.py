"""What the module that restores chooses from what earlier runs have noted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ansible.units import module_util

UNDOING = module_util("undoing")
KEPT_A, GONE_A, KEPT_B = {"a": True}, {"a": False}, {"b": True}


def run(run_id: str, models: dict[str, bool], **more: object) -> dict[str, Any]:
    """Note a run that removed models, of which some can be put back."""
    moved = [{"name": name, "size": 1, "moved": "out", "restorable": kept} for name, kept in models.items()]
    return {
        "run_id": run_id,
        "state": "finished",
        "kind": "apply",
        "started": f"2026-{run_id}",
        "models": moved,
        **more,
    }


RUNS = {
    "the last one": ([run("2", KEPT_B), run("1", KEPT_A)], {}, {"2": ["b"]}),
    "the last one, though nothing is left of it": ([run("2", GONE_A), run("1", KEPT_A)], {}, {"2": []}),
    "not one that was taken back": ([run("2", GONE_A, state="undone"), run("1", KEPT_A)], {}, {"1": ["a"]}),
    "not one that restored": ([run("2", KEPT_B, kind="restore"), run("1", KEPT_A)], {}, {"1": ["a"]}),
    "the one that is named": ([run("2", KEPT_B, kind="restore"), run("1", KEPT_A)], {"run_id": "2"}, {"2": ["b"]}),
    "the last one with these models": ([run("2", KEPT_B), run("1", KEPT_A)], {"names": ["a"]}, {"1": ["a"]}),
    "those since": (
        [run("3", KEPT_B), run("2", KEPT_A), run("1", KEPT_A)],
        {"since": "2026-2"},
        {"3": ["b"], "2": ["a"]},
    ),
    "none since": ([run("1", KEPT_A)], {"since": "2026-2", "names": ["a"]}, {}),
    "no models": ([run("1", KEPT_A)], {"names": []}, {}),
    "a run of which nothing is known": ([{"run_id": "1", "state": "purged"}], {"run_id": "1"}, {}),
}


@pytest.mark.parametrize(("runs", "which", "expected"), RUNS.values(), ids=RUNS)
def test_what_is_chosen(runs: list[dict[str, Any]], which: dict[str, Any], expected: dict[str, list[str]]) -> None:
    parts = UNDOING.chosen(runs, **{"run_id": None, "since": None, "names": None, **which})
    assert {part.run_id: list(part.kept) for part in parts} == expected


UNKNOWN = {
    "this store knows no run 7": {"run_id": "7"},
    "c: not among what was removed": {"names": ["a", "c"]},
    "b: not among what was removed": {"names": ["b"], "run_id": "1"},
    "no single run removed all of a, b": {"names": ["a", "b"]},
}


@pytest.mark.parametrize(("said", "which"), UNKNOWN.items())
def test_what_is_unknown(said: str, which: dict[str, Any]) -> None:
    with pytest.raises(UNDOING.UnknownError, match=said):
        UNDOING.chosen([run("2", KEPT_B), run("1", KEPT_A)], **{"run_id": None, "since": None, "names": None, **which})


def test_what_comes_back_from_another_run_or_is_there_is_not_lost() -> None:
    parts = UNDOING.chosen([run("2", KEPT_A), run("1", {"a": False, "b": False, "c": False})], None, "2026-1", None)
    assert UNDOING.lost(parts, {"b"}) == ["c"]
    assert UNDOING.taken(parts, {"a", "b"}) == ["a"]


TIMES = {
    "2026-11-21T10:00:00Z": "2026-11-21T10:00:00Z",
    "2026-11-21T10:00:00+00:00": "2026-11-21T10:00:00Z",
    "2026-11-21 12:00:00+02:00": "2026-11-21T10:00:00Z",
    "2026-11-21T10:00:00.123456Z": "2026-11-21T10:00:00Z",
    "2026-11-21T10:00:00": None,
    "2026-11-21": None,
    "2026-13-21T10:00:00Z": None,
    "9999-12-31T23:59:59-05:00": None,
    "yesterday": None,
    "": None,
}


@pytest.mark.parametrize(("written", "read"), TIMES.items())
def test_times_are_understood_as_yaml_and_ansible_write_them(written: str, read: str | None) -> None:
    assert UNDOING.in_utc(written) == read
