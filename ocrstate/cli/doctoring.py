"""The command that looks at everything that could be wrong on a host, and changes nothing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from ocrstate.cli.exits import Exit
from ocrstate.cli.options import common_options
from ocrstate.cli.shell.completers import complete_manifests

if TYPE_CHECKING:
    from ocrstate.cli.console import Console
    from ocrstate.cli.options import Common
    from ocrstate.doctor.choice import Choice
    from ocrstate.doctor.model import Findings
    from ocrstate.inventory.which import WhichStore
    from ocrstate.manifest.load import UncheckedManifest
    from ocrstate.manifest.problems import Problem
    from ocrstate.render.doctor_report import PrivateWords
    from ocrstate.watch import Watch
    from ocrstate.work.engines import Engines

# What the command needs beyond click is imported inside: --help needs none of it.
# ruff: noqa: PLC0415


@click.command("doctor", short_help="Look at all that could be wrong on this host.")
@click.argument("manifests", metavar="[MANIFEST...]", nargs=-1, shell_complete=complete_manifests)
@common_options
@click.option("--report", is_flag=True, help="Write a text to paste into an issue: all facts, no names of people.")
@click.pass_obj
def doctor_command(engines: Engines, /, manifests: tuple[str, ...], *, common: Common, report: bool) -> int:
    """Look at the engine, the system, the store and ocrstate itself: what is well, what is not, and what helps.

    Changes nothing. The engine is tried on a file in a folder made for it, never on the store. A manifest is checked,
    and says where the store is; of several, the last one extends the others. Exits with 0 if nothing failed, whatever
    is warned of, and with 1 if something did. -v shows the facts behind each line.

    \b
    Example:
      ocrstate doctor models.yml
      ocrstate doctor --json | jq '.checks[] | select(.status != "ok")'
      ocrstate doctor models.yml --report > report.md
    """
    from ocrstate.cli.console import Console
    from ocrstate.cli.watching import Watching
    from ocrstate.doctor.model import tally

    if report and common.as_json:
        raise click.UsageError("--report is a text, so --json has no say in it; give one of the two")
    console = Console(common.color)
    found = _examine(common, manifests, engines, Watching(console, quiet=common.quiet))
    console.answer(_drawn(found, common, console, report=report))
    return Exit.ERROR if tally(found).fail else Exit.DONE


def _examine(common: Common, manifests: tuple[str, ...], engines: Engines, watch: Watch) -> Findings:
    from ocrstate.doctor.examine import (
        examine_engine,
        examine_store,
        examine_system,
        examine_tool,
        examine_upkeep,
        without_engine,
    )
    from ocrstate.inventory.which import folder_of

    choice, which = _choose(common, manifests)
    path = None if which is None else folder_of(which)
    store = () if which is None else examine_store(which)
    upkeep = () if path is None else examine_upkeep(path, store)
    if common.inventory == "directory":
        engine = without_engine()
    else:
        with watch.waiting("Trying the engine"):
            engine = examine_engine(engines.ask, path, common.engine_timeout, must_list=common.inventory == "engine")
    return (*engine, *examine_system(), *choice, *store, *upkeep, *examine_tool())


def _choose(common: Common, manifests: tuple[str, ...]) -> tuple[Findings, WhichStore | None]:
    """Check the manifest, and find out which store is meant; `None` where that cannot be known."""
    from functools import partial
    from math import inf

    from ocrstate.cli.folder import enter
    from ocrstate.doctor.choice import CHOICE, MANIFEST, WORKING_FOLDER, judge_choice, judge_manifest
    from ocrstate.doctor.looked import PATIENCE, looked
    from ocrstate.manifest.part import STDIN

    entered = looked(WORKING_FOLDER, lambda: enter(common.chdir), lambda _: ())
    if entered:
        return entered, None
    read: list[UncheckedManifest] = []
    manifest: Findings = ()
    if manifests:
        patience = inf if STDIN in manifests else PATIENCE  # somebody may be typing
        judge = partial(judge_manifest, manifests)
        manifest = looked(MANIFEST, lambda: _check(manifests, read), judge, patience)
    if manifests and not read and common.store is None:
        return (*manifest, *judge_choice(None)), None
    chosen: list[WhichStore] = []
    choice = looked(CHOICE, lambda: _which(common, read, chosen), judge_choice)
    return (*manifest, *choice), chosen[0] if chosen else None


def _check(manifests: tuple[str, ...], read: list[UncheckedManifest]) -> int | tuple[Problem, ...]:
    """Return how many models the manifest lists, or what is wrong with it; where it is YAML, it is in ``read`` then."""
    from ocrstate.manifest import load
    from ocrstate.manifest.problems import InvalidManifestError

    try:
        read.append(load.read(*manifests))
        return len(read[0].check().models)
    except InvalidManifestError as error:
        return error.problems


def _which(common: Common, read: list[UncheckedManifest], chosen: list[WhichStore]) -> Choice:
    from ocrstate.cli.site import which_store
    from ocrstate.doctor.choice import Choice, NamedBy
    from ocrstate.inventory.which import ExplicitStore, folder_of, is_in_data_folder, passed_over

    which = which_store(common, read[0] if read else None)
    chosen.append(which)
    path = folder_of(which)
    if common.store is not None:
        return Choice(path, NamedBy.OPTION)
    if isinstance(which, ExplicitStore):
        return Choice(path, NamedBy.MANIFEST)
    return Choice(path, NamedBy.DATA_FOLDER if is_in_data_folder(which) else NamedBy.ENGINE, passed_over(which))


def _drawn(found: Findings, common: Common, console: Console, *, report: bool) -> str:
    if common.as_json:
        from ocrstate.render.doctor_document import doctor_document
        from ocrstate.render.spelling import to_text

        return to_text(doctor_document(found))
    if report:
        from ocrstate.render.doctor_report import render_report

        return render_report(found, _private_words())
    from ocrstate.render.doctor_text import render_findings

    return render_findings(found, console.look(common.detail))


def _private_words() -> PrivateWords:
    from ocrstate.cli.who import whoami
    from ocrstate.render.doctor_report import PrivateWords
    from ocrstate.store.homes import home_folders

    who = whoami()
    users = {who.user.partition(" ")[0], *(os.environ.get(name, "") for name in ("USER", "LOGNAME", "SUDO_USER"))}
    hosts = {who.host, who.host.partition(".")[0]}
    return PrivateWords(home_folders(), tuple(sorted(users - {""})), tuple(sorted(hosts - {""}, key=len, reverse=True)))
