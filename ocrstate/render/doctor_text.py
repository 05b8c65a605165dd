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
_HINT = _MARGIN + 2


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
        (finding.message, _MARGIN),
        (finding.detail, _HINT),
        (finding.hint, _HINT),
        (_facts(finding) if look.detail is Detail.EVERYTHING else "", _HINT),
    ]
    lines = [line for text, indent in parts for line in _folded(text, indent, look.width)]
    return "\n".join((f"{head}{lines[0].lstrip()}", *lines[1:]))


def _folded(text: str, indent: int, width: int | None) -> list[str]:
    """Fold a text behind an indent, and leave its own line breaks."""
    margin = " " * indent
    paragraphs = escape_message(text).split("\n") if text else ()
    return [line for each in paragraphs for line in fold(each, width, lead=margin, indent=indent).split("\n")]


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
