"""A plan as text for a terminal or a log. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.planning.changes import (
    Blocked,
    Change,
    Drifted,
    Fetch,
    Keep,
    Missing,
    Protected,
    Remove,
    Replace,
    Unlisted,
    size_of,
)
from ocrstate.render.folding import facts, fold, fold_items, row, shown_cells
from ocrstate.render.look import Detail, Look, Style, cells, name_column
from ocrstate.render.paint import Colour, Paint
from ocrstate.render.refusal_words import refusal_words
from ocrstate.render.warning_text import render_warnings
from ocrstate.render.words import listed_by, manifest_words, reason_words
from ocrstate.text.escape import escape
from ocrstate.text.times import duration_text
from ocrstate.text.units import counted, size_text

if TYPE_CHECKING:
    from collections.abc import Collection

    from ocrstate.planning.disk import Disk
    from ocrstate.planning.guards import Refusal
    from ocrstate.planning.model import Plan, Summary

IN_SYNC = "No changes. The store matches the manifest."


# what stays comes first and what needs attention last, next to the summary and the prompt
STYLES: dict[type[Change], Style] = {
    Keep: Style(" ", "keep", Colour.PLAIN),
    Protected: Style("=", "protected", Colour.PLAIN),
    Unlisted: Style("?", "unlisted", Colour.PLAIN),
    Fetch: Style("+", "fetch", Colour.GOOD),
    Replace: Style("*", "replace", Colour.LOSS),
    Remove: Style("-", "remove", Colour.LOSS),
    Drifted: Style("~", "drifted", Colour.ATTENTION),
    Missing: Style("!", "missing", Colour.ATTENTION),
    Blocked: Style("x", "blocked", Colour.ATTENTION),
}
_MEANINGS: dict[type[Change], str] = {
    Keep: "kept",
    Protected: "protected, stays",
    Unlisted: "unlisted, stays",
    Fetch: "to be fetched",
    Replace: "to be replaced",
    Remove: "to be removed",
    Drifted: "not as declared",
    Missing: "missing",
    Blocked: "blocked: would have to go, must not be touched",
}
_ATTENTION = frozenset({Drifted, Missing, Blocked})
_SIZE_COLUMN = 7
_NO_SIZE = " " * (_SIZE_COLUMN + 4)
_GAP = "   "


def render_plan(plan: Plan, refused: tuple[Refusal, ...], look: Look) -> str:
    """Draw a plan; ``refused`` are the rules for which apply would refuse it."""
    if look.detail is Detail.SUMMARY:
        return f"{_summary(plan, look)}\n"
    shown = shown_changes(plan, look.detail)
    blocks = [
        _header(plan, look.width),
        render_legend({type(change) for change in shown}, look),
        _lines(plan, shown, look),
        fold(_kept(plan, look), look.width),
        fold(room_line(plan), look.width, indent=2),
        render_warnings(plan.inventory_warnings, look),
        _summary(plan, look),
        _refusals(refused, look),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def summary_line(plan: Plan, paint: Paint) -> str:
    """Say in one line what would change."""
    if plan.in_sync:
        others = ", ".join(_others(plan.summary))
        return paint(Colour.GOOD, IN_SYNC) + (f" ({others})" if others else "")
    summary = plan.summary
    counts = [
        _amount(summary.fetch, "to fetch", _coming(plan, Fetch)),
        _amount(summary.replace, "to replace", _coming(plan, Replace)),
        _amount(summary.remove, "to remove", _gain(plan)),
    ]
    return f"Plan: {', '.join([*counts, *_others(summary)])}.{_unfinished(plan)}"


def _summary(plan: Plan, look: Look) -> str:
    return fold(summary_line(plan, look.paint), look.width, indent=2)


def _amount(count: int, what: str, size: str) -> str:
    return f"{count:,} {what} ({size})" if count else f"{count:,} {what}"


def _coming(plan: Plan, kind: type[Fetch | Replace]) -> str:
    sizes = [each.size_to_come for each in plan.arrivals if isinstance(each, kind)]
    known = [size for size in sizes if size is not None]
    if len(known) == len(sizes):
        return size_text(sum(known))
    return f"at least {size_text(sum(known))}" if known else "size unknown"


def _gain(plan: Plan) -> str:
    removed = size_text(plan.summary.bytes_removed)
    return f"{removed}, kept for {duration_text(plan.retain)}" if plan.retain else f"frees {removed}"


def room_line(plan: Plan) -> str:
    """Say what fetching does to the disk; nothing where nothing is fetched."""
    disk = plan.disk
    if disk is None:
        return ""
    gives = f", then {size_text(disk.given)} are freed" if disk.given else ""
    left = f"; {size_text(disk.free_after)} stay free" if disk.fits and not disk.unknown else ""
    return f"Disk: {size_text(disk.free)} free; first {_to_come(disk)} fetched{gives}{left}."


def _to_come(disk: Disk) -> str:
    unknown = f"{counted(disk.unknown, 'model')} of unknown size"
    if not disk.unknown:
        return f"{size_text(disk.needed)} are"
    if not disk.needed:
        return f"{unknown} {'is' if disk.unknown == 1 else 'are'}"
    return f"{size_text(disk.needed)} and {unknown} are"


def _unfinished(plan: Plan) -> str:
    return f" {counted(len(plan.unfinished_runs), 'run')} half-way." if plan.unfinished_runs else ""


def _others(summary: Summary) -> list[str]:
    counts = (
        (summary.missing, "missing"),
        (summary.drifted, "drifted"),
        (summary.protected, "protected"),
        (summary.unlisted, "unlisted"),
        (summary.blocked, "blocked"),
    )
    return [f"{count:,} {word}" for count, word in counts if count]


def shown_changes(plan: Plan, detail: Detail) -> list[Change]:
    """Return the changes to show: what stays comes first, and what needs attention last."""
    by_kind: dict[type[Change], list[Change]] = {kind: [] for kind in STYLES}
    for change in plan.changes:
        by_kind[type(change)].append(change)
    if detail is not Detail.EVERYTHING:
        del by_kind[Keep]
    return [change for changes in by_kind.values() for change in changes]


def inventory_words(plan: Plan) -> str:
    """Say how many models were listed, and by whom."""
    ignored = f", {plan.ignored:,} of them ignored" if plan.ignored else ""
    return f"{plan.listed:,}, {listed_by(plan.source, plan.engine)}{ignored}"


def _header(plan: Plan, width: int | None) -> str:
    return facts(
        (
            ("Manifest", manifest_words(plan.manifest_path, [base.path for base in plan.extends])),
            ("Store", escape(plan.store.path)),
            ("Models", inventory_words(plan)),
        ),
        width,
    )


def render_legend(kinds: Collection[type[Change]], look: Look) -> str:
    """Say what the symbols of changes mean; what stays as listed has none."""
    meanings = [
        f"{look.paint(style.colour, style.symbol)} {_MEANINGS[kind]}"
        for kind, style in STYLES.items()
        if kind in kinds and kind is not Keep
    ]
    return fold_items(meanings, look.width, _GAP)


def _lines(plan: Plan, shown: list[Change], look: Look) -> str:
    names = [escape(change.name) for change in shown]
    widths = [cells(name) for name in names]
    column = name_column(widths, look.width)
    lines = [
        _line(change, name, column - width, look.paint)
        for change, name, width in zip(shown, names, widths, strict=True)
    ]
    if look.width is not None:
        lines = [
            line if shown_cells(line) <= look.width else _folded(change, name, column - width, look)
            for line, change, name, width in zip(lines, shown, names, widths, strict=True)
        ]
    after_removals = sum(type(change) not in _ATTENTION for change in shown)
    lines[after_removals:after_removals] = _emptied(plan, column, look.paint)
    return "\n".join(lines)


def _emptied(plan: Plan, column: int, paint: Paint) -> list[str]:
    names = [f"{escape(folder)}/" for folder in plan.emptied]
    return [f"{_named(STYLES[Remove], name, column - cells(name), paint)}{_NO_SIZE}left empty" for name in names]


def _line(change: Change, name: str, padding: int, paint: Paint) -> str:
    size = size_of(change)
    shown_size = _NO_SIZE if size is None else _size(size)
    return f"{_named(STYLES[type(change)], name, padding, paint)}{shown_size}{reason_words(change)[1]}"


def _folded(change: Change, name: str, padding: int, look: Look) -> str:
    named, size = _named(STYLES[type(change)], name, 0, look.paint), size_of(change)
    return row(named, padding, _NO_SIZE if size is None else _size(size), reason_words(change)[1], look.width)


def _size(size: int) -> str:
    return f"  {size_text(size):>{_SIZE_COLUMN}}  "


def _named(style: Style, name: str, padding: int, paint: Paint) -> str:
    return f"{paint(style.colour, f'  {style.symbol} {name}')}{' ' * padding}"


def _kept(plan: Plan, look: Look) -> str:
    return " ".join(filter(None, (_staying(plan, look), unverified_line(plan))))


def _staying(plan: Plan, look: Look) -> str:
    if look.detail is Detail.EVERYTHING or plan.summary.keep == 0:
        return ""
    if plan.summary.keep == 1:
        return "1 model stays as listed (-v shows it)."
    return f"{counted(plan.summary.keep, 'model')} stay as listed (-v shows them)."


def unverified_line(plan: Plan) -> str:
    """Say of how many models the content was not looked at; nothing where it was of all."""
    unverified = plan.unverified
    if not unverified:
        return ""
    are_all = unverified == plan.summary.keep
    return f"{uncompared(unverified, are_all=are_all)} (--verify does, and apply)."


def uncompared(number: int, *, are_all: bool) -> str:
    """Say that so many listed models were not read; ``are_all``: no other is listed and there."""
    which = "Its content" if are_all and number == 1 else f"The content of {counted(number, 'model')}"
    return f"{which} was not compared"


def _refusals(refused: tuple[Refusal, ...], look: Look) -> str:
    lead = f"{look.paint(Colour.ATTENTION, 'apply would refuse:')} "
    lines = []
    for _, message, hint in map(refusal_words, refused):
        lines.append(fold(message, look.width, lead=lead, indent=4))
        lines.append(fold(hint, look.width, lead="  ", indent=2))
    return "\n".join(lines)
