"""Saved plans: what is written is planned again, and nothing is believed that does not follow."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from ocrstate import __version__
from ocrstate.errors import RefusedError
from ocrstate.inventory.model import BlindEngine, OnlyInEngine, OnlyInFolder, Unnameable
from ocrstate.manifest.desired import Policy
from ocrstate.manifest.load import load_text
from ocrstate.planning.evidence import NO_EVIDENCE, Basis
from ocrstate.planning.planner import plan
from ocrstate.render.spelling import to_text
from ocrstate.saved.inventory_data import inventory_data, inventory_from
from ocrstate.saved.plan_file import Origin, SavedPlan, read_document, saved_document
from tests.support.manifests import manifest_file
from tests.support.stores import folder_link, inventory_of, scan_of
from tests.support.worlds import for_every_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocrstate.inventory.model import Inventory, InventoryWarning
    from ocrstate.manifest.desired import Desired

ORIGIN = Origin("0" * 32, "2026-11-21T06:00:00Z", None, "/app", "auto")
DESIRED = load_text(
    [
        manifest_file("/etc/app/base.yml", "version: 1\nmodels: [fr.bin]\n"),
        manifest_file("/etc/app/models.yml", "version: 1\nextends: [base.yml]\n"),
    ]
)
INVENTORY = inventory_of(
    scan_of("fr.bin", "old_1.bin", "sub/old_2.bin", ".ocrstate", links=[folder_link("l", "/srv/l", ["x"])])
)
BASIS = Basis(DESIRED, INVENTORY, NO_EVIDENCE)
DOCUMENT = saved_document(plan(DESIRED, INVENTORY), BASIS, ORIGIN)


def read_again(document: Any) -> SavedPlan:  # noqa: ANN401 - of JSON
    return read_document("plan.json", to_text(document).encode(), load_text)


def altered(alter: Callable[[Any], object], *, signed: bool) -> Any:  # noqa: ANN401 - of JSON
    """Change the document; a forger makes its digest fit."""
    document = json.loads(to_text(DOCUMENT))
    alter(document)
    if signed:
        del document["saved"]["sha256"]
        text = json.dumps(document, sort_keys=True, separators=(",", ":"))
        document["saved"]["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    return document


@for_every_store
def test_the_plan_that_is_read_is_the_one_that_was_written(desired: Desired, inventory: Inventory) -> None:
    made = plan(desired, inventory)
    basis = Basis(desired, inventory, NO_EVIDENCE)
    text = to_text(saved_document(made, basis, ORIGIN))
    saved = read_document(
        "plan.json", text.encode(), lambda *_: replace(desired, policy=replace(desired.policy, retain=0))
    )
    assert saved == SavedPlan(ORIGIN, basis, made)


@pytest.mark.parametrize(
    "warning",
    [
        BlindEngine("26.10.0", 3),
        OnlyInFolder(("a", "b\n")),
        OnlyInEngine(("\ufffd",)),
        Unnameable(("\udcff",)),
    ],
    ids=lambda warning: type(warning).__name__,
)
def test_an_inventory_is_read_again_with_its_warnings(warning: InventoryWarning) -> None:
    inventory = inventory_of(scan_of("a"), warnings=(warning,))
    assert inventory_from(json.loads(json.dumps(inventory_data(inventory)))) == inventory


def test_how_long_to_retain_is_as_it_was_when_the_plan_was_saved() -> None:
    desired = replace(DESIRED, policy=Policy(retain=60))
    saved = read_again(saved_document(plan(desired, INVENTORY), Basis(desired, INVENTORY, NO_EVIDENCE), ORIGIN))
    assert (saved.plan.retain, saved.basis.desired.policy.retain) == (60, 60)


@pytest.mark.parametrize("size", [0, 1, 2, 100, 1_000, -1])
def test_a_file_that_was_cut_off_is_refused(size: int) -> None:
    with pytest.raises(RefusedError) as caught:
        read_document("plan.json", to_text(DOCUMENT).encode()[:size].rstrip(b"}"), load_text)
    assert caught.value.code == "plan-damaged"


@pytest.mark.parametrize(
    "data",
    [b"\xff", b"null", b"[]", b"1", b'{"saved":1}', b'{"saved":{}}', b"[" * 100_000, b'{"a":' * 100_000, b"1" * 5_000],
    ids=lambda data: ascii(data[:12]),
)
def test_what_is_no_saved_plan_is_refused(data: bytes) -> None:
    with pytest.raises(RefusedError) as caught:
        read_document("plan.json", data, load_text)
    assert caught.value.code == "plan-damaged"


@pytest.mark.parametrize(
    "alter",
    [
        lambda each: each["saved"].update(ocrstate="999.0"),
        lambda each: each["saved"].update(format=1),
        lambda each: each.update(format_version="2.0"),
    ],
    ids=["release", "format", "version"],
)
def test_the_plan_of_another_release_is_refused(alter: Callable[[Any], object]) -> None:
    with pytest.raises(RefusedError) as caught:
        read_again(altered(alter, signed=True))
    assert caught.value.code == "plan-version"
    assert __version__ in caught.value.message


def entry_set(index: int, value: object) -> Callable[[Any], object]:
    return lambda each: each["saved"]["inventory"]["entries"][1].__setitem__(index, value)


def stamp_set(index: int, value: object) -> Callable[[Any], object]:
    return lambda each: each["saved"]["inventory"]["entries"][1][2].__setitem__(index, value)


ALTERATIONS: dict[str, Callable[[Any], object]] = {
    "a change is dropped": lambda each: each["changes"].pop(),
    "another model goes": lambda each: each["changes"][1].update(action="remove"),
    "the summary says other numbers": lambda each: each["summary"].update(remove=0),
    "something is added": lambda each: each.update(approved=True),
    "another manifest": lambda each: each["saved"]["manifests"][0].update(text="version: 1\nmodels: [old_1.bin]\n"),
    "a manifest that is none": lambda each: each["saved"]["manifests"][1].update(text="]"),
    "a base that is none": lambda each: each["saved"]["manifests"][0].update(text="]"),
    "no base": lambda each: each["saved"]["manifests"].pop(0),
    "no manifest at all": lambda each: each["saved"]["manifests"].clear(),
    "manifests in another order": lambda each: each["saved"]["manifests"].reverse(),
    "another digest of the base": lambda each: each["manifest"]["extends"][0].update(sha256="1" * 64),
    "another digest of the manifest": lambda each: each["manifest"].update(sha256="1" * 64),
    "another store": lambda each: each["store"].update(path="/etc"),
    "another time to retain": lambda each: each["saved"].update(retain=1),
    "a mode that is none": lambda each: each["saved"].update(inventory_mode="guess"),
    "a store that is no path": lambda each: each["saved"].update(store=1),
    "no plan id": lambda each: each["saved"].pop("plan_id"),
    "a name that leads out of the store": entry_set(0, "../x"),
    "an absolute name": entry_set(0, "/etc/passwd"),
    "a name of our own files": entry_set(0, ".ocrstate/x"),
    "a kind that is none": entry_set(1, "folder"),
    "content that is no number": entry_set(3, "1"),
    "a stamp that is no number": stamp_set(2, 1.5),
    "a stamp that no system has": stamp_set(2, 10**400),
}


@pytest.mark.parametrize("alter", ALTERATIONS.values(), ids=ALTERATIONS)
@pytest.mark.parametrize("signed", [False, True], ids=["by accident", "by a forger"])
def test_a_plan_that_is_not_as_it_was_written_is_refused(alter: Callable[[Any], object], *, signed: bool) -> None:
    with pytest.raises(RefusedError) as caught:
        read_again(altered(alter, signed=signed))
    assert caught.value.code == "plan-damaged"
    assert caught.value.message.isprintable()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("plan_id", "1" * 32),
        ("created", "2030-01-01T00:00:00Z"),
        ("store", "/srv/other"),
        ("folder", "/srv"),
        ("inventory_mode", "directory"),
        ("manifests", [{"path": "/etc/app/models.yml", "identity": [3, 4], "text": "version: 1\n"}]),
    ],
)
def test_where_a_plan_comes_from_is_as_it_was_written(key: str, value: object) -> None:
    with pytest.raises(RefusedError, match="its digest does not fit"):
        read_again(altered(lambda each: each["saved"].update({key: value}), signed=False))


@pytest.mark.parametrize("name", [".ocrstate", ".ocrstate/x", ".OCRSTATE", ".OcrState/x"])
def test_a_name_that_may_be_of_our_own_files_is_read_again(name: str) -> None:
    inventory = inventory_of(scan_of(name))
    assert inventory_from(json.loads(json.dumps(inventory_data(inventory)))) == inventory
