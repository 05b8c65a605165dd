"""The wording of an inventory's warnings, the same in text and JSON. Pure."""

from __future__ import annotations

from ocrstate.errors import assert_never
from ocrstate.inventory.model import (
    BlindEngine,
    InventoryWarning,
    OnlyInEngine,
    OnlyInFolder,
    PassedOver,
    UnfinishedRuns,
    Unnameable,
)
from ocrstate.text.escape import escape
from ocrstate.text.lists import few
from ocrstate.text.shell import shell_word
from ocrstate.text.units import counted


def warning_words(warning: InventoryWarning) -> tuple[str, str]:
    """Return the stable code of an inventory's warning, and what to tell a person."""
    match warning:
        case BlindEngine(version, files):
            return "engine-blind", (
                f"the engine {version} is blind: it lists nothing although the store holds {counted(files, 'file')}; "
                "the folder was listed instead"
            )
        case OnlyInFolder(names):
            return "only-in-folder", (
                f"the engine does not list {few(names)}, which the folder holds: they are not removed; "
                "if this stays, look at the engine (--inventory directory lists the folder alone)"
            )
        case OnlyInEngine(names):
            return (
                "only-in-engine",
                f"the engine lists {few(names)}, which the folder does not hold: they were passed over",
            )
        case PassedOver(path):
            return "store-passed-over", (
                f"the store {escape(path)} is there, but the engine uses the one in the user's data folder; to use the "
                f"former: --store {shell_word(path)}, or `store:` in the manifest"
            )
        case UnfinishedRuns(runs):
            from ocrstate.render.unfinished_words import unfinished_words  # noqa: PLC0415 - 7 ms, and they are rare

            return "run-unfinished", "; ".join(map(unfinished_words, runs))
        case Unnameable(names):
            return "name-not-utf8", (
                f"the name of {few(names)} is not UTF-8: neither the engine nor a manifest can name it; rename it"
            )
        case _:
            assert_never(warning)
