"""Where manifests say what they say. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ocrstate.manifest.build import data_of
from ocrstate.manifest.rules import names_in, texts_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.manifest.document import Document, Path
    from ocrstate.manifest.part import Part

_USUAL_INDENT: Final = "  "


class Where(NamedTuple):
    """A place in a manifest.

    Attributes:
        path: the manifest, as the user gave it or as it follows from that.
        line: counted from 1.
        column: counted from 1, in characters.
    """

    path: str
    line: int
    column: int


class Section(NamedTuple):
    """A list in a manifest, to which something can be added.

    Attributes:
        path: the manifest.
        where: the list's key; `None` where the manifest does not have it.
        indent: what stands before the dash of each of its lines; `None` where it is not written so.
    """

    path: str
    key: str
    where: Where | None
    indent: str | None


class Places:
    """Looks up places in valid manifests.

    Attributes:
        paths: of the manifests, in the order in which later ones win.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self.paths = tuple(part.shown for part in parts)

    def entries(self, name: str) -> tuple[Where, ...]:
        """Return where a model is listed."""
        return tuple(_where(part, path[:2]) for part in self._parts for path, each in _named(part, name))

    def attributes(self, name: str, key: str) -> tuple[Where, ...]:
        """Return where an attribute of a model is given."""
        entries = ((part, path[:2]) for part in self._parts for path, _ in _named(part, name))
        return tuple(_where(part, (*entry, key)) for part, entry in entries if key in dict(part.document.keys(entry)))

    def patterns(self, key: str, text: str) -> tuple[Where, ...]:
        """Return where a pattern stands under ``ignore``, ``protect`` or ``absent``."""
        return tuple(
            _where(part, path) for part in self._parts for path, each in texts_in(part.document, key) if each == text
        )

    def unlisted(self) -> Where | None:
        """Return where it is said what happens to models that are not listed; `None` if nowhere is."""
        saying = (part for part in reversed(self._parts) if "unlisted" in data_of(part.document).get("policy", {}))
        part = next(saying, None)
        return None if part is None else _where(part, ("policy", "unlisted"))

    def section(self, key: str) -> Section:
        """Return the list under a key of the manifest itself, the last of all."""
        part = self._parts[-1]
        document = part.document
        at = dict(document.keys(())).get(key)
        if at is None:
            return Section(part.shown, key, None, _USUAL_INDENT)
        return Section(part.shown, key, Where(part.shown, *document.source.position(at)), _indent(document, key))


def _named(part: Part, name: str) -> list[tuple[Path, str]]:
    return [(path, each) for path, each in names_in(part.document) if each == name]


def _where(part: Part, path: Path) -> Where:
    return Where(part.shown, *part.document.source.position(part.document.at(path)))


def _indent(document: Document, key: str) -> str | None:
    """Return the blanks before the first entry's dash; `None` where the list is written in another way."""
    at = document.at((key,))
    _, column = document.source.position(at)
    before = document.source.text[at - column + 1 : at]
    return before if document.source.text[at : at + 1] == "-" and not before.strip() else None
