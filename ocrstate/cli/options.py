"""The options that commands share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING

import click

from ocrstate.cli.formats import Format, agreed
from ocrstate.cli.shell.completers import complete_folders, complete_manifests

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocrstate.render.look import Detail

    Function = Callable[..., object]

_DEFAULT_ENGINE_TIMEOUT = 60.0


class _Duration(click.ParamType):  # type: ignore[type-arg,unused-ignore] # generic from click 8.3 on
    """A length of time as a manifest's ``retain`` spells it; its value is in seconds."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the seconds that the text says."""
        from ocrstate.manifest.units import parse_duration  # noqa: PLC0415 - not needed for --version and --help

        seconds = parse_duration(str(value))
        if seconds is None:
            self.fail(f"{value!r} is no length of time; write one such as 30m, 12h, 7d or 2w", param, ctx)
        return seconds


DURATION = _Duration()


@dataclass(frozen=True, slots=True)
class Common:
    """What the shared options say.

    Attributes:
        chdir: the working folder to act in, as written.
        store: ``--store`` as written.
        inventory: ``auto``, ``engine`` or ``directory``.
        answer_form: of what goes to standard output.
        color: ``auto``, ``always`` or ``never``.
        engine_timeout: seconds.
    """

    chdir: str
    store: str | None
    inventory: str
    answer_form: Format
    color: str
    quiet: bool
    verbose: bool
    engine_timeout: float

    @property
    def as_json(self) -> bool:
        """Whether the answer is a JSON document."""
        return self.answer_form is Format.JSON

    @property
    def detail(self) -> Detail:
        """How much is to be shown."""
        from ocrstate.render.look import Detail  # noqa: PLC0415 - not needed for --version and --help

        if self.quiet:
            return Detail.SUMMARY
        return Detail.EVERYTHING if self.verbose else Detail.CHANGES


def common_options(function: Function) -> Function:
    """Add the options that every command has that looks at a store; the function gets them as ``common``."""
    return _with_common(function, (_chdir, _store, _inventory, _json, _color, _quiet, _verbose, _engine_timeout))


def folder_options(function: Function) -> Function:
    """Add the same to a command that asks no engine: what is about the engine is accepted, and not shown."""
    return _with_common(function, (_chdir, _store, _no_inventory, _json, _color, _quiet, _verbose, _no_engine_timeout))


def _with_common(function: Function, options: tuple[Callable[[Function], Function], ...]) -> Function:
    @wraps(function)
    def with_common(  # noqa: PLR0913 - one parameter an option, as click passes them
        *arguments: object,
        chdir: str,
        store: str | None,
        inventory: str,
        as_json: bool,
        format_name: str | None = None,
        color: str,
        quiet: bool,
        verbose: bool,
        engine_timeout: float,
        **others: object,
    ) -> object:
        answer_form = agreed(format_name, as_json=as_json)
        common = Common(chdir, store, inventory, answer_form, color, quiet, verbose, engine_timeout)
        return function(*arguments, common=common, **others)

    return _with_options(with_common, options)


def output_options(function: Function) -> Function:
    """Add the options of a command that looks at no store: ``chdir``, ``as_json``, ``color`` and ``quiet``."""
    return _with_options(function, (_chdir, _json, _color, _quiet))


def _with_options(function: Function, options: tuple[Callable[[Function], Function], ...]) -> Function:
    for option in reversed(options):
        function = option(function)
    return function


_chdir = click.option(
    "-C", "--chdir", metavar="DIR", default=".", shell_complete=complete_folders, help="Act as if started in DIR."
)
_store = click.option(
    "--store", metavar="DIR", shell_complete=complete_folders, help="The store; wins over the manifest's `store`."
)
_MODES = click.Choice(["auto", "engine", "directory"])
_SECONDS = click.FloatRange(min=0, min_open=True)
_inventory = click.option(
    "--inventory", type=_MODES, default="auto", show_default=True, help="Whom to ask what is in the store."
)
_no_inventory = click.option("--inventory", type=_MODES, default="auto", hidden=True)
_json = click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document on standard output.")
_color = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="When to use colour.",
)
_quiet = click.option("-q", "--quiet", is_flag=True, help="Say only what matters most: totals and results.")
_verbose = click.option("-v", "--verbose", is_flag=True, help="Show more, such as the models that stay.")
_engine_timeout = click.option(
    "--engine-timeout",
    metavar="SECONDS",
    type=_SECONDS,
    default=_DEFAULT_ENGINE_TIMEOUT,
    show_default=True,
    help="How long the engine may take.",
)
_no_engine_timeout = click.option("--engine-timeout", type=_SECONDS, default=_DEFAULT_ENGINE_TIMEOUT, hidden=True)


def _format_option(explanation: str, *formats: Format) -> Callable[[Function], Function]:
    choice = click.Choice([each.value for each in formats])
    return click.option("--format", "format_name", type=choice, help=explanation)


validate_format_option = _format_option(
    "As text (default), as --json does, or as annotations in a workflow on GitHub.",
    *(Format.TEXT, Format.JSON, Format.GITHUB),
)
plan_format_option = _format_option(
    "As text (default), as --json does, as a comment for a pull request, or as annotations in a workflow on GitHub.",
    *Format,
)
"""The option of the commands that show a plan; they get it as ``common.answer_form``."""

manifests_argument = click.argument(
    "manifests", metavar="MANIFEST...", nargs=-1, required=True, shell_complete=complete_manifests
)
"""The last one is the manifest, and extends the others."""

manifest_option = click.option(
    "--manifest",
    metavar="FILE",
    shell_complete=complete_manifests,
    help="A manifest that says where the store is; - is standard input.",
)
"""The option of commands that follow no manifest."""

_allow_empty = click.option("--allow-empty", is_flag=True, help="Let a manifest without models remove everything.")
_allow_missing = click.option(
    "--allow-missing", is_flag=True, help="Go on although listed models are missing or differ."
)
_max_remove = click.option(
    "--max-remove", metavar="N", type=click.IntRange(min=0), help="Refuse to remove more than N models."
)


def limit_options(function: Function) -> Function:
    """Add the options that say what may be done: those of apply, and of plan to see what apply would say to them."""
    return _with_options(function, (_allow_empty, _allow_missing, _max_remove))


offline_option = click.option(
    "--offline", is_flag=True, help="Use no network: refuse if something can only be fetched over one."
)
"""The option of apply, and of plan to see what apply would say to it."""

verify_option = click.option(
    "--verify", is_flag=True, help="Compare the content of models that have a sha256, not only their size."
)
"""The option of commands that compare sizes and, where it costs nothing, contents."""
