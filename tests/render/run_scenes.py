"""What there is to say of runs: those that keep models, put them back, were broken off, or are remembered."""

from __future__ import annotations

from dataclasses import replace

from ocrstate.applying.result import Ended, HeldOpen, Outcome, OutcomeStatus, Purge, Recovered, Result, RunStatus
from ocrstate.inventory.model import UnfinishedRuns
from ocrstate.manifest.desired import Policy
from ocrstate.planning.planner import plan
from ocrstate.render.history_text import render_history, render_purges, render_run
from ocrstate.render.look import Detail
from ocrstate.render.result_text import recovered_line
from ocrstate.runs.model import RunKind, RunState, UnfinishedRun
from tests.render.drawing import at_widths, drawn_plan, drawn_result
from tests.support.manifests import desired_of
from tests.support.runs import (
    COMMITTED,
    KEEP_UNTIL,
    KEPT,
    LATER_RUN,
    PURGED,
    PURGING,
    RUN,
    STARTED,
    UNDONE,
    WHO,
    begun_of,
    past_of,
    putting_back,
    removal,
)
from tests.support.stores import entry, inventory_of, scan_of, stamp

RETAINED = (
    desired_of("fr.bin", policy=Policy(retain=7 * 86_400)),
    inventory_of(scan_of("fr.bin", entry("old_1.bin", of=stamp(5_300_000_000)), "old_2.bin")),
)

STORE = "/srv"
BEGUN = begun_of("old_1.bin", "old_2.bin")
RESTORE = begun_of(putting_back("old_1.bin"), run_id=LATER_RUN, kind=RunKind.RESTORE)
UNFINISHED = {
    "at-work": UnfinishedRun(RUN, BEGUN, RunState.MOVING, 1, at_work=True),
    "just-started": UnfinishedRun(RUN, None, RunState.NOT_BEGUN, 0, at_work=False),
    "broken-off": UnfinishedRun(RUN, BEGUN, RunState.MOVING, 1, at_work=False),
    "broken-off-before-it-moved": UnfinishedRun(RUN, BEGUN, RunState.MOVING, 0, at_work=False),
    "broken-off-or-at-work": UnfinishedRun(RUN, BEGUN, RunState.MOVING, 2, at_work=None),
    "committed": UnfinishedRun(RUN, BEGUN, RunState.COMMITTED, 2, at_work=False),
    "committed-and-kept": UnfinishedRun(
        RUN, replace(BEGUN, keep_until=KEEP_UNTIL), RunState.COMMITTED, 2, at_work=False
    ),
    "purging": UnfinishedRun(RUN, BEGUN, RunState.PURGING, 1, at_work=False),
    "committed-and-done": UnfinishedRun(RUN, BEGUN, RunState.COMMITTED, 0, at_work=False),
    "damaged": UnfinishedRun(RUN, None, None, 2, at_work=False),
    "restore": UnfinishedRun(LATER_RUN, RESTORE, RunState.MOVING, 0, at_work=False),
}


def _plan_beside(*runs: UnfinishedRun, detail: Detail = Detail.CHANGES) -> str:
    warnings = tuple(UnfinishedRuns((run,)) for run in runs)
    return drawn_plan((desired_of("fr.bin"), inventory_of(scan_of("fr.bin"), warnings=warnings)), detail)


def _done(*outcomes: Outcome, keep_until: str | None = None, new_since: tuple[str, ...] = ()) -> Result:
    return Result(
        LATER_RUN, RunStatus.SUCCESS, "/app/models", outcomes, in_sync=True, keep_until=keep_until, new_since=new_since
    )


def _beside_new(names: tuple[str, ...]) -> Result:
    remaining = plan(desired_of(), inventory_of(scan_of(*names))).changes
    return replace(_done(REMOVED, new_since=names), in_sync=False, remaining=remaining)


REMOVED = Outcome("old_1.bin", OutcomeStatus.REMOVED, 5_300_000_000)
KEPT_OUTCOMES = (
    Outcome("old_1.bin", OutcomeStatus.REMOVED, kept=5_300_000_000),
    Outcome("old_2.bin", OutcomeStatus.REMOVED, kept=4_096),
)
RESTORED = Result(
    LATER_RUN,
    RunStatus.SUCCESS,
    "/app/models",
    (Outcome("old_1.bin", OutcomeStatus.RESTORED), Outcome("old_2.bin", OutcomeStatus.RESTORED)),
    in_sync=None,
    restores=RUN,
)
READERS = (HeldOpen(811, "python3 ocr_app.py"), HeldOpen(99_812, "tail\x1b[2J"))
HELD_OPEN = tuple(
    Outcome(f"old_{n:02}.bin", OutcomeStatus.REMOVED, freed_later=5_300_000_000, held_open=READERS[: 1 + n % 2])
    for n in range(12)
)
STUCK = tuple((f"old_{n}\n.bin", "Operation not\npermitted") for n in range(25))
PURGES = (Purge(RUN, 2, 5_300_004_096), Purge(LATER_RUN, 0, 0), Purge(LATER_RUN, 1, 4_096, STUCK[:1]))
RECOVERED = {
    "undone": Recovered(RUN, Ended.UNDONE, STARTED, 2),
    "undone-some-gone": Recovered(RUN, Ended.UNDONE, STARTED, 1, ("old_2.bin",)),
    "one": Recovered(RUN, Ended.UNDONE, STARTED, 1),
    "nothing": Recovered(RUN, Ended.UNDONE, STARTED, 0),
    "finished-and-kept": Recovered(RUN, Ended.FINISHED, STARTED, 2, keep_until=KEEP_UNTIL),
    "finished": Recovered(RUN, Ended.FINISHED, STARTED, 2, (), 5_300_000_000),
}
NEW = tuple(f"new_{n:02}\t.bin" for n in range(12))

