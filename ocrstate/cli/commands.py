"""The commands that change nothing. Each reads its options, calls the parts in order, and returns an exit code."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from ocrstate.cli.console import Console
from ocrstate.cli.exits import Exit
from ocrstate.cli.options import (
    DURATION,
    common_options,
    folder_options,
    limit_options,
    manifests_argument,
    offline_option,
    output_options,
    plan_format_option,
    validate_format_option,
    verify_option,
)
from ocrstate.cli.shell.completers import complete_files, complete_plans, complete_schemas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrstate.cli.options import Common
    from ocrstate.evidence.diligence import Diligence
    from ocrstate.planning.guards import Consent
    from ocrstate.work.engines import Engines

# What the commands need beyond click is imported inside them: an engine process is starting meanwhile, and --help
# needs none of it.
# ruff: noqa: PLC0415

_detailed_exitcode = click.option("--detailed-exitcode", is_flag=True, help="Exit 2 if there are changes.")


@click.command("validate", short_help="Check manifests, without a store.")
@manifests_argument
@output_options
@validate_format_option
@click.option("--each", is_flag=True, help="Check each file by itself, all of them, as pre-commit needs it.")
def validate_command(  # noqa: PLR0913 - one parameter an option
    manifests: tuple[str, ...],
    chdir: str,
    color: str,
    *,
    format_name: str | None,
    as_json: bool,
    quiet: bool,
    each: bool,
) -> int:
    """Check a manifest: all problems at once, each with file, line and column.

    Of several manifests, the last one extends the others; with --each they have nothing to do with one another. - is
    standard input; relative paths in it count from the current folder, or from that of -C.

    \b
    Example:
      ocrstate validate models.yml
      ocrstate validate --each hosts/*.yml --format github
    """
    from ocrstate.cli.folder import enter
    from ocrstate.cli.formats import agreed
    from ocrstate.cli.validating import validate, validate_each

    answer_form = agreed(format_name, as_json=as_json)
    enter(chdir)
    return (validate_each if each else validate)(manifests, Console(color), answer_form, quiet=quiet)


@click.command("plan", short_help="Show what apply would change.")
@manifests_argument
@common_options
@plan_format_option
@_detailed_exitcode
@click.option(
    "--out",
    metavar="FILE",
    shell_complete=complete_files,
    help="Save the plan too, to look at with show and to carry out with apply.",
)
@limit_options
@click.option("--retain", metavar="TIME", type=DURATION, help="Keep removed models restorable, such as 7d or 12h.")
@verify_option
@offline_option
@click.pass_obj
def plan_command(  # noqa: PLR0913 - one parameter an option
    engines: Engines,
    /,
    manifests: tuple[str, ...],
    *,
    common: Common,
    detailed_exitcode: bool,
    out: str | None,
    allow_empty: bool,
    allow_missing: bool,
    max_remove: int | None,
    retain: int | None,
    verify: bool,
    offline: bool,
) -> int:
    """Show what apply would change, and why; change nothing.

    Given the limits of apply, such as --max-remove, it tells whether apply would refuse the plan with the same ones.
    Of several manifests, the last one extends the others; - is standard input.

    \b
    Example:
      ocrstate plan models.yml
      ocrstate plan models.yml --out plan.json
      ocrstate plan models.yml --json | jq .summary
      ocrstate plan models.yml --format markdown >> "$GITHUB_STEP_SUMMARY"
    """
    from ocrstate.cli.folder import enter
    from ocrstate.cli.work import begin, show_plan

    enter(common.chdir)
    work = begin(common, manifests, engines, retain, _diligence(verify=verify))
    plan, basis = work.planned()
    from ocrstate.planning.guards import Consent

    consent = Consent(allow_empty=allow_empty, allow_missing=allow_missing, max_remove=max_remove, offline=offline)
    if out is not None:
        from ocrstate.work.saving import save_plan

        save_plan(work, plan, basis, out)
        if not common.quiet and os.path.isfile(out):  # what went through a pipe is read there
            from ocrstate.text.shell import shell_word

            words = " ".join((shell_word(out), *_spelled(consent)))
            work.site.console.tell_prose(f"Saved; to carry it out: ocrstate apply {words}\n")
    show_plan(work.site, plan, work.refusals(plan, consent))
    return Exit.CHANGES if detailed_exitcode and not plan.in_sync else Exit.DONE


def _spelled(consent: Consent) -> Iterator[str]:
    """Spell the options that give the consent: a saved plan does not hold it."""
    if consent.allow_empty:
        yield "--allow-empty"
    if consent.allow_missing:
        yield "--allow-missing"
    if consent.max_remove is not None:
        yield f"--max-remove {consent.max_remove}"
    if consent.offline:
        yield "--offline"


@click.command("show", short_help="Show a saved plan.")
@click.argument("plan", metavar="PLAN", shell_complete=complete_plans)
@folder_options
@plan_format_option
@click.pass_obj
def show_command(engines: Engines, /, plan: str, *, common: Common) -> int:
    """Show a plan that `plan --out` saved, whether it can still be applied or not.

    \b
    Example:
      ocrstate show plan.json
    """
    from ocrstate.cli.folder import enter
    from ocrstate.cli.work import return_to, show_plan
    from ocrstate.work.saving import read_saved

    enter(common.chdir)
    saved = read_saved(plan)
    work = return_to(common, saved, engines)
    show_plan(work.site, saved.plan, work.refusals(saved.plan))
    return Exit.DONE


@click.command("check", short_help="Exit 0 if the store matches the manifest, 2 if not.")
@manifests_argument
@common_options
@plan_format_option
@click.option(
    "--metrics",
    metavar="FILE",
    shell_complete=complete_files,
    help="Write metrics too, for node_exporter's textfile collector.",
)
@verify_option
@click.pass_obj
def check_command(
    engines: Engines, /, manifests: tuple[str, ...], *, common: Common, metrics: str | None, verify: bool
) -> int:
    """Exit 0 if the store matches the manifest, 2 if it differs; show how. For monitoring and CI.

    Of several manifests, the last one extends the others; - is standard input.

    \b
    Example:
      ocrstate check models.yml -q || echo drift
      ocrstate check models.yml -q --metrics ocrstate.prom
    """
    from functools import partial

    from ocrstate.cli.checking import check, check_with_metrics
    from ocrstate.cli.folder import enter
    from ocrstate.cli.work import begin_with
    from ocrstate.manifest.load import read

    enter(common.chdir)
    start = partial(begin_with, common, engines=engines, diligence=_diligence(verify=verify))
    if metrics is None:
        return check(start(read(*manifests)))
    return check_with_metrics(start, common, manifests, metrics)


def _diligence(*, verify: bool) -> Diligence:
    from ocrstate.evidence.diligence import Diligence

    return Diligence.UNKNOWN if verify else Diligence.MEMORY


@click.command("schema", short_help="Print a JSON Schema.")
@click.argument("name", metavar="NAME", shell_complete=complete_schemas)
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
