"""What a doctor found, as text for a terminal or a log. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.doctor.model import Area, Status, tally
from ocrstate.render.folding import fold
from ocrstate.render.look import Detail, Look, Style
from ocrstate.render.paint import Colour, Paint
from ocrstate.text.escape import escape, escape_message
from ocrstate.text.units import counted

if TYPE_CHECKING:
    from ocrstate.doctor.model import Fact, Finding, Findings

_STYLES = {
    Status.OK: Style(" ", "ok", Colour.GOOD),
    Status.WARN: Style("!", "warn", Colour.ATTENTION),
    Status.FAIL: Style("x", "fail", Colour.LOSS),
}
_TITLES = {Area.ENGINE: "Engine", Area.SYSTEM: "System", Area.STORE: "Store", Area.TOOL: "ocrstate"}
_MARGIN = len("  ! warn  ")
_WIDEST = 120  # longer lines are hard to read


def render_findings(findings: Findings, look: Look) -> str:
    """Draw what was found, by areas, and a line that sums up."""
    if look.detail is Detail.SUMMARY:
        return f"{summary_line(findings, look.paint)}\n"
    blocks = [
        "\n".join((title, *(_lines(each, look) for each in findings if each.area is area)))
        for area, title in _TITLES.items()
        if any(each.area is area for each in findings)
    ]
    return "\n\n".join((*blocks, summary_line(findings, look.paint))) + "\n"


def summary_line(findings: Findings, paint: Paint) -> str:
    """Say in one line how many findings want something to be done."""
    counts = tally(findings)
    warnings = counted(counts.warn, "warning") if counts.warn else ""
    failures = counted(counts.fail, "failure") if counts.fail else ""
    told = ", ".join(words for words in (warnings, failures) if words)
    if counts.fail:
        return paint(Colour.LOSS, f"{told}.")
    return paint(Colour.ATTENTION, f"{told}.") if told else paint(Colour.GOOD, "All is well.")


def _lines(finding: Finding, look: Look) -> str:
    style = _STYLES[finding.status]
    head = f"  {look.paint(style.colour, f'{style.symbol} {style.action:<4}')}  "
    parts = [
        (finding.message, _MARGIN, ""),
        (finding.detail, _MARGIN + 2, ""),
        (finding.hint, _MARGIN, "> "),
        (_facts(finding) if look.detail is Detail.EVERYTHING else "", _MARGIN + 2, ""),
    ]
    first, *others = (line for text, indent, mark in parts for line in _folded(text, indent, mark, look.width))
    return "\n".join((f"{head}{first.lstrip()}", *others))


def _folded(text: str, indent: int, mark: str, width: int | None) -> list[str]:
    """Fold a text behind an indent and a mark, and leave its own line breaks and indents."""
    return [line for each in escape_message(text).split("\n") if each for line in _paragraph(each, indent, mark, width)]


def _paragraph(text: str, indent: int, mark: str, width: int | None) -> list[str]:
    lead = f"{' ' * indent}{mark}{' ' * _own_indent(text)}"
    return fold(text.lstrip(), None if width is None else min(width, _WIDEST), lead=lead, indent=len(lead)).split("\n")


def _own_indent(paragraph: str) -> int:
    return len(paragraph) - len(paragraph.lstrip())


def _facts(finding: Finding) -> str:
    return "\n".join([finding.code, *(f"{name}: {fact_words(fact)}" for name, fact in finding.facts)])


def fact_words(fact: Fact) -> str:
    """Spell a fact for people."""
    match fact:
        case None:
            return "-"
        case bool():
            return "yes" if fact else "no"
        case tuple():
            return ", ".join(map(escape, fact)) or "-"
        case str():
            return escape(fact)
        case _:
            return str(fact)
