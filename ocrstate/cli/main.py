"""The group of commands, and the way out of every one of them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ocrstate import __version__
from ocrstate.cli import exits
from ocrstate.cli.commands import apply_command, check_command, plan_command, schema_command, validate_command
from ocrstate.cli.console import Console
from ocrstate.cli.options import common_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.cli.engines import Engines
    from ocrstate.cli.options import Common


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done or in sync, 1 error, 2 changes, 3 refused, 4 stopped half-way, 5 locked, 64 usage.",
)
@click.version_option(__version__, prog_name="ocrstate", message="%(prog)s %(version)s")
@common_options
@click.pass_context
def group(context: click.Context, /, common: Common) -> None:  # noqa: ARG001 - each command gets its own
    r"""Keep the OCR models on a host equal to a YAML manifest.

    Options before the command are the same as after it.

    \b
    Example:
      ocrstate plan models.yml
      ocrstate apply models.yml
    """
    chosen = {name: value for name, value in context.params.items() if _is_given(context, name)}
    context.default_map = dict.fromkeys(group.commands, chosen)


def _is_given(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE


for _command in (validate_command, plan_command, apply_command, check_command, schema_command):
    group.add_command(_command)


def run(arguments: Sequence[str], engines: Engines) -> int:
    """Run one command and return its exit code; nothing but `SystemExit` from here on ends the process otherwise."""
    as_json = "--json" in arguments
    console = Console("auto")
    try:
        with engines:
            return _code(group.main(list(arguments), prog_name="ocrstate", standalone_mode=False, obj=engines))
    except click.exceptions.ClickException as error:
        return _report_usage(console, error, as_json=as_json)
    except BaseException as error:  # noqa: BLE001 - the one place where everything ends up
        return _report(console, error, as_json=as_json)


def _code(returned: object) -> int:
    return returned if isinstance(returned, int) else 0


def _report_usage(console: Console, error: click.ClickException, *, as_json: bool) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        console.tell(f"{error.format_message()}\n")
        return exits.Exit.USAGE
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "ocrstate"
    message, hint = error.format_message(), f"see {path} --help"
    if as_json:
        from ocrstate.render.documents import error_document, to_text  # noqa: PLC0415 - rare

        console.answer(to_text(error_document("usage", message, hint)))
    console.tell(f"Error: {message}\n  {hint}\n")
    return exits.Exit.USAGE


def _report(console: Console, error: BaseException, *, as_json: bool) -> int:
    from ocrstate.cli import reporting  # noqa: PLC0415 - not needed for --version and --help
    from ocrstate.errors import Interrupted, OcrstateError  # noqa: PLC0415 - likewise

    match error:
        case OcrstateError():
            reporting.report_error(console, error, as_json=as_json)
        case Interrupted(signal_number=number):
            reporting.report_interrupt(console, number, "nothing was changed", as_json=as_json)
        case SystemExit():
            raise error
        case _:
            reporting.report_bug(console, error, as_json=as_json)
    return exits.of_error(error)


def main_for(engines: Engines) -> int:
    """Run the command that the process was started with."""
    return run(sys.argv[1:], engines)
