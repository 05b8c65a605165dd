"""Where a command's answer and messages go: data to standard output, everything else to standard error."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

from ocrstate.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocrstate.render.look import Detail, Look
    from ocrstate.render.paint import Paint


class Console:
    """Writes to the standard streams.

    Attributes:
        color: ``auto``, ``always`` or ``never``, as asked for.
        reader_left: whether the reader of standard output has gone away.
    """

    def __init__(self, color: str) -> None:
        self.color = color
        self.reader_left = False

    def answer(self, text: str) -> None:
        """Write to standard output. A reader that has gone away (``| head``) has what it wanted.

        Raises:
            OutputError: it cannot be written.
        """
        self._put_out(lambda: sys.stdout.write(text))

    def answer_prose(self, text: str) -> None:
        """Write to standard output, folded where that is a terminal.

        Raises:
            OutputError: it cannot be written.
        """
        from ocrstate.render.folding import fold_lines  # noqa: PLC0415 - not needed for --version and --help

        self.answer(fold_lines(text, self.width))

    def hand_out(self, content: bytes) -> None:
        """Write to standard output just these bytes, whatever encoding and line ends the terminal has.

        Raises:
            OutputError: they cannot be written.
        """
        self._put_out(lambda: sys.stdout.buffer.write(content))

    def _put_out(self, write: Callable[[], object]) -> None:
        try:
            write()
            sys.stdout.flush()
        except BrokenPipeError:
            self.reader_left = True
            self._discard_stdout()
        except OSError as error:
            self._discard_stdout()
            raise OutputError(
                "output-failed",
                f"the answer could not be written to standard output: {error.strerror}",
                "look where standard output leads, such as a full disk",
            ) from error

    def tell(self, text: str) -> None:
        """Write to standard error; what cannot be told is not worth failing for."""
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except OSError:
            return

    def tell_prose(self, text: str, indent: int = 2) -> None:
        """Write to standard error, folded where that is a terminal; what continues a line is indented further."""
        from ocrstate.render.folding import fold_lines  # noqa: PLC0415 - not needed for --version and --help

        self.tell(fold_lines(text, _columns(sys.stderr), indent))

    def warn(self, message: str) -> None:
        """Say what is odd, and no reason to stop."""
        from ocrstate.render.paint import Colour  # noqa: PLC0415 - not needed for --version and --help
        from ocrstate.text.escape import escape_message  # noqa: PLC0415 - likewise

        lead = self.paint(for_stderr=True)(Colour.ATTENTION, "Warning:")
        self.tell_prose(f"{lead} {escape_message(message)}\n", indent=4)

    def ask(self, question: str) -> str:
        """Ask the person at the terminal; an end of input is no answer."""
        self.tell_prose(question)
        line = ""
        try:
            line = sys.stdin.readline()
        finally:
            if not line.endswith("\n"):
                self.tell("\n")  # Ctrl-C and Ctrl-D leave the cursor behind the question
        return line.removesuffix("\n")

    @property
    def can_ask(self) -> bool:
        """Whether a person sees a question and can answer: standard error and standard input are terminals."""
        return sys.stdin.isatty() and sys.stderr.isatty()

    @property
    def is_seen(self) -> bool:
        """Whether standard output is a terminal."""
        return sys.stdout.isatty()

    @property
    def width(self) -> int | None:
        """Columns of the terminal that standard output is; `None` where it is none."""
        return _columns(sys.stdout)

    def look(self, detail: Detail | None = None, *, for_stderr: bool = False) -> Look:
        """Return how to draw for standard output, or for standard error."""
        from ocrstate.render.look import Detail, Look  # noqa: PLC0415 - not needed for --version and --help

        stream = sys.stderr if for_stderr else sys.stdout
        return Look(self.paint(for_stderr=for_stderr), _columns(stream), detail or Detail.CHANGES)

    def paint(self, *, for_stderr: bool = False) -> Paint:
        """Return the paint for standard output, or for standard error."""
        from ocrstate.render.paint import Paint  # noqa: PLC0415 - not needed for --version and --help

        return Paint(colours=self._wants_colour(sys.stderr if for_stderr else sys.stdout))

    def _wants_colour(self, stream: TextIO) -> bool:
        if self.color != "auto":
            return self.color == "always"
        return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and stream.isatty()

    def _discard_stdout(self) -> None:
        """Lead standard output nowhere, so that Python's own flush at the end does not fail again."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _columns(stream: TextIO) -> int | None:
    """Return the columns to draw on: what COLUMNS says, else the terminal; `None` where there is neither."""
    try:
        wanted = int(os.environ.get("COLUMNS", ""))
    except ValueError:
        wanted = 0
    if wanted > 0:
        return wanted
    try:
        return os.get_terminal_size(stream.fileno()).columns or None
    except (OSError, ValueError):
        return None
