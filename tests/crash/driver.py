"""Let trouble strike at every call of a scenario, one point at a time, and check the promises after each.

Prints one line of JSON: how many points there were, and what was broken. A process of its own, because it forks.
"""

from __future__ import annotations

import errno
import gc
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.crash.bench import KILLED, Bench, Ended
from tests.crash.judge import Judge
from tests.crash.scenarios import SCENARIOS
from tests.crash.seam import How, Trouble

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.crash.scenarios import Scenario
    from tests.crash.seam import Call

_CHANGES_FAIL_WITH = (errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS, errno.EXDEV)
_LOOKS_FAIL_WITH = (errno.EIO, errno.EACCES)


@dataclass(frozen=True)
class Violation:
    """A promise that was broken."""

    call: str
    trouble: str
    broken: list[str]
    code: int
    said: str


def kills(calls: Iterable[Call]) -> Iterator[Trouble]:
    """Kill at each step; between calls that only look nothing differs."""
    for at, call in enumerate(calls):
        if call.changes:
            yield Trouble(at, How.KILL)
        if call.name == "write":
            yield Trouble(at, How.KILL_HALF_WRITTEN)


def faults(calls: Iterable[Call]) -> Iterator[Trouble]:
    """Let each call fail: those that change something with every error, and from then on with one of them."""
    for at, call in enumerate(calls):
        if call.changes:
            yield from (Trouble(at, How.FAIL, error) for error in _CHANGES_FAIL_WITH)
            yield Trouble(at, How.FAIL_FOR_EVER, _CHANGES_FAIL_WITH[at % len(_CHANGES_FAIL_WITH)])
        else:
            yield Trouble(at, How.FAIL, errno.EIO if call.name == "fstat" else _LOOKS_FAIL_WITH[at % 2])
        if call.name == "write":
            yield Trouble(at, How.FAIL_HALF_WRITTEN, errno.ENOSPC)


class Matrix:
    """All points of one scenario."""

    def __init__(self, scenario: Scenario, folder: Path) -> None:
        self._scenario = scenario
        self._bench = Bench(folder)
        scenario.prepare(self._bench)
        seam = scenario.seam(self._bench.world)
        self._bench.failing(scenario.words, seam)
        self._calls = tuple(seam.calls)
        self.violations: list[Violation] = []
        gc.collect()
        gc.freeze()

    def run(self) -> dict[str, object]:
        """Go through all points."""
        counted = {"kills": 0, "faults": 0}
        for kind, points in (
            ("kills", kills(self._calls)),
            ("faults", self._faults()),
        ):
            for trouble in points:
                counted[kind] += 1
                self._strike(trouble)
        return {**counted, "violations": [asdict(each) for each in self.violations]}

    def _faults(self) -> Iterator[Trouble]:
        since = self._scenario.fails_since
        first = next(at for at, call in enumerate(self._calls) if since in ("", call.name))
        return (each for each in faults(self._calls) if self._scenario.meets_faults and each.at >= first)

    def _strike(self, trouble: Trouble) -> None:
        scenario, bench = self._scenario, self._bench
        expected = scenario.prepare(bench)
        judge = Judge(bench, scenario, expected)
        strike = bench.killed if trouble.kills else bench.failing
        ended = strike(scenario.words, scenario.seam(bench.world, trouble))
        bench.world.find_again()
        broken = list(_after(judge, trouble, ended))
        if broken:
            call = str(self._calls[trouble.at])
            self.violations.append(Violation(call, str(trouble), broken, ended.code, ended.said))


def _after(judge: Judge, trouble: Trouble, ended: Ended) -> Iterator[str]:
    if not trouble.kills:
        yield from judge.after_fault(ended)
    elif ended.code == KILLED:
        yield from judge.after_kill()
    else:
        yield f"it was not killed, but ended with {ended.code}"


def main() -> None:
    """Run the scenario that is named in the folder that is named."""
    name, folder = sys.argv[1:]
    sys.stdout.write(json.dumps(Matrix(SCENARIOS[name], Path(folder)).run()))


if __name__ == "__main__":
    main()
