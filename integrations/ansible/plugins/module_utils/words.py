# Copyright (c) The ocrstate maintainers
# SPDX-License-Identifier: MIT
"""Words for people who read what Ansible prints. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

_SWITCHES = re.compile(r"--(allow-empty|allow-missing|offline|overwrite|verify)\b")
_VALUES = re.compile(
    r"--(max-remove|retain|store|inventory|engine-timeout|lock-timeout|jobs|chdir) ([A-Za-z0-9./_-]*[A-Za-z0-9/_-])"
)
_STEPS = (("kB", 10**3), ("MB", 10**6), ("GB", 10**9), ("TB", 10**12))
_HUNDRED = 100


def in_words_of_ansible(text: str) -> str:
    """Name the parameters of a module instead of the options of the command line."""
    text = _VALUES.sub(lambda found: f"`{_parameter(found[1])}: {found[2]}`", text)
    return _SWITCHES.sub(lambda found: f"`{_parameter(found[1])}: true`", text)


def problem_lines(problems: Sequence[dict[str, Any]], manifest: str | None) -> list[str]:
    """Say what is wrong with a manifest, a line for each problem.

    Args:
        problems: as ocrstate tells them.
        manifest: the text that it read, if that was in no file: positions in there say nothing to people.
    """
    return [_problem_line(problem, [] if manifest is None else manifest.splitlines()) for problem in problems]


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


def _parameter(option: str) -> str:
    return option.replace("-", "_")


def _problem_line(problem: dict[str, Any], lines: Sequence[str]) -> str:
    line: int = problem["line"]
    if problem["path"] != "-" or not 0 < line <= len(lines):
        return f"{problem['path']}:{line}:{problem['column']}: {problem['message']}"
    return f"{lines[line - 1].strip().rstrip(',')}: {problem['message']}"
