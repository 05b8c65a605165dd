"""In which form a command answers, and reports the error that kept it from answering."""

from __future__ import annotations

import os
from enum import Enum
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from ocrstate.cli.console import Console
    from ocrstate.errors import OcrstateError
    from ocrstate.manifest.problems import Problem

# What draws an answer is imported when there is one to draw: --help and the engine's start come before it.
# ruff: noqa: PLC0415

_OPTION = "--format"


class Format(Enum):
    """The form of an answer."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    GITHUB = "github"


def asked(arguments: Sequence[str], formatting: Collection[str]) -> Format:
    """Tell from a command line which form its answer has; an error may come before any option is understood.

    Args:
        arguments: the words of the command line.
        formatting: the names of the commands that can be told a format.
    """
    words = [*takewhile(lambda word: word != "--", arguments)]
    if "--json" in words:
        return Format.JSON
    if not any(word in formatting for word in words):
        return Format.TEXT
    given = [after for word, after in pairwise(words) if word == _OPTION]
    given += [word.removeprefix(f"{_OPTION}=") for word in words if word.startswith(f"{_OPTION}=")]
    named = {each.value: each for each in Format}
    return next((named[name] for name in reversed(given) if name in named), Format.TEXT)


def agreed(named: str | None, *, as_json: bool) -> Format:
    """Return the format that ``--json`` and ``--format`` ask for.

    Raises:
        UsageError: they contradict each other.
    """
    if as_json and named not in (None, Format.JSON.value):
        from click import UsageError

        raise UsageError(f"--json and --format {named} contradict each other: leave one of them out")
    return Format.JSON if as_json else Format(named or Format.TEXT.value)


def answer_error(console: Console, answer_form: Format, error: OcrstateError) -> None:
    """Write to standard output what stands there in place of an answer; people have read it on standard error.

    Raises:
        OutputError: it cannot be written.
    """
    answer = _error_answer(answer_form, error, getattr(error, "problems", ()))
    if answer:
        console.answer(answer)


def _error_answer(answer_form: Format, error: OcrstateError, problems: Sequence[Problem]) -> str:
    match answer_form:
        case Format.TEXT:
            return ""
        case Format.JSON:
            from ocrstate.render.documents import error_document
            from ocrstate.render.spelling import to_text

            return to_text(error_document(error.code, error.message, error.hint, problems))
        case Format.MARKDOWN:
            from ocrstate.render.markdown import error_markdown

            return error_markdown(error, problems)
        case Format.GITHUB:
            from ocrstate.render.github import error_commands

            return error_commands(error, problems, in_repository())


def in_repository() -> Callable[[str], str]:
    """Return what spells a path as GitHub shows it: from the repository's folder, or absolute where it lies outside.

    Without GitHub's own word for that folder it is the working folder.
    """
    root = os.path.realpath(os.environ.get("GITHUB_WORKSPACE") or os.curdir)

    def spelled(path: str) -> str:
        absolute = os.path.abspath(path)
        inside = os.path.join(root, "")
        return absolute.removeprefix(inside).replace(os.sep, "/") if absolute.startswith(inside) else absolute

    return spelled
