"""Judge the manifest, and which store is meant. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from ocrstate.doctor.model import Area, Topic
from ocrstate.text.escape import escape, escape_message
from ocrstate.text.shell import shell_word
from ocrstate.text.units import counted

if TYPE_CHECKING:
    from ocrstate.doctor.model import Facts, Findings
    from ocrstate.manifest.problems import Problem

WORKING_FOLDER = Topic(Area.STORE, "working-folder")
MANIFEST = Topic(Area.STORE, "manifest")
CHOICE = Topic(Area.STORE, "store-choice")

_SHOWN = 3


class NamedBy(Enum):
    """What says which store is meant."""

    OPTION = "option"
    MANIFEST = "manifest"
    ENGINE = "engine"
    DATA_FOLDER = "data-folder"


@dataclass(frozen=True, slots=True)
class Choice:
    """The store that is meant.

    Attributes:
        path: absolute.
        passed_over: another one below the working folder, which the engine does not use; absolute.
    """

    path: str
    named_by: NamedBy
    passed_over: str | None = None


def judge_manifest(paths: tuple[str, ...], seen: int | tuple[Problem, ...]) -> Findings:
    """Judge a manifest.

    Args:
        paths: as written; the last one is the manifest, and extends the others.
        seen: how many models it lists, or what is wrong with it.
    """
    if isinstance(seen, int):
        return (MANIFEST.ok(f"{escape(paths[-1])} is valid, and lists {counted(seen, 'model')}", models=seen),)
    shown = "\n".join(escape_message(str(problem)) for problem in seen[:_SHOWN])
    return (
        MANIFEST.fail(
            f"{counted(len(seen), 'problem')} in {escape(paths[-1])}",
            f"mend the manifest; ocrstate validate {' '.join(map(shell_word, paths))} shows all",
            shown,
            problems=len(seen),
            codes=tuple(sorted({problem.code for problem in seen})),
        ),
    )


def judge_choice(seen: Choice | None) -> Findings:
    """Say which store is meant, and why that one; `None` where that is not known."""
    if seen is None:
        return (
            CHOICE.warn(
                "which store is meant is not known, as the manifest cannot be read",
                "mend the manifest, or name the store with --store DIR",
            ),
        )
    why = {
        NamedBy.OPTION: "named with --store",
        NamedBy.MANIFEST: "named in the manifest",
        NamedBy.ENGINE: "the engine's own for an application that is started here",
        NamedBy.DATA_FOLDER: "the engine's own for applications of this user, who has a data folder",
    }
    words = f"the store is {escape(seen.path)}, {why[seen.named_by]}"
    facts: Facts = {"path": seen.path, "named_by": seen.named_by.value, "passed_over": seen.passed_over}
    if seen.passed_over is None:
        return (CHOICE.ok(words).with_facts(facts),)
    other = escape(seen.passed_over)
    return (
        CHOICE.warn(
            f"{words}; {other} is there, too, and is not used",
            f"to use that one: --store {shell_word(seen.passed_over)}, or `store:` in the manifest",
        ).with_facts(facts),
    )
