"""The module that puts back what a run removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.ansible.units import undocumented
from tests.e2e.engines import stand_in
from tests.e2e.host import MANIFEST, models_in
from tests.e2e.stories import kill_when_it_hangs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.ansible.fleet import Fleet

MODELS, RESTORE = "ocrstate.ocrstate.models", "ocrstate.ocrstate.restore"
MATCH = {MODELS: {"models": ["en.bin"], "retain": "7d"}, "register": "first"}


def restore(**arguments: object) -> Mapping[str, object]:
    return {RESTORE: arguments, "ignore_errors": True}


def check(task: Mapping[str, object]) -> Mapping[str, object]:
    return {**task, "check_mode": True}


@pytest.fixture
def usual(fleet: Fleet) -> Fleet:
    fleet["one"].has("en.bin", "old_1.bin", "sub/old_2.bin")
    return fleet


def models(fleet: Fleet, host: str = "one") -> set[str]:
    return {name for name in models_in(fleet[host].store) if name.endswith(".bin")}


def same(result: Mapping[str, Any]) -> tuple[object, ...]:
    """Return what check mode and a real run have in common."""
    names = [each["name"] for each in result.get("results", [])]
    return result["changed"], result.get("restored_from"), names, result.get("diff"), result.get("error_code")


@pytest.mark.parametrize(
    "which", [{}, {"run_id": "{{ first.run_id }}"}, {"since": "2020-01-01T00:00:00Z"}], ids=["last", "named", "since"]
)
def test_what_a_run_removed_comes_back_once(usual: Fleet, which: Mapping[str, object]) -> None:
    task = restore(**which)
    first, planned, real, again, once_more = usual.play(MATCH, check(task), task, task, check(task)).of("one")
    assert (planned["msg"], real["msg"]) == ("2 to restore", "2 restored")
    assert same(planned) == same(real)
    assert real["restored_from"] == [first["run_id"]]
    assert real["diff"]["after"] == "old_1.bin  1.0 kB\nsub/old_2.bin  1.0 kB\n"
    assert [each["status"] for each in real["results"]] == ["restored", "restored"]
    assert (again["changed"], again["msg"]) == (False, "nothing to restore")
    assert same(once_more) == same(again)
    assert models(usual) == {"en.bin", "old_1.bin", "sub/old_2.bin"}


def test_one_model_comes_back_by_its_name(usual: Fleet) -> None:
    task = restore(models=["old_1.bin"])
    _, planned, real, again = usual.play(MATCH, check(task), task, task).of("one")
    assert same(planned) == same(real)
    assert [each["name"] for each in real["results"]] == ["old_1.bin"]
    assert not again["changed"]
    assert models(usual) == {"en.bin", "old_1.bin"}


def test_several_runs_come_back_the_last_one_first(usual: Fleet) -> None:
    less = {MODELS: {"models": ["en.bin", "old_1.bin"], "retain": "7d"}}
    task = restore(since="2020-01-01T00:00:00Z")
    first, second, planned, real = usual.play(less, MATCH, check(task), task).of("one")
    assert real["restored_from"] == planned["restored_from"] == [second["run_id"], first["run_id"]]
    assert len(real["run_ids"]) == 2
    assert models(usual) == {"en.bin", "old_1.bin", "sub/old_2.bin"}


def test_a_second_time_nothing_older_comes_back(usual: Fleet) -> None:
    less = {MODELS: {"models": ["en.bin", "old_1.bin"], "retain": "7d"}}
    _, _, real, again, once_more, none = usual.play(
        less, MATCH, restore(), restore(), check(restore()), restore(since="2020-01-01T00:00:00Z", models=[])
    ).of("one")
    assert real["changed"]
    assert [(each["changed"], each["msg"]) for each in (again, once_more, none)] == [(False, "nothing to restore")] * 3
    assert models(usual) == {"en.bin", "old_1.bin"}


def test_of_several_models_of_one_name_the_oldest_comes_back_if_that_is_asked_for(usual: Fleet) -> None:
    newer = {"ansible.builtin.copy": {"content": "newer", "dest": "{{ ocr_store }}/old_1.bin", "mode": "0644"}}
    spare, overwrite = (restore(since="2020-01-01T00:00:00Z", overwrite=each) for each in (False, True))
    tasks = (MATCH, newer, MATCH, check(spare), spare, check(overwrite), overwrite, overwrite)
    results = usual.play(*tasks).of("one")[3:]
    planned, refused, planned_over, over, again = results
    assert (refused["error_code"], refused["changed"]) == ("in-the-way", False)
    assert refused["msg"].startswith("old_1.bin: removed by several of these runs\n")
    assert (planned["msg"], same(planned_over)) == (refused["msg"], same(over))
    assert (len(over["results"]), again["changed"]) == (3, False)
    assert (usual["one"].store / "old_1.bin").stat().st_size == 1000


def test_what_came_back_is_told_although_the_rest_fails(usual: Fleet) -> None:
    less = {MODELS: {"models": ["en.bin", "old_1.bin"], "retain": "7d"}}
    folder = {"ansible.builtin.file": {"path": "{{ ocr_store }}/sub/old_2.bin", "state": "directory", "mode": "0755"}}
    played = usual.play(less, MATCH, folder, restore(since="2020-01-01T00:00:00Z", overwrite=True))
    failed = played.of("one")[-1]
    assert (failed["failed"], failed["error_code"], failed["changed"]) == (True, "in-the-way", True)
    assert [each["name"] for each in failed["results"]] == ["old_1.bin"]
    assert len(failed["run_ids"]) == 1
    assert failed["diff"]["after"] == "old_1.bin  1.0 kB\n"
    assert undocumented("restore", [failed]) == set()


def test_what_was_broken_off_is_put_in_order_before_anything_is_looked_for(usual: Fleet) -> None:
    one = usual["one"].lists("en.bin")
    stand_in(one, "lists", "hangs")
    kill_when_it_hangs(one, "apply", MANIFEST, "--yes")
    assert models(usual) == {"en.bin"}
    planned, done, again = usual.play(check(restore()), restore(), restore()).of("one")
    assert [(each["changed"], len(each["recovered"])) for each in (planned, done, again)] == [
        (True, 1),
        (True, 1),
        (False, 0),
    ]
    assert [each["msg"] for each in (done, again)] == ["nothing to restore"] * 2
    assert undocumented("restore", [planned, done]) == set()
    assert models(usual) == {"en.bin", "old_1.bin", "sub/old_2.bin"}


def test_hosts_that_a_rollout_has_not_changed_stay_as_they_are(new_fleet: Callable[..., Fleet]) -> None:
    fleet = new_fleet("changed", "unchanged", "long_ago")
    for host in fleet.hosts.values():
        host.has("en.bin")
    for name in ("changed", "long_ago"):
        fleet[name].has("old.bin")
    task = restore(since="2999-01-01T00:00:00Z")
    played = fleet.play({**MATCH, "when": "inventory_hostname != 'unchanged'"}, task, check(task))
    assert {name: recap["changed"] for name, recap in played.hosts.items()} == {
        "changed": 1,
        "unchanged": 0,
        "long_ago": 1,
    }
    assert models(fleet, "long_ago") == {"en.bin"}


REFUSED: dict[str, tuple[dict[str, object], str | None, str]] = {
    "a run that is not known": ({"run_id": "20200101T000000Z-000000"}, "nothing-to-restore", "knows no run"),
    "a model that no run removed": ({"models": ["de.bin"]}, "nothing-to-restore", "de.bin"),
    "no time": ({"since": "yesterday"}, None, "is no time, or its zone is open"),
    "no time to wait": ({"lock_timeout": -1}, None, "`lock_timeout: -1.0`: it must be at least 0"),
    "two ways at once": ({"since": "2020-01-01T00:00:00Z", "run_id": "x"}, None, "mutually exclusive"),
}


def test_what_cannot_be_meant_is_refused(usual: Fleet) -> None:
    tasks = [restore(**arguments) for arguments, _, _ in REFUSED.values()]
    _, *results = usual.play(MATCH, *map(check, tasks), *tasks).of("one")
    planned, real = results[: len(tasks)], results[len(tasks) :]
    assert [(each["failed"], each.get("error_code")) for each in real] == [
        (True, code) for _, code, _ in REFUSED.values()
    ]
    assert [said for (_, _, said), each in zip(REFUSED.values(), real, strict=True) if said not in each["msg"]] == []
    assert [each["msg"] for each in planned] == [each["msg"] for each in real]


def test_what_is_gone_for_good_is_no_success(usual: Fleet) -> None:
    for_good = {MODELS: {"models": ["en.bin"]}}
    task = restore()
    _, planned, real = usual.play(for_good, check(task), task).of("one")
    assert (real["failed"], real["error_code"]) == (True, "nothing-to-restore")
    assert "old_1.bin, sub/old_2.bin: removed, and no longer kept" in real["msg"]
    assert planned["msg"] == real["msg"]


def test_nothing_newer_is_overwritten_unless_that_is_asked_for(usual: Fleet) -> None:
    newer = {"ansible.builtin.copy": {"content": "newer", "dest": "{{ ocr_store }}/old_1.bin", "mode": "0644"}}
    spare, overwrite = restore(), restore(overwrite=True)
    results = usual.play(MATCH, newer, check(spare), spare, check(overwrite), overwrite).of("one")
    assert [each.get("error_code") for each in results[2:4]] == ["in-the-way", "in-the-way"]
    assert same(results[4]) == same(results[5])
    assert (usual["one"].store / "old_1.bin").read_bytes() != b"newer"
