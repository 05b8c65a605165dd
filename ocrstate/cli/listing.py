"""The command that lists what is in a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ocrstate.cli.exits import Exit
from ocrstate.cli.options import common_options, verify_option
from ocrstate.cli.shell.completers import complete_manifests, complete_statuses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.cli.console import Console
    from ocrstate.cli.options import Common
    from ocrstate.planning.audit import Audit, Selection, Status
    from ocrstate.work.engines import Engines

# What the command needs beyond click is imported inside: an engine process is starting meanwhile, and --help needs
# none of it.
# ruff: noqa: PLC0415


class _Statuses(click.ParamType):  # type: ignore[type-arg,unused-ignore] # generic from click 8.3 on
    """One or more statuses, separated by commas."""

    name = "status"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[Status, ...]:
        """Return the statuses that the text names."""
        from ocrstate.planning.audit import Status

        known = {status.value: status for status in Status}
        words = [word.strip() for word in str(value).split(",")]
        unknown = [word for word in words if word not in known]
        if unknown:
            self.fail(f"{unknown[0]!r} is none of {', '.join(known)}", param, ctx)
        return tuple(known[word] for word in words)


@click.command("list", short_help="List all models with status, size and age.")
@click.argument("manifests", metavar="[MANIFEST]...", nargs=-1, shell_complete=complete_manifests)
@common_options
@click.option(
    "--status",
    "statuses",
    metavar="STATUS",
    type=_Statuses(),
    shell_complete=complete_statuses,
    multiple=True,
    help="Show only these: listed, unlisted, missing, protected, ignored, blocked, drifted.",
)
@click.option(
    "--sort",
    type=click.Choice(["name", "size", "age", "status"]),
    default="name",
    show_default=True,
    help="The largest, or the oldest, come first.",
)
@click.option("-r", "--reverse", is_flag=True, help="Sort the other way round.")
@click.option("-l", "--long", "paths", is_flag=True, help="Show the path of each model, too.")
@click.option("--names", is_flag=True, help="Print names alone (with -l, paths), one on a line, odd ones escaped.")
@click.option("-0", "--null", is_flag=True, help="As --names, each ended by NUL, its bytes as on disk: for xargs -0.")
@verify_option
@click.pass_obj
def list_command(  # noqa: PLR0913 - one parameter an option
    engines: Engines,
    /,
    manifests: tuple[str, ...],
    *,
    common: Common,
    statuses: tuple[tuple[Status, ...], ...],
    sort: str,
    reverse: bool,
    paths: bool,
    names: bool,
    null: bool,
    verify: bool,
) -> int:
    """List all models with status, size and age, and what they add up to; change nothing.

    Of several manifests, the last one extends the others; - is standard input. Without one: what the engine sees,
    compared with nothing.

    \b
    Example:
      ocrstate list models.yml
      ocrstate list models.yml --status unlisted,drifted --sort size
      ocrstate list models.yml --status unlisted -l0 | xargs -0 ls -l
      ocrstate list --json | jq '.models[] | select(.size > 1e9)'
    """
    from ocrstate.cli.console import Console
    from ocrstate.cli.folder import enter
    from ocrstate.planning.audit import Order, Selection

    if not manifests and (statuses or sort == "status"):
        raise click.UsageError("without a manifest, models have no status: name one, or leave out --status")
    if not manifests and verify:
        raise click.UsageError("without a manifest, no content can be compared: name one, or leave out --verify")
    if common.as_json and (names or null):
        raise click.UsageError("print names, or a document: leave out --json or --names")
    enter(common.chdir)
    console = Console(common.color)
    selection = Selection(frozenset(status for each in statuses for status in each), Order(sort), reverse)
    audit = _audit(common, manifests, engines, verify=verify)
    if names or null:
        _print_names(console, audit, selection, paths=paths, null=null)
    else:
        _print(audit, selection, common, console, paths=paths)
    return Exit.DONE


def _audit(common: Common, manifests: Sequence[str], engines: Engines, *, verify: bool) -> Audit:
    if manifests:
        from ocrstate.cli.work import begin
        from ocrstate.evidence.diligence import Diligence
        from ocrstate.work.audit import audit_with_manifest

        diligence = Diligence.UNKNOWN if verify else Diligence.MEMORY
        return audit_with_manifest(begin(common, manifests, engines, diligence=diligence))
    from ocrstate.cli.site import Site
    from ocrstate.work.audit import audit_alone

    return audit_alone(Site.named(common, engines))


def _print_names(console: Console, audit: Audit, selection: Selection, *, paths: bool, null: bool) -> None:
    """Print names or paths alone: their bytes with NUL, what a terminal can show with line ends."""
    from ocrstate.planning.audit import selected
    from ocrstate.render.list_text import path_in
    from ocrstate.render.warning_words import warning_words
    from ocrstate.store.scan import native_bytes
    from ocrstate.text.escape import escape

    for warning in audit.warnings:
        console.warn(warning_words(warning)[1])
    shown = selected(audit.findings, selection)
    if null:
        store = audit.store.path if paths else None
        console.hand_out(b"".join(native_bytes(each.name, store) + b"\0" for each in shown))
    else:
        words = (path_in(audit, each) if paths else each.name for each in shown)
        console.answer("".join(f"{escape(word)}\n" for word in words))


def _print(audit: Audit, selection: Selection, common: Common, console: Console, *, paths: bool) -> None:
    if common.as_json:
        from ocrstate.render.list_document import list_document
        from ocrstate.render.spelling import to_text

        console.answer(to_text(list_document(audit, selection)))
        return
    from time import time_ns

    from ocrstate.render.list_text import render_list

    console.answer(render_list(audit, selection, console.look(common.detail), moment=time_ns(), paths=paths))
