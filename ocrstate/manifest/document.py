"""A YAML document as plain data that still knows where each part of it was written. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, Union

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrstate.manifest.problems import Finding
    from ocrstate.manifest.source_text import SourceText

Value: TypeAlias = Union["dict[str, Value]", "list[Value]", str, int, float, bool, None]
Path: TypeAlias = "tuple[str | int, ...]"


@dataclass(frozen=True, slots=True)
class Document:
    """What a YAML text says.

    Attributes:
        data: plain values; an alias shares the value of its anchor.
        source: the text.
        root: index of the first character of the data.
        marks: per list or mapping, by its `id`, the index where each item starts; of a mapping, key and value in turns.
        unusual: by index, the text of plain scalars that are neither text nor plain decimal integers.
        findings: what no manifest may hold, whatever its schema.
    """

    data: Value
    source: SourceText
    root: int
    marks: dict[int, list[int]]
    unusual: dict[int, str]
    findings: tuple[Finding, ...]

    def at(self, path: Path) -> int:
        """Return the index of the value at the path."""
        place, value = self.root, self.data
        for step in path:
            place, value = self._enter(value, step)
        return place

    def keys(self, path: Path) -> Iterator[tuple[str, int]]:
        """Yield the keys of the mapping at the path, with their indexes."""
        mapping = self.value(path)
        if isinstance(mapping, dict):
            yield from zip(mapping, self.marks[id(mapping)][::2], strict=True)

    def value(self, path: Path) -> Value:
        """Return the value at the path."""
        value = self.data
        for step in path:
            _, value = self._enter(value, step)
        return value

    def written(self, path: Path) -> str:
        """Return the text of the plain scalar at the path, as it was written."""
        return self.unusual.get(self.at(path), str(self.value(path)))

    def line(self, path: Path) -> int:
        """Return the line of the value at the path, counted from 1."""
        return self.source.line(self.at(path))

    def _enter(self, value: Value, step: str | int) -> tuple[int, Value]:
        marks = self.marks[id(value)]
        match value, step:
            case dict(), str():
                return marks[2 * list(value).index(step) + 1], value[step]
            case list(), int():
                return marks[step], value[step]
            case _:
                raise KeyError(step)
