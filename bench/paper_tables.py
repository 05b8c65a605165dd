"""Spell the model on paper: tables and sentences, all numbers computed. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from measuring import table
from paper import Controller, Costs, Fleet, Network, batched, changed_when_stopped

if TYPE_CHECKING:
    from collections.abc import Sequence

# Counted between a controller and an OpenSSH 9.2 with a proxy before it that holds back each packet: what a task takes
# longer, over the delay. Processor and memory are those of `ssh` on the controller in the same place.
_PLAIN = Network(
    round_trip=0.050,
    trips_to_connect=8,
    trips=20,
    processor_to_connect=0.080,
    processor=0.030,
    down=0.01,
    patience=10,
    kept=60,
    memory=1.6,
)
_PIPELINED = replace(_PLAIN, trips=2, processor=0.005)
_ROLLOUT = replace(_PIPELINED, down=0)  # a host that does not answer ends a rollout, and is left out of the next one
_CORES = 4
_FORKS = (10, 50, 200)
_ROLLING_FORKS = 50
_HOSTS = (1_000, 10_000)
_TASKS = 12
_FETCHING = 60.0
_QUARTER = 15 * 60.0
_SERIALS: tuple[tuple[str, ...], ...] = (
    (),
    ("50",),
    ("60",),
    ("500",),
    ("1", "50", "500"),
    ("1", "10%", "25%"),
)
_INTERVALS = (("15 minutes", 15 * 60), ("an hour", 3600), ("a day", 24 * 3600))
_DEFAULT_FORKS = 5
_SCRAPES = 60


@dataclass(frozen=True)
class Check:
    """A check that a host makes by itself.

    Attributes:
        seconds: on the clock.
        processor: seconds of it.
        values: that it leaves for Prometheus.
        octets: size of the file with them.
    """

    seconds: float
    processor: float
    values: int
    octets: int


def assumed() -> list[str]:
    """Spell what is assumed."""
    plain, piped = _PLAIN, _PIPELINED
    rows = (
        ("cores of the controller, each as fast as one of those measured on", f"{_CORES}"),
        ("there and back", f"{plain.round_trip * 1000:.0f} ms"),
        ("to open a connection", _ssh(plain.trips_to_connect, plain.processor_to_connect)),
        ("for each task after that", _ssh(plain.trips, plain.processor)),
        ("the same with pipelining", _ssh(piped.trips, piped.processor)),
        ("hosts that are down", f"{plain.down:.0%}; none in a rollout"),
        ("a host counts as down after", f"{plain.patience:.0f} s"),
        ("a connection is kept open for", f"{plain.kept:.0f} s, and takes {plain.memory} MiB"),
        ("tasks of a rollout on each host", f"{_TASKS}, each like the one of the report"),
    )
    return table(("what", "assumed"), rows)


def _ssh(trips: int, processor: float) -> str:
    return f"{trips} round trips, {processor * 1000:.0f} ms of processor"


def report_table(costs: Costs) -> list[str]:
    """Spell what a report costs, and the sentences to it."""
    titles = ("hosts", "pipelining", "forks", "a report takes", "it waits for", "processor", "memory")
    rows = [
        _report_cells(_fleet(costs, network, forks), hosts)
        for hosts in _HOSTS
        for network in (_PLAIN, _PIPELINED)
        for forks in _FORKS
    ]
    return [*table(titles, rows), "", _report_words(costs)]


def rollout_table(costs: Costs) -> list[str]:
    """Spell what `serial` costs, and what it saves."""
    titles = (
        *("`serial`", "batches", "a rollout takes", f"with {_FETCHING:.0f} s of fetching"),
        *("changed when all fail", "changed when 1 in 100 fails", "changed after 15 minutes"),
    )
    return table(titles, [_rollout_cells(costs, serial, max(_HOSTS)) for serial in _SERIALS])


def pull_table(costs: Costs, check: Check) -> list[str]:
    """Compare asking all hosts with hosts that check by themselves."""
    titles = (
        *("hosts", "looked at once in", "push: a report runs", "the same as Ansible comes"),
        *("processor of the controller a day", "connections a day"),
        *("pull: processor of a host a day", "values a second for Prometheus"),
    )
    rows = [_pull_cells(costs, check, hosts, *each) for hosts in _HOSTS for each in _INTERVALS]
    return [*table(titles, rows), "", _pull_words(costs, check)]


def _fleet(costs: Costs, network: Network, forks: int) -> Fleet:
    return Fleet(costs, network, Controller(_CORES, forks))


def _report_cells(fleet: Fleet, hosts: int) -> tuple[str, ...]:
    return (
        f"{hosts:,}",
        "on" if fleet.network is _PIPELINED else "off",
        f"{fleet.controller.forks}",
        duration(fleet.seconds([hosts])),
        "the processor" if fleet.is_bound_by_processor(hosts) else "forks",
        duration(hosts * fleet.processor),
        f"{fleet.memory(hosts) / 1024:.1f} GiB",
    )


def _report_words(costs: Costs) -> str:
    plain, piped = (_fleet(costs, network, _ROLLING_FORKS) for network in (_PLAIN, _PIPELINED))
    return (
        f"From {piped.enough_forks} forks on ({plain.enough_forks} without pipelining), more of them only wait for the "
        f"{_CORES} cores and take memory. Within 15 minutes, {_ROLLING_FORKS} forks ask "
        f"{piped.hosts_within(_QUARTER):,} hosts, and {plain.hosts_within(_QUARTER):,} without pipelining."
    )


def _rollout_cells(costs: Costs, serial: Sequence[str], hosts: int) -> tuple[str, ...]:
    fleet = replace(_fleet(costs, _ROLLOUT, _ROLLING_FORKS), tasks=_TASKS)
    batches = batched(serial, hosts)
    return (
        f"`[{', '.join(serial)}]`" if serial else "none",
        f"{len(batches):,}",
        duration(fleet.seconds(batches)),
        duration(replace(fleet, work=_FETCHING).seconds(batches)),
        f"{changed_when_stopped(batches, 1.0):,}",
        f"{changed_when_stopped(batches, 0.01):,}",
        f"{fleet.reached_within(batches, _QUARTER):,}",
    )


def _pull_cells(costs: Costs, check: Check, hosts: int, name: str, interval: float) -> tuple[str, ...]:
    fleet = _fleet(costs, _PIPELINED, _ROLLING_FORKS)
    times = 24 * 3600 / interval
    return (
        f"{hosts:,}",
        name,
        _share(fleet.seconds([hosts]) / interval),
        _share(_fleet(costs, _PLAIN, _DEFAULT_FORKS).seconds([hosts]) / interval),
        duration(hosts * fleet.processor * times),
        f"{hosts * times:,.0f}",
        duration(check.processor * times),
        f"{hosts * check.values / _SCRAPES:,.0f}",
    )


def _share(share: float) -> str:
    return f"{share:.1%} of the time" if share <= 1 else "longer than that"


def _pull_words(costs: Costs, check: Check) -> str:
    fleet = _fleet(costs, _PIPELINED, _ROLLING_FORKS)
    return (
        f"A check with `--metrics` takes {check.seconds:.2f} s on its host, {check.processor:.2f} s of processor, and "
        f"leaves {check.values} values ({check.octets:,} bytes). Asked by Ansible, the same host uses "
        f"{costs.answer_processor:.2f} s of processor, and the controller {fleet.processor:.2f} s."
    )


def duration(seconds: float) -> str:
    """Spell a time, in the unit that suits it."""
    if seconds < 10:  # noqa: PLR2004 - from there on a tenth says nothing
        return f"{seconds:.1f} s"
    for limit, divisor, unit in ((120.0, 1.0, "s"), (120.0 * 60, 60.0, "min")):
        if seconds < limit:
            return f"{seconds / divisor:.0f} {unit}"
    return f"{seconds / 3600:,.1f} h"
