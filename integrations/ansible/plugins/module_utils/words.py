# Copyright (c) The ocrstate maintainers
# SPDX-License-Identifier: MIT
"""Words for people who read what Ansible prints. Pure."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

_WORD = r"(?:'[^']*'|[^\s'`,;]*[^\s'`,;.:])"
_COMMAND = (
    rf"ocrstate (?:{_WORD} )+?--store {_WORD}|: ocrstate [^);\n]*|`ocrstate [^`]*`"  # what may be pasted stays as it is
)
_SWITCH = r"--(?P<switch>allow-empty|allow-missing|offline|overwrite|verify)\b"
_OPTION = (
    r"--(?P<option>max-remove|retain|store|inventory|engine-timeout|lock-timeout|jobs|chdir)\b"
    rf"(?: (?P<value>[A-Z]+\b|\d+\b|(?:auto|engine|directory)\b|(?=['./~]){_WORD}))?"
)
_FOLDER = r"(?<![\w-])-C\b(?P<folder> DIR\b)?"
_OF_THE_COMMAND_LINE = re.compile(f"{_COMMAND}|{_SWITCH}|{_OPTION}|{_FOLDER}")
_IMPOSSIBLE = re.compile(r"^Invalid value for '--([a-z-]+)': ")
_ELSEWHERE = re.compile(r",? in line \d+")
_KEY = re.compile(r'("(?:[^"\\]|\\.)*"): ')
_ITEM = re.compile(r"  [^ \]}]")
_STEPS = (("kB", 10**3), ("MB", 10**6), ("GB", 10**9), ("TB", 10**12))
_HUNDRED = 100
_MOST_NAMED = 3


def in_words_of_ansible(text: str) -> str:
    """Name the parameters of a module instead of the options of the command line."""
    return _OF_THE_COMMAND_LINE.sub(_as_parameter, text)


def usage_words(message: str, executable: str) -> tuple[str, str]:
    """Say what is wrong with a parameter, and what to do if it is not that: an old ocrstate lacks what is newer."""
    if message.startswith("No such"):
        return message, f"is the ocrstate of this host ({executable}) older than this collection?"
    return _IMPOSSIBLE.sub(lambda found: f"`{_parameter(found[1])}`: ", message), ""


def problem_lines(problems: Sequence[dict[str, Any]], manifest: str | None) -> list[str]:
    """Say what is wrong with a manifest, a line for each problem.

    Args:
        problems: as ocrstate tells them.
        manifest: the text that it read, if that was in no file: positions in there say nothing to people.
    """
    return [_problem_line(problem, [] if manifest is None else manifest.split("\n")) for problem in problems]


def size_words(size: int) -> str:
    """Spell a number of bytes."""
    fitting = [step for step in _STEPS if size >= step[1]]
    if not fitting:
        return f"{size} B"
    unit, factor = fitting[-1]
    number = size / factor
    return f"{number:.0f} {unit}" if number >= _HUNDRED else f"{number:.1f} {unit}"


def shown(name: str) -> str:
    """Spell a model's name so that it stays on its line."""
    return name if name.isprintable() else ascii(name)


def few(names: Sequence[str]) -> str:
    """Name some, and say how many more there are."""
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f"{', '.join(map(shown, names[:_MOST_NAMED]))}{more}"


def _as_parameter(found: re.Match[str]) -> str:
    if found["switch"]:
        return f"`{_parameter(found['switch'])}: true`"
    if found["option"]:
        value = found["value"]
        return f"`{_parameter(found['option'])}: {value}`" if value else f"`{_parameter(found['option'])}`"
    if found[0].startswith("-C"):
        return "`chdir: DIR`" if found["folder"] else "`chdir`"
    return found[0]


def _parameter(option: str) -> str:
    return option.replace("-", "_")


def _problem_line(problem: dict[str, Any], lines: Sequence[str]) -> str:
    line: int = problem["line"]
    message: str = problem["message"]
    if problem["path"] != "-" or not 0 < line <= len(lines):
        return f"{problem['path']}:{line}:{problem['column']}: {message}"
    message, place = _ELSEWHERE.sub("", message), _place(lines, line - 1)
    return message if message.startswith(place) else f"{place}: {message}"


def _place(lines: Sequence[str], at: int) -> str:
    """Say where a line of a manifest is: the model and the key, and no value of a key, for that may be secret."""
    text = lines[at].strip().rstrip(",")
    found = _KEY.match(text)
    key = found[1].strip('"') if found else ""
    begin = next(number for number in range(at, -1, -1) if not lines[number].startswith("   "))
    if lines[begin] not in ("  {", "  ["):
        return key or text
    model = _model(lines, begin)
    return f"{model}, {key}" if key else model


def _model(lines: Sequence[str], begin: int) -> str:
    inside = itertools.takewhile(lambda line: line.startswith("   "), lines[begin + 1 :])
    names = [line.strip().rstrip(",")[len('"name": ') :] for line in inside if line.startswith('   "name": ')]
    return f"model {names[0] if names else sum(1 for line in lines[: begin + 1] if _ITEM.match(line))}"
