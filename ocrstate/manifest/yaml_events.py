"""PyYAML's parser: its events, and its errors in words for people."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Protocol, cast

from yaml import YAMLError
from yaml.events import StreamEndEvent
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner

from ocrstate.manifest.decode import BrokenTextError
from ocrstate.manifest.problems import Finding
from ocrstate.manifest.quoting import quoted, spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ocrstate.manifest.source_text import SourceText


class Mark(Protocol):
    """A place in the text.

    Attributes:
        index: of the character, counted from 0.
    """

    index: int


class Event(Protocol):
    """What all events have; PyYAML's own types leave open whether the mark is there, which it is in parsed events."""

    start_mark: Mark


class NodeEvent(Event, Protocol):
    """The start of a list or mapping, an alias or a scalar.

    Attributes:
        anchor: the name it is given, or that the alias refers to.
        tag: in full, where one is written.
    """

    anchor: str | None
    tag: str | None


class ScalarEvent(NodeEvent, Protocol):
    """A scalar.

    Attributes:
        style: its quote or block character; empty or `None` when plain.
    """

    style: str | None
    value: str


class PurePythonParser(Reader, Scanner, Parser):
    """The parser where PyYAML was built without libyaml."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)


YamlParser: type[CParser | PurePythonParser]
try:
    from yaml._yaml import CParser

    YamlParser = CParser
except ImportError:
    YamlParser = PurePythonParser

_END: type[object] = StreamEndEvent
_UNREADABLE: Final = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_WORDS: Final = (
    ("mapping values are not allowed", "a ':' is not expected here; quote the value, or mend the indentation"),
    ("escape c", "this escape is not known to YAML; double the backslash, or use single quotes"),
    ("hex", "this escape is not complete; double the backslash, or use single quotes"),
    ("tag handle", "this tag is not known; remove it"),
    ("incompatible YAML", "this is a YAML version that cannot be read; remove the %YAML line"),
    ("',' or ']'", "a ',' or ']' is expected here"),
    ("',' or '}'", "a ',' or '}' is expected here"),
    ("'-' indicator", "a '-' is expected here; mend the indentation"),
    ("expected key", "a key is expected here; mend the indentation or the quotes"),
    ("<block end>", "a key or the next item is expected here; mend the indentation or the quotes"),
    ("<document start>", "nothing is expected here; mend the indentation or the quotes"),
    ("expected ':'", "a ':' is expected after the key; mend the indentation or the quotes"),
)


def events(source: SourceText) -> Iterator[Event]:
    """Yield the events of the text.

    Raises:
        BrokenTextError: it is no YAML; says where.
    """
    try:
        next_event = cast("Callable[[], Event]", YamlParser(source.text).get_event)
        while type(event := next_event()) is not _END:
            yield event
    except (YAMLError, ValueError, OverflowError) as error:  # the pure parser lets chr() fail on wild escapes
        raise BrokenTextError(source, _finding(source.text, error)) from None


def _finding(text: str, error: Exception) -> Finding:
    unreadable = _UNREADABLE.search(text)
    problem = getattr(error, "problem_mark", None)
    if problem is None and unreadable is not None:
        return Finding(unreadable.start(), "syntax", f"the character {quoted(unreadable[0])} is not allowed; remove it")
    if problem is None:
        return Finding(0, "syntax", "an escape in double quotes stands for no character; double its backslash")
    context = getattr(error, "context_mark", None)
    if context is not None and "alphabetic or numeric" in str(error):
        return Finding(context.index, "syntax", 'quote a value that begins with * or &, such as "*.license"')
    end = len(text.rstrip())
    if problem.index >= end and context is not None and context.index < end:
        return Finding(context.index, "syntax", "what begins here is never finished; close its quote or bracket")
    if problem.index >= end:
        return Finding(problem.index, "syntax", "the file ends in the middle of a value; close its quote or bracket")
    return Finding(problem.index, "syntax", _words(text[problem.index :][:1], str(getattr(error, "problem", ""))))


def _words(found: str, problem: str) -> str:
    if "cannot start any token" in problem and found == "\t":
        return "a tab cannot indent YAML; use spaces"
    if "cannot start any token" in problem:
        return f"a value cannot begin with {spelled(found)}; quote it"
    for part, words in _WORDS:
        if part in problem:
            return words
    return f"this is not valid YAML: {spelled(problem)}"