SIZES = {"old_1.bin": 5_300_000_000, "old_2.bin": 4_096, "sub/模型.bin": 12}
MOVES = [removal(name, size) for name, size in SIZES.items()]
RUNS = (
    past_of(begun_of(*MOVES), *KEPT),
    past_of(begun_of(*MOVES), UNDONE),
    past_of(begun_of(*MOVES, keep_until=KEEP_UNTIL), *KEPT),
    past_of(begun_of(*MOVES, keep_until=KEEP_UNTIL), *KEPT, restorable=SIZES),
    past_of(begun_of(*MOVES, keep_until=KEEP_UNTIL), *KEPT, restorable=["old_1.bin"]),
    past_of(begun_of(*MOVES, keep_until=KEEP_UNTIL), *KEPT, held=4_096),
    past_of(begun_of(*MOVES, keep_until=KEEP_UNTIL), *KEPT, PURGING, held=4_096),
    past_of(begun_of(*MOVES, keep_until=KEEP_UNTIL), *KEPT, PURGING, PURGED),
    past_of(RESTORE, *KEPT),
    past_of(begun_of("a"), is_open=True),
    past_of(begun_of("a"), COMMITTED, is_open=True),
    past_of(None, is_open=True),
)
OVERWRITING = begun_of(
    removal("old_1.bin", 9, LATER_RUN),
    putting_back("old_1.bin", 5_300_000_000),
    run_id=LATER_RUN,
    kind=RunKind.RESTORE,
    keep_until=KEEP_UNTIL,
)
LONG_AGO = replace(WHO, user="root\x1b[31m", host="h\u202e", command="ocrstate apply 'a\nb.yml'")
MANY = begun_of(*(f"{n:02}\x07.bin" for n in range(23)), who=LONG_AGO, manifest=None)


RUN_SCENES = {
    "plan-retained": drawn_plan(RETAINED),
    **{f"plan-beside-run-{name}": _plan_beside(run) for name, run in UNFINISHED.items()},
    "plan-beside-runs": _plan_beside(*UNFINISHED.values()),
    "plan-beside-run-in-one-line": _plan_beside(UNFINISHED["broken-off"], detail=Detail.SUMMARY),
    "result-kept": drawn_result(_done(*KEPT_OUTCOMES, keep_until=KEEP_UNTIL)),
    **at_widths("result-kept", lambda width: drawn_result(_done(*KEPT_OUTCOMES, keep_until=KEEP_UNTIL), width=width)),
    "result-restored": drawn_result(RESTORED),
    "result-restored-over-newer": drawn_result(
        replace(RESTORED, keep_until=KEEP_UNTIL, outcomes=(Outcome("old_1.bin", OutcomeStatus.RESTORED, kept=9),))
    ),
    "result-purged": drawn_result(replace(_done(REMOVED), purged=PURGES)),
    "result-only-purged": drawn_result(replace(_done(), purged=PURGES[:1])),
    "result-held-open": drawn_result(_done(REMOVED, *HELD_OPEN[:2])),
    **at_widths("result-held-open", lambda width: drawn_result(_done(REMOVED, *HELD_OPEN[:2]), width=width)),
    "result-held-open-by-many": drawn_result(_done(*HELD_OPEN)),
    "result-new-since": drawn_result(_beside_new(NEW[:1])),
    "result-many-new-since": drawn_result(_beside_new(NEW)),
    **{f"recovered-{name}": f"{recovered_line(each)}\n" for name, each in RECOVERED.items()},
    "history-empty": render_history((), STORE, STARTED, 80),
    "history-of-nothing-begun": render_history((past_of(None, is_open=True),), STORE, STARTED, 80),
    "history": render_history((*RUNS, past_of(None)), STORE, STARTED, 80),
    **at_widths("history", lambda width: render_history((*RUNS, past_of(None)), STORE, STARTED, width)),
    **at_widths("history-of-a-run", lambda width: render_run(RUNS[4], STARTED, width)),
    "history-time-is-up": render_history(RUNS[3:4], STORE, "2040-01-01T00:00:00Z", 80),
    "history-nothing-restorable": render_history(RUNS[:1], STORE, STARTED, 80),
    "history-of-a-run": render_run(RUNS[4], STARTED, 80),
    "history-of-a-restore": render_run(past_of(OVERWRITING, *KEPT, restorable=["old_1.bin"]), STARTED, 80),
    "history-of-a-run-with-many-models": render_run(past_of(MANY, *KEPT), STARTED, 80),
    "history-of-a-run-that-did-nothing": render_run(past_of(None, is_open=True), STARTED, 80),
    "history-of-a-run-taken-back": render_run(RUNS[1], STARTED, 80),
    "purge-nothing": render_purges((), STORE),
    "purge-staged": render_purges((), STORE, 1_200_000_000),
    "purge-and-staged": render_purges((Purge(RUN, 2, 4_096),), STORE, 1_200_000_000),
    "purge": render_purges(PURGES[:1], STORE),
    "purge-held-open": render_purges((Purge(RUN, 2, 4_096, (), 5_300_000_000, READERS),), STORE),
    "purge-stuck": render_purges((Purge(RUN, 1, 5_300_000_000, STUCK),), STORE),
}
