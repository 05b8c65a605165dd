"""The wording of verdicts on content, the same in text and JSON. Pure."""

from __future__ import annotations

from ocrstate.errors import assert_never
from ocrstate.planning.verification import (
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
from ocrstate.render.near_words import meant_words
from ocrstate.store.model import Kind
from ocrstate.text.escape import escape
from ocrstate.text.units import size_text


def verdict_words(verdict: Verdict) -> tuple[str, str]:
    """Return the stable code of a verdict, and what to tell a person."""
    match verdict:
        case Verified():
            return "verified", "as declared"
        case Unpinned(model=model):
            compared = "; only its size is compared" if model.size is not None else ""
            return "unpinned", f"not pinned: no sha256 in the manifest{compared}"
        case Differs(on_disk=None):
            return "differs", "its content differs"
        case Differs():
            return "differs", "its content differs, and it holds holes: its copy was probably interrupted"
        case SizeDiffers():
            return _size_words(verdict)
        case NoContent(kind=kind):
            return "not-a-file", f"should be a file, is a {'dead link' if kind is Kind.LINK else kind.value}"
        case NotThere(near=near):
            meant = f"; {meant_words(near)}" if near else ""
            return "missing", f"missing{meant}"
        case Unread(cause=cause):
            return "unreadable", f"cannot be read to its end: {escape(cause)}; verify it again when that is mended"
        case Changing(change=change):
            return "changed", f"{change}; verify it again when nothing writes it"
        case _:
            assert_never(verdict)


def _size_words(verdict: SizeDiffers) -> tuple[str, str]:
    expected = verdict.model.size or 0
    sizes = f"{expected:,} B listed, {verdict.size:,} B found"
    return ("truncated", f"truncated: {sizes}") if verdict.size < expected else ("longer", f"too long: {sizes}")


def holes_words(verdict: Verdict) -> str:
    """Say that less than a model's size is on disk; nothing where that is not so."""
    match verdict:
        case Verified(content=content, on_disk=int(on_disk)) | Differs(content=content, on_disk=int(on_disk)):
            return f"holds holes: {size_text(on_disk)} of {size_text(content.size)} are on disk"
        case Unpinned(size=size, on_disk=int(on_disk)):
            return f"holds holes: {size_text(on_disk)} of {size_text(size)} are on disk"
        case _:
            return ""


def found_size(verdict: Verdict) -> int | None:
    """Return the bytes that a reader of the model would get, where that is known."""
    match verdict:
        case Verified(content=content) | Differs(content=content):
            return content.size
        case SizeDiffers(size=size) | Unpinned(size=size):
            return size
        case NoContent() | NotThere() | Unread() | Changing():
            return None
        case _:
            assert_never(verdict)
