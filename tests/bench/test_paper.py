"""The model of a large fleet: what follows from what."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from paper import Controller, Costs, Fleet, Network, batched, bisected, changed_when_stopped
from paper_tables import Check, assumed, duration, pull_table, report_table, rollout_table

COSTS = Costs(
    start=1.0,
    batch=0.1,
    first=0.01,
    forks=0.09,
    answer=0.5,
    answer_processor=0.4,
    handling=0.1,
    memory=60.0,
    memory_of_host=0.1,
    memory_of_fork=10.0,
    copied=0.2,
)
NEAR = Network(
    round_trip=0.0,
    trips_to_connect=8,
    trips=20,
    processor_to_connect=0.0,
    processor=0.0,
    down=0.0,
    patience=10.0,
    kept=60.0,
    memory=2.0,
)
FAR = replace(NEAR, round_trip=0.1)


def fleet(network: Network = NEAR, cores: int = 100, forks: int = 10, tasks: int = 1) -> Fleet:
    return Fleet(COSTS, network, Controller(cores, forks), tasks)


def test_hosts_wait_for_a_free_fork() -> None:
    assert fleet(forks=10).seconds([20]) == pytest.approx(1.0 + 0.1 + 2 * 0.6)


def test_a_host_more_than_forks_costs_as_much_as_if_all_were_used() -> None:
    assert fleet(forks=10).seconds([21]) == fleet(forks=10).seconds([30])


def test_each_task_costs_its_round_trips_and_each_host_those_of_its_connection() -> None:
    assert fleet(FAR, tasks=3).occupied - fleet(tasks=3).occupied == pytest.approx((8 + 3 * 20) * 0.1)


def test_forks_do_not_help_where_the_processor_is_the_limit() -> None:
    busy = fleet(cores=1, forks=6)
    assert busy.enough_forks == 6
    assert busy.is_bound_by_processor(6000)
    assert busy.seconds([6000]) == fleet(cores=1, forks=600).seconds([6000])


def test_one_core_is_the_limit_of_the_first_process_whatever_the_number_of_cores() -> None:
    assert fleet(cores=1000, forks=1000).pace == COSTS.first


def test_a_batch_waits_for_a_host_that_is_down() -> None:
    some = replace(NEAR, down=0.01)
    assert fleet(some).batch_seconds(1) == pytest.approx(fleet().batch_seconds(1) + 0.01 * 10.0)
    assert fleet(some).batch_seconds(1000) == pytest.approx(fleet().batch_seconds(1000) + 10.0)
    assert fleet(some).batch_seconds(10_000) == pytest.approx(fleet().batch_seconds(10_000) + 100 * 10.0 / 10)


def test_smaller_batches_take_longer() -> None:
    times = [fleet().seconds(batched([str(size)], 1000)) for size in (1000, 100, 10, 1)]
    assert all(few < many for few, many in pairwise(times))


def test_memory_grows_with_hosts_and_forks_and_what_is_kept_open() -> None:
    quick = fleet(replace(NEAR, kept=0.0))
    assert quick.memory(1000) == pytest.approx(60.0 + 1000 * 0.1 + 10 * (10.0 + 0.2 * 1000 * 0.1))
    assert fleet().memory(1000) - quick.memory(1000) == pytest.approx(2.0 * 1000 * 60.0 / fleet().seconds([1000]))
    assert fleet().memory(10) - quick.memory(10) == pytest.approx(2.0 * 10), "no more than there are hosts"


def test_hosts_within_a_time_are_as_many_as_just_fit() -> None:
    most = fleet().hosts_within(60.0)
    assert fleet().seconds([most]) <= 60.0 < fleet().seconds([most + 1])


def test_a_batch_that_has_begun_counts_as_changed() -> None:
    rolling = fleet()
    assert rolling.reached_within([1, 10, 100], 0.0) == 0
    assert rolling.reached_within([1, 10, 100], 1.0) == 1
    assert rolling.reached_within([1, 10, 100], 1.8) == 11
    assert rolling.reached_within([1, 10, 100], 1e6) == 111


@pytest.mark.parametrize(
    ("serial", "hosts", "batches"),
    [
        ([], 5, [5]),
        (["2"], 5, [2, 2, 1]),
        (["1", "2"], 6, [1, 2, 2, 1]),
        (["1", "10%", "25%"], 40, [1, 4, 10, 10, 10, 5]),
        (["10%"], 5, [1, 1, 1, 1, 1]),
        (["100"], 5, [5]),
    ],
)
def test_batches_are_those_that_ansible_makes(serial: list[str], hosts: int, batches: list[int]) -> None:
    assert batched(serial, hosts) == batches


@pytest.mark.parametrize(
    ("failing", "changed"),
    [(1.0, 1), (0.5, 1), (0.1, 11), (0.01, 111), (0.0001, 111)],
)
def test_a_failure_stops_behind_the_batch_in_which_it_is_likely(failing: float, changed: int) -> None:
    assert changed_when_stopped([1, 10, 100], failing) == changed


@pytest.mark.parametrize(("last", "found"), [(-1, 0), (0, 0), (1, 1), (9, 9), (10, 10), (11, 10)])
def test_bisection_finds_the_last_number(last: int, found: int) -> None:
    assert bisected(lambda number: number <= last, most=10) == found


@pytest.mark.parametrize(
    ("seconds", "spelled"),
    [(0.64, "0.6 s"), (10, "10 s"), (119, "119 s"), (120, "2 min"), (7199, "120 min"), (7200, "2.0 h")],
)
def test_times_are_spelled_in_the_unit_that_suits_them(seconds: float, spelled: str) -> None:
    assert duration(seconds) == spelled


def test_tables_are_whole() -> None:
    check = Check(seconds=0.2, processor=0.2, values=19, octets=3802)
    for lines in (assumed(), report_table(COSTS), rollout_table(COSTS), pull_table(COSTS, check)):
        rows = [line for line in lines if line.startswith("|")]
        assert len(rows) > 2
        assert len({row.count("|") for row in rows}) == 1
