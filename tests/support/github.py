"""Read workflow commands in the output of a step, as GitHub's runner does."""

from __future__ import annotations

from typing import NamedTuple


class Annotation(NamedTuple):
    """A workflow command."""

    level: str
    properties: dict[str, str]
    message: str


def annotated(output: str) -> list[Annotation]:
    """Return the commands among the lines of an output; the others are only printed."""
    return [_read(line.lstrip()) for line in output.split("\n") if line.lstrip().startswith("::")]


def _read(line: str) -> Annotation:
    command, end, message = line.removeprefix("::").partition("::")
    assert end
    level, _, given = command.partition(" ")
    properties = dict(each.split("=", 1) for each in given.split(","))
    return Annotation(
        level, {key: _decoded(value, "%3A", "%2C") for key, value in properties.items()}, _decoded(message)
    )


def _decoded(text: str, *more: str) -> str:
    for code in ("%0D", "%0A", *more, "%25"):
        text = text.replace(code, chr(int(code[1:], 16)))
    return text
