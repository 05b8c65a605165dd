"""A first manifest and what comes next, for people. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.render.folding import fold
from ocrstate.render.look import cells
from ocrstate.text.escape import escape
from ocrstate.text.shell import shell_word
from ocrstate.text.units import counted, size_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocrstate.authoring.first_manifest import First, Step, Written

_WIDE = 100  # where nothing bounds a line
_MARGINS = 2 + 2  # before a command, and between it and its purpose


def render_init(made: First, written: Written, steps: Sequence[Step], width: int | None) -> str:
    """Say what was written, and which commands come next."""
    lines = [written_line(made, written.path), *_schema_lines(written), "", *_advice(made), "Next:"]
    folded = (fold(line, width, indent=2) for line in lines)
    return "".join(f"{line}\n" for line in (*folded, *_step_lines(steps, width)))


def written_line(made: First, path: str) -> str:
    """Say in one line what was written."""
    if made.found is None:
        return f"Wrote {escape(path)}, with examples alone: there is no store at {escape(made.store)} yet."
    if not made.models:
        return f"Wrote {escape(path)}: no models, because the store {escape(made.store)} holds none."
    said = "names, sizes and digests" if made.has_digests else "names and sizes"
    return f"Wrote {escape(path)}: {counted(len(made.models), 'model')}, {size_text(made.size)}; {said}."


def _schema_lines(written: Written) -> Iterator[str]:
    if written.schema is None:
        return
    path = escape(written.schema.path)
    if written.schema.is_new:
        yield f"Wrote {path}: with it, editors help to write the manifest."
    else:
        yield f"{path} is there already, and was left as it is."


def _advice(made: First) -> Iterator[str]:
    if made.found is None and made.passed_over is not None:
        yield (
            f"The store {escape(made.passed_over)} is there, but the engine uses the user's data folder. To use the "
            f"former, remove the manifest, and run this again with --store {shell_word(made.passed_over)}."
        )
    elif made.found is None:
        moved = ", or with -C DIR, the folder that the OCR application is started in" if made.moves else ""
        yield (
            f"Is the store elsewhere? Remove the manifest, and run this again with --store DIR{moved}. If not, list "
            "your models in the manifest."
        )


def _step_lines(steps: Sequence[Step], width: int | None) -> Iterator[str]:
    """Put purposes beside the commands, or below them where there is no room."""
    longest = max(cells(step.command) for step in steps)
    fit = _MARGINS + longest + max(len(step.purpose) for step in steps) <= (width or _WIDE)
    for command, purpose in steps:
        yield f"  {command}{' ' * (longest - cells(command))}  {purpose}" if fit else f"  {command}"
        if not fit:
            yield f"    {purpose}"
