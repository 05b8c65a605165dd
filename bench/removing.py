"""Measure the module on one store against the recipe that is written with built-in modules."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from measuring import Run, median, table, timed
from playing import lay_out, manifest_of, name_of, playbook, store_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from playing import Control

_MODELS = 1_000
_BOUND = 20
_TITLES = (
    *("unlisted models", "playbook", "runs", "recipe", "module", "factor"),
    *("recipe without Ansible's start", "module without it", "factor"),
)


@dataclass(frozen=True)
class Case:
    """A store with ``unlisted`` models among its 1,000.

    Attributes:
        is_check: whether the playbook is only checked.
    """

    unlisted: int
    is_check: bool
    runs: int


# the recipe takes a fifth of a second for each model
CASES = (
    Case(0, is_check=True, runs=3),
    Case(0, is_check=False, runs=3),
    Case(10, is_check=True, runs=3),
    Case(10, is_check=False, runs=3),
    Case(100, is_check=True, runs=2),
    Case(100, is_check=False, runs=2),
    Case(300, is_check=False, runs=1),
)


@dataclass(frozen=True)
class Measured:
    """What was measured in one case, in turns.

    Attributes:
        start: the seconds of a playbook that does nothing.
    """

    case: Case
    start: float
    recipe: list[Run]
    module: list[Run]

    @property
    def factor(self) -> float:
        """How many times as fast the module is, Ansible's start included."""
        return statistics.median(a.seconds / b.seconds for a, b in zip(self.recipe, self.module, strict=True))

    @property
    def factor_of_tasks(self) -> float:
        """How many times as fast the module is once Ansible is there."""
        pairs = zip(self.tasks(self.recipe), self.tasks(self.module), strict=True)
        return statistics.median(a / b for a, b in pairs)

    def tasks(self, runs: Sequence[Run]) -> list[float]:
        """Return the seconds without Ansible's start."""
        return [run.seconds - self.start for run in runs]


def measure(control: Control) -> list[Measured]:
    """Measure all cases."""
    _round(control, Case(1, is_check=False, runs=1))  # what has to be compiled or read for the first time is, now
    rounds = {case: [_round(control, case) for _ in range(case.runs)] for case in CASES}
    start = median([nothing for runs in rounds.values() for nothing, _, _ in runs])
    return [
        Measured(case, start, [run for _, run, _ in runs], [run for *_, run in runs]) for case, runs in rounds.items()
    ]


def removing_table(measured: Sequence[Measured]) -> list[str]:
    """Spell what was measured, and from how many models on the bound is kept."""
    return [
        *table(_TITLES, [_cells(each) for each in measured]),
        "",
        *(_kept_from(measured, is_check=is_check) for is_check in (True, False)),
    ]


def _round(control: Control, case: Case) -> list[Run]:
    return [_run(control, case, name) for name in ("nothing", "recipe", "module")]


def _run(control: Control, case: Case, name: str) -> Run:
    home = control.folder / "removing"
    store = store_of(home)
    lay_out(store, _MODELS)
    manifest = manifest_of(home / "models.yml", [name_of(number) for number in range(_MODELS - case.unlisted)])
    inventory = control.inventory({"one": home}, manifest=manifest, metered=False)
    options = ["--extra-vars", f"manifest={manifest}", *(["--check"] if case.is_check else [])]
    run = timed(control.play(playbook(name), inventory, *options), control.folder, control.environment)
    _expect(store, _MODELS if case.is_check or name == "nothing" else _MODELS - case.unlisted)
    return run


def _expect(store: Path, models: int) -> None:
    """Measure nothing that has not done its work."""
    found = len(list(store.glob("*.bin")))
    if found != models:
        raise SystemExit(f"{models} models should be in {store}, and {found} are")


def _cells(measured: Measured) -> tuple[str, ...]:
    case = measured.case
    return (
        f"{case.unlisted}",
        "checked" if case.is_check else "run",
        f"{case.runs}",
        f"{median(measured.recipe):.2f} s",
        f"{median(measured.module):.2f} s",
        f"{measured.factor:.1f}",
        f"{statistics.median(measured.tasks(measured.recipe)):.2f} s",
        f"{statistics.median(measured.tasks(measured.module)):.2f} s",
        f"{measured.factor_of_tasks:.1f}",
    )


def _kept_from(measured: Sequence[Measured], *, is_check: bool) -> str:
    these = [each for each in measured if each.case.is_check == is_check]
    tasks = reaching(
        _BOUND,
        [(each.case.unlisted, statistics.median(each.tasks(each.recipe))) for each in these],
        statistics.median(time for each in these for time in each.tasks(each.module)),
    )
    whole = reaching(
        _BOUND,
        [(each.case.unlisted, median(each.recipe)) for each in these],
        median([run for each in these for run in each.module]),
    )
    how = "Checked" if is_check else "Run"
    return (
        f"{how}, the module is {_BOUND} times as fast as the recipe from about {tasks:.0f} "
        f"unlisted models on; from about {whole:.0f} on if the start of Ansible is counted."
    )


def reaching(factor: float, recipe: Sequence[tuple[float, float]], module: float) -> float:
    """Return the number of models from which on the recipe takes a multiple of the module's time.

    Args:
        factor: the multiple.
        recipe: numbers of models, and the seconds that they take; a line is laid through them.
        module: the seconds that the module takes, whatever their number.
    """
    slope, start = statistics.linear_regression(*zip(*recipe, strict=True))
    return max(0.0, (factor * module - start) / slope)
