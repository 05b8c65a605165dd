"""Explanations as text and as documents: harmless whatever the names, and with the keys that scripts rely on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from ocrstate.inventory.model import OnlyInEngine
from ocrstate.manifest.places import Places
from ocrstate.names import is_decodable
from ocrstate.planning.evidence import NO_EVIDENCE, Basis
from ocrstate.planning.fates import known_names
from ocrstate.planning.guards import RemovesManifest
from ocrstate.planning.planner import plan
from ocrstate.planning.why import explain
from ocrstate.render.look import Detail, Look
from ocrstate.render.paint import Paint
from ocrstate.render.why_document import why_document
from ocrstate.render.why_text import render_why
from ocrstate.store.model import Kind
from tests.render.why_scenes import FLEET, STORE
from tests.support.documents import valid
from tests.support.explaining import explained, part_of
from tests.support.manifests import desired_of
from tests.support.runs import MODEL_NAMES
from tests.support.stores import entry, folder_link, inventory_of, scan_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrstate.planning.model import Plan
    from ocrstate.planning.why import Why


def explanations(name: str) -> Iterator[tuple[Why, Plan]]:
    """Explain everything that has to do with a name."""
    listed = [f"missing{name}", f"held{name}/x"] if is_decodable(name) else []
    literal = re.sub(r"([*?\[])", r"[\1]", name)
    desired = desired_of(*listed, protect=[f"protected{literal}"], absent=[f"absent{literal}"], ignore=[f"i{literal}"])
    leaf = name.replace("/", "_")
    scan = scan_of(
        *(name, f"protected{name}", f"absent{name}", f"i{name}", f"Missing{name}"),
        entry(f"pipe{name}", Kind.FIFO),
        links=[folder_link(f"link{leaf}", leaf, [leaf]), folder_link(f"held{leaf}", leaf, ["x", leaf])],
    )
    inventory = inventory_of(scan, warnings=(OnlyInEngine((f"ghost{name}",)),))
    made, basis = plan(desired, inventory), Basis(desired, inventory, NO_EVIDENCE)
    places = Places([part_of("version: 1\nmodels: [x]\n", f"m{leaf}.yml")])
    for each in (*known_names(basis), f"ghost{name}", f"a/b/{name}", f".ocrstate/{name}"):
        why = explain([each], made, basis, places, lies_deep=each.startswith("a/b/"))
        assert why is not None
        yield why, made


@settings(deadline=None, max_examples=50)
@given(MODEL_NAMES)
def test_explanations_are_harmless_whatever_the_name(name: str) -> None:
    for why, made in explanations(name):
        for detail in Detail:
            text = render_why(
                why, [RemovesManifest(name)], made.inventory_warnings, Look(Paint(colours=False), 80, detail)
            )
            assert text.replace("\n", "").isprintable()
        document = valid(why_document(why, made, [RemovesManifest(name)]))
        assert bytes.fromhex(document.get("name_hex", "")) in (b"", why.name.encode("utf-8", "surrogateescape"))


def document(name: str) -> dict[str, object]:
    why, made = explained(FLEET, STORE, name)
    read: dict[str, object] = valid(why_document(why, made, ()))
    return read


def test_an_explanation_has_the_keys_that_scripts_rely_on() -> None:
    found = document("base_2.bin")
    assert found.keys() == {
        *("format_version", "kind", "manifest", "store", "engine", "inventory", "name", "state", "explanation"),
        *("change", "link", "decided_by", "also", "remedies", "refusals"),
    }
    assert (found["kind"], found["state"], found["explanation"]) == ("why", "protected", 'stays: protected by "base_*"')
    assert found["decided_by"] == {
        "kind": "protect",
        "name": "base_2.bin",
        "path": "base.yml",
        "line": 6,
        "column": 5,
        "text": "base_*",
    }
    assert found["also"] == [
        {"kind": "absent", "name": "base_2.bin", "path": "host.yml", "line": 10, "column": 19, "text": "base_2.bin"}
    ]
    change = found["change"]
    assert isinstance(change, dict)
    assert (change["action"], change["reason"], change["pattern"]) == ("protected", "matches-protect", "base_*")


def test_what_to_paste_is_told_apart_from_what_to_read() -> None:
    remedies = document("x.bin")["remedies"]
    assert isinstance(remedies, list)
    assert [(each["goal"], each["lines"]) for each in remedies] == [
        ("keep", ["- x.bin"]),
        ("keep-unlisted", ["protect:", '  - "x.bin"']),
    ]
    assert [(step["kind"], step["path"], step["places"]) for each in remedies for step in each["steps"]] == [
        ("add-entry", "host.yml", [{"path": "host.yml", "line": 2, "column": 1}]),
        ("add-pattern", "host.yml", []),
    ]


@pytest.mark.parametrize(
    ("name", "state", "action"),
    [
        ("en.bin", "keep", "keep"),
        ("x.bin", "remove", "remove"),
        ("FR.bin", "missing", "missing"),
        ("de.bin", "drifted", "drifted"),
        ("pipe", "blocked", "blocked"),
        ("etc/hosts", "behind-link", "remove"),
        (".gitkeep", "ignored", None),
        ("a/b/c", "too-deep", None),
        (".ocrstate/x", "own-file", None),
    ],
)
def test_every_state_has_a_code_of_its_own(name: str, state: str, action: str | None) -> None:
    found = document(name)
    change = found["change"]
    assert (found["state"], change["action"] if isinstance(change, dict) else None) == (state, action)


def test_a_default_stands_nowhere() -> None:
    assert document("x.bin")["decided_by"] == {
        "kind": "policy",
        "name": "x.bin",
        "path": None,
        "line": None,
        "column": None,
        "text": "unlisted: remove",
    }
