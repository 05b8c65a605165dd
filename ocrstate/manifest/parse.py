"""From the text of a manifest to a `Document`, in one pass over the YAML parser's events.

PyYAML's loaders forget positions, take duplicate keys silently and build whatever tags and aliases ask for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from ocrstate.manifest.decode import BrokenTextError
from ocrstate.manifest.document import Document
from ocrstate.manifest.problems import MOST, Finding
from ocrstate.manifest.quoting import kind_of, quoted, spelled
from ocrstate.manifest.scalars import Resolver, UnusableScalarError, is_core_collection

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocrstate.manifest.document import Value
    from ocrstate.manifest.source_text import SourceText
    from ocrstate.manifest.yaml_events import Event, NodeEvent, ScalarEvent

DEEPEST: Final = 20
"""Levels of lists and mappings; a manifest needs four."""

MOST_ALIASED: Final = 10_000
"""Values that all aliases of a document may repeat together."""

_DROPPED: Final = object()  # in the place of a key that is refused: its value is read, and left out


def parse(source: SourceText) -> Document:
    """Read the text's one YAML document.

    Raises:
        BrokenTextError: it is no YAML, holds no or several documents, nests too deeply, or is an alias bomb.
    """
    builder = _Builder(source)
    try:
        builder.read()
    except BrokenTextError as error:
        raise BrokenTextError(source, *builder.findings, *error.findings) from None
    return builder.document()


class _Frame:
    """A list or mapping that is being read."""

    __slots__ = ("anchor", "at", "before", "marks")

    def __init__(self, at: int, anchor: str | None, before: int) -> None:
        self.at = at
        self.anchor = anchor
        self.before = before
        self.marks: list[int] = []


class _ListFrame(_Frame):
    __slots__ = ("data",)

    def __init__(self, at: int, anchor: str | None, before: int) -> None:
        super().__init__(at, anchor, before)
        self.data: list[Value] = []

    def add(self, value: Value, at: int) -> None:
        self.data.append(value)
        self.marks.append(at)


class _MapFrame(_Frame):
    """Keys and values come in turns; `refuse_key` is told of a key that cannot be filed."""

    __slots__ = ("data", "key", "key_at", "refuse_key")

    def __init__(
        self, at: int, anchor: str | None, before: int, refuse_key: Callable[[_MapFrame, Value, int], None]
    ) -> None:
        super().__init__(at, anchor, before)
        self.refuse_key = refuse_key
        self.data: dict[str, Value] = {}
        self.key: object = None
        self.key_at = 0

    def add(self, value: Value, at: int) -> None:
        key = self.key
        if key is None:
            self.key_at = at
            if type(value) is str and value not in self.data and value != "<<":
                self.key = value
            else:
                self.key = _DROPPED
                self.refuse_key(self, value, at)
            return
        self.key = None
        if key is not _DROPPED:
            self.data[cast("str", key)] = value
            self.marks += (self.key_at, at)


class _Builder:
    """Builds the document from events, with an explicit stack: no input can exhaust Python's."""

    def __init__(self, source: SourceText) -> None:
        self.findings: list[Finding] = []
        self._source = source
        self._root = _ListFrame(0, None, 0)  # holds the document's one value
        self._frame: _ListFrame | _MapFrame = self._root
        self._around: list[_ListFrame | _MapFrame] = []
        self._marks: dict[int, list[int]] = {}
        self._unusual: dict[int, str] = {}
        self._anchors: dict[str, tuple[Value, int, int]] = {}
        self._resolver = Resolver()
        self._values = 0
        self._aliased = 0

    def read(self) -> None:
        """Take all events in turn. Nearly all are bare scalars, so those are dealt with here, in half the time."""
        import yaml.events  # noqa: PLC0415 - only commands that read a manifest pay

        from ocrstate.manifest.yaml_events import events  # noqa: PLC0415 - likewise

        scalar = cast("type[ScalarEvent]", yaml.events.ScalarEvent)
        handlers = self._handlers()
        candidates = self._resolver.candidates
        for event in events(self._source):
            if type(event) is not scalar:
                handlers.get(type(event), _pass)(event)
                continue
            text = event.value
            at = event.start_mark.index
            self._values += 1
            if event.tag is not None or event.anchor is not None:
                self._frame.add(self._decorated(event, at), at)
            elif text[:1] in candidates and not event.style:
                self._frame.add(self._plain(text, at), at)
            else:
                self._frame.add(text, at)

    def _handlers(self) -> dict[type[object], Callable[[Event], None]]:
        from yaml import events  # noqa: PLC0415 - only commands that read a manifest pay

        handlers = {
            events.MappingStartEvent: self._start_mapping,
            events.SequenceStartEvent: self._start_list,
            events.MappingEndEvent: self._end,
            events.SequenceEndEvent: self._end,
            events.AliasEvent: self._alias,
            events.DocumentStartEvent: self._start_document,
        }
        return cast("dict[type[object], Callable[[Event], None]]", handlers)

    def document(self) -> Document:
        if self._root.data in ([], [None]):
            raise BrokenTextError(self._source, Finding(0, "empty", _EMPTY))
        root = self._root
        return Document(root.data[0], self._source, root.marks[0], self._marks, self._unusual, tuple(self.findings))

    def _start_document(self, event: Event) -> None:
        if self._root.data:
            message = "a second YAML document begins here; a manifest is one document, so keep one"
            raise BrokenTextError(self._source, Finding(event.start_mark.index, "second-document", message))

    def _decorated(self, event: ScalarEvent, at: int) -> Value:
        value: Value = event.value
        if event.tag is not None:
            value = self._tagged(event, event.tag, at)
        elif not event.style:
            value = self._plain(event.value, at)
        if event.anchor is not None:
            self._anchors[event.anchor] = value, at, 1
        return value

    def _plain(self, text: str, at: int) -> Value:
        try:
            value = self._resolver.value(text)
        except UnusableScalarError as error:
            self._complain(at, "unquoted", str(error))
            return text
        if not isinstance(value, str) and text != str(value):
            self._unusual[at] = text
        return value

    def _tagged(self, event: ScalarEvent, tag: str, at: int) -> Value:
        try:
            return self._resolver.tagged(tag, event.value, quoted_text=bool(event.style))
        except UnusableScalarError as error:
            self._complain(at, "tag", str(error))
            return event.value

    def _start_mapping(self, event: NodeEvent) -> None:
        at = event.start_mark.index
        if event.tag is not None:
            self._check_tag(event.tag, "map", at)
        self._push(_MapFrame(at, event.anchor, self._values, self._refuse_key))

    def _start_list(self, event: NodeEvent) -> None:
        at = event.start_mark.index
        if event.tag is not None:
            self._check_tag(event.tag, "seq", at)
        self._push(_ListFrame(at, event.anchor, self._values))

    def _check_tag(self, tag: str, kind: str, at: int) -> None:
        if not is_core_collection(tag, kind):
            self._complain(at, "tag", f"the tag {spelled(tag)} is not known here; remove it")

    def _push(self, frame: _ListFrame | _MapFrame) -> None:
        if len(self._around) >= DEEPEST:
            message = f"lists and mappings are nested more than {DEEPEST} deep here; a manifest needs four levels"
            raise BrokenTextError(self._source, Finding(frame.at, "too-deep", message))
        if frame.anchor is not None:
            self._anchors.pop(frame.anchor, None)  # an older anchor of that name ends here
        self._values += 1
        self._around.append(self._frame)
        self._frame = frame

    def _end(self, _event: Event) -> None:
        frame, self._frame = self._frame, self._around.pop()
        self._marks[id(frame.data)] = frame.marks
        if frame.anchor is not None:
            self._anchors[frame.anchor] = frame.data, frame.at, self._values - frame.before
        self._frame.add(frame.data, frame.at)

    def _alias(self, event: NodeEvent) -> None:
        at = event.start_mark.index
        anchor = str(event.anchor)
        if anchor not in self._anchors:
            self._complain(at, "alias", self._dead_alias(anchor))
            self._frame.add(f"*{anchor}", at)
            return
        value, anchor_at, values = self._anchors[anchor]
        self._count_aliased(values, at)
        if anchor_at in self._unusual:
            self._unusual[at] = self._unusual[anchor_at]
        self._frame.add(value, at)

    def _dead_alias(self, anchor: str) -> str:
        if any(frame.anchor == anchor for frame in (*self._around, self._frame)):
            return f"the alias *{spelled(anchor)} stands inside what it refers to; write the value out"
        return f"no anchor &{spelled(anchor)} comes before this alias; write the value out, or quote it if it is text"

    def _count_aliased(self, values: int, at: int) -> None:
        self._values += values
        self._aliased += values
        if self._aliased > MOST_ALIASED:
            message = f"the aliases repeat more than {MOST_ALIASED:,} values; write the values out"
            raise BrokenTextError(self._source, Finding(at, "alias-bomb", message))

    def _refuse_key(self, frame: _MapFrame, key: Value, at: int) -> None:
        if not isinstance(key, str):
            self._complain(at, "key-not-text", self._key_not_text(key, at))
        elif key == "<<":
            self._complain(at, "merge-key", "merge keys (<<) are not supported; write the keys out")
        else:
            first = frame.marks[2 * list(frame.data).index(key)]
            message = f"the key {quoted(key)} is already in line {self._source.line(first)}; remove one of the two"
            self._complain(at, "duplicate-key", message)

    def _key_not_text(self, key: Value, at: int) -> str:
        if isinstance(key, dict | list):
            return f"{kind_of(key)} cannot be a key; write the key's name"
        written = self._unusual.get(at, str(key))
        meaning = f"YAML reads {spelled(written) or 'it'} as {kind_of(key)}"
        return f"a key must be text, but {meaning}; quote it: {quoted(written)}"

    def _complain(self, at: int, code: str, message: str) -> None:
        self.findings.append(Finding(at, code, message))
        if len(self.findings) == MOST:
            raise BrokenTextError(
                self._source, Finding(at, "too-many", f"after {MOST:,} problems the rest is not read")
            )


def _pass(_event: Event) -> None:
    """Pass over an event that says nothing about the document."""


_EMPTY: Final = (
    "the manifest is empty; write at least `version: 1` and `models:` "
    "(an empty file is never taken to mean that all models should go)"
)
