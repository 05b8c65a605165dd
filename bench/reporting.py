"""Measure a drift report over hosts that are folders: time, processor and memory of the controller."""

from __future__ import annotations

import json
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from measuring import median, timed
from paper import Costs
from paper_tables import Check
from playing import DRIFT, OCRSTATE, lay_out, manifest_of, name_of, playbook, store_of
from watching import Watched, watched

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from playing import Control

FORKS = 10
SIZES = (50, 100, 200)
_ONE_BY_ONE = 15
_IDLE = 200
_MANY = (200, 2_000)
_MODELS = 20
_DRIFTED = 10
_ROUNDS = 5


@dataclass(frozen=True)
class Report:
    """One report over hosts.

    Attributes:
        targets: what the modules on the hosts used: seconds each, and seconds of processor.
    """

    hosts: int
    watched: Watched
    targets: list[tuple[float, float]]

    @property
    def processor_of_targets(self) -> float:
        """Seconds of processor that a real fleet's hosts would use, not the controller."""
        return sum(processor for _, processor in self.targets)

    @property
    def processor_of_controller(self) -> float:
        """Seconds of processor of Ansible itself, and of the shells that a local connection starts."""
        return self.watched.processor - self.processor_of_targets


def measure_reports(control: Control, sizes: Sequence[int] = SIZES) -> list[Report]:
    """Make a report over each number of hosts, after one that does not count."""
    _report(control, FORKS, FORKS)
    return [_report(control, hosts, FORKS) for hosts in sizes]


def measure_growth(control: Control) -> list[tuple[int, Watched]]:
    """Give few and many hosts a task that stays on the controller, to see whether each one costs the same."""
    return [(hosts, _staying(control, hosts)) for hosts in _MANY]


def measure_costs(control: Control, reports: Sequence[Report], growth: Sequence[tuple[int, Watched]]) -> Costs:
    """Find out what one host costs: what is added from one number of hosts to the next."""
    start, by_one = _idle(control, "nothing"), _idle(control, "nothing_by_one")
    alone = _report(control, _ONE_BY_ONE, forks=1)
    answer = statistics.fmean(seconds for seconds, _ in alone.targets)
    occupied = (alone.watched.seconds - start) / alone.hosts
    memory = _line(reports, [each.watched.peak_of_first for each in reports])
    return Costs(
        start=start,
        batch=(by_one - start) / (_IDLE - 1),
        first=_line(reports, [each.watched.processor_of_first for each in reports]).slope,
        forks=_line(
            reports, [each.processor_of_controller - each.watched.processor_of_first for each in reports]
        ).slope,
        answer=answer,
        answer_processor=reports[-1].processor_of_targets / reports[-1].hosts,
        handling=occupied - answer,
        memory=memory.intercept,
        memory_of_host=memory.slope,
        memory_of_fork=statistics.median(
            (each.watched.peak_of_forks - each.watched.peak_of_first) / FORKS for each in reports
        ),
        copied=_copied([seen for _, seen in growth]),
    )


def measure_check(control: Control) -> Check:
    """Measure what a timer on a host does."""
    manifest, (home, *_) = _manifest(control), _hosts(control, 1).values()
    metrics = control.folder / "ocrstate.prom"
    command = [OCRSTATE, "-C", str(home), "check", str(manifest), "--quiet", "--metrics", str(metrics)]
    command += ["--store", str(store_of(home))]
    runs = [timed(command, control.folder) for _ in range(_ROUNDS + 1)][1:]
    text = metrics.read_text(encoding="utf-8")
    values = [line for line in text.splitlines() if not line.startswith("#")]
    processor = statistics.median(run.processor for run in runs)
    return Check(median(runs), processor, len(values), len(text.encode()))


def _report(control: Control, hosts: int, forks: int) -> Report:
    inventory = control.inventory(_hosts(control, hosts), manifest=_manifest(control), metered=True)
    table = control.folder / "drift.md"
    table.unlink(missing_ok=True)
    told = json.dumps({"report": str(table), "fail_on_drift": False})
    command = control.play(DRIFT, inventory, "--forks", str(forks), "--extra-vars", told)
    control.used_by_targets()  # what was run before is no part of this
    seen = watched(command, control.folder, control.environment)
    lines = table.read_text(encoding="utf-8").splitlines()
    if sum("host" in line and ("in sync" in line or "differs" in line) for line in lines) != hosts:
        raise SystemExit(f"not all of {hosts} hosts are in {table}")
    return Report(hosts, seen, control.used_by_targets())


def _hosts(control: Control, hosts: int) -> dict[str, Path]:
    """Lay out hosts, of which some have a model too many."""
    homes = {f"host{number:04}": control.folder / "hosts" / f"host{number:04}" for number in range(hosts)}
    for number, home in enumerate(homes.values()):
        lay_out(store_of(home), _MODELS + (number % _DRIFTED == _DRIFTED - 1))
    return homes


def _manifest(control: Control) -> Path:
    return manifest_of(control.folder / "models.yml", [name_of(number) for number in range(_MODELS)])


def _idle(control: Control, name: str) -> float:
    inventory = control.inventory(_hosts(control, _IDLE), manifest=_manifest(control), metered=False)
    command = control.play(playbook(name), inventory)
    return median([timed(command, control.folder, control.environment) for _ in range(_ROUNDS)])


def _staying(control: Control, hosts: int) -> Watched:
    homes = {f"host{number:04}": control.folder for number in range(hosts)}
    inventory = control.inventory(homes, manifest=_manifest(control), metered=False)
    command = control.play(playbook("stay_here"), inventory, "--forks", str(FORKS))
    return watched(command, control.folder, control.environment)


def _copied(growth: Sequence[Watched]) -> float:
    """Return what each fork adds, over what the first process has grown by."""
    few, many = growth
    in_forks = [(seen.peak_of_forks - seen.peak_of_first) / FORKS for seen in (few, many)]
    return max(0.0, (in_forks[1] - in_forks[0]) / (many.peak_of_first - few.peak_of_first))


def _line(reports: Sequence[Report], values: Sequence[float]) -> statistics.LinearRegression:
    """Lay a line through what was measured for each number of hosts."""
    return statistics.linear_regression([float(each.hosts) for each in reports], values)
