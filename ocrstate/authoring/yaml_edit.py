"""Edit a manifest's text just where its values stand: every other character stays as it is.

To let a library write the document anew would keep comments and order, and still wrap, indent and space other lines
than those that change.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from ocrstate.authoring.yaml_nodes import Mapping, Node, Pair, Scalar, Sequence, read_nodes
from ocrstate.authoring.yaml_text import digest
from ocrstate.errors import ManifestError
from ocrstate.text.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as MappingOf

    from ocrstate.authoring.pins import Pin

_N = TypeVar("_N", Scalar, Mapping, Sequence)

_LINE_END: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_INDENT: Final = re.compile(r"[ -]*\Z")
_REST_OF_LINE: Final = re.compile(r"[ \t]*(?:[ \t]#.*)?\Z")
_BYTE_ORDER_MARK: Final = "\ufeff"


class _Splice(NamedTuple):
    """Put a text in the place of what stands from ``start`` to ``end``."""

    start: int
    end: int
    text: str


def pinned_text(path: str, text: str, pins: MappingOf[str, Pin]) -> str:
    """Return the text of a valid manifest with these models' entries saying so; ``path`` is for messages.

    Raises:
        ManifestError: an entry is written in a way that cannot be edited; says where.
    """
    mark = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
    return mark + _Editor(path, text.removeprefix(mark)).edited(pins)


class _Editor:
    """Finds out what to put where."""

    def __init__(self, path: str, text: str) -> None:
        self._path = path
        self._text = text

    def edited(self, pins: MappingOf[str, Pin]) -> str:
        pieces: list[str] = []
        at = 0
        for splice in sorted(self._splices(pins)):
            pieces += (self._text[at : splice.start], splice.text)
            at = splice.end
        return "".join((*pieces, self._text[at:]))

    def _splices(self, pins: MappingOf[str, Pin]) -> Iterator[_Splice]:
        models = self._models()
        for entry in models.items:
            name = self._expect(Scalar, entry.pairs["name"].value if isinstance(entry, Mapping) else entry)
            pin = pins.get(name.text)
            if pin is None:
                continue
            self._refuse_unfit(name)
            if isinstance(entry, Mapping):
                self._refuse_shared(entry)
                yield from self._pinned(entry, pin)
            else:
                yield from self._grown(name, pin, in_flow=models.in_flow)

    def _models(self) -> Sequence:
        root = self._expect(Mapping, read_nodes(self._path, self._text))
        models = self._expect(Sequence, root.pairs["models"].value)
        self._refuse_shared(models)
        return models

    def _pinned(self, entry: Mapping, pin: Pin) -> Iterator[_Splice]:
        pairs = entry.pairs
        quote = pairs["name"].key.quote
        written = {"sha256": digest(pin.sha256, quote), "size": str(pin.size)}
        lacking = {f"{quote}{key}{quote}": value for key, value in written.items() if key not in pairs}
        if lacking:
            yield from self._added(entry, pairs["sha256" if "sha256" in pairs else "name"], lacking)
        if "sha256" in pairs:
            old = self._expect(Scalar, pairs["sha256"].value)
            if old.text.lower() != pin.sha256:
                yield self._replaced(old, digest(pin.sha256, old.quote))
        if "size" in pairs:
            old = self._expect(Scalar, pairs["size"].value)
            if int(old.text) != pin.size:
                yield self._replaced(old, written["size"])

    def _grown(self, name: Scalar, pin: Pin, *, in_flow: bool) -> Iterator[_Splice]:
        """Make a mapping of an entry that is the name alone."""
        start, end = name.place.start, name.place.end
        added = {"sha256": digest(pin.sha256), "size": str(pin.size)}
        if in_flow:
            yield _Splice(start, start, "{name: ")
            yield _Splice(end, end, f"{_in_flow(added)}}}")
        else:
            yield _Splice(start, start, "name: ")
            yield self._lines_after(name, self._indent(name), added)

    def _added(self, entry: Mapping, after: Pair, added: MappingOf[str, str]) -> Iterator[_Splice]:
        self._refuse_shared(after.key)
        self._refuse_unfit(after.value)
        end = after.value.place.end
        if not entry.in_flow:
            yield self._lines_after(after.value, self._indent(after.key), added)
        elif self._text[entry.place.end - 1] == "}":
            yield _Splice(end, end, _in_flow(added))
        else:  # in brackets, a mapping of one pair needs no braces
            yield _Splice(entry.place.start, entry.place.start, "{")
            yield _Splice(end, end, f"{_in_flow(added)}}}")

    def _replaced(self, value: Scalar, text: str) -> _Splice:
        self._refuse_unfit(value)
        return _Splice(value.place.start, value.place.end, text)

    def _lines_after(self, value: Node, indent: str, added: MappingOf[str, str]) -> _Splice:
        """Begin new lines behind whatever comment follows the value."""
        end = value.place.end
        following = _LINE_END.search(self._text, end)
        at = following.start() if following else len(self._text)
        if not _REST_OF_LINE.match(self._text[end:at]):
            raise self._not_editable(value, "something else follows in the line")
        line_end = following or _LINE_END.search(self._text)
        begun = f"{line_end[0] if line_end else chr(10)}{indent}"
        return _Splice(at, at, "".join(f"{begun}{key}: {text}" for key, text in added.items()))

    def _indent(self, node: Scalar) -> str:
        """Return the indentation of lines below the node, before which there is nothing but that and a dash."""
        before = self._text[node.place.start - node.place.column : node.place.start]
        if not _INDENT.match(before):
            raise self._not_editable(node, "something else stands before it in the line")
        return " " * len(before)

    def _expect(self, kind: type[_N], node: Node) -> _N:
        if not isinstance(node, kind):
            raise self._not_editable(node, "it is not what was expected here")
        return node

    def _refuse_unfit(self, value: Node) -> None:
        self._refuse_shared(value)
        if not value.place.in_one_line:
            raise self._not_editable(value, "it is written over several lines")

    def _refuse_shared(self, node: Node) -> None:
        if node.place.is_shared:
            raise self._not_editable(node, "an alias shares it with another place")

    def _not_editable(self, node: Node, reason: str) -> ManifestError:
        place = node.place
        written = self._text[place.start : place.end].split("\n")[0][:80]
        return ManifestError(
            "manifest-not-editable",
            f"{self._path}:{place.line + 1}:{place.column + 1}: {escape(written)} cannot be edited: {reason}",
            "write it in a plain form, such as `- name: fr.bin`, and run again",
        )


def _in_flow(added: MappingOf[str, str]) -> str:
    return "".join(f", {key}: {value}" for key, value in added.items())
