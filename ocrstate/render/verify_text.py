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
from ocrstate.render.look import Detail, Look, Style, cells
from ocrstate.render.paint import Colour, Paint
from ocrstate.render.verify_words import found_size, holes_words, verdict_words
from ocrstate.render.warning_words import warning_words
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
        return f"{summary_line(verification, look.paint)}\n"
    blocks = [
        f"Manifest  {escape(verification.manifest_path)}\nStore     {escape(verification.store.path)}",
        _lines(_shown(verification, look.detail), look),
        _unpinned(verification, look.detail),
        _warnings(verification, look.paint),
        summary_line(verification, look.paint),
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
    column = min(max(widths, default=0), max(20, look.width // 2))
    return "\n".join(
        line
        for verdict, name, width in zip(shown, names, widths, strict=True)
        for line in (_line(verdict, name, column - width, look.paint), *_details(verdict))
    )


def _line(verdict: Verdict, name: str, padding: int, paint: Paint) -> str:
    style, size = _STYLES[type(verdict)], found_size(verdict)
    named = paint(style.colour, f"  {style.symbol} {name}")
    shown_size = "" if size is None else size_text(size)
    return f"{named}{' ' * padding}  {shown_size:>{_SIZE_COLUMN}}  {_words(verdict)}"


def _words(verdict: Verdict) -> str:
    words, holes = verdict_words(verdict)[1], holes_words(verdict)
    if isinstance(verdict, Differs):
        return f"{words}{_origin(verdict)}"
    if isinstance(verdict, Verified):
        words = f"sha256 {verdict.content.sha256[:_PREFIX]}{_origin(verdict)}"
    return f"{words}; {holes}" if holes else words


def _origin(verdict: Verified | Differs) -> str:
    return " (known from before)" if verdict.content.remembered else ""


def _details(verdict: Verdict) -> list[str]:
    """Set what is declared and what was found one above the other, to be compared at a glance."""
    if not isinstance(verdict, Differs):
        return []
    holes = holes_words(verdict)
    return [
        f"{_DETAIL}listed  {verdict.model.sha256}",
        f"{_DETAIL}found   {verdict.content.sha256}",
        *([f"{_DETAIL}{holes}"] if holes else []),
    ]


def _unpinned(verification: Verification, detail: Detail) -> str:
    names = [each.name for each in verification.verdicts if isinstance(each, Unpinned)]
    if not names or detail is Detail.EVERYTHING:
        return ""
    shown = ", ".join(escape(name) for name in names[:_FEW])
    more = f" and {len(names) - _FEW:,} more" if len(names) > _FEW else ""
    have = "has" if len(names) == 1 else "have"
    return f"{counted(len(names), 'model')} {have} no sha256 in the manifest, nothing to compare with: {shown}{more}"


def _warnings(verification: Verification, paint: Paint) -> str:
    words = (warning_words(warning)[1] for warning in verification.warnings)
    return "\n".join(f"{paint(Colour.ATTENTION, 'Warning:')} {text}" for text in words)
