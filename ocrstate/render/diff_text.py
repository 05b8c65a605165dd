"""What changed between two manifests, as text. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ocrstate.render.diff_words import change_words, notice_words, value_words
from ocrstate.render.look import cells
from ocrstate.render.paint import Colour, Paint
from ocrstate.render.words import manifest_words
from ocrstate.text.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocrstate.manifest.desired import Desired, DesiredModel
    from ocrstate.manifest.differences import Differences

NONE = "No differences."


class _Line(NamedTuple):
    symbol: str
    name: str
    words: str


_COLOURS = {"+": Colour.GOOD, "-": Colour.LOSS, "~": Colour.ATTENTION}


def render_differences(old: Desired, new: Desired, found: Differences, paint: Paint) -> str:
    """Say what changed, and what to notice."""
    if found.are_none:
        return f"{paint(Colour.GOOD, NONE)}\n"
    blocks = [
        f"Old  {_named(old)}\nNew  {_named(new)}",
        _block("Models", list(_models(found)), paint),
        _block("Patterns", list(_patterns(found)), paint),
        _block("Settings", list(_settings(found)), paint),
        "\n".join(f"{paint(Colour.ATTENTION, 'Notice:')} {notice_words(notice)[1]}" for notice in found.notices),
        differences_line(found),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def differences_line(found: Differences) -> str:
    """Say in one line how much changed."""
    if found.are_none:
        return NONE
    new_patterns = sum(change.is_new for change in found.patterns)
    counts = (
        ("Models", ((len(found.added), "added"), (len(found.removed), "removed"), (len(found.changed), "changed"))),
        ("Patterns", ((new_patterns, "added"), (len(found.patterns) - new_patterns, "removed"))),
        ("Settings", ((len(found.settings), "changed"),)),
    )
    said = ((noun, ", ".join(f"{count:,} {verb}" for count, verb in each if count)) for noun, each in counts)
    return " ".join(f"{noun}: {words}." for noun, words in said if words)


def _named(desired: Desired) -> str:
    return manifest_words(desired.path, [base.path for base in desired.bases])


def _block(title: str, lines: Sequence[_Line], paint: Paint) -> str:
    widths = [cells(line.name) for line in lines]
    column = max(widths, default=0)
    drawn = [
        f"  {paint(_COLOURS[line.symbol], f'{line.symbol} {line.name}')}{' ' * (column - width)}  {line.words}".rstrip()
        for line, width in zip(lines, widths, strict=True)
    ]
    return "\n".join([title, *drawn]) if drawn else ""


def _models(found: Differences) -> Iterator[_Line]:
    yield from (_Line("+", escape(model.name), _known(model)) for model in found.added)
    yield from (_Line("-", escape(model.name), _known(model)) for model in found.removed)
    for model in found.changed:
        yield _Line("~", escape(model.name), "; ".join(map(change_words, model.changes)))


def _known(model: DesiredModel) -> str:
    values = (("size", model.size), ("sha256", model.sha256), ("source", model.source))
    return ", ".join(f"{what} {value_words(what, value)}" for what, value in values if value is not None)


def _patterns(found: Differences) -> Iterator[_Line]:
    for change in found.patterns:
        yield _Line("+" if change.is_new else "-", change.key, escape(change.pattern))


def _settings(found: Differences) -> Iterator[_Line]:
    for change in found.settings:
        old, new = (value_words(change.what, value) for value in (change.old, change.new))
        yield _Line("~", change.what, f"{old} → {new}")
