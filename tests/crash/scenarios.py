"""What is run when trouble strikes, what was there before, and what may be there afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TYPE_CHECKING

from tests.crash.bench import KILLED
from tests.crash.seam import Call, How, Seam, Trouble
from tests.crash.world import COMING, EMPTIED, NEW_FOLDER, REMOVED, SWAPPED, State, arrived, without

if TYPE_CHECKING:
    from tests.crash.bench import Bench
    from tests.crash.world import Models, World

_APPLY = ("apply", "MANIFEST", "--yes")
_APPLY_RETAINING = (*_APPLY, "--retain", "7d")
_FETCH = (*_APPLY, "--jobs", "1")
_RECOVER = ("recover",)
_NEVER = State({}, frozenset({("this", b"never happens")}))


@dataclass(frozen=True)
class Expected:
    """What may be in the store.

    Attributes:
        before: what is there before the command, and whenever it says that nothing was changed.
        after: what is there whenever it says that it is done.
        undone: what a recovery may leave where the command has not said that it is done.
        conforming: the models that the manifest wants.
        restored: the models after a restore, which must work as long as all is held of what was removed.
    """

    before: State
    after: State
    undone: State
    conforming: Models
    restored: Models | None = None


@dataclass(frozen=True)
class Scenario:
    """A command that trouble strikes.

    Attributes:
        prepare: makes the world before it.
        loses_after: the record after which what waits in quarantine may go for good; none where it must not.
        meets_faults: whether calls fail, too, and not only the process is killed.
        fails_since: the kind of call with the first of which faults begin; what comes before fails in another scenario.
        meanwhile: what another process does, given the world.
    """

    name: str
    words: tuple[str, ...]
    prepare: Callable[[Bench], Expected]
    loses_after: str | None = None
    meets_faults: bool = True
    fails_since: str = ""
    meanwhile: Callable[[World, Seam, Call], None] = lambda _world, _seam, _call: None

    def seam(self, world: World, trouble: Trouble | None = None) -> Seam:
        """Return what the command makes its calls through."""
        return Seam(trouble, partial(self.meanwhile, world))


def _fresh(bench: Bench) -> Expected:
    bench.world.make()
    old = bench.world.state()
    new = State(without(old.models, *REMOVED, EMPTIED), frozenset())
    return Expected(old, new, old, new.models)


def _to_be_fetched(bench: Bench) -> Expected:
    bench.world.make()
    bench.world.want_more()
    old = bench.world.state()
    new = {**without(old.models, *REMOVED), NEW_FOLDER: old.models["sub"], **{name: arrived(name) for name in COMING}}
    return Expected(old, State(new, frozenset()), old, new)


def _to_be_fetched_and_kept(bench: Bench) -> Expected:
    expected = _to_be_fetched(bench)
    held = frozenset((name, expected.before.models[name][-1]) for name in (*REMOVED, SWAPPED))
    return replace(expected, after=expected.after._replace(held=held))


def _to_be_kept(bench: Bench) -> Expected:
    expected = _fresh(bench)
    held = frozenset((name, expected.before.models[name][-1]) for name in REMOVED)
    return replace(expected, after=expected.after._replace(held=held), restored=expected.before.models)


def _to_be_taken_back(bench: Bench) -> Expected:
    return replace(_fresh(bench), after=_NEVER)


def _kept(bench: Bench) -> Expected:
    expected = _to_be_kept(bench)
    _must_end_well(bench, _APPLY_RETAINING)
    assert bench.world.state() == expected.after
    return replace(expected, before=expected.after, after=expected.before, undone=expected.after)


def _kept_with_newer(bench: Bench) -> Expected:
    expected = _kept(bench)
    bench.world.put("old_1.bin", "newer")
    newer = bench.world.state()
    after = expected.after._replace(held=frozenset({("old_1.bin", b"newer")}))
    return replace(expected, before=newer, undone=newer, after=after, restored=None)


def _to_be_purged(bench: Bench) -> Expected:
    expected = _kept(bench)
    return replace(expected, after=expected.before._replace(held=frozenset()))


def _steal(world: World, seam: Seam, call: Call) -> None:
    """Take a listed model away between the moves and the second listing, so that this fails to prove the run."""
    moves = [each for each in seam.calls if each.name == "rename"]
    if call.name == "fsync" and len(moves) == len(REMOVED) and not world.is_robbed:
        world.lose("keep_2.bin")


APPLY = Scenario("apply", _APPLY, _fresh, loses_after="committed")
FETCH = Scenario("fetch", _FETCH, _to_be_fetched, loses_after="committed")
RESTORE = Scenario("restore", ("restore",), _kept, meets_faults=False)
RESTORE_OVERWRITE = Scenario("restore-overwrite", ("restore", "--overwrite", "--yes"), _kept_with_newer)
PURGE = Scenario("purge", ("purge", "--all", "--yes"), _to_be_purged, loses_after="purging")
FIRST_RUNS = (
    APPLY,
    FETCH,
    Scenario("fetch-retain", (*_FETCH, "--retain", "7d"), _to_be_fetched_and_kept, meets_faults=False),
    Scenario("apply-retain", _APPLY_RETAINING, _to_be_kept, meets_faults=False),
    Scenario("apply-rolled-back", _APPLY, _to_be_taken_back, fails_since="link", meanwhile=_steal),
    RESTORE,
    RESTORE_OVERWRITE,
    PURGE,
)

Find = Callable[[tuple[Call, ...]], int]


@dataclass(frozen=True)
class BrokenOff:
    """A first run that was killed at some moment, for recovery to deal with.

    Attributes:
        find: the call at which it was killed.
        committed: whether it counts as done by then.
    """

    first: Scenario
    moment: str
    find: Find
    how: How
    committed: bool

    def prepare(self, bench: Bench) -> Expected:
        """Make a world in which the run was killed."""
        at = self._at(bench)
        expected = self.first.prepare(bench)
        ended = bench.killed(self.first.words, Seam(Trouble(at, self.how)))
        assert ended.code == KILLED, ended
        settled = expected.after if self.committed else expected.before
        return replace(expected, before=bench.world.state(), after=settled, undone=settled)

    @cache  # noqa: B019 - there are a few of these, and they live as long as the process
    def _at(self, bench: Bench) -> int:
        self.first.prepare(bench)
        seam = Seam()
        bench.failing(self.first.words, seam)
        return self.find(tuple(seam.calls))


def _nth(name: str, number: int, since: str = "") -> Find:
    """Find the n-th call of a kind, after the one that mentions something."""

    def find(calls: tuple[Call, ...]) -> int:
        start = next(at for at, call in enumerate(calls) if since in call.about)
        return [at for at, call in enumerate(calls) if call.name == name and at > start][number - 1]

    return find


def _record(word: str, later: int = 0) -> Find:
    """Find the call that writes a record, or one a little later."""
    return lambda calls: (
        later + next(at for at, call in enumerate(calls) if call.name == "write" and f'"{word}"' in call.about)
    )


_RUN = (
    ("while-it-begins", _record("begun"), How.KILL_HALF_WRITTEN, False),
    ("before-the-commit", _record("committed"), How.KILL, False),
    ("in-the-commit", _record("committed"), How.KILL_HALF_WRITTEN, False),
    ("after-the-commit", _record("committed", later=1), How.KILL, True),
)
_BROKEN_OFF = (
    *(BrokenOff(APPLY, *each) for each in _RUN),
    *(BrokenOff(FETCH, *each) for each in _RUN),
    BrokenOff(FETCH, "amid-its-moves", _nth("link", 2, since='"begun"'), How.KILL, committed=False),
    BrokenOff(APPLY, "amid-its-moves", _nth("rename", 4), How.KILL, committed=False),
    BrokenOff(APPLY, "amid-its-deletions", _nth("unlink", 3, since='"committed"'), How.KILL, committed=True),
    *(BrokenOff(RESTORE_OVERWRITE, *each) for each in _RUN),
    BrokenOff(RESTORE_OVERWRITE, "amid-a-move", _nth("unlink", 4, since='"begun"'), How.KILL, committed=False),
)


RECOVERIES = tuple(
    Scenario(
        f"recovery-of-{broken_off.first.name}-{broken_off.moment}",
        _RECOVER,
        broken_off.prepare,
        loses_after=broken_off.first.loses_after,
        meets_faults="amid-its" in broken_off.moment,
    )
    for broken_off in _BROKEN_OFF
)

SCENARIOS = {scenario.name: scenario for scenario in (*FIRST_RUNS, *RECOVERIES)}


def _must_end_well(bench: Bench, words: tuple[str, ...]) -> None:
    ended = bench.calmly(*words)
    assert ended.code == 0, ended
