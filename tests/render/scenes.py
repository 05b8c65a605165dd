"""Plans and results whose whole text lies in `texts/`.

After a change of wording, `python -m tests.render.scenes` writes the texts anew; read the difference before committing.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from ocrstate.apply.result import Outcome, OutcomeStatus, Result, RunStatus
from ocrstate.inventory.model import BlindEngine, OnlyInEngine, OnlyInFolder, Unnameable
from ocrstate.manifest.desired import Budget, DesiredModel, Policy
from ocrstate.plan.planner import plan
from ocrstate.render.plan_text import Detail
from ocrstate.store.model import Folder, Kind
from tests.render.drawing import drawn_plan, drawn_result
from tests.render.run_scenes import RUN_SCENES
from tests.render.verify_scenes import VERIFY_SCENES
from tests.support.manifests import desired_of
from tests.support.stores import DEVICE, entry, folder_link, inventory_of, scan_of, stamp

if TYPE_CHECKING:
    from ocrstate.plan.changes import Change

TEXTS = Path(__file__).parent / "texts"

EVERY_ACTION = (
    desired_of(
        "en_ocr_v1.bin",
        "zh_模型.bin",
        DesiredModel("de.bin", 5, size=12, sha256="0" * 64),
        DesiredModel("fr_ocr_v2.bin", 9, size=4_683_073_952),
        protect=["base_*"],
        ignore=[".gitkeep"],
    ),
    inventory_of(
        scan_of(
            entry("en_ocr_v1.bin", of=stamp(5_300_000_000)),
            entry("fr_ocr_v1.bin", of=stamp(40_000_000_000)),
            entry("old/ä.bin", of=stamp(734)),
            entry("a.fifo", Kind.FIFO, stamp(0)),
            *(".gitkeep", "base_1.bin", "de.bin", "zh_模型.bin"),
            folders=[Folder("old", DEVICE, 4, has_folders=False)],
            links=[folder_link("etc", "/etc", ["hosts", "passwd"])],
        ),
        unconfirmed=["zh_模型.bin"],
    ),
)
IN_SYNC = (desired_of("de.bin", "fr.bin"), inventory_of(scan_of("de.bin", "fr.bin")))
IN_SYNC_WITH_PROTECTED = (desired_of("fr.bin", protect=["b*"]), inventory_of(scan_of("base.bin", "fr.bin")))
EMPTY = (desired_of(), inventory_of(scan_of()))
LONG_NAME = (desired_of("fr.bin"), inventory_of(scan_of("fr.bin", "b.bin", "long_" * 14 + ".bin")))
HOSTILE = (
    desired_of(path="/etc/\u202eapp\n/m.yml"),
    inventory_of(
        scan_of(
            *("a\nb", "\x1b[31mred", "\u202egnp.bin", "a\\b", "-rf", "trailing ", "\udcff.bin", "\x85", "😀.bin"),
            *('"quoted"', "nb\u00a0sp", "zero\u200bwidth", "模型"),
            links=[folder_link("l\x07", "/srv/\x1b]0;title\x07", ["x\ny"])],
        )
    ),
)
WARNED = (
    desired_of(
        "fr.bin",
        DesiredModel("b", 2, source="https://models.example.com/b"),
        extends=("../base.yml",),
    ),
    inventory_of(
        scan_of("fr.bin"),
        warnings=(
            BlindEngine("26.10.0", 1),
            OnlyInFolder(("a", "b\n", "c", "d", "e")),
            OnlyInEngine(("\ufffd",)),
            Unnameable(("\udcff",)),
        ),
    ),
)
REFUSED = (
    desired_of(
        "missing.bin",
        path="/srv/models/m.yml",
        policy=Policy(max_remove=Budget(count=1, percent=2.5, size=5)),
        extends=("base.yml",),
    ),
    inventory_of(scan_of("m.yml", ".git/HEAD", entry("a.fifo", Kind.FIFO, stamp(0)))),
)
EMPTY_MANIFEST = (desired_of(), inventory_of(scan_of("a", "b")))


def _done(*outcomes: Outcome, status: RunStatus = RunStatus.SUCCESS, remaining: tuple[Change, ...] = ()) -> Result:
    return Result(
        "20261121T060000Z-0a1b2c", status, "/app/models", outcomes, in_sync=not remaining, remaining=remaining
    )


REMOVED = (Outcome("old.bin", OutcomeStatus.REMOVED, 5_300_000_000), Outcome("old/\n", OutcomeStatus.REMOVED, 12))
STUCK = tuple(Outcome(f"{n}\x1b", OutcomeStatus.IN_QUARANTINE, cause="Read-only\nfile system") for n in range(12))
LEFT = plan(desired_of("fr.bin"), inventory_of(scan_of(*(f"{n:02}\x1b" for n in range(11))))).changes

SCENES = {
    "every-action": drawn_plan(EVERY_ACTION),
    "every-action-in-full": drawn_plan(EVERY_ACTION, Detail.EVERYTHING),
    "every-action-in-one-line": drawn_plan(EVERY_ACTION, Detail.SUMMARY),
    "every-action-in-colour": drawn_plan(EVERY_ACTION, colours=True),
    "in-sync": drawn_plan(IN_SYNC),
    "in-sync-in-full": drawn_plan(IN_SYNC, Detail.EVERYTHING),
    "in-sync-in-colour": drawn_plan(IN_SYNC, Detail.SUMMARY, colours=True),
    "in-sync-with-protected": drawn_plan(IN_SYNC_WITH_PROTECTED),
    "empty": drawn_plan(EMPTY),
    "long-name-60": drawn_plan(LONG_NAME, width=60),
    "long-name-80": drawn_plan(LONG_NAME, width=80),
    "long-name-200": drawn_plan(LONG_NAME, width=200),
    "hostile-names": drawn_plan(HOSTILE),
    "warnings": drawn_plan(WARNED),
    "refusals": drawn_plan(REFUSED),
    "empty-manifest": drawn_plan(EMPTY_MANIFEST),
    "result-nothing-done": drawn_result(_done()),
    "result-done": drawn_result(_done(*REMOVED)),
    "result-done-in-colour": drawn_result(_done(*REMOVED), colours=True),
    "result-rolled-back": drawn_result(_done(Outcome("a", OutcomeStatus.ROLLED_BACK), status=RunStatus.FAILED)),
    "result-stuck-in-quarantine": drawn_result(_done(*REMOVED, *STUCK, status=RunStatus.NEEDS_RECOVERY)),
    "result-not-put-back": drawn_result(_done(STUCK[0], status=RunStatus.NEEDS_RECOVERY)),
    "result-differs-again": drawn_result(_done(*REMOVED, remaining=LEFT)),
    **RUN_SCENES,
    **VERIFY_SCENES,
}


def shown(text: str) -> str:
    """Make the terminal's codes for colours readable; any other escape stays raw."""
    return re.sub(r"\x1b\[([0-9]+)m", r"<\1>", text)


def write() -> None:
    """Write all texts anew."""
    for old in TEXTS.glob("*.txt"):
        old.unlink()
    for name, text in SCENES.items():
        (TEXTS / f"{name}.txt").write_text(shown(text), encoding="utf-8")


if __name__ == "__main__":
    write()
