"""Tell which promises were broken, after trouble struck."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.crash.world import EMPTIED, IGNORED, LISTED, PROTECTED, REMOVED, without

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.crash.bench import Bench, Ended
    from tests.crash.scenarios import Expected, Scenario
    from tests.crash.world import Models, State

_DONE = 0


class Judge:
    """Knows what was there before, and looks at what is there now."""

    def __init__(self, bench: Bench, scenario: Scenario, expected: Expected) -> None:
        self._bench = bench
        self._world = bench.world
        self._scenario = scenario
        self._expected = expected
        self._outside = self._world.outside()
        before = self._world.state()
        self._kept = _untouchable(before)
        self._contents = {each for each in before.contents() if not _can_be_fetched_again(each[1])}

    def after_kill(self) -> Iterator[str]:
        """Check what holds however a command was killed: all old or all new, as soon as the next one has run."""
        yield from self._always(self._world.state())
        yield from self._looking_writes_nothing()
        yield from self._recovers((self._expected.undone, self._expected.after))
        yield from self._leaves_no_litter()
        yield from self._conforms()

    def after_fault(self, ended: Ended) -> Iterator[str]:
        """Check that a command that met an error told the truth, and left what a later one can settle."""
        expected, now = self._expected, self._world.state()
        is_settled = not self._world.journals("journal")
        yield from self._always(now)
        match ended.code:
            case 0:
                yield from _differences("it said that it is done, but", now, expected.after)
                yield from self._recovers((expected.after,))
            case 1 | 3:
                yield from _differences("it said that nothing was changed, but", now, expected.before)
                yield from self._recovers((expected.undone,))
            case 4:
                yield from self._recovers((expected.undone, expected.after))
            case _:
                yield f"it ended with {ended.code}"
        if "Traceback" in ended.said:
            yield "it showed a traceback"
        if not is_settled or expected.restored is not None:
            yield from self._conforms()

    def _always(self, now: State) -> Iterator[str]:
        """Check what holds at every moment."""
        if self._world.outside() != self._outside:
            yield "something outside of the store was changed"
        if _untouchable(now) != self._kept:
            yield "a listed, protected or ignored model was changed"
        if self._world.seen_by_the_engine():
            yield f"the engine sees files of ours: {self._world.seen_by_the_engine()}"
        lost = self._contents - now.contents()
        if lost and not (self._scenario.loses_after and self._world.has_record(self._scenario.loses_after)):
            yield f"lost for good: {sorted(map(str, lost))}"

    def _looking_writes_nothing(self) -> Iterator[str]:
        before = self._world.everything()
        pending = sorted(name.partition(".")[0] for name in self._world.journals("journal"))
        planned, remembered = self._bench.calmly("plan", "MANIFEST"), self._bench.calmly("history")
        for ended in (planned, remembered):
            if ended.code != _DONE:
                yield f"plan or history ended with {ended.code}: {ended.said}"
        if any(run not in planned.said for run in pending):
            yield f"plan does not tell of the run that was broken off: {planned.said}"
        if self._world.everything() != before:
            yield "a command that only looks wrote in the store"

    def _recovers(self, allowed: tuple[State, ...]) -> Iterator[str]:
        ended = self._bench.calmly("recover")
        now = self._world.state()
        if ended.code != _DONE:
            yield f"recover ended with {ended.code}: {ended.said}"
        mixed = [list(_differences("recover left a mix:", now, each)) for each in allowed]
        if all(mixed):
            yield from (line for lines in mixed for line in lines)
        if self._world.journals("journal"):
            yield f"recover left a run half-way: {ended.said}"
        yield from self._always(now)
        if self._world.garbled_lines():
            yield f"a journal that is closed has broken lines: {self._world.garbled_lines()}"
        if self._expected.restored is not None and {name for name, _ in now.held} == set(REMOVED):
            yield from self._restores(self._expected.restored)

    def _leaves_no_litter(self) -> Iterator[str]:
        if self._world.empty_quarantines():
            yield "recover left an empty quarantine"
        models = self._world.state().models
        if _without_empty_folder(models) != models:
            yield f"recover left {EMPTIED} empty"

    def _restores(self, restored: Models) -> Iterator[str]:
        ended = self._bench.calmly("restore")
        if ended.code != _DONE or self._world.state().models != restored:
            yield f"restore does not put back what is still held: {ended.code}: {ended.said}"

    def _conforms(self) -> Iterator[str]:
        ended = self._bench.calmly("apply", "MANIFEST", "--yes")
        models = _without_empty_folder(self._world.state().models)
        if ended.code != _DONE or models != self._expected.conforming:
            yield f"the next apply does not do its work: {ended.code}: {ended.said}"
        before = self._world.everything()
        ended = self._bench.calmly("apply", "MANIFEST", "--yes")
        if ended.code != _DONE or self._world.everything() != before:
            yield f"the apply after that changes something: {ended.code}: {ended.said}"


def _can_be_fetched_again(content: object) -> bool:
    return isinstance(content, bytes) and content.startswith(b"fetched ")


def _untouchable(now: State) -> dict[str, object]:
    return {name: now.models.get(name) for name in (*LISTED, *PROTECTED, *IGNORED)}


def _differences(why: str, now: State, then: State) -> Iterator[str]:
    """Say what differs, apart from an empty folder: that is no model, and one that cannot be removed may stay."""
    models, wanted = _without_empty_folder(now.models), _without_empty_folder(then.models)
    for name in sorted(models.keys() | wanted.keys()):
        if models.get(name) != wanted.get(name):
            yield f"{why} {name} is {models.get(name)}, not {wanted.get(name)}"
    for name, _ in sorted(now.held ^ then.held):
        yield f"{why} {name} {'waits' if (name, _) in now.held else 'does not wait'} in quarantine"


def _without_empty_folder(models: Models) -> Models:
    is_empty = not any(name.startswith(f"{EMPTIED}/") for name in models)
    return without(models, EMPTIED) if is_empty else models
