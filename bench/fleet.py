"""Measure Ansible's collection: one task against the recipe it replaces, and a report over many hosts.

The hosts are folders of this machine, and connections are local: so what SSH costs is left to the model on paper.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from measuring import table
from paper import Controller, Costs, Fleet, Network
from paper_tables import assumed, pull_table, report_table, rollout_table
from playing import Control, can_be_measured
from removing import measure, removing_table
from reporting import FORKS, Report, measure_check, measure_costs, measure_growth, measure_reports

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from watching import Watched

_LOCAL = Network(
    round_trip=0,
    trips_to_connect=0,
    trips=0,
    processor_to_connect=0,
    processor=0,
    down=0,
    patience=0,
    kept=0,
    memory=0,
)


def fleet_tables(work: Path) -> dict[str, list[str]]:
    """Measure all; return the lines of each part of the page, by its name."""
    if not can_be_measured():
        raise SystemExit("ansible-core is not installed, and needed to measure fleets")
    control = Control(work / "fleet")
    try:
        removed = measure(control)
        reports = measure_reports(control)
        growth = measure_growth(control)
        costs, check = measure_costs(control, reports, growth), measure_check(control)
    finally:
        shutil.rmtree(control.folder)
    return {
        "removing": removing_table(removed),
        "reporting": [*_reports(reports, costs), "", *_growth(growth), "", *_costs(costs)],
        "paper-report": [*assumed(), "", *report_table(costs)],
        "paper-rollout": rollout_table(costs),
        "paper-pull": pull_table(costs, check),
    }


def _reports(reports: Sequence[Report], costs: Costs) -> list[str]:
    titles = (
        *("hosts", "a report takes", "for each host", "the model says"),
        *("processor of the controller", "for each host", "processor of the targets"),
        *("memory of the first process", "with its forks"),
    )
    return table(titles, [_report_cells(each, costs) for each in reports])


def _report_cells(report: Report, costs: Costs) -> tuple[str, ...]:
    seen = report.watched
    # here the targets use the controller's cores
    here = replace(costs, forks=costs.forks + costs.answer_processor)
    model = Fleet(here, _LOCAL, Controller(os.cpu_count() or 1, FORKS))
    return (
        f"{report.hosts}",
        f"{seen.seconds:.1f} s",
        f"{seen.seconds / report.hosts:.2f} s",
        f"{model.seconds([report.hosts]):.1f} s",
        f"{report.processor_of_controller:.1f} s",
        f"{report.processor_of_controller / report.hosts:.3f} s",
        f"{report.processor_of_targets:.1f} s",
        f"{seen.peak_of_first:.0f} MiB",
        f"{seen.peak_of_forks:.0f} MiB",
    )


def _growth(growth: Sequence[tuple[int, Watched]]) -> list[str]:
    titles = (
        *("hosts, a task that stays on the controller", "time", "processor of the first process for each host"),
        *("of the forks", "memory of the first process", "with its forks"),
    )
    return table(titles, [_growth_cells(*each) for each in growth])


def _growth_cells(hosts: int, seen: Watched) -> tuple[str, ...]:
    return (
        f"{hosts:,}",
        f"{seen.seconds:.1f} s",
        f"{seen.processor_of_first / hosts * 1000:.1f} ms",
        f"{(seen.processor - seen.processor_of_first) / hosts * 1000:.1f} ms",
        f"{seen.peak_of_first:.0f} MiB",
        f"{seen.peak_of_forks:.0f} MiB",
    )


def _costs(costs: Costs) -> list[str]:
    """Spell what the model on paper is made of."""
    rows = (
        ("Ansible starts", f"{costs.start:.2f} s"),
        ("each batch adds", f"{costs.batch * 1000:.1f} ms"),
        ("each host adds to the first process", f"{costs.first * 1000:.0f} ms of processor"),
        ("each host adds to its forks", f"{costs.forks * 1000:.0f} ms of processor"),
        ("a host answers after", f"{costs.answer:.2f} s"),
        ("a fork is busy besides for", f"{costs.handling:.2f} s"),
        ("memory of the first process", f"{costs.memory:.0f} MiB"),
        ("each host adds", f"{costs.memory_of_host * 1024:.0f} KiB"),
        ("each fork adds", f"{costs.memory_of_fork:.1f} MiB, and {costs.copied:.0%} of what the hosts have added"),
    )
    return table(("what", "measured"), rows)
