"""A plan, or why there is none, as Markdown for a comment on a pull request. Pure.

Foreign text, such as a file's name, is shown as code: there Markdown, HTML, mentions and links are only characters.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from ocrstate.planning.changes import size_of
from ocrstate.render.look import Detail
from ocrstate.render.paint import Paint
from ocrstate.render.plan_text import (
    STYLES,
    inventory_words,
    room_line,
    shown_changes,
    summary_line,
    unverified_line,
)
from ocrstate.render.refusal_words import refusal_words
from ocrstate.render.warning_words import warning_words
from ocrstate.render.words import manifest_words, reason_words
from ocrstate.text.escape import escape, escape_message
from ocrstate.text.lists import few
from ocrstate.text.units import counted, size_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocrstate.errors import OcrstateError
    from ocrstate.manifest.problems import Problem
    from ocrstate.planning.changes import Change
    from ocrstate.planning.guards import Refusal
    from ocrstate.planning.model import Plan

MARK = "<!-- ocrstate plan -->"
"""Tells a workflow which comment is this one, so that it can be replaced by a newer one."""

MOST = 60_000
"""Characters of a comment: GitHub refuses more than 65,536, and a workflow may add some of its own."""

_FOLDED = 20  # rows beyond which a table is shown on demand
_LONGEST = 500  # characters of a message that names files, which can have very long names
_HEAD = "|  | Model | Size | Reason |\n| --- | --- | ---: | --- |\n"
_PLAIN = re.compile(r"\(?(?:[A-Za-z]+(?:-[A-Za-z]+)*|[0-9]+(?:[.,][0-9]+)*)[,;:.?)]*")
_MARKED = re.compile(r"(\(?)(.+?)([,;:.?)]*)", re.DOTALL)
_IN_BACKTICKS = re.compile(r"`[^`|\\]+`")
_FITS_BACKTICKS = re.compile(r"[^`|\\]+")


def plan_markdown(plan: Plan, refused: Sequence[Refusal], detail: Detail) -> str:
    """Draw a plan; ``refused`` are the rules for which apply would refuse it."""
    headline = _headline(summary_line(plan, Paint(colours=False)).removeprefix("Plan: "))
    if detail is Detail.SUMMARY:
        return f"{headline}\n"
    before = [headline, *_refusals(refused), *_warnings(plan)]
    after = [*_notes(plan), _facts(plan)]
    room = MOST - sum(len(block) + 2 for block in (*before, *after))
    changes = sorted(shown_changes(plan, detail), key=_urgency)
    return "\n\n".join((*before, *_table(changes, room), *after)) + "\n"


def error_markdown(error: OcrstateError, problems: Sequence[Problem]) -> str:
    """Say why there is no plan."""
    message = f"{counted(len(problems), 'problem')} in the manifest" if problems else error.message
    before = [_headline("an error, and no plan."), _block("CAUTION", "Error:", message, error.hint)]
    lines = [f"- {code(escape(f'{each.path}:{each.line}:{each.column}'))} {words(each.message)}" for each in problems]
    fitting = _fitting(lines, MOST - sum(map(len, before)))
    left_out = _left_out(len(lines) - len(fitting), "problem")
    return "\n\n".join(filter(None, (*before, "\n".join(fitting), *left_out))) + "\n"


def code(text: str) -> str:
    """Show text that was escaped as it is, whatever Markdown or HTML would make of it."""
    if _FITS_BACKTICKS.fullmatch(text):
        return f"`{text}`"
    spelled = "".join(each if each.isalnum() or each == " " else f"&#{ord(each)};" for each in text)
    return f"<code>{spelled}</code>"


def words(message: str) -> str:
    """Show a message with foreign text in it: as code all that is not plainly a word or a number."""
    shown = escape_message(message)
    shown = shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"
    return "<br>".join(_line(line) for line in shown.split("\n"))


def _line(line: str) -> str:
    runs = groupby(line.strip().split(" "), key=lambda word: _PLAIN.fullmatch(word) is not None)
    return " ".join(text if plain else _foreign(text) for plain, run in runs if (text := " ".join(run).strip()))


def _foreign(text: str) -> str:
    """Show as code what a message says beside words; the marks around it are the message's own."""
    parts = _MARKED.fullmatch(text)
    before, inner, after = parts.groups() if parts else ("", text, "")
    return f"{before}{inner if _IN_BACKTICKS.fullmatch(inner) else code(inner)}{after}"


def _headline(summary: str) -> str:
    return f"{MARK}\n**ocrstate plan**: {summary}"


def _refusals(refused: Sequence[Refusal]) -> Iterator[str]:
    for _, message, hint in map(refusal_words, refused):
        yield _block("WARNING", "apply would refuse:", message, hint)


def _warnings(plan: Plan) -> Iterator[str]:
    for warning in plan.inventory_warnings:
        yield _block("NOTE", "Warning:", warning_words(warning)[1])


def _block(kind: str, title: str, *messages: str) -> str:
    told = "<br>".join(words(message) for message in messages if message)
    return f"> [!{kind}]\n> **{title}** {told}"


def _urgency(change: Change) -> int:
    """Put first what needs attention: what comes last may be cut off."""
    return -list(STYLES).index(type(change))


def _table(changes: Sequence[Change], room: int) -> Iterator[str]:
    if not changes:
        return
    rows = _fitting([_row(change) for change in changes], room - len(_HEAD) - _LONGEST)
    table = _HEAD + "\n".join(rows)
    yield table if len(changes) <= _FOLDED else _folded(counted(len(changes), "change"), table)
    yield from _left_out(len(changes) - len(rows), "change")


def _row(change: Change) -> str:
    style, size = STYLES[type(change)], size_of(change)
    action = style.action if style.symbol.isspace() else f"`{style.symbol}` {style.action}"
    shown_size = "" if size is None else size_text(size)
    return f"| {action} | {code(escape(change.name))} | {shown_size} | {words(reason_words(change)[1])} |"


def _folded(title: str, block: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{block}\n\n</details>"


def _fitting(lines: Sequence[str], room: int) -> Sequence[str]:
    """Return as many of the lines as there is room for, line breaks included."""
    for number, line in enumerate(lines):
        room -= len(line) + 1
        if room < 0:
            return lines[:number]
    return lines


def _left_out(number: int, noun: str) -> Iterator[str]:
    if number:
        yield f"{counted(number, f'more {noun}')} left out: a comment holds no more. The command shows all as text."


def _notes(plan: Plan) -> Iterator[str]:
    if plan.emptied:
        yield f"Left empty, and removed: {words(few(tuple(f'{folder}/' for folder in plan.emptied)))}"
    yield from filter(None, (room_line(plan), unverified_line(plan)))


def _facts(plan: Plan) -> str:
    manifest = manifest_words(plan.manifest_path, [base.path for base in plan.extends])
    stay = f", {plan.summary.keep:,} stay as listed" if plan.summary.keep else ""
    return (
        f"Manifest {words(manifest)}<br>Store {words(escape(plan.store.path))}<br>"
        f"Models {words(inventory_words(plan))}{stay}"
    )
