"""Answer a shell that wants to complete a command line: at once, with all that is known, or with nothing."""

from __future__ import annotations

import signal
import sys
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from click.shell_completion import ShellComplete

from ocrstate.text.command_line import spelled, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import click
    from click.shell_completion import CompletionItem

_PATIENCE = 2.0  # seconds: whoever pressed the key is waiting


@dataclass(frozen=True, slots=True)
class _Line:
    """A command line up to the cursor.

    Attributes:
        words: before the one at the cursor, without the command's own name.
        typed: of the word at the cursor.
        redirects: whether the word at the cursor is a file that the shell is going to open.
    """

    words: tuple[str, ...]
    typed: str
    redirects: bool = False

    @property
    def option(self) -> str:
        """The beginning of the word at the cursor that names an option, with its ``=``."""
        name, equals, _ = self.typed.partition("=")
        return name + equals if equals and name.startswith("--") else ""

    def spell(self, value: str) -> str:
        """Return what takes the place of the word at the cursor; these shells quote it themselves."""
        return self.option + value


@dataclass(frozen=True, slots=True)
class _BashLine(_Line):
    """A command line of bash.

    Attributes:
        kept: the beginning of the word at the cursor that bash leaves alone, because of a colon or a quote.
        quote: the quote that is open behind it.
    """

    kept: str = ""
    quote: str = ""

    def spell(self, value: str) -> str:
        """Return what takes the place of the rest, quoted."""
        return spelled((self.option + value).removeprefix(self.kept), self.quote)


def answer_shell(group: click.Group, shell: str) -> int:
    """Write down what can stand at the cursor, and return the exit code; whatever is wrong, nothing is told of it."""
    try:
        _hurry()
        said = sys.stdin.buffer.read().decode("utf-8", "surrogateescape").split("\0")[:-1]
        lines = "".join(f"{line}\n" for line in _answer(group, shell, _read(shell, said)))
        sys.stdout.buffer.write(lines.encode())
        sys.stdout.buffer.flush()
    except BaseException:  # noqa: BLE001 - a message would end up in the middle of somebody's command line
        return 0
    return 0


def _hurry() -> None:
    """Give up after a while, in the middle of whatever takes so long."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.default_int_handler)
        signal.setitimer(signal.ITIMER_REAL, _PATIENCE)


def _read(shell: str, said: Sequence[str]) -> _Line:
    if shell == "bash":
        return _read_bash(*said)
    *words, last = said
    return _Line(tuple(words[1:]), words_of(last)[-1].text if shell == "fish" else last)


def _read_bash(line: str, replaced: str) -> _Line:
    """Take a line apart, of which bash is going to replace the end."""
    *words, last = words_of(line)
    if not last.raw.endswith(replaced):
        raise ValueError(line)
    kept = words_of(last.raw[: len(last.raw) - len(replaced)])[-1]
    redirects = bool(words) and words[-1].raw.endswith((">", "<"))
    return _BashLine(tuple(word.text for word in words[1:]), last.text, redirects, kept.text, kept.quote)


def _answer(group: click.Group, shell: str, line: _Line) -> Iterator[str]:
    if line.redirects:
        yield "file,"
        return
    for item in _items(group, line):
        if not (isinstance(item.value, str) and item.value.isprintable()):
            continue  # no terminal shows it as it is, and some would act on it
        help_text = f"\t{item.help}" if item.help and item.help.isprintable() and shell != "bash" else ""
        yield f"{item.type},{line.spell(item.value)}{help_text}"


def _items(group: click.Group, line: _Line) -> Sequence[CompletionItem]:
    items = ShellComplete(group, {}, "ocrstate", "").get_completions(list(line.words), line.typed)
    # click has options in sets; everything else is in an order that means something
    return sorted(items, key=attrgetter("value")) if line.typed.startswith("-") else items
