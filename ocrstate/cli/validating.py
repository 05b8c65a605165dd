"""Check manifests, as one or each by itself, and tell what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.cli.exits import Exit
from ocrstate.cli.formats import Format
from ocrstate.cli.reporting import report_error
from ocrstate.errors import OcrstateError
from ocrstate.manifest.load import load
from ocrstate.manifest.problems import InvalidManifestError
from ocrstate.text.escape import escape
from ocrstate.text.units import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.cli.console import Console

# What writes documents is imported where one is asked for.
# ruff: noqa: PLC0415


def validate(manifests: Sequence[str], console: Console, answer_form: Format, *, quiet: bool) -> int:
    """Check manifests of which the last one extends the others.

    Raises:
        ManifestError: they are not valid, or cannot be read.
        OutputError: the answer cannot be written.
    """
    desired = load(*manifests)
    if answer_form is Format.JSON:
        from ocrstate.render.documents import validation_document
        from ocrstate.render.spelling import to_text

        console.answer(to_text(validation_document(desired.path, len(desired.models))))
    elif not quiet:
        console.answer(_valid_line(manifests[-1], len(desired.models), answer_form))
    return Exit.DONE


def validate_each(manifests: Sequence[str], console: Console, answer_form: Format, *, quiet: bool) -> int:
    """Check manifests that have nothing to do with one another, all of them.

    Raises:
        OutputError: the answer cannot be written.
    """
    checked = {path: _checked(path) for path in dict.fromkeys(manifests)}
    wrong = [found for found in checked.values() if isinstance(found, OcrstateError)]
    if answer_form is Format.JSON:
        from ocrstate.render.spelling import to_text
        from ocrstate.render.validations_document import validations_document

        console.answer(to_text(validations_document(checked)))
    elif not quiet:
        valid = [(path, models) for path, models in checked.items() if isinstance(models, int)]
        console.answer("".join(_valid_line(path, models, answer_form) for path, models in valid))
    _report(wrong, console, answer_form)
    return Exit.ERROR if wrong else Exit.DONE


def _checked(path: str) -> int | OcrstateError:
    """Return how many models a manifest lists, or what is wrong with it."""
    try:
        return len(load(path).models)
    except OcrstateError as error:
        return error


def _valid_line(path: str, models: int, answer_form: Format) -> str:
    if answer_form is Format.GITHUB:  # a line that begins with a name could be taken for a command
        return f"Valid, {counted(models, 'model')}: {escape(path)}\n"
    return f"{escape(path)}: valid, {counted(models, 'model')}\n"


def _report(wrong: Sequence[OcrstateError], console: Console, answer_form: Format) -> None:
    """Report what could not be read, and then every place that is wrong once: several may extend one that is wrong."""
    invalid = [error for error in wrong if isinstance(error, InvalidManifestError)]
    errors = [error for error in wrong if not isinstance(error, InvalidManifestError)]
    if invalid:
        problems = dict.fromkeys(problem for error in invalid for problem in error.problems)
        errors.append(InvalidManifestError(tuple(problems)))
    for error in errors:
        report_error(console, error, Format.TEXT if answer_form is Format.JSON else answer_form)
