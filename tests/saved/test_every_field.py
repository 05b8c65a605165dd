"""Whatever somebody writes into whichever field of a saved plan: it is refused, or it changes nothing that is done."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from ocrstate.digests.model import Content
from ocrstate.errors import RefusedError
from ocrstate.manifest.load import load_text
from ocrstate.names import leads_into_store
from ocrstate.planning.evidence import Basis, Evidence, Supply
from ocrstate.planning.planner import plan
from ocrstate.render.spelling import to_text
from ocrstate.saved.plan_file import Origin, SavedPlan, read_document, saved_document
from tests.support.manifests import manifest_file
from tests.support.stores import folder_link, inventory_of, scan_of

if TYPE_CHECKING:
    from collections.abc import Iterator

Path = tuple[Any, ...]

ORIGIN = Origin("0" * 32, "2026-11-21T06:00:00Z", None, "/app", "auto")
TEXT = f"""\
version: 1
models:
  - fr.bin
  - {{name: new.bin, sha256: {"a" * 64}, source: "https://models.example.com/new.bin?key=secret"}}
  - {{name: sub/de.bin, sha256: {"b" * 64}, source: sub/de.bin}}
"""
DESIRED = load_text(
    [
        manifest_file("/etc/app/base.yml", TEXT),
        manifest_file("/etc/app/models.yml", "version: 1\nextends: [base.yml]\n"),
    ]
)
INVENTORY = inventory_of(
    scan_of("fr.bin", "old_1.bin", "sub/de.bin", "sub/old_2.bin", links=[folder_link("l", "/srv/l", ["x"])]),
)
EVIDENCE = Evidence(
    {"sub/de.bin": Content("c" * 64, 10, remembered=True)},
    {
        "new.bin": Supply("https://models.example.com/new.bin?…", is_remote=True, size=7, staged=3),
        "sub/de.bin": Supply("sub/de.bin", is_remote=False, size=10),
    },
    free=5_000_000_000,
)
MADE = plan(DESIRED, INVENTORY, EVIDENCE)
BASIS = Basis(DESIRED, INVENTORY, EVIDENCE)
DOCUMENT: Any = json.loads(to_text(saved_document(MADE, BASIS, ORIGIN)))

NONSENSE: tuple[Any, ...] = (
    *(None, True, -1, 10**400, 1.5, float("nan"), "", "..", "../x", "/etc/passwd", ".ocrstate/lock/x", ".OCRSTATE/x"),
    *("\0", "\x1b[2J", "\ud800", "x" * 5_000, "a/b/c", [], {}, [[]], {"": []}),
)


def fields_of(document: object, path: Path = ()) -> Iterator[Path]:
    yield path
    match document:
        case dict():
            for key, value in document.items():
                yield from fields_of(value, (*path, key))
        case list():
            for index, value in enumerate(document):
                yield from fields_of(value, (*path, index))
        case _:
            return


NOT_DERIVED = ("manifest", "path")
FIELDS = [path for path in fields_of(DOCUMENT) if path not in {(), ("saved", "sha256")}]


def forged(path: Path, value: object) -> bytes:
    """Put a value into a field of the document, and make the digest fit."""
    document = json.loads(json.dumps(DOCUMENT))
    parent = document
    for part in path[:-1]:
        parent = parent[part]
    parent[path[-1]] = value
    with suppress(TypeError, AttributeError, KeyError):
        del document["saved"]["sha256"]
        text = json.dumps(document, sort_keys=True, separators=(",", ":"))
        document["saved"]["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    return json.dumps(document).encode()


def accepted(data: bytes) -> SavedPlan | None:
    with suppress(RefusedError):
        return read_document("plan.json", data, load_text)
    return None


@pytest.mark.parametrize("path", FIELDS, ids=lambda path: ".".join(map(str, path)))
def test_what_is_accepted_removes_the_same_models_from_the_same_store(path: Path) -> None:
    for value in NONSENSE:
        saved = accepted(forged(path, value))
        if saved is not None:
            assert [each.name for each in saved.plan.removals] == [each.name for each in MADE.removals]
            assert all(leads_into_store(change.name) for change in saved.plan.changes)
            assert saved.plan.manifest_sha256 == MADE.manifest_sha256
            assert saved.plan.store.path == MADE.store.path
            assert saved.plan.retain == MADE.retain
            assert {each.supply.shown for each in saved.plan.arrivals} <= {each.supply.shown for each in MADE.arrivals}


SHOWN = [path for path in FIELDS if path[0] != "saved" and path != NOT_DERIVED]


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: ".".join(map(str, path)))
def test_what_is_shown_is_what_is_done(path: Path) -> None:
    """A field that a person reads can say nothing else than what follows."""
    assert [value for value in NONSENSE if accepted(forged(path, value))] in ([], [value_at(path)])


def value_at(path: Path) -> object:
    found = DOCUMENT
    for part in path:
        found = found[part]
    return found


@pytest.mark.parametrize("path", FIELDS, ids=lambda path: ".".join(map(str, path)))
def test_a_field_that_is_gone_is_missed(path: Path) -> None:
    document = json.loads(json.dumps(DOCUMENT))
    parent = document
    for part in path[:-1]:
        parent = parent[part]
    del parent[path[-1]]
    with pytest.raises(RefusedError):
        read_document("plan.json", json.dumps(document).encode(), load_text)


def test_nothing_is_written_that_is_secret() -> None:
    assert "key=secret" not in json.dumps({**DOCUMENT, "saved": {**DOCUMENT["saved"], "manifests": []}})


def test_the_digest_notices_every_change() -> None:
    text = json.dumps(DOCUMENT).encode()
    for at in range(0, len(text), 97):
        flipped = text[:at] + bytes([text[at] ^ 1]) + text[at + 1 :]
        with pytest.raises(RefusedError):
            read_document("plan.json", flipped, load_text)
