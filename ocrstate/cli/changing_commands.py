"""The commands that change a store, and those that tell what was changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ocrstate.cli.exits import Exit
from ocrstate.cli.options import (
    DURATION,
    common_options,
    folder_options,
    limit_options,
    manifest_option,
    offline_option,
)
from ocrstate.cli.shell.completers import (
    complete_kept_runs,
    complete_manifests_or_plans,
    complete_restorable,
    complete_runs,
)

if TYPE_CHECKING:
    from ocrstate.cli.options import Common
    from ocrstate.work.engines import Engines

# What the commands need beyond click is imported inside them: an engine process is starting meanwhile, and --help
# needs none of it.
# ruff: noqa: PLC0415

_DEFAULT_LOCK_TIMEOUT = 10.0
_DEFAULT_JOBS = 4
_MOST_JOBS = 64

_yes = click.option("-y", "--yes", is_flag=True, help="Do not ask.")
_lock_timeout = click.option(
    "--lock-timeout",
    metavar="SECONDS",
    type=click.FloatRange(min=0),
    default=_DEFAULT_LOCK_TIMEOUT,
    show_default=True,
    help="How long to wait for another run.",
)


@click.command("apply", short_help="Make the store match the manifest, or carry out a saved plan.")
@click.argument(
    "files", metavar="MANIFEST...|PLAN", nargs=-1, required=True, shell_complete=complete_manifests_or_plans
)
@common_options
@_yes
@limit_options
@click.option("--retain", metavar="TIME", type=DURATION, help="Keep removed models restorable, such as 7d or 12h.")
@click.option(
    "--verify/--no-verify",
    default=None,
    help="Read all contents anew / none. Default: all before something goes, otherwise those not read before.",
)
@offline_option
@click.option(
    "-j",
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1, max=_MOST_JOBS),
    default=_DEFAULT_JOBS,
    show_default=True,
    help="How many models to fetch at a time.",
)
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 if there are changes.")
@_lock_timeout
@click.pass_obj
def apply_command(  # noqa: PLR0913 - one parameter an option
    engines: Engines,
    /,
    files: tuple[str, ...],
    *,
    common: Common,
    yes: bool,
    allow_empty: bool,
    allow_missing: bool,
    max_remove: int | None,
    retain: int | None,
    verify: bool | None,
    offline: bool,
    jobs: int,
    detailed_exitcode: bool,
    lock_timeout: float,
) -> int:
    """Make the store match the manifest: show the plan, ask, fetch, remove, and prove it by listing again.

    Of several manifests, the last one extends the others; - is standard input, and then nobody can be asked. With a
    plan that `plan --out` saved: do what it shows, without asking, if the store is still as the plan saw it.

    \b
    Example:
      ocrstate apply models.yml
      ocrstate apply models.yml --yes --max-remove 5 --retain 7d
      ocrstate plan models.yml --out plan.json && ocrstate apply plan.json
    """
    from ocrstate.cli.applying import apply_manifest, apply_plan
    from ocrstate.cli.approval import Approval
    from ocrstate.cli.folder import enter
    from ocrstate.cli.who import command_line
    from ocrstate.cli.work import begin, return_to
    from ocrstate.evidence.diligence import Diligence
    from ocrstate.planning.guards import Consent
    from ocrstate.saved.files import is_saved_plan
    from ocrstate.work.apply import Terms

    consent = Consent(allow_empty=allow_empty, allow_missing=allow_missing, max_remove=max_remove, offline=offline)
    terms = Terms(consent, command_line(), lock_timeout, jobs)
    # what is remembered may show a plan, and must not decide what is removed or replaced
    diligence = {None: Diligence.BEFORE_CHANGES, True: Diligence.EVERYTHING, False: Diligence.DIFFERENCES}[verify]
    enter(common.chdir)
    if any(map(is_saved_plan, files)):
        from ocrstate.work.saving import read_saved

        if len(files) > 1:
            raise click.UsageError("a saved plan is applied alone: name one plan, or one or more manifests")
        if common.store is not None or retain is not None:
            raise click.UsageError("a saved plan has its store, and how long to retain: leave out --store and --retain")
        saved = read_saved(files[0])
        code, changed = apply_plan(return_to(common, saved, engines, diligence), saved, terms)
    else:
        work = begin(common, files, engines, retain, diligence)
        code, changed = apply_manifest(work, terms, Approval.GIVEN if yes else Approval.ASK)
    return Exit.CHANGES if code == Exit.DONE and changed and detailed_exitcode else code


@click.command("restore", short_help="Put back what an earlier run removed.")
@click.argument("words", metavar="[RUN] [NAME]...", nargs=-1, shell_complete=complete_restorable)
@common_options
@manifest_option
@click.option("--overwrite", is_flag=True, help="Where a newer model has the name, put that into quarantine instead.")
@_yes
@_lock_timeout
@click.pass_obj
def restore_command(  # noqa: PLR0913 - one parameter an option
    engines: Engines,
    /,
    words: tuple[str, ...],
    *,
    common: Common,
    manifest: str | None,
    overwrite: bool,
    yes: bool,
    lock_timeout: float,
) -> int:
    """Put back what an earlier run removed, as long as it is kept: of the last run, or of RUN; all, or what is named.

    \b
    Example:
      ocrstate restore
      ocrstate restore 20261121T100200Z-3f9c2a fr_ocr_v1.bin
    """
    from ocrstate.cli.folder import enter
    from ocrstate.cli.undoing import restore_models, site_of
    from ocrstate.work.restore import Wanted

    enter(common.chdir)
    site = site_of(common, manifest, engines)
    return restore_models(site, Wanted.of(words), lock_timeout, overwrite=overwrite, ask=not yes)


@click.command("history", short_help="Show what runs did, and what can be restored.")
@click.argument("run", metavar="[RUN]", required=False, shell_complete=complete_runs)
@folder_options
@manifest_option
@click.pass_obj
def history_command(engines: Engines, /, run: str | None, *, common: Common, manifest: str | None) -> int:
    """Show what earlier runs did to the store: when, what, and until when it can be restored. Changes nothing.

    \b
    Example:
      ocrstate history
      ocrstate history 20261121T100200Z-3f9c2a
    """
    from ocrstate.cli.folder import enter
    from ocrstate.cli.undoing import show_history, site_of

    enter(common.chdir)
    return show_history(site_of(common, manifest, engines), run)


@click.command("recover", short_help="Finish or take back a run that was broken off.")
@folder_options
@manifest_option
@_lock_timeout
@click.pass_obj
def recover_command(engines: Engines, /, *, common: Common, manifest: str | None, lock_timeout: float) -> int:
    """Finish or take back a run that was broken off, and do nothing else. Apply does this first in any case.

    \b
    Example:
      ocrstate recover
    """
    from ocrstate.cli.folder import enter
    from ocrstate.cli.undoing import recover_store, site_of

    enter(common.chdir)
    return recover_store(site_of(common, manifest, engines), lock_timeout)


@click.command("purge", short_help="Delete for good what is kept no longer.")
@click.argument("runs", metavar="[RUN]...", nargs=-1, shell_complete=complete_kept_runs)
@folder_options
@manifest_option
@click.option("--all", "everything", is_flag=True, help="Also what could still be restored.")
@_yes
@_lock_timeout
@click.pass_obj
def purge_command(  # noqa: PLR0913 - one parameter an option
    engines: Engines,
    /,
    runs: tuple[str, ...],
    *,
    common: Common,
    manifest: str | None,
    everything: bool,
    yes: bool,
    lock_timeout: float,
) -> int:
    """Delete for good removed models whose time is up; with RUN or --all also those that could still be restored.

    \b
    Example:
      ocrstate purge
      ocrstate purge --all
    """
    from ocrstate.cli.folder import enter
    from ocrstate.cli.undoing import purge_kept, site_of

    enter(common.chdir)
    return purge_kept(site_of(common, manifest, engines), runs, lock_timeout, everything=everything, ask=not yes)
