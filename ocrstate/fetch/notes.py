"""What is written down beside a part of a model: what it is a part of. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from ocrstate.sources.body import Resume

if TYPE_CHECKING:
    from ocrstate.fetch.model import Wanted


class Note(NamedTuple):
    """What a part is a part of.

    Attributes:
        address: a digest of the source: the source itself can hold secrets.
        validator: what told the file's state when the part came.
        total: the length of the whole file, where it was known.
    """

    address: str
    validator: str | None
    total: int | None

    def text(self) -> str:
        """Spell it for a file."""
        return json.dumps(self._asdict())

    def resume(self, size: int) -> Resume:
        """Return what to ask for when so many bytes are there."""
        return Resume(size, self.validator, self.total)


def note_of(text: str, wanted: Wanted) -> Note | None:
    """Read what is noted of a part; `None` unless it is a part of what is wanted, and can be checked in the end."""
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return None
    match read:
        case {"address": wanted.address, "validator": str() | None as validator, "total": int() | None as total}:
            fits = wanted.size is None or total is None or total == wanted.size
            return Note(wanted.address, validator, total) if fits and wanted.sha256 is not None else None
        case _:
            return None
