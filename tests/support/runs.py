"""Runs as their journals tell them, made in one line or drawn at random."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from ocrstate.names import leads_into_store
from ocrstate.runs.journal import encode_begun, encode_step
from ocrstate.runs.kept import PastRun
from ocrstate.runs.model import (
    Begun,
    Committed,
    Finished,
    FolderLook,
    InQuarantine,
    InStaging,
    InStore,
    ManifestRef,
    Mark,
    Move,
    Purged,
    Purging,
    RunKind,
    RunLog,
    Undone,
    Who,
)
from ocrstate.runs.read import Held

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocrstate.runs.model import Step

RUN = "20261121T060000Z-0a1b2c"
LATER_RUN = "20261122T070000Z-0d4e5f"
STARTED = "2026-11-21T06:00:00Z"
ENDED = "2026-11-21T06:00:05Z"
KEEP_UNTIL = "2026-11-28T06:00:00Z"
WHO = Who(4711, "deploy", "ocr-1", STARTED, "ocrstate apply models.yml --yes")
MANIFEST = ManifestRef("/etc/app/models.yml", "0" * 64)

COMMITTED, UNDONE, FINISHED = Committed(ENDED), Undone(ENDED, "the engine crashed"), Finished(ENDED, 0)
PURGING, PURGED = Purging("2026-11-29T06:00:00Z"), Purged("2026-11-29T06:00:01Z", 5_300_000_000)
KEPT = (COMMITTED, FINISHED)


def removal(name: str, size: int = 1_000, run_id: str = RUN) -> Move:
    """Make the move of a model that goes."""
    return Move(name, InStore(), InQuarantine(run_id), Mark(5, size, 7))


def putting_back(name: str, size: int = 1_000, source: str = RUN) -> Move:
    """Make the move of a model that comes back."""
    return Move(name, InQuarantine(source), InStore(), Mark(5, size, 7))


def begun_of(  # noqa: PLR0913 - what differs from run to run
    *moves: Move | str,
    run_id: str = RUN,
    kind: RunKind = RunKind.APPLY,
    keep_until: str | None = None,
    who: Who = WHO,
    manifest: ManifestRef | None = MANIFEST,
    folders: tuple[FolderLook, ...] = (),
) -> Begun:
    """Make what a run is going to do; a name alone stands for a model that goes."""
    made = tuple(removal(each, run_id=run_id) if isinstance(each, str) else each for each in moves)
    restores = RUN if kind is RunKind.RESTORE else None
    return Begun(run_id, kind, "1.2.3", who, manifest, None, restores, keep_until, made, folders)


def past_of(
    begun: Begun | None, *steps: Step, restorable: Iterable[str] = (), held: int = 0, is_open: bool = False
) -> PastRun:
    """Make a run, and what is left of what it moved aside."""
    run_id = RUN if begun is None else begun.run_id
    marks = {} if begun is None else {move.name: move.mark for move in begun.moves}
    kept = tuple(Held(name, marks[name], marks[name].size, 1) for name in restorable)
    bytes_held = held or sum(each.allocated for each in kept)
    return PastRun(RunLog(run_id, begun, steps, 0), is_open, kept, len(kept) or bool(held), bytes_held)


def journal_of(begun: Begun, *steps: Step) -> bytes:
    """Spell a journal."""
    return encode_begun(begun) + b"".join(map(encode_step, steps))


_PARTS = st.one_of(
    st.sampled_from(("a.bin", "\n", "\x1b[31m", "\udcff\udcfe", "\u202egnp", '"\\', "模型", "\x85", "a" * 255)),
    st.binary(min_size=1, max_size=9).map(lambda name: name.decode("utf-8", "surrogateescape")),
).filter(lambda part: "/" not in part and leads_into_store(part))
MODEL_NAMES = st.one_of(_PARTS, st.tuples(_PARTS, _PARTS).map("/".join))
_TEXTS = st.one_of(MODEL_NAMES, st.text(max_size=9))
_NUMBERS = st.integers(0, 2**63 - 1)
_MARKS = st.builds(Mark, _NUMBERS, _NUMBERS, st.integers(-(2**63), 2**63 - 1))
_RUN_IDS = st.from_regex(r"2[0-9]{3}[01][0-9]{3}T[0-2][0-9]{5}Z-[0-9a-f]{6}", fullmatch=True)
_TIMES = st.datetimes().map(lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0"))
_KEYS = st.from_regex(r"[0-9a-f]{32}", fullmatch=True)
_SPOTS = st.one_of(st.just(InStore()), _RUN_IDS.map(InQuarantine), _KEYS.map(InStaging))
_MODES = st.integers(0, 0o7777)
_OWNERS = st.integers(0, 2**32 - 2)

BEGUNS = st.builds(
    Begun,
    run_id=_RUN_IDS,
    kind=st.sampled_from(RunKind),
    version=st.just("1.2.3"),
    who=st.builds(Who, st.integers(1, 2**31 - 1), _TEXTS, _TEXTS, _TIMES, _TEXTS),
    manifest=st.none() | st.builds(ManifestRef, _TEXTS, st.from_regex(r"[0-9a-f]{64}", fullmatch=True)),
    plan_id=st.none() | st.from_regex(r"[0-9a-f]{32}", fullmatch=True),
    restores=st.none() | _RUN_IDS,
    keep_until=st.none() | _TIMES,
    moves=st.lists(st.builds(Move, MODEL_NAMES, _SPOTS, _SPOTS, _MARKS)).map(tuple),
    folders=st.lists(st.builds(FolderLook, _PARTS, _MODES, _OWNERS, _OWNERS, st.booleans()), max_size=3).map(tuple),
)
STEPS = st.lists(
    st.one_of(
        st.builds(Committed, _TIMES),
        st.builds(Undone, _TIMES, _TEXTS),
        st.builds(Finished, _TIMES, _NUMBERS),
        st.builds(Purging, _TIMES),
        st.builds(Purged, _TIMES, _NUMBERS),
    ),
    max_size=5,
)
