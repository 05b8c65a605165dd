"""The modules among what else a playbook has: loops, delegation, facts, odd names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.e2e.engines import stand_in
from tests.e2e.host import MANIFEST, models_in
from tests.e2e.stories import kill_when_it_hangs

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ansible.fleet import Fleet, Task

MODELS, INFO = "ocrstate.ocrstate.models", "ocrstate.ocrstate.models_info"


def test_a_loop_matches_several_stores_of_a_host(fleet: Fleet) -> None:
    one = fleet["one"]
    for number in (1, 2):
        one.has("en.bin", "old.bin")
        one.store.rename(one.app / f"store_{number}")
    task = {
        MODELS: {"store": "{{ ocr_home }}/{{ item }}", "models": ["en.bin"]},
        "loop": ["store_1", "store_2", "nowhere"],
        "register": "stores",
        "ignore_errors": True,
    }
    fact = {
        "ansible.builtin.set_fact": {"freed": "{{ stores.results | map(attribute='bytes_freed', default=0) | sum }}"}
    }
    (loop, facts) = fleet.play(task, fact).of("one")
    assert [(each["changed"], each.get("error_code")) for each in loop["results"]] == [
        (True, None),
        (True, None),
        (False, "store-missing"),
    ]
    assert [each["results"][0]["name"] for each in loop["results"][:2]] == ["old.bin", "old.bin"]
    assert facts["ansible_facts"]["freed"] == 8192


def test_a_task_is_delegated_to_the_host_that_has_the_store(new_fleet: Callable[..., Fleet]) -> None:
    fleet = new_fleet("web", "storage")
    for host in fleet.hosts.values():
        host.has("en.bin", "old.bin")
    task = {
        MODELS: {"models": ["en.bin"], "store": "{{ hostvars.storage.ocr_store }}"},
        "delegate_to": "storage",
        "run_once": True,
    }
    played = fleet.play(task, hosts="web")
    assert played.hosts == {"web": {**played.hosts["web"], "changed": 1, "failed": 0}}
    assert [set(models_in(fleet[name].store)) for name in ("web", "storage")] == [{"en.bin", "old.bin"}, {"en.bin"}]


def test_odd_names_reach_the_result_and_the_screen_whole(fleet: Fleet) -> None:
    odd = [
        "zwei\nzeilen.bin",
        "\x1b[31mrot.bin",
        "ünïcode.bin",
        "{{ ocr_home }}.bin",
        "a b'c\"d.bin",
    ]
    fleet["one"].has("en.bin", *odd)
    tasks: tuple[Task, ...] = ({INFO: {}}, {MODELS: {"models": ["en.bin"], "retain": "7d"}})
    told, planned = fleet.play(*tasks, options=["--check", "--diff", "-v"]).of("one")
    played = fleet.play(*tasks, options=["--diff", "-v"])
    _, done = played.of("one")
    names = [each["name"] for each in done["results"]]
    assert len(names) == len(odd)
    assert {"zwei\nzeilen.bin", "{{ ocr_home }}.bin"} <= set(names)
    assert names == [each["name"] for each in planned["results"]]
    assert {"en.bin", *names} == {each["name"] for each in told["models"]}
    assert len(done["diff"]["before"].splitlines()) == len(odd)
    assert "\x1b" not in played.out
    assert set(models_in(fleet["one"].store)) == {"en.bin"}


def test_a_name_that_nobody_can_write_down_is_told_and_holds_up_the_run(fleet: Fleet) -> None:
    fleet["one"].has("en.bin", b"\xff.bin")
    task = {MODELS: {"models": ["en.bin"]}, "ignore_errors": True}
    told, planned, done = fleet.play({INFO: {}}, {**task, "check_mode": True}, task).of("one")
    assert [each["name"] for each in told["models"]] == ["en.bin", "\ufffd.bin"]
    assert planned["msg"] == done["msg"]
    assert "1 model would have to go and cannot be removed safely: \\xff.bin" in done["msg"]


def test_names_in_a_task_are_taken_as_they_are_written(fleet: Fleet) -> None:
    names = ["ünïcode.bin", "a b.bin", "yes.bin", "sub/fr 1.bin", "😀.bin"]
    fleet["one"].has(*names, "old.bin")
    (done,) = fleet.play({MODELS: {"models": names}}).of("one")
    assert [each["name"] for each in done["results"]] == ["old.bin"]


def test_a_run_that_was_broken_off_is_put_in_order_and_that_is_a_change(fleet: Fleet) -> None:
    one = fleet["one"].has("en.bin", "old.bin").lists("en.bin")
    stand_in(one, "lists", "hangs")
    kill_when_it_hangs(one, "apply", MANIFEST, "--yes")
    assert set(models_in(one.store)) == {"en.bin"}
    everything = {MODELS: {"models": ["en.bin", "old.bin"]}}
    planned, done, again = fleet.play({**everything, "check_mode": True}, everything, everything).of("one")
    assert [(each["changed"], len(each["recovered"])) for each in (planned, done, again)] == [
        (True, 1),
        (True, 1),
        (False, 0),
    ]
    assert planned["recovered"] == done["recovered"]
    assert re.match("nothing is planned while another run is half-way; .* was broken off: ", planned["msg"])
    assert set(models_in(one.store)) == {"en.bin", "old.bin"}


def test_a_blind_engine_is_warned_of_in_check_mode_and_by_the_run(fleet: Fleet) -> None:
    one = fleet["one"].has("en.bin", "old.bin")
    stand_in(one, "lists nothing")
    task = {MODELS: {"models": ["en.bin"]}, "environment": {"PYTHONPATH": one.environment["PYTHONPATH"]}}
    planned, done = fleet.play({**task, "check_mode": True}, task).of("one")
    assert [each["changed"] for each in (planned, done)] == [True, True]
    assert planned["warnings"] == done["warnings"]
    assert "is blind: it lists nothing although the store holds 2 files" in done["warnings"][0]
