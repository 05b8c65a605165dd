"""The module that makes a host match a manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.host import MANIFEST, models_in

if TYPE_CHECKING:
    from tests.ansible.fleet import Fleet

MODELS = "ocrstate.ocrstate.models"


def test_what_is_not_listed_goes_and_the_second_time_nothing_changes(fleet: Fleet) -> None:
    fleet["one"].has("en.bin", "old_1.bin", "old_2.bin").lists("en.bin")
    task = {MODELS: {"manifest": MANIFEST}}
    first, second = fleet.play(task, task).of("one")
    assert (first["changed"], first["msg"], first["rc"]) == (True, "2 removed (frees 8.2 kB)", 0)
    assert (second["changed"], second["msg"], second["results"]) == (False, "nothing to do", [])
    assert set(models_in(fleet["one"].store)) == {"en.bin"}
