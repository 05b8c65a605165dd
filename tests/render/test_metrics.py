"""A check as metrics, read by the two parsers that Prometheus has: of OpenMetrics, and of the older text format."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from prometheus_client import parser
from prometheus_client.openmetrics import parser as openmetrics_parser

from ocrstate.inventory.model import UnfinishedRuns
from ocrstate.planning.planner import plan
from ocrstate.render.metrics import CheckRun, check_metrics
from ocrstate.render.plan_text import STYLES
from ocrstate.render.spelling import json_text
from ocrstate.runs.model import UnfinishedRun
from tests.render.scenes import EVERY_ACTION, IN_SYNC
from tests.render.test_hostile_text import names, plan_of
from tests.support.manifests import desired_of
from tests.support.runs import RUN
from tests.support.stores import inventory_of, scan_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from prometheus_client.metrics_core import Metric

FINE = CheckRun("/etc/app/models.yml", "/app/models", 1_795_305_600.1234567, 0.25, plan(*EVERY_ACTION), 5_000)
PARSERS: list[Callable[[str], Iterable[Metric]]] = [
    openmetrics_parser.text_string_to_metric_families,
    parser.text_string_to_metric_families,
]
Values = dict[tuple[str, str], float]


def values(run: CheckRun) -> Values:
    """Return what both parsers read: by name, and action where there is one."""
    text = check_metrics(run)
    one, other = (_values(parse(text), run) for parse in PARSERS)
    assert one == other
    return one


def _values(families: Iterable[Metric], run: CheckRun) -> Values:
    found: Values = {}
    for family in families:
        assert (family.type, bool(family.documentation)) == ("gauge", True)
        for sample in family.samples:
            assert sample.name == family.name
            assert sample.name.startswith("ocrstate_")
            assert sample.timestamp is None
            labels = dict(sample.labels)
            assert labels.pop("manifest") == json_text(run.manifest)
            of_store = None if sample.name.startswith("ocrstate_check_") else json_text(run.store)
            assert labels.pop("store", None) == of_store
            key = sample.name.removeprefix("ocrstate_"), labels.pop("action", "")
            assert labels == {}
            assert key not in found
            found[key] = sample.value
    return found


def test_a_check_that_found_drift_says_what_and_how_much() -> None:
    found = values(FINE)
    summary = plan(*EVERY_ACTION).summary
    assert {action: count for (name, action), count in found.items() if name == "changes"} == {
        style.action: getattr(summary, style.action) for style in STYLES.values()
    }
    assert {name: value for (name, _), value in found.items() if name != "changes"} == {
        "check_success": 1,
        "check_timestamp_seconds": 1_795_305_600.123,
        "check_duration_seconds": 0.25,
        "drift": 1,
        "unfinished_runs": 0,
        "store_models": 11,
        "store_bytes": 45_300_000_798,
        "apply_freed_bytes": summary.bytes_freed,
        "apply_fetched_bytes": summary.bytes_fetched,
        "quarantine_bytes": 5_000,
    }


def test_a_check_that_found_none_has_the_same_metrics() -> None:
    fine = replace(FINE, plan=plan(*IN_SYNC))
    assert values(fine).keys() == values(FINE).keys()
    assert values(fine)["drift", ""] == 0
    assert values(fine)["changes", "remove"] == 0


def test_of_a_check_that_failed_nothing_is_said_that_is_not_known() -> None:
    failed = values(replace(FINE, plan=None, quarantined=None))
    assert {name for name, _ in failed} == {"check_success", "check_timestamp_seconds", "check_duration_seconds"}
    assert failed["check_success", ""] == 0


def test_a_run_that_is_half_way_is_drift() -> None:
    half_way = UnfinishedRuns((UnfinishedRun(RUN, None, None, 1, at_work=False),))
    made = plan(desired_of("en.bin"), inventory_of(scan_of("en.bin"), warnings=(half_way,)))
    found = values(replace(FINE, plan=made))
    assert (found["drift", ""], found["unfinished_runs", ""], found["changes", "keep"]) == (1, 1, 1)


def test_the_text_has_an_end_and_each_metric_is_explained() -> None:
    lines = check_metrics(FINE).splitlines()
    assert lines[0] == "# HELP ocrstate_check_success Whether the last check could compare the store with the manifest."
    assert lines[1] == "# TYPE ocrstate_check_success gauge"
    assert lines[2] == 'ocrstate_check_success{manifest="/etc/app/models.yml"} 1'
    assert 'ocrstate_drift{manifest="/etc/app/models.yml",store="/app/models"} 1' in lines
    assert lines[-1] == "# EOF"


@settings(deadline=None)
@given(names)
def test_whatever_is_in_a_path_both_parsers_read_it_back(name: str) -> None:
    run = CheckRun(f"/etc/{name}", f'/srv/{name}\\n"', 1.0, 0.0, plan_of(name), None)
    assert values(run)["check_success", ""] == 1


def test_what_is_said_of_every_check_has_the_same_labels_also_where_no_store_is_known() -> None:
    def said(run: CheckRun) -> set[str]:
        lines = check_metrics(run).splitlines()
        return {line.rpartition(" ")[0] for line in lines if line.startswith("ocrstate_check_")}

    assert said(FINE) == said(replace(FINE, store="", plan=None, quarantined=None))


@pytest.mark.parametrize("size", [0, 2**53 + 1, 2**63 - 1])
def test_large_numbers_are_whole(size: int) -> None:
    assert f"}} {size}\n" in check_metrics(replace(FINE, quarantined=size))
