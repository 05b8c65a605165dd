"""The module that tells what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.ansible.units import undocumented
from tests.e2e.host import MANIFEST, snapshot

if TYPE_CHECKING:
    from tests.ansible.fleet import Fleet

INFO, MODELS = "ocrstate.ocrstate.models_info", "ocrstate.ocrstate.models"


def test_it_lists_the_models_and_compares_them_with_a_manifest(fleet: Fleet) -> None:
    fleet["one"].has("en.bin", "old.bin", "base.bin").lists("en.bin", "de.bin", protect=["base*"])
    before = snapshot(fleet["one"].app)
    tasks = [
        {INFO: arguments} for arguments in ({}, {"manifest": MANIFEST}, {"models": ["en.bin", "old.bin", "base.bin"]})
    ]
    alone, compared, inline = fleet.play(*tasks, *({**task, "check_mode": True} for task in tasks)).of("one")[:3]
    assert [each["changed"] for each in (alone, compared, inline)] == [False, False, False]
    assert (alone["in_sync"], compared["in_sync"], inline["in_sync"]) == (None, False, True)
    assert alone["store"] == str(fleet["one"].store)
    assert {each["name"]: each["status"] for each in compared["models"]} == {
        "base.bin": "protected",
        "de.bin": "missing",
        "en.bin": "listed",
        "old.bin": "unlisted",
    }
    assert compared["summary"]["statuses"]["missing"]["models"] == 1
    assert snapshot(fleet["one"].app) == before


def test_it_tells_what_can_be_restored(fleet: Fleet) -> None:
    fleet["one"].has("en.bin", "old.bin")
    removal = {MODELS: {"models": ["en.bin"], "retain": "7d"}}
    none, run, told = fleet.play({INFO: {"history": True}}, removal, {INFO: {"history": True}}).of("one")
    assert (none["runs"], none["kept"]["models"]) == ([], 0)
    assert [each["run_id"] for each in told["runs"]] == [run["run_id"]]
    assert told["runs"][0]["restorable_until"] == run["restorable_until"]
    assert told["kept"]["models"] == 1
    assert undocumented("models_info", [none, told]) == set()


def test_templates_can_use_what_it_tells(fleet: Fleet) -> None:
    fleet["one"].has("en.bin", "sub/fr.bin")
    lines = "{% for model in ocr.models %}{{ model.name }} {{ model.path }} {{ model.size }}\n{% endfor %}"
    fleet.play(
        {INFO: {}, "register": "ocr"},
        {"ansible.builtin.copy": {"content": lines, "dest": "{{ ocr_home }}/models.conf", "mode": "0644"}},
    )
    store = fleet["one"].store
    told = (fleet["one"].app / "models.conf").read_text(encoding="utf-8")
    assert told == f"en.bin {store}/en.bin 1000\nsub/fr.bin {store}/sub/fr.bin 1000\n"
