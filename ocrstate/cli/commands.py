"""The commands. Each reads its options, calls the parts in order, and returns an exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ocrstate.cli.console import Console
from ocrstate.cli.exits import Exit
from ocrstate.cli.options import common_options, output_options

if TYPE_CHECKING:
    from ocrstate.cli.engines import Engines
    from ocrstate.cli.options import Common

# What the commands need beyond click is imported inside them: an engine process is starting meanwhile, and --help
# needs none of it.
# ruff: noqa: PLC0415

_DEFAULT_LOCK_TIMEOUT = 10.0

_manifest = click.argument("manifest", metavar="MANIFEST")
_detailed_exitcode = click.option("--detailed-exitcode", is_flag=True, help="Exit 2 if there are changes.")


@click.command("validate", short_help="Check a manifest, without a store.")
@_manifest
@output_options
def validate_command(manifest: str, chdir: str, color: str, *, as_json: bool, quiet: bool) -> int:
    """Check a manifest: all problems at once, each with file, line and column.

    \b
    Example:
      ocrstate validate models.yml
    """
    from ocrstate.cli.work import enter
    from ocrstate.manifest.load import load
    from ocrstate.render.documents import to_text, validation_document
    from ocrstate.text.escape import escape
    from ocrstate.text.units import counted

    enter(chdir)
    desired = load(manifest)
    console = Console(color)
    if as_json:
        console.answer(to_text(validation_document(desired.path, len(desired.models))))
    elif not quiet:
        console.answer(f"{escape(manifest)}: valid, {counted(len(desired.models), 'model')}\n")
    return Exit.DONE


@click.command("plan", short_help="Show what apply would change.")
@_manifest
@common_options
@_detailed_exitcode
@click.pass_obj
def plan_command(engines: Engines, /, manifest: str, *, common: Common, detailed_exitcode: bool) -> int:
    """Show what apply would change, and why; change nothing.

    \b
    Example:
      ocrstate plan models.yml
      ocrstate plan models.yml --json | jq .summary
    """
    from ocrstate.cli.work import Work, show_plan

    work = Work.begin(common, manifest, engines)
    plan = work.plan()
    show_plan(work, plan, work.refusals(plan))
    return Exit.CHANGES if detailed_exitcode and not plan.in_sync else Exit.DONE


@click.command("check", short_help="Exit 0 if the store matches the manifest, 2 if not.")
@_manifest
@common_options
@click.pass_obj
def check_command(engines: Engines, /, manifest: str, *, common: Common) -> int:
    """Exit 0 if the store matches the manifest, 2 if it differs; show how. For monitoring and CI.

    \b
    Example:
      ocrstate check models.yml -q || echo drift
    """
    from ocrstate.cli.work import Work, show_plan

    work = Work.begin(common, manifest, engines)
    plan = work.plan()
    show_plan(work, plan, ())
    return Exit.DONE if plan.in_sync else Exit.CHANGES


@click.command("apply", short_help="Make the store match the manifest.")
@_manifest
@common_options
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.option("--allow-empty", is_flag=True, help="Let a manifest without models remove everything.")
@click.option("--allow-missing", is_flag=True, help="Go on although listed models are missing or differ.")
@click.option("--max-remove", metavar="N", type=click.IntRange(min=0), help="Refuse to remove more than N models.")
@_detailed_exitcode
@click.option(
    "--lock-timeout",
    metavar="SECONDS",
    type=click.FloatRange(min=0),
    default=_DEFAULT_LOCK_TIMEOUT,
    show_default=True,
    help="How long to wait for another run.",
)
@click.pass_obj
def apply_command(  # noqa: PLR0913 - one parameter an option
    engines: Engines,
    /,
    manifest: str,
    *,
    common: Common,
    yes: bool,
    allow_empty: bool,
    allow_missing: bool,
    max_remove: int | None,
    detailed_exitcode: bool,
    lock_timeout: float,
) -> int:
    """Make the store match the manifest: show the plan, ask, remove, and prove it by listing again.

    \b
    Example:
      ocrstate apply models.yml
      ocrstate apply models.yml --yes --max-remove 5
    """
    from ocrstate.cli.applying import Approval, apply
    from ocrstate.cli.work import Work
    from ocrstate.plan.guards import Consent

    work = Work.begin(common, manifest, engines)
    consent = Consent(allow_empty=allow_empty, allow_missing=allow_missing, max_remove=max_remove)
    code, changed = apply(work, consent, Approval.GIVEN if yes else Approval.ASK, lock_timeout)
    return Exit.CHANGES if code == Exit.DONE and changed and detailed_exitcode else code


@click.command("schema", short_help="Print a JSON Schema.")
@click.argument("name", metavar="NAME")
def schema_command(name: str) -> int:
    """Print the JSON Schema of the manifest or of a document that --json writes.

    \b
    Example:
      ocrstate schema manifest > manifest.schema.json
    """
    from ocrstate.schemas import schema_names, schema_text

    if name not in schema_names():
        raise click.BadParameter(f"{name!r} is none of {', '.join(schema_names())}", param_hint="NAME")
    Console("never").answer(schema_text(name))
    return Exit.DONE
