"""How far a run has come, as its journal tells it."""

from __future__ import annotations

import pytest

from ocrstate.runs.model import Begun, RunLog, RunState, Step
from tests.support.runs import COMMITTED, FINISHED, PURGED, PURGING, RUN, UNDONE, begun_of, removal

BEGUN = begun_of("old.bin")


@pytest.mark.parametrize(
    ("begun", "steps", "state", "committed"),
    [
        (None, (), RunState.NOT_BEGUN, False),
        (BEGUN, (), RunState.MOVING, False),
        (BEGUN, (UNDONE,), RunState.UNDONE, False),
        (BEGUN, (COMMITTED,), RunState.COMMITTED, True),
        (BEGUN, (COMMITTED, FINISHED), RunState.FINISHED, True),
        (BEGUN, (COMMITTED, FINISHED, PURGING), RunState.PURGING, True),
        (BEGUN, (COMMITTED, FINISHED, PURGING, PURGED), RunState.PURGED, True),
    ],
    ids=lambda value: value.value if isinstance(value, RunState) else "",
)
def test_the_last_record_says_how_far_a_run_has_come(
    begun: Begun | None, steps: tuple[Step, ...], state: RunState, *, committed: bool
) -> None:
    log = RunLog(RUN, begun, steps, 0)
    assert (log.state, log.is_committed) == (state, committed)


def test_a_run_that_has_not_begun_moves_nothing() -> None:
    assert RunLog(RUN, None, (), 0).moves == ()
    assert RunLog(RUN, BEGUN, (), 0).moves == (removal("old.bin"),)
