"""The case files of the plan: a manifest, what is in the store, and the plan that follows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from ocrstate.digests.model import Content, Unreadable
from ocrstate.manifest.load import load
from ocrstate.planning.evidence import Evidence, Supply
from ocrstate.planning.planner import plan
from ocrstate.store.model import Folder, Kind, Place
from tests.support.stores import DEVICE, SIZE, STORE, entry, folder_link, inventory_of, scan_of, stamp

if TYPE_CHECKING:
    from ocrstate.digests.model import Reading
    from ocrstate.inventory.model import Inventory
    from ocrstate.planning.model import Plan
    from ocrstate.store.model import Entry

CASES = tuple(sorted((Path(__file__).parents[1] / "planning" / "cases").glob("*.yml")))
FOLDER = 3  # the inode of every sub-folder
KEYS = {
    *("title", "manifest", "store", "folder_links", "folders", "mounts", "unconfirmed", "expect"),
    *("contents", "supplies", "free"),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One case.

    Attributes:
        expected: as written: `changes`, `summary` (without zeros, and without `bytes_removed` where all of that is
            freed), `emptied`, `in_sync`.
    """

    title: str
    plan: Plan
    expected: dict[str, Any]


def read_case(path: Path, folder: Path) -> Case:
    """Read a case file and make its plan; ``folder`` is where its manifest is written to."""
    # not the C loader: it does not read the surrogates that stand for bytes that are not UTF-8
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert written.keys() <= KEYS, f"{path.name} has unknown keys"
    manifest = folder / "manifest.yml"
    manifest.write_text(written["manifest"], encoding="utf-8")
    made = plan(load(str(manifest)), _inventory(written), _evidence(written))
    return Case(written["title"], made, written["expect"])


def _evidence(written: dict[str, Any]) -> Evidence:
    """Read what was looked at: one digit stands for a digest of nothing else, more text for why there is none."""
    contents = {name: _reading(str(each)) for name, each in written.get("contents", {}).items()}
    supplies = {name: Supply(**{"is_remote": False, **each}) for name, each in written.get("supplies", {}).items()}
    return Evidence(contents, supplies, written.get("free"))


def _reading(text: str) -> Reading:
    return Content(64 * text, SIZE, remembered=False) if len(text) == 1 else Unreadable(text)


def _inventory(written: dict[str, Any]) -> Inventory:
    scan = scan_of(
        *(_entry(each) for each in written.get("store", ())),
        folders=[Folder(device=DEVICE, inode=FOLDER, **each) for each in written.get("folders", ())],
        links=[folder_link(**each) for each in written.get("folder_links", ())],
        mounts=written.get("mounts", ()),
    )
    return inventory_of(scan, unconfirmed=written.get("unconfirmed", ()))


def _entry(written: str | dict[str, Any]) -> Entry:
    if isinstance(written, str):
        return entry(written)
    attributes = dict(written)
    name, kind, content = attributes.pop("name"), attributes.pop("kind", "file"), attributes.pop("content", None)
    way = tuple(_place(each) for each in attributes.pop("way", ()))
    return entry(name, Kind(kind), stamp(**attributes), content, way)


def _place(name: str) -> Place:
    folder, _, leaf = name.rpartition("/")
    return Place(DEVICE, FOLDER if folder else STORE.inode, leaf)
