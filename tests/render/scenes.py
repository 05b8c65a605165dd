"""Plans and results whose whole text lies in `texts/`.

After a change of wording, `python -m tests.render.scenes` writes the texts anew; read the difference before committing.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ocrstate.applying.result import Action, Outcome, OutcomeStatus, Result, RunStatus
from ocrstate.digests.model import Content, Unreadable
from ocrstate.inventory.model import BlindEngine, OnlyInEngine, OnlyInFolder, Unnameable
from ocrstate.manifest.desired import Budget, DesiredModel, MissingPolicy, Policy, UnlistedPolicy
from ocrstate.planning.evidence import Evidence, Supply
from ocrstate.planning.planner import plan
from ocrstate.render.look import Detail
from ocrstate.store.model import Folder, Kind
from tests.render.drawing import at_widths, drawn_differences, drawn_plan, drawn_result
from tests.render.list_scenes import LIST_SCENES
from tests.render.run_scenes import RUN_SCENES
from tests.render.verify_scenes import VERIFY_SCENES
from tests.render.why_scenes import WHY_SCENES
from tests.support.manifests import desired_of
from tests.support.stores import DEVICE, entry, folder_link, inventory_of, scan_of, stamp

if TYPE_CHECKING:
    from ocrstate.planning.changes import Change

TEXTS = Path(__file__).parent / "texts"

EVERY_ACTION = (
    desired_of(
        "en_ocr_v1.bin",
        "zh_模型.bin",
        DesiredModel("de.bin", 5, size=12, sha256="0" * 64),
        DesiredModel("fr_ocr_v2.bin", 9, size=4_683_073_952),
        DesiredModel("it_ocr_v1.bin", 11, size=4_000_000_000, source="https://models.example.com/it_ocr_v1.bin"),
        DesiredModel("pt_ocr_v1.bin", 13, sha256="a" * 64, source="../golden/pt_ocr_v1.bin"),
        DesiredModel("ru_ocr_v1.bin", 15, sha256="c" * 64),
        DesiredModel("uk_ocr_v1.bin", 17, sha256="d" * 64),
        protect=["base_*"],
        ignore=[".gitkeep"],
    ),
    inventory_of(
        scan_of(
            entry("en_ocr_v1.bin", of=stamp(5_300_000_000)),
            entry("fr_ocr_v1.bin", of=stamp(40_000_000_000)),
            entry("old/ä.bin", of=stamp(734)),
            entry("a.fifo", Kind.FIFO, stamp(0)),
            *(".gitkeep", "base_1.bin", "de.bin", "zh_模型.bin", "pt_ocr_v1.bin", "ru_ocr_v1.bin", "uk_ocr_v1.bin"),
            folders=[Folder("old", DEVICE, 4, has_folders=False)],
            links=[folder_link("etc", "/etc", ["hosts", "passwd"])],
        ),
        unconfirmed=["zh_模型.bin"],
    ),
    Evidence(
        {
            "pt_ocr_v1.bin": Content("b" * 64, 10, remembered=True),
            "ru_ocr_v1.bin": Unreadable("Input/output error"),
        },
        {
            "it_ocr_v1.bin": Supply("https://models.example.com/it_ocr_v1.bin", is_remote=True, staged=1_200_000_000),
            "pt_ocr_v1.bin": Supply("../golden/pt_ocr_v1.bin", is_remote=False, size=5_000_000),
        },
        90_000_000_000,
    ),
)
FETCHED = desired_of(DesiredModel("fr.bin", 1, source="s3://models/fr.bin", sha256="0" * 64), "old.bin")
IN_SYNC = (desired_of("de.bin", "fr.bin"), inventory_of(scan_of("de.bin", "fr.bin")))
IN_SYNC_WITH_PROTECTED = (desired_of("fr.bin", protect=["b*"]), inventory_of(scan_of("base.bin", "fr.bin")))
EMPTY = (desired_of(), inventory_of(scan_of()))
LONG_NAME = (desired_of("fr.bin"), inventory_of(scan_of("fr.bin", "b.bin", "long_" * 14 + ".bin")))
NO_ROOM_FOR_REASONS = (
    desired_of("a_name_of_thirty_cells_or_.bin", DesiredModel("deep/fr_ocr_v1.bin", 1, size=4)),
    inventory_of(
        scan_of(
            *("deep/fr_ocr_v1.bin", "another_that_is_long_enough_1"),
            entry("a_pipe_with_a_long_name.fifo", Kind.FIFO, stamp(0)),
            links=[folder_link("models_of_another_host", f"/srv/{'x' * 60}/models", ["hosts", "passwd"])],
        )
    ),
)
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
    desired_of("fr.bin", "b", extends=("/etc/base.yml", "/etc/app/eu.yml")),
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
        extends=("/srv/models/base.yml",),
    ),
    inventory_of(scan_of("base.yml", "m.yml", ".git/HEAD", entry("a.fifo", Kind.FIFO, stamp(0)))),
)
NO_WAY = (
    desired_of(
        DesiredModel("a.bin", 1, size=9, source="a.bin"),
        DesiredModel("b.bin", 2, size=5_000_000_000, source="https://models.example.com/b.bin"),
        DesiredModel("c.bin", 3, source="../gone/c.bin"),
    ),
    inventory_of(scan_of(entry("old.bin", of=stamp(4_000_000_000)))),
    Evidence(
        {},
        {
            "a.bin": Supply("a.bin", is_remote=False, size=10),
            "b.bin": Supply("https://models.example.com/b.bin", is_remote=True),
            "c.bin": Supply("../gone/c.bin", is_remote=False, problem="there is no such file"),
        },
        3_000_000_000,
    ),
)
CHANGED = (
    desired_of(
        *("en_ocr_v1.bin", "it_ocr_v1.bin"),
        DesiredModel("de.bin", 5, 12, "0" * 64),
        DesiredModel("fr_ocr_v2.bin", 9, 4_683_073_952, "9f" * 32, "https://models.example.com/fr?token=secret"),
        DesiredModel("zh_模型.bin", 10, source="https://models.example.com/zh?token=1"),
        protect=["base_*", "customer/"],
        policy=Policy(unlisted=UnlistedPolicy.REPORT, max_remove=Budget(3, 50, 40_000_000_000), retain=604_800),
    ),
    desired_of(
        DesiredModel("de.bin", 5),
        DesiredModel("fr_ocr_v2.bin", 9, 4_683_073_999, "03" * 32, "models/fr_ocr_v2.bin"),
        DesiredModel("nl_ocr_v1.bin", 10, 1_500, "ab" * 32, "https://models.example.com/nl?token=secret"),
        DesiredModel("zh_模型.bin", 10, source="https://models.example.com/zh?token=2"),
        ignore=["*.license"],
        protect=["customer/"],
        absent=["old_*"],
        policy=Policy(missing=MissingPolicy.ALLOW, max_remove=Budget(3, 75)),
        store="./models",
        extends=("/etc/base.yml", "/etc/app/eu.yml"),
        path="/etc/app/host.yml",
    ),
)
SMALL_CHANGE = (desired_of("a.bin", "old.bin"), desired_of("a.bin"))
HOSTILE_CHANGE = (
    desired_of("\u202ea.bin", protect=["\u202e*"]),
    desired_of(DesiredModel("b.bin ", 1, source="\u202ex"), path="/etc/\x1b[31m.yml", store="a\u202e/b"),
)
EMPTY_MANIFEST = (desired_of(), inventory_of(scan_of("a", "b")))


def _done(*outcomes: Outcome, status: RunStatus = RunStatus.SUCCESS, remaining: tuple[Change, ...] = ()) -> Result:
    return Result(
        "20261121T060000Z-0a1b2c", status, "/app/models", outcomes, in_sync=not remaining, remaining=remaining
    )


REMOVED = (Outcome("old.bin", OutcomeStatus.REMOVED, 5_300_000_000), Outcome("old/\n", OutcomeStatus.REMOVED, 12))
STUCK = tuple(Outcome(f"{n}\x1b", OutcomeStatus.IN_QUARANTINE, cause="Read-only\nfile system") for n in range(12))
LEFT = plan(desired_of("fr.bin"), inventory_of(scan_of(*(f"{n:02}\x1b" for n in range(11))))).changes

ARRIVALS = (
    Outcome("it.bin", OutcomeStatus.FETCHED, action=Action.FETCH, fetched=4_000_000_000, transferred=2_800_000_000),
    Outcome("pt.bin", OutcomeStatus.REPLACED, 5_000_000, action=Action.REPLACE, fetched=9, transferred=9),
)
REPLACED = Outcome("pt.bin", OutcomeStatus.REPLACED, kept=5_000_000, action=Action.REPLACE, fetched=9, transferred=9)
KEPT_ARRIVALS = replace(_done(REPLACED), keep_until="2026-11-28T06:00:00Z")

SCENES = {
    "every-action": drawn_plan(EVERY_ACTION),
    **at_widths("every-action", lambda width: drawn_plan(EVERY_ACTION, width=width)),
    "every-action-in-full": drawn_plan(EVERY_ACTION, Detail.EVERYTHING),
    "every-action-in-one-line": drawn_plan(EVERY_ACTION, Detail.SUMMARY),
    "every-action-in-colour": drawn_plan(EVERY_ACTION, colours=True),
    "in-sync": drawn_plan(IN_SYNC),
    "in-sync-in-full": drawn_plan(IN_SYNC, Detail.EVERYTHING),
    "in-sync-in-colour": drawn_plan(IN_SYNC, Detail.SUMMARY, colours=True),
    "in-sync-with-protected": drawn_plan(IN_SYNC_WITH_PROTECTED),
    "empty": drawn_plan(EMPTY),
    "long-name-80": drawn_plan(LONG_NAME),
    **at_widths("long-name", lambda width: drawn_plan(LONG_NAME, width=width)),
    **at_widths("no-room-for-reasons", lambda width: drawn_plan(NO_ROOM_FOR_REASONS, width=width)),
    "hostile-names": drawn_plan(HOSTILE),
    "warnings": drawn_plan(WARNED),
    **at_widths("warnings", lambda width: drawn_plan(WARNED, width=width)),
    "refusals": drawn_plan(REFUSED),
    **at_widths("refusals", lambda width: drawn_plan(REFUSED, width=width)),
    "refusals-of-sources": drawn_plan(NO_WAY),
    "fetch-of-unknown-size": drawn_plan(
        (
            FETCHED,
            inventory_of(scan_of("old.bin")),
            Evidence({}, {"fr.bin": Supply("s3://models/fr.bin", is_remote=True)}, 5_000_000),
        )
    ),
    "empty-manifest": drawn_plan(EMPTY_MANIFEST),
    "diff": drawn_differences(CHANGED),
    **at_widths("diff", lambda width: drawn_differences(CHANGED, width=width)),
    "diff-in-colour": drawn_differences(CHANGED, colours=True),
    "diff-of-one-model": drawn_differences(SMALL_CHANGE),
    "diff-hostile-names": drawn_differences(HOSTILE_CHANGE),
    "diff-none": drawn_differences((IN_SYNC[0], IN_SYNC[0])),
    "result-nothing-done": drawn_result(_done()),
    "result-done": drawn_result(_done(*REMOVED)),
    "result-fetched": drawn_result(_done(ARRIVALS[0])),
    "result-fetched-replaced-and-removed": drawn_result(_done(*ARRIVALS, *REMOVED)),
    "result-replaced": drawn_result(_done(ARRIVALS[1])),
    "result-replaced-and-kept": drawn_result(KEPT_ARRIVALS),
    "result-done-in-colour": drawn_result(_done(*REMOVED), colours=True),
    "result-rolled-back": drawn_result(_done(Outcome("a", OutcomeStatus.ROLLED_BACK), status=RunStatus.FAILED)),
    "result-stuck-in-quarantine": drawn_result(_done(*REMOVED, *STUCK, status=RunStatus.NEEDS_RECOVERY)),
    "result-not-put-back": drawn_result(_done(STUCK[0], status=RunStatus.NEEDS_RECOVERY)),
    "result-differs-again": drawn_result(_done(*REMOVED, remaining=LEFT)),
    **at_widths("result-differs-again", lambda width: drawn_result(_done(*REMOVED, remaining=LEFT), width=width)),
    **RUN_SCENES,
    **VERIFY_SCENES,
    **LIST_SCENES,
    **WHY_SCENES,
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
