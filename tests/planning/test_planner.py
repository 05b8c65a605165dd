"""What a plan carries beside its changes."""

from __future__ import annotations

import pytest

from ocrstate.inventory.model import BlindEngine
from ocrstate.planning.changes import Blocked, Keep
from ocrstate.planning.planner import plan
from ocrstate.runs.model import ManifestRef
from tests.support.manifests import MANIFEST, desired_of
from tests.support.stores import ENGINE, STORE, folder_link, inventory_of, scan_of


def test_a_plan_says_what_it_was_made_of() -> None:
    warning = BlindEngine("26.10.0", 3)
    made = plan(desired_of("a"), inventory_of(scan_of("a"), warnings=(warning,)))
    assert (made.manifest_path, made.manifest_sha256) == (MANIFEST, "0" * 64)
    assert (made.store, made.engine, made.inventory_warnings) == (STORE, ENGINE, (warning,))


def test_ignored_entries_are_counted_behind_links_too_and_are_no_models() -> None:
    scan = scan_of("a", "x.tmp", links=[folder_link("l", "/srv/l", ["b", "y.tmp"])])
    made = plan(desired_of("a", "l/b", ignore=["*.tmp"]), inventory_of(scan))
    assert (made.listed, made.ignored, made.models) == (4, 2, 2)


def test_missing_models_are_not_among_the_models_of_the_store() -> None:
    assert plan(desired_of("a", "b"), inventory_of(scan_of("a"))).models == 1


def test_a_plan_names_the_manifests_that_its_own_extends() -> None:
    made = plan(desired_of("a", extends=("/etc/base.yml", "/etc/app/more.yml")), inventory_of(scan_of("a")))
    assert made.extends == (ManifestRef("/etc/base.yml", "0" * 64), ManifestRef("/etc/app/more.yml", "0" * 64))


@pytest.mark.parametrize("name", [".ocrstate", ".ocrstate/x", ".OCRSTATE", ".OcrState/x"])
def test_what_some_filesystems_take_for_our_own_files_is_never_removed(name: str) -> None:
    made = plan(desired_of("fr.bin"), inventory_of(scan_of("fr.bin", name)))
    assert [(change.name, type(change)) for change in made.changes] == [(name, Blocked), ("fr.bin", Keep)]
