"""What verify found, as text for a terminal or a log. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.planning.verification import (
    AMISS,
    UNKNOWN,
    Changing,
    Differs,
    NoContent,
    NotThere,
    SizeDiffers,
    Unpinned,
    Unread,
    Verdict,
    Verified,
)
from ocrstate.render.folding import facts, fold, row
from ocrstate.render.look import Detail, Look, Style, cells, name_column
from ocrstate.render.paint import Colour, Paint
from ocrstate.render.verify_words import found_size, holes_words, verdict_words
from ocrstate.render.warning_text import render_warnings
from ocrstate.text.escape import escape
from ocrstate.text.units import counted, size_text

if TYPE_CHECKING:
    from ocrstate.planning.verification import Verification

_STYLES: dict[type[Verdict], Style] = {
    Verified: Style(" ", "verified", Colour.PLAIN),
    Unpinned: Style("?", "not pinned", Colour.PLAIN),
    NotThere: Style("!", "missing", Colour.ATTENTION),
    NoContent: Style("~", "not a file", Colour.ATTENTION),
    SizeDiffers: Style("~", "of another size", Colour.ATTENTION),
    Differs: Style("~", "with other content", Colour.ATTENTION),
    Changing: Style("x", "changed while read", Colour.LOSS),
    Unread: Style("x", "unreadable", Colour.LOSS),
}
"""In the order in which they are shown: what is worst stands last, next to the summary."""

_SIZE_COLUMN = 7
_DETAIL = " " * 6
_PREFIX = 12  # digits of a digest that are shown where it needs no comparing
_FEW = 3


def render_verification(verification: Verification, look: Look) -> str:
    """Draw what was found."""
    if look.detail is Detail.SUMMARY:
        return f"{_summary(verification, look)}\n"
    where = (("Manifest", escape(verification.manifest_path)), ("Store", escape(verification.store.path)))
    blocks = [
        facts(where, look.width),
        _lines(_shown(verification, look.detail), look),
        fold(_unpinned(verification, look.detail), look.width, indent=2),
        render_warnings(verification.warnings, look),
        _summary(verification, look),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def summary_line(verification: Verification, paint: Paint) -> str:
    """Say in one line how the store stands, and what it took to know."""
    verdicts, counts = verification.verdicts, verification.counts
    if not verdicts:
        return "Nothing to verify: the manifest lists no models."
    verified = [each for each in verdicts if isinstance(each, Verified)]
    size = size_text(sum(each.content.size for each in verified))
    others = [f"{counts[kind]:,} {style.action}" for kind, style in _STYLES.items() if kind is not Verified]
    found = [words for words in others if not words.startswith("0 ")]
    whole = (
        f"Verified {len(verified):,} of {counted(len(verdicts), 'model')}"
        if found
        else (f"Verified {counted(len(verified), 'model')}")
    )
    state = f"{whole} ({size})" if verified else whole
    colour = Colour.GOOD if verification.is_as_declared else Colour.LOSS
    return f"{paint(colour, state)}{': ' if found else ''}{', '.join(found)}. {_effort(verification)}"


def _summary(verification: Verification, look: Look) -> str:
    return fold(summary_line(verification, look.paint), look.width, indent=2)


def _effort(verification: Verification) -> str:
    remembered = verification.bytes_remembered
    known = f"{size_text(remembered)} known from before" if remembered else ""
    if not verification.bytes_read:
        return f"Nothing read{', ' if known else ''}{known}."
    read = f"Read {size_text(verification.bytes_read)} in {verification.seconds:.1f} s"
    return f"{read}{', ' if known else ''}{known}."


def _shown(verification: Verification, detail: Detail) -> list[Verdict]:
    """Return the verdicts that get a line: all that is amiss, and what holds holes."""
    chosen = [
        each
        for each in verification.verdicts
        if detail is Detail.EVERYTHING or isinstance(each, AMISS + UNKNOWN) or holes_words(each)
    ]
    order = list(_STYLES)
    return sorted(chosen, key=lambda each: order.index(type(each)))


def _lines(shown: list[Verdict], look: Look) -> str:
    names = [escape(verdict.name) for verdict in shown]
    widths = [cells(name) for name in names]
    column = name_column(widths, look.width)
    return "\n".join(
        line
        for verdict, name, width in zip(shown, names, widths, strict=True)
        for line in (_line(verdict, name, column - width, look), *_details(verdict, look.width))
    )


def _line(verdict: Verdict, name: str, padding: int, look: Look) -> str:
    style, size = _STYLES[type(verdict)], found_size(verdict)
    named = look.paint(style.colour, f"  {style.symbol} {name}")
    shown_size = f"  {'' if size is None else size_text(size):>{_SIZE_COLUMN}}  "
    return row(named, padding, shown_size, _words(verdict), look.width)


def _words(verdict: Verdict) -> str:
    words, holes = verdict_words(verdict)[1], holes_words(verdict)
    if isinstance(verdict, Differs):
        return f"{words}{_origin(verdict)}"
    if isinstance(verdict, Verified):
        words = f"sha256 {verdict.content.sha256[:_PREFIX]}{_origin(verdict)}"
    return f"{words}; {holes}" if holes else words


def _origin(verdict: Verified | Differs) -> str:
    return " (known from before)" if verdict.content.remembered else ""


def _details(verdict: Verdict, width: int | None) -> list[str]:
    """Set what is declared and what was found one above the other, to be compared at a glance."""
    if not isinstance(verdict, Differs):
        return []
    holes = holes_words(verdict)
    return [
        fold(str(verdict.model.sha256), width, lead=f"{_DETAIL}listed  "),
        fold(verdict.content.sha256, width, lead=f"{_DETAIL}found   "),
        *([fold(holes, width, lead=_DETAIL, indent=len(_DETAIL))] if holes else []),
    ]


def _unpinned(verification: Verification, detail: Detail) -> str:
    names = [each.name for each in verification.verdicts if isinstance(each, Unpinned)]
    if not names or detail is Detail.EVERYTHING:
        return ""
    shown = ", ".join(escape(name) for name in names[:_FEW])
    more = f" and {len(names) - _FEW:,} more" if len(names) > _FEW else ""
    have = "has" if len(names) == 1 else "have"
    return f"{counted(len(names), 'model')} {have} no sha256 in the manifest, nothing to compare with: {shown}{more}"
