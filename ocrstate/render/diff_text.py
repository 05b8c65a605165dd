"""What changed between two manifests, as text. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ocrstate.render.diff_words import change_words, notice_words, value_words
from ocrstate.render.folding import beside, fold, row
from ocrstate.render.look import cells, name_column
from ocrstate.render.paint import Colour
from ocrstate.render.words import manifest_words
from ocrstate.text.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocrstate.manifest.desired import Desired, DesiredModel
    from ocrstate.manifest.differences import Differences
    from ocrstate.render.look import Look

NONE = "No differences."


class _Line(NamedTuple):
    symbol: str
    name: str
    words: str


_COLOURS = {"+": Colour.GOOD, "-": Colour.LOSS, "~": Colour.ATTENTION}


def render_differences(old: Desired, new: Desired, found: Differences, look: Look) -> str:
    """Say what changed, and what to notice."""
    if found.are_none:
        return f"{look.paint(Colour.GOOD, NONE)}\n"
    notice_lead = f"{look.paint(Colour.ATTENTION, 'Notice:')} "
    blocks = [
        "\n".join(beside(lead, _named(each), look.width, below=2) for lead, each in (("Old  ", old), ("New  ", new))),
        _block("Models", list(_models(found)), look),
        _block("Patterns", list(_patterns(found)), look),
        _block("Settings", list(_settings(found)), look),
        "\n".join(fold(notice_words(each)[1], look.width, lead=notice_lead, indent=4) for each in found.notices),
        fold(differences_line(found), look.width, indent=2),
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


def _block(title: str, lines: Sequence[_Line], look: Look) -> str:
    widths = [cells(line.name) for line in lines]
    column = name_column(widths, look.width)
    drawn = [
        row(_painted(line, look), column - width, "  ", line.words, look.width)
        for line, width in zip(lines, widths, strict=True)
    ]
    return "\n".join([title, *drawn]) if drawn else ""


def _painted(line: _Line, look: Look) -> str:
    return f"  {look.paint(_COLOURS[line.symbol], f'{line.symbol} {line.name}')}"


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
