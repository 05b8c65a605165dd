"""Explanations whose whole text lies in `texts/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.inventory.model import BlindEngine, OnlyInFolder
from ocrstate.planning.evidence import NO_EVIDENCE, Evidence, Supply
from ocrstate.planning.guards import Consent, refusals
from ocrstate.render.look import Detail, Look
from ocrstate.render.paint import Paint
from ocrstate.render.why_text import render_why
from ocrstate.store.model import Kind
from tests.support.explaining import explained
from tests.support.manifests import desired_of
from tests.support.stores import entry, folder_link, inventory_of, scan_of

if TYPE_CHECKING:
    from ocrstate.inventory.model import Inventory

BASE = """\
models:
  - base_1.bin
  - en.bin
protect:
  - "base_*"
"""
HOST = """\
models:
- en.bin
- FR.bin
- {name: de.bin, size: 12}
- name: "caf\\u00E9.bin"
- name: it.bin
  source: golden/it.bin
ignore: [.gitkeep]
absent: ["old_*", base_2.bin]
"""
STORE = inventory_of(
    scan_of(
        *("base_1.bin", "base_2.bin", "cafe\u0301.bin", "de.bin", "en.bin", "fr.bin", "old_1.bin", "x.bin", ".gitkeep"),
        entry("pipe", Kind.FIFO),
        links=[folder_link("etc", "/etc", ["hosts", "passwd"])],
    )
)
WARNED = inventory_of(scan_of("x.bin"), warnings=(BlindEngine("26.10.0", 1), OnlyInFolder(("x.bin",))))
FETCHABLE = Evidence({}, {"it.bin": Supply("golden/it.bin", is_remote=False, size=7)}, 10**12)
MANY = "models: [x.bin]\nprotect: [x*, x.*, '?.bin', x.b*, x.bi*, x.bin*, '*.bin']\n"
FLEET = {"base.yml": BASE, "host.yml": HOST}


def drawn(  # noqa: PLR0913 - one for each thing that a text depends on
    name: str,
    manifests: str | dict[str, str] | None = None,
    store: Inventory = STORE,
    detail: Detail = Detail.CHANGES,
    evidence: Evidence = NO_EVIDENCE,
    *,
    refused: bool = False,
    colours: bool = False,
) -> str:
    """Draw why something happens to a name."""
    why, plan = explained(manifests or FLEET, store, name, evidence)
    shown = refusals(plan, desired_of("en.bin"), Consent()) if refused else ()
    return render_why(why, shown, plan.inventory_warnings, Look(Paint(colours=colours), 80, detail))


WHY_SCENES = {
    "why-absent": drawn("old_1.bin"),
    "why-behind-a-link": drawn("etc/passwd"),
    "why-blocked": drawn("pipe"),
    "why-drifted": drawn("de.bin"),
    "why-fetched": drawn("it.bin", evidence=FETCHABLE),
    "why-ignored": drawn(".gitkeep"),
    "why-in-one-line": drawn("x.bin", detail=Detail.SUMMARY),
    "why-kept-by-several": drawn("en.bin"),
    "why-kept-twice": drawn("base_1.bin"),
    "why-link": drawn("etc"),
    "why-missing": drawn("FR.bin"),
    "why-missing-in-another-form": drawn("caf\u00e9.bin"),
    "why-protected": drawn("base_2.bin"),
    "why-removed": drawn("x.bin", refused=True),
    "why-removed-in-colour": drawn("x.bin", refused=True, colours=True),
    "why-removed-although-meant": drawn("cafe\u0301.bin"),
    "why-too-deep": drawn("a/b/c"),
    "why-unlisted": drawn("x.bin", "models: []\npolicy: {unlisted: report}\n"),
    "why-warned": drawn("x.bin", "models: [a]\n", WARNED),
    "why-with-many-patterns": drawn("x.bin", MANY),
}
