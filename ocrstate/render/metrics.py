"""What a check found, as metrics for Prometheus. Pure.

The text is both OpenMetrics and the older text format, which node_exporter's textfile collector reads: gauges alone, no
times behind the values, no units, and an end that to the older format is a comment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ocrstate.planning.changes import Fetch, Missing, size_of
from ocrstate.render.plan_text import STYLES
from ocrstate.render.spelling import json_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrstate.planning.model import Plan, Summary

_IN_LABELS = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})


@dataclass(frozen=True, slots=True)
class CheckRun:
    """A check that has ended.

    Attributes:
        manifest: its absolute path.
        store: its absolute path; empty where it is not known, and nothing is said of it.
        ended: seconds since 1970.
        duration: seconds.
        plan: what was found; `None` where the check failed.
        quarantined: bytes that wait in quarantine; `None` where that is not known.
    """

    manifest: str
    store: str
    ended: float
    duration: float
    plan: Plan | None
    quarantined: int | None


class _Gauge(NamedTuple):
    """A metric.

    Attributes:
        values: with the labels that they have beside those of the manifest, or of the manifest and the store.
    """

    name: str
    meaning: str
    values: tuple[tuple[str, float], ...]


def check_metrics(run: CheckRun) -> str:
    """Spell what a check found; of one that failed, only that it did, and when."""
    manifest = f'manifest="{_label(run.manifest)}"'
    store = f'{manifest},store="{_label(run.store)}"'
    told = (*(_spelled(each, manifest) for each in _of_run(run)), *(_spelled(each, store) for each in _of_store(run)))
    return "".join(told) + "# EOF\n"


def _of_store(run: CheckRun) -> Iterator[_Gauge]:
    if run.plan is not None:
        yield from _of_plan(run.plan)
    if run.quarantined is not None:
        meaning = "Bytes that removed models, kept to be restored, take up on disk."
        yield _alone("quarantine_bytes", meaning, run.quarantined)


def _of_run(run: CheckRun) -> Iterator[_Gauge]:
    """Yield what is said of every check, under the same labels: also where nobody knows which store is meant."""
    success = int(run.plan is not None)
    yield _alone("check_success", "Whether the last check could compare the store with the manifest.", success)
    yield _alone("check_timestamp_seconds", "When the last check ended, in seconds since 1970.", round(run.ended, 3))
    yield _alone("check_duration_seconds", "How long the last check took.", round(run.duration, 3))


def _of_plan(plan: Plan) -> Iterator[_Gauge]:
    summary = plan.summary
    there = (change for change in plan.changes if not isinstance(change, Missing | Fetch))
    yield _alone("drift", "Whether the store differs from the manifest.", int(not plan.in_sync))
    yield _Gauge("changes", "Models by what the plan says of them.", tuple(_counts(summary)))
    yield _alone("unfinished_runs", "Runs that are at work or were broken off.", len(plan.unfinished_runs))
    yield _alone("store_models", "Models in the store.", plan.models)
    yield _alone("store_bytes", "Length of all models in the store.", sum(size_of(change) or 0 for change in there))
    yield _alone("apply_freed_bytes", "Bytes on disk that apply would free.", summary.bytes_freed)
    yield _alone("apply_fetched_bytes", "Bytes that apply would fetch, as far as known.", summary.bytes_fetched)


def _counts(summary: Summary) -> Iterator[tuple[str, int]]:
    """Yield every action, also those of no change: a series that comes and goes is hard to watch."""
    for style in STYLES.values():
        yield f',action="{style.action}"', getattr(summary, style.action)


def _alone(name: str, meaning: str, value: float) -> _Gauge:
    return _Gauge(name, meaning, (("", value),))


def _spelled(gauge: _Gauge, labels: str) -> str:
    name = f"ocrstate_{gauge.name}"
    values = (f"{name}{{{labels}{more}}} {value}\n" for more, value in gauge.values)
    return f"# HELP {name} {gauge.meaning}\n# TYPE {name} gauge\n{''.join(values)}"


def _label(text: str) -> str:
    return json_text(text).translate(_IN_LABELS)
