"""Where the values of a YAML text stand, as ruamel.yaml's round-trip reader says."""

from __future__ import annotations

import warnings
from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from ocrstate.errors import ManifestError
from ocrstate.text.escape import escape_message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ruamel.yaml import nodes

_AS_OTHERS_READ: Final = str.maketrans("\t\x85\u2028\u2029", " \n\n\n")
"""PyYAML takes these for white space and line ends in more places than ruamel.yaml; no index moves."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands.

    Attributes:
        start, end: indexes of its first character, with its anchor and tag, and of the one behind it.
        line, column: of the first, counted from 0.
        in_one_line: whether it ends in that line; where a longer one ends is not where its last character stands.
        is_shared: whether an alias refers to it; then the place is the anchor's, whoever asks.
    """

    start: int
    end: int
    line: int
    column: int
    in_one_line: bool
    is_shared: bool


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, number or the like.

    Attributes:
        text: what it says.
        quote: the character around it; of a block, the one that begins it; empty for a bare one.
    """

    place: Place
    text: str
    quote: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A key and its value."""

    key: Scalar
    value: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping, written in braces (`in_flow`) or over lines."""

    place: Place
    in_flow: bool
    pairs: dict[str, Pair]


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list, written in brackets (`in_flow`) or over lines."""

    place: Place
    in_flow: bool
    items: tuple[Node, ...]


Node = Scalar | Mapping | Sequence


def read_nodes(path: str, text: str) -> Node:
    """Read a text that is one YAML document; ``path`` is for messages.

    Raises:
        ManifestError: ruamel.yaml cannot read it.
    """
    from ruamel.yaml import YAML  # noqa: PLC0415 - one command alone needs it
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415 - likewise

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of anchors that are given twice
            root: nodes.Node = YAML(typ="rt").compose(text.translate(_AS_OTHERS_READ))
    except YAMLError as error:
        mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
        place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise ManifestError(
            "manifest-not-editable",
            f"{path}{place}: the manifest cannot be edited here: {escape_message(str(problem or error))}",
            "write this place in a plainer form, and run again",
        ) from error
    return _converted(root, Counter(map(id, _reached(root))))


def _reached(root: nodes.Node) -> Iterator[nodes.Node]:
    """Yield every node, and those that aliases refer to once for every alias more."""
    ahead, seen = [root], set[int]()
    while ahead:
        node = ahead.pop()
        yield node
        if id(node) not in seen:
            seen.add(id(node))
            ahead.extend(_within(node))


def _within(node: nodes.Node) -> Iterator[nodes.Node]:
    from ruamel.yaml.nodes import MappingNode, SequenceNode  # noqa: PLC0415 - likewise

    match node:
        case MappingNode():
            yield from chain.from_iterable(node.value)
        case SequenceNode():
            yield from node.value
        case _:
            return


def _converted(node: nodes.Node, reached: Counter[int]) -> Node:
    from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode  # noqa: PLC0415 - likewise

    place = _place(node, is_shared=reached[id(node)] > 1)
    match node:
        case MappingNode():
            converted = ((_converted(key, reached), _converted(value, reached)) for key, value in node.value)
            pairs = {key.text: Pair(key, value) for key, value in converted if isinstance(key, Scalar)}
            return Mapping(place, bool(node.flow_style), pairs)
        case SequenceNode():
            return Sequence(place, bool(node.flow_style), tuple(_converted(item, reached) for item in node.value))
        case ScalarNode():
            return Scalar(place, str(node.value), str(node.style or ""))
        case _:
            raise TypeError(node)


def _place(node: nodes.Node, *, is_shared: bool) -> Place:
    start, end = node.start_mark, node.end_mark
    return Place(start.index, end.index, start.line, start.column, start.line == end.line, is_shared)
