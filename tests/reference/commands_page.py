"""The page about the commands, made of what their --help is made of."""

from __future__ import annotations

import inspect
import textwrap
from typing import TYPE_CHECKING

import click

from ocrstate.cli.main import group
from tests.reference.markdown import code, fenced, page, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_AS_IT_IS = "\b\n"  # click keeps the lines of a paragraph that begins so
_INTRO = """\
# Commands

Every command has `--help`, which says the same as this page. The [exit codes](exit-codes.md) are the same for all, and
[JSON documents](json.md) tells what `--json` writes."""
_COMMON = """\
## Common options

Most commands have these. They can stand before the command, too."""


def commands_page() -> str:
    """Return the page."""
    commands = list(_commands(group))
    return page(
        _INTRO,
        table(
            ("command", "does"),
            ([f"[{code(name)}](#{_anchor(name)})", each.short_help or ""] for name, each in commands),
        ),
        *(block for name, command in commands for block in _section(name, command)),
        _COMMON,
        _options_table(_common()),
    )


def _commands(within: click.Group, prefix: str = "") -> Iterator[tuple[str, click.Command]]:
    """Yield all commands with their names, in the order in which they were added; those of a group after it."""
    for name, command in within.commands.items():
        if not command.hidden:
            yield prefix + name, command
        if isinstance(command, click.Group):
            yield from _commands(command, f"{prefix}{name} ")


def _anchor(name: str) -> str:
    return name.replace(" ", "-")


def _section(name: str, command: click.Command) -> Sequence[str]:
    own = [option for option in _options(command) if option.name not in _common_names()]
    context = click.Context(command, info_name=f"ocrstate {name}")
    usage = f"ocrstate {name} {' '.join(command.collect_usage_pieces(context))}"
    return (
        f"## {name}",
        fenced("text", usage),
        *map(_paragraph, _paragraphs(command)),
        _options_table(own),
        _also(command),
    )


def _paragraphs(command: click.Command) -> list[str]:
    return inspect.cleandoc(command.help or "").split("\n\n")


def _paragraph(text: str) -> str:
    """Turn a paragraph of a help text into Markdown; of lines that are kept, the first is the heading of the others."""
    if not text.startswith(_AS_IT_IS):
        return text
    head, _, lines = text.removeprefix(_AS_IT_IS).partition("\n")
    return f"{head}\n\n{fenced('sh', textwrap.dedent(lines))}"


def _options(command: click.Command) -> list[click.Option]:
    return [each for each in command.params if isinstance(each, click.Option) and not each.hidden]


def _common() -> list[click.Option]:
    """Return the options that the group itself has, but for --version."""
    return [option for option in _options(group) if option.name != "version"]


def _common_names() -> set[str | None]:
    return {option.name for option in _common()}


def _options_table(options: Sequence[click.Option]) -> str:
    return table(("option", "meaning"), ([_spelled(each), _meaning(each)] for each in options)) if options else ""


def _spelled(option: click.Option) -> str:
    names = "/".join((*option.opts[-1:], *option.secondary_opts))
    short = "".join(f"{code(name)}, " for name in option.opts[:-1])
    return short + code(f"{names} {_argument(option)}".strip())


def _argument(option: click.Option) -> str:
    if option.is_flag or option.count:
        return ""
    if isinstance(option.type, click.Choice):
        return "|".join(map(str, option.type.choices))
    return option.metavar or option.type.name.upper()


def _meaning(option: click.Option) -> str:
    value = f"{option.default:g}" if isinstance(option.default, float) else option.default
    return f"{option.help} Default: {code(value)}." if option.show_default else f"{option.help}"


def _also(command: click.Command) -> str:
    """Say which of the common options a command has."""
    common, has = _common(), {option.name for option in _options(command)}
    shared = [option for option in common if option.name in has]
    if not shared:
        return ""
    if len(shared) == len(common):
        return "It has all [common options](#common-options), too."
    return f"Of the [common options](#common-options) it has {', '.join(code(each.opts[-1]) for each in shared)}."
