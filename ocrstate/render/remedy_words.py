"""The wording of remedies, the same in text and JSON. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ocrstate.authoring.yaml_text import double_quoted, scalar
from ocrstate.errors import assert_never
from ocrstate.planning.steps import (
    Act,
    Add,
    Deed,
    Goal,
    Lock,
    Narrow,
    PutOrFetch,
    Remedy,
    RemoveUnlisted,
    Rename,
    Step,
    TakeOut,
)
from ocrstate.render.near_words import written
from ocrstate.render.why_words import where_words
from ocrstate.text.escape import escape
from ocrstate.text.shell import shell_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.manifest.places import Where
    from ocrstate.planning.matching import Rule

_FEW: Final = 3
_GOALS: Final = {
    Goal.MEANT: "If that is meant",
    Goal.KEEP: "To keep it",
    Goal.KEEP_UNLISTED: "To keep it without listing it",
    Goal.IGNORE: "If it is no model",
    Goal.GO: "To let it go",
    Goal.HAVE: "To have it",
    Goal.AS_LISTED: "To have it as listed",
    Goal.DO_WITHOUT: "To do without it",
    Goal.ACCEPT: "If what is there is right",
    Goal.SETTLE: "To settle it",
}
_DEEDS: Final = {
    Deed.PUT_IN_PLACE: "put it into the store",
    Deed.MOVE_AWAY: "move {name} out of the store",
    Deed.MOVE_UP: "move it up, into the store or an immediate sub-folder",
    Deed.RENAME: "rename the file, and list its new name",
    Deed.UNMOUNT: "unmount it",
    Deed.DELETE: "delete it yourself: what the engine does not see is never removed",
}


class Told(NamedTuple):
    """A step in words.

    Attributes:
        kind: stable code.
        words: what to do.
        lines: to be pasted, where there are some.
        places: where.
        path: the manifest that gets the lines.
    """

    kind: str
    words: str
    lines: tuple[str, ...] = ()
    places: tuple[Where, ...] = ()
    path: str | None = None


def remedy_words(remedy: Remedy, name: str) -> tuple[str, tuple[str, ...]]:
    """Return what to do in one sentence, and the lines to paste that it announces."""
    told = [step_words(step, name) for step in remedy.steps]
    lines = tuple(line for each in told for line in each.lines)
    return f"{_goal(remedy, name)}, {_enumerated([each.words for each in told])}{':' if lines else ''}", lines


def _goal(remedy: Remedy, name: str) -> str:
    match remedy.steps[0]:
        case Rename(listed=listed) if listed != name:
            return f"If it is meant by {escape(listed)}, which is listed and missing"
        case Rename(near=near):
            return f"If {escape(near.name)} is meant"
        case _:
            return _GOALS[remedy.goal]


def step_words(step: Step, name: str) -> Told:
    """Say what to do in one step."""
    match step:
        case Add():
            return _addition(step)
        case TakeOut(places):
            entries = "entry" if len(places) == 1 else "entries"
            return Told(
                "take-out",
                f"take out the {entries} at {_enumerated([where_words(where) for where in places])}",
                (),
                places,
            )
        case Narrow(rules):
            return _narrowing(rules)
        case RemoveUnlisted(where):
            return _place_to_write("remove-unlisted", "write `unlisted: remove`", where)
        case Rename(where, near=near):
            return _place_to_write("rename-entry", f"write {written(near)}", where)
        case PutOrFetch(where):
            words = f"put it into the store, or give its entry at {where_words(where)} a `source` to fetch it from"
            return Told("put-or-fetch", words, (), (where,))
        case Lock(where):
            words = f"accept it with: ocrstate lock {shell_word(where.path)} {shell_word(name)}"
            return Told("lock", words, (), (where,))
        case Act(deed, what):
            return Told(deed.value, _DEEDS[deed].format(name=escape(what)))
        case _:
            assert_never(step)


def _narrowing(rules: tuple[Rule, ...]) -> Told:
    places = tuple(rule.where for rule in rules if rule.where is not None)
    patterns = [f'"{escape(rule.text)}"{_at(rule.where)}' for rule in rules]
    shown = patterns if len(patterns) <= _FEW else [*patterns[:_FEW], f"{len(patterns) - _FEW:,} more"]
    noun = "pattern" if len(patterns) == 1 else "patterns"
    return Told("narrow-patterns", f"narrow or take out the {noun} {_enumerated(shown)}", (), places)


def _enumerated(words: Sequence[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _at(where: Where | None) -> str:
    return "" if where is None else f" at {where_words(where)}"


def _place_to_write(kind: str, words: str, where: Where | None) -> Told:
    return Told(kind, f"{words}{_at(where)}", (), (where,) if where else ())


def _addition(step: Add) -> Told:
    section = step.section
    is_model = section.key == "models"
    text = scalar(step.text) if is_model else double_quoted(step.text)
    kind = "add-entry" if is_model else "add-pattern"
    if section.where is None:
        return Told(kind, f"add to {escape(section.path)}", (f"{section.key}:", f"  - {text}"), (), section.path)
    listed = f"the list `{section.key}` at {where_words(section.where)}"
    if section.indent is None:
        return Told(kind, f"add {text} to {listed}", (), (section.where,), section.path)
    return Told(kind, f"add to {listed}", (f"{section.indent}- {text}",), (section.where,), section.path)
