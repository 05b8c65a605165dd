"""An audit: every model that a plan looked at, and every ignored one, with one status."""

from __future__ import annotations

import pytest

from ocrstate.planning.audit import (
    Audit,
    Ignored,
    Order,
    Selection,
    Status,
    Total,
    audit_of_inventory,
    entry_of,
    found_size,
    selected,
    status_of,
)
from ocrstate.planning.planner import plan
from tests.render.list_scenes import ALONE, EVERY_STATUS, audit_of
from tests.support.manifests import desired_of
from tests.support.stores import entry, folder_link, inventory_of, scan_of, stamp

STATUSES = {
    "README.license": Status.IGNORED,
    "a.fifo": Status.BLOCKED,
    "base_layout.bin": Status.PROTECTED,
    "de_ocr_v1.bin": Status.DRIFTED,
    "en_ocr_v2.bin": Status.LISTED,
    "etc": Status.UNLISTED,
    "fr_ocr_v1.bin": Status.UNLISTED,
    "fr_ocr_v2.bin": Status.MISSING,
    "it_ocr_v1.bin": Status.MISSING,
    "latin/notes.bin": Status.UNLISTED,
    "old_模型.bin": Status.UNLISTED,
    "pt_ocr_v1.bin": Status.DRIFTED,
}


def names(audit: Audit, selection: Selection) -> list[str]:
    return [finding.name for finding in selected(audit.findings, selection)]


def test_every_model_has_one_status_and_they_are_sorted_by_name() -> None:
    assert {finding.name: status_of(finding) for finding in EVERY_STATUS.findings} == STATUSES
    assert [finding.name for finding in EVERY_STATUS.findings] == sorted(STATUSES)


def test_totals_add_up_to_what_is_there() -> None:
    totals = EVERY_STATUS.totals
    assert list(totals) == list(Status)
    there = [total for status, total in totals.items() if status is not Status.MISSING]
    assert EVERY_STATUS.there == Total(sum(total.models for total in there), sum(total.size for total in there))
    assert totals[Status.MISSING] == Total(2, 8_683_073_952)


def test_a_link_to_a_folder_that_is_ignored_is_one_finding() -> None:
    inventory = inventory_of(scan_of("a", links=[folder_link("etc", "/etc", ["hosts"])]))
    by_name = {each.name: each for each in audit_of((desired_of("a", ignore=["etc"]), inventory)).findings}
    assert by_name.keys() == {"a", "etc"}
    assert isinstance(by_name["etc"], Ignored)


def test_what_is_ignored_behind_a_link_to_a_folder_is_found() -> None:
    inventory = inventory_of(scan_of("a", links=[folder_link("etc", "/etc", ["hosts", "passwd"])]))
    desired = desired_of("a", ignore=["etc/"])
    audit = audit_of((desired, inventory))
    assert [each.name for each in audit.findings if isinstance(each, Ignored)] == ["etc/hosts", "etc/passwd"]
    assert audit.totals[Status.IGNORED].models == plan(desired, inventory).ignored


def test_without_a_manifest_what_the_engine_sees_has_no_status() -> None:
    audit = audit_of_inventory(inventory_of(scan_of("b", "a", links=[folder_link("l", "/srv", ["x"])])), ALONE)
    assert [(each.name, status_of(each)) for each in audit.findings] == [("a", None), ("b", None), ("l/x", None)]
    assert audit.manifest is None


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Order.NAME, ["a", "b", "c", "gone"]),
        (Order.SIZE, ["c", "a", "b", "gone"]),
        (Order.AGE, ["b", "c", "a", "gone"]),
        (Order.STATUS, ["b", "a", "c", "gone"]),
    ],
)
def test_findings_are_sorted_and_what_has_no_size_or_age_is_last(order: Order, expected: list[str]) -> None:
    scan = scan_of(
        entry("a", of=stamp(20, mtime_ns=30)),
        entry("b", of=stamp(10, mtime_ns=10)),
        entry("c", of=stamp(30, mtime_ns=20)),
    )
    audit = audit_of((desired_of("b", "gone"), inventory_of(scan)))
    assert names(audit, Selection(order=order)) == expected
    assert names(audit, Selection(order=order, is_reversed=True)) == expected[::-1]


def test_only_the_chosen_statuses_are_selected() -> None:
    wanted = frozenset({Status.DRIFTED, Status.MISSING})
    chosen = names(EVERY_STATUS, Selection(wanted))
    assert chosen == [name for name, status in STATUSES.items() if status in wanted]
    assert names(EVERY_STATUS, Selection()) == list(STATUSES)


def test_what_is_missing_has_the_declared_size_and_no_entry() -> None:
    missing = next(each for each in EVERY_STATUS.findings if each.name == "fr_ocr_v2.bin")
    assert (entry_of(missing), found_size(missing)) == (None, 4_683_073_952)
