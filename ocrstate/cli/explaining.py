"""The command that explains what happens to one name, and why."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from ocrstate.cli.exits import Exit
from ocrstate.cli.options import common_options, verify_option
from ocrstate.cli.shell.completers import complete_manifests_and_name

if TYPE_CHECKING:
    from ocrstate.cli.options import Common
    from ocrstate.cli.site import Site
    from ocrstate.errors import OcrstateError
    from ocrstate.planning.evidence import Basis
    from ocrstate.planning.model import Plan
    from ocrstate.planning.why import Why
    from ocrstate.work.engines import Engines
    from ocrstate.work.work import Work

# What the command needs beyond click is imported inside: an engine process is starting meanwhile, and --help needs none
# of it.
# ruff: noqa: PLC0415

_USUAL_MANIFEST = "models.yml"  # what init calls it


@click.command("why", short_help="Explain what happens to one name, and why.")
@click.argument(
    "words", metavar="MANIFEST... NAME", nargs=-1, required=True, shell_complete=complete_manifests_and_name
)
@common_options
@verify_option
@click.pass_obj
def why_command(engines: Engines, /, words: tuple[str, ...], *, common: Common, verify: bool) -> int:
    """Explain what plan has in store for NAME: what decides it, where that is written, and what to write to change it.

    NAME is a model's as plan shows it, or the path of a file in the store. Of several manifests, the last one extends
    the others.

    \b
    Example:
      ocrstate why models.yml old_en.bin
      ocrstate why base.yml host.yml fr.bin --json | jq .decided_by
    """
    from ocrstate.cli.folder import enter
    from ocrstate.cli.naming import is_too_deep
    from ocrstate.cli.work import begin_with
    from ocrstate.evidence.diligence import Diligence
    from ocrstate.manifest.load import read
    from ocrstate.manifest.places import Places
    from ocrstate.planning.why import explain
    from ocrstate.store.scan import text_name

    *manifests, written = words
    enter(common.chdir)
    if not manifests:
        raise click.UsageError(f"say which manifest and which name: {_likely_command(common, written)}")
    unchecked = read(*manifests)
    work = begin_with(common, unchecked, engines, diligence=Diligence.UNKNOWN if verify else Diligence.MEMORY)
    plan, basis = work.planned()
    name = text_name(written)
    spellings = _spellings(name, plan, basis)
    lies_deep = is_too_deep(plan.store.path, spellings[-1])
    why = explain(spellings, plan, basis, Places(unchecked.parts), lies_deep=lies_deep)
    if why is None:
        raise _unknown(name, spellings[-1], plan, basis)
    _show(work, why, plan)
    return Exit.DONE


def _likely_command(common: Common, word: str) -> str:
    """Return the command that may be meant by one word: with the manifest that lies in the folder."""
    from ocrstate.text.shell import shell_word

    there = [name for name in os.listdir() if name.endswith((".yml", ".yaml")) and os.path.isfile(name)]
    likely = [name for name in there if len(there) == 1 or name == _USUAL_MANIFEST]
    if not likely or os.path.isfile(word):
        return "MANIFEST... NAME"
    folder = "" if common.chdir == "." else f"-C {shell_word(common.chdir)} "
    end = "-- " if word.startswith("-") else ""
    return f"ocrstate why {folder}{shell_word(likely[0])} {end}{shell_word(word)}"


def _spellings(name: str, plan: Plan, basis: Basis) -> tuple[str, ...]:
    """Return what a name may be meant to be: itself, what is shown so, or what is at that path."""
    from ocrstate.cli.naming import in_store, shown_so
    from ocrstate.planning.fates import known_names

    known = known_names(basis)
    return (name,) if name in known else (name, *shown_so(name, known), in_store(name, plan.store))


def _unknown(name: str, inside: str, plan: Plan, basis: Basis) -> OcrstateError:
    from ocrstate.cli.naming import outside, removed
    from ocrstate.errors import OcrstateError
    from ocrstate.names import leads_astray
    from ocrstate.planning.why import likely_names
    from ocrstate.render.near_words import meant_words
    from ocrstate.render.words import manifest_words
    from ocrstate.text.escape import escape

    if leads_astray(inside):
        return outside(name)
    gone = removed(plan.store.path, inside)
    if gone is not None:
        return gone
    near = likely_names(inside, basis)
    manifests = manifest_words(plan.manifest_path, [base.path for base in plan.extends])
    return OcrstateError(
        "name-unknown",
        f"{escape(name)} is neither in the store {escape(plan.store.path)} nor listed in {manifests}",
        meant_words(near) if near else "ocrstate plan -v shows all names that are",
    )


def _show(work: Work[Site], why: Why, plan: Plan) -> None:
    from ocrstate.planning.changes import Fetch, Remove, Replace
    from ocrstate.planning.fates import BehindLink

    change = why.fate.fate if isinstance(why.fate, BehindLink) else why.fate
    refused = work.refusals(plan) if isinstance(change, Fetch | Remove | Replace) else ()
    if work.site.common.as_json:
        from ocrstate.render.spelling import to_text
        from ocrstate.render.why_document import why_document

        work.site.console.answer(to_text(why_document(why, plan, refused)))
        return
    from ocrstate.render.why_text import render_why

    work.site.console.answer(
        render_why(why, refused, plan.inventory_warnings, work.site.console.look(work.site.common.detail))
    )
