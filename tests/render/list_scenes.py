"""What is in a store, for the texts of `scenes.py`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ocrstate.inventory.model import BlindEngine, OnlyInFolder
from ocrstate.manifest.desired import DesiredModel
from ocrstate.planning.audit import (
    Audit,
    Kept,
    Order,
    Selection,
    Staged,
    Status,
    Surroundings,
    audit_of_inventory,
    audit_of_plan,
)
from ocrstate.planning.evidence import NO_EVIDENCE, Evidence, Supply
from ocrstate.planning.planner import plan
from ocrstate.render.list_text import render_list
from ocrstate.render.look import Detail, Look
from ocrstate.render.paint import Paint
from ocrstate.store.model import Entry, Kind, Space, Unseen
from tests.render.drawing import at_widths
from tests.support.manifests import desired_of
from tests.support.stores import entry, folder_link, inventory_of, scan_of, stamp

if TYPE_CHECKING:
    from ocrstate.inventory.model import Inventory
    from ocrstate.manifest.desired import Desired

DAY = 86_400
NOW = 1_795_255_320  # 2026-11-21T10:02:00Z
NOTHING = Unseen(0, 0, 0, is_whole=True)
ALONE = Surroundings(Space(80_000_000_000, 500_000_000_000), NOTHING, NOTHING)
CROWDED = Surroundings(
    Space(80_000_000_000, 500_000_000_000),
    Unseen(2, 3, 1_200_000_000, is_whole=True),
    Unseen(9, 30_002, 13_000_000, is_whole=True),
    Kept(2, 2, 4_700_008_192),
    Staged(1, 1_200_000_000),
)


def aged(name: str, size: int, seconds: int, kind: Kind = Kind.FILE) -> Entry:
    """Make an entry that was changed so many seconds ago."""
    return entry(name, kind, stamp(size, mtime_ns=(NOW - seconds) * 10**9))


def audit_of(
    case: tuple[Desired, Inventory], surroundings: Surroundings = ALONE, evidence: Evidence = NO_EVIDENCE
) -> Audit:
    desired, inventory = case
    return audit_of_plan(plan(desired, inventory, evidence), desired, inventory.scan, surroundings)


EVERY_STATUS = audit_of(
    (
        desired_of(
            "en_ocr_v2.bin",
            DesiredModel("de_ocr_v1.bin", 1, size=1_500_000),
            DesiredModel("fr_ocr_v2.bin", 2, size=4_683_073_952),
            DesiredModel("it_ocr_v1.bin", 3, size=4_000_000_000, source="https://models.example.com/it_ocr_v1.bin"),
            DesiredModel("pt_ocr_v1.bin", 4, size=3_000, source="../golden/pt_ocr_v1.bin"),
            ignore=["*.license"],
            protect=["base_*"],
            absent=["old_*"],
        ),
        inventory_of(
            scan_of(
                aged("en_ocr_v2.bin", 5_300_000_000, 3 * DAY),
                aged("de_ocr_v1.bin", 1_499_000, 400 * DAY),
                aged("fr_ocr_v1.bin", 40_000_000_000, 150 * DAY),
                aged("latin/notes.bin", 734, 59),
                aged("old_模型.bin", 12, 2_000 * DAY),
                aged("pt_ocr_v1.bin", 2_000, 7_200),
                aged("base_layout.bin", 800_000, -DAY),
                aged("README.license", 1_064, 90),
                aged("a.fifo", 0, 3 * 3_600, Kind.FIFO),
                links=[folder_link("etc", "/etc", ["hosts", "passwd"])],
            )
        ),
    ),
    CROWDED,
    Evidence(
        {},
        {
            "it_ocr_v1.bin": Supply("https://models.example.com/it_ocr_v1.bin", is_remote=True),
            "pt_ocr_v1.bin": Supply("../golden/pt_ocr_v1.bin", is_remote=False, size=3_000),
        },
        90_000_000_000,
    ),
)
UNCOMPARED = audit_of_inventory(
    inventory_of(
        scan_of(aged("en.bin", 5_300_000_000, 3 * DAY), aged("new.bin", 12, 0), links=[folder_link("l", "/srv", "ab")]),
        unconfirmed=["new.bin"],
        warnings=(OnlyInFolder(("new.bin",)),),
    ),
    replace(CROWDED, unseen=Unseen(40, 1_200, 7, is_whole=False), disk=None),
)
EMPTY = audit_of_inventory(inventory_of(scan_of()), ALONE)
LONG_NAMES = audit_of(
    (desired_of("a.bin"), inventory_of(scan_of("a.bin", "long_" * 14 + ".bin", "a_name_of_just_30_columns_.bin")))
)
HOSTILE = audit_of(
    (
        desired_of("gone\x1b[31m", path="/etc/\u202eapp\n/m.yml", ignore=["\x07*"], protect=["p\u202e*"]),
        inventory_of(
            scan_of(
                "a\nb", "\x1b[31mred", "\u202egnp.bin", "a\\b", "-rf", "trailing ", "\udcff.bin", "\x07i", "p\u202ex"
            ),
            warnings=(BlindEngine("26.10.0", 9),),
        ),
    )
)


def drawn_list(  # noqa: PLR0913 - as the command's options
    audit: Audit,
    *statuses: Status,
    order: Order = Order.NAME,
    detail: Detail = Detail.CHANGES,
    width: int | None = 80,
    paths: bool = False,
    colours: bool = False,
) -> str:
    look = Look(Paint(colours=colours), width, detail)
    return render_list(audit, Selection(frozenset(statuses), order), look, moment=NOW * 10**9, paths=paths)


LIST_SCENES = {
    "list": drawn_list(EVERY_STATUS),
    **at_widths("list", lambda width: drawn_list(EVERY_STATUS, width=width)),
    "list-in-colour": drawn_list(EVERY_STATUS, colours=True),
    "list-in-short": drawn_list(EVERY_STATUS, detail=Detail.SUMMARY),
    "list-by-status": drawn_list(EVERY_STATUS, order=Order.STATUS),
    **at_widths("list-with-paths", lambda width: drawn_list(EVERY_STATUS, width=width, paths=True)),
    "list-of-two-statuses": drawn_list(EVERY_STATUS, Status.UNLISTED, Status.DRIFTED, order=Order.SIZE),
    "list-of-a-status-that-none-has": drawn_list(LONG_NAMES, Status.DRIFTED, Status.BLOCKED),
    "list-without-manifest": drawn_list(UNCOMPARED),
    "list-without-manifest-in-short": drawn_list(UNCOMPARED, detail=Detail.SUMMARY),
    "list-empty": drawn_list(EMPTY),
    **at_widths("list-long-names", lambda width: drawn_list(LONG_NAMES, width=width)),
    "list-hostile-names": drawn_list(HOSTILE, paths=True),
}
