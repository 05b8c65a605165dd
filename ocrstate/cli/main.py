"""The group of commands, and the way out of every one of them."""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING

import click

from ocrstate import __version__
from ocrstate.cli import exits
from ocrstate.cli.authoring_commands import init_command, lock_command, snapshot_command
from ocrstate.cli.changing_commands import (
    apply_command,
    history_command,
    purge_command,
    recover_command,
    restore_command,
)
from ocrstate.cli.commands import check_command, plan_command, schema_command, show_command, validate_command
from ocrstate.cli.console import Console
from ocrstate.cli.differing import diff_command
from ocrstate.cli.doctoring import doctor_command
from ocrstate.cli.explaining import why_command
from ocrstate.cli.formats import Format, answer_error, asked
from ocrstate.cli.listing import list_command
from ocrstate.cli.locating import path_command
from ocrstate.cli.options import common_options
from ocrstate.cli.sections import SectionedGroup
from ocrstate.cli.shell.command import completion_command
from ocrstate.cli.shell.scripts import VARIABLE
from ocrstate.cli.verifying import verify_command
from ocrstate.errors import Interrupted, OcrstateError, OutputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.cli.options import Common
    from ocrstate.work.engines import Engines

_EXHAUSTED = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EROFS, errno.EAGAIN}
)


@click.group(
    cls=SectionedGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=f"Exit codes: {'; '.join(f'{code.value} {code.in_short}' for code in exits.Exit)}.",
)
@click.version_option(__version__, prog_name="ocrstate", message="%(prog)s %(version)s")
@common_options
@click.pass_context
def group(context: click.Context, /, common: Common) -> None:  # noqa: ARG001 - each command gets its own
    """Keep the OCR models on a host equal to a YAML manifest.

    Options before the command are the same as after it.

    \b
    Example:
      ocrstate init
      ocrstate plan models.yml
      ocrstate apply models.yml
    """
    chosen = {name: value for name, value in context.params.items() if _is_given(context, name)}
    context.default_map = dict.fromkeys(group.commands, chosen)


def _is_given(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE


_SECTIONS = {
    "Main commands": (init_command, validate_command, plan_command, apply_command, check_command),
    "Look": (list_command, why_command, path_command, verify_command, diff_command, show_command, doctor_command),
    "Write manifests": (lock_command, snapshot_command),
    "Undo and repair": (history_command, restore_command, recover_command, purge_command),
    "For tools": (schema_command, completion_command),
}
for _title, _commands in _SECTIONS.items():
    group.add_section(_title, _commands)


def run(arguments: Sequence[str], engines: Engines) -> int:
    """Run one command and return its exit code; nothing but `SystemExit` from here on ends the process otherwise."""
    shell = os.environ.get(VARIABLE)
    if shell and not arguments:  # never instead of a command: the variable may be there by mistake
        from ocrstate.cli.shell.answering import answer_shell  # noqa: PLC0415 - nothing else needs it

        return answer_shell(group, shell)
    from ocrstate.signals import act_on_signals, ignore_signals  # noqa: PLC0415 - the engine starts first

    answer_form = asked(arguments, _formatting())
    console = Console("auto")
    try:
        act_on_signals()
        with engines:
            return _code(_main(arguments, engines))
    except BaseException as error:  # noqa: BLE001 - the one place where everything ends up
        ignore_signals()
        return _report(console, error, answer_form)
    finally:
        ignore_signals()


def _formatting() -> frozenset[str]:
    """Return the names of the commands that have the option ``--format``."""
    has = {name: {each.name for each in command.params} for name, command in group.commands.items()}
    return frozenset(name for name, parameters in has.items() if "format_name" in parameters)


def _main(arguments: Sequence[str], engines: Engines) -> object:
    """Run the command; click's own way to be asked by a shell has no name here, so that it has no effect."""
    return group.main(list(arguments), prog_name="ocrstate", complete_var="", standalone_mode=False, obj=engines)


def _code(returned: object) -> int:
    return returned if isinstance(returned, int) else 0


def _report(console: Console, error: BaseException, answer_form: Format) -> int:
    """Tell what ended the command, and return its exit code; what cannot be told does not change that."""
    if isinstance(error, SystemExit):
        raise error
    error = _behind(error)
    try:
        _tell(console, error, answer_form)
    except OutputError as unwritten:  # of what stands for an answer; the error itself is told by now
        _tell_error(console, unwritten.message, unwritten.hint)
    return exits.Exit.USAGE if isinstance(error, click.ClickException) else exits.of_error(error)


def _behind(error: BaseException) -> BaseException:
    """Tell what is behind an unexpected error, where it is no bug of ours: a signal, or a system at its limits.

    What a signal raises in the middle of an import can reach us as another error (SystemError, in Python 3.10).
    """
    from ocrstate.signals import heed  # noqa: PLC0415 - not needed for --version and --help

    if not isinstance(error, OcrstateError | click.ClickException | Interrupted):
        try:
            heed()
        except Interrupted as interrupted:
            return interrupted
    if isinstance(error, OSError) and error.errno in _EXHAUSTED:
        return OcrstateError(
            "system-refused",
            f"the system refused to go on: {error}",
            "nothing was changed; free disk space, memory or descriptors, and run again",
        )
    return error


def _tell(console: Console, error: BaseException, answer_form: Format) -> None:
    from ocrstate.cli import reporting  # noqa: PLC0415 - not needed for --version and --help

    match error:
        case click.ClickException():
            _tell_usage(console, error, answer_form)
        case OcrstateError():
            reporting.report_error(console, error, answer_form)
        case Interrupted(signal_number=number, state=state):
            reporting.report_interrupt(console, number, state, answer_form)
        case _:
            reporting.report_bug(console, error, answer_form)


def _tell_usage(console: Console, error: click.ClickException, answer_form: Format) -> None:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        console.tell(f"{error.format_message()}\n")
        return
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "ocrstate"
    message, hint = error.format_message(), f"see {path} --help"
    _tell_error(console, message, hint)
    answer_error(console, answer_form, OcrstateError("usage", message, hint))


def _tell_error(console: Console, message: str, hint: str) -> None:
    console.tell_prose(f"Error: {message}\n", indent=4)
    console.tell_prose(f"  {hint}\n", indent=0)


def main_for(engines: Engines) -> int:
    """Run the command that the process was started with."""
    return run(sys.argv[1:], engines)
