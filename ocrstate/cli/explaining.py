"""The command that explains what happens to one name, and why."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from ocrstate.cli.exits import Exit
from ocrstate.cli.options import common_options, verify_option

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


@click.command("why", short_help="Explain what happens to one name, and why.")
@click.argument("words", metavar="MANIFEST... NAME", nargs=-1, required=True)
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
    from ocrstate.cli.work import begin_with
    from ocrstate.evidence.diligence import Diligence
    from ocrstate.manifest.load import read
    from ocrstate.manifest.places import Places
    from ocrstate.planning.why import explain
    from ocrstate.store.scan import text_name

    *manifests, written = words
    if not manifests:
        raise click.UsageError("say which manifest and which name: MANIFEST... NAME")
    enter(common.chdir)
    unchecked = read(*manifests)
    work = begin_with(common, unchecked, engines, diligence=Diligence.UNKNOWN if verify else Diligence.MEMORY)
    plan, basis = work.planned()
    name = text_name(written)
    why = explain(_spellings(name, plan, basis), plan, basis, Places(unchecked.parts))
    if why is None:
        raise _unknown(name, plan, basis)
    _show(work, why, plan)
    return Exit.DONE


def _spellings(name: str, plan: Plan, basis: Basis) -> tuple[str, ...]:
    """Return what a name may be meant to be: itself, what is shown so, or what is at that path."""
    from ocrstate.planning.fates import known_names
    from ocrstate.text.escape import escape

    known = known_names(basis)
    if name in known:
        return (name,)
    path = os.path.abspath(name)
    stores = (f"{store}{os.sep}" for store in (plan.store.path, plan.store.real_path))
    inside = next((path.removeprefix(store) for store in stores if path.startswith(store)), name.rstrip("/"))
    return (name, *(each for each in known if escape(each) == name), inside)


def _unknown(name: str, plan: Plan, basis: Basis) -> OcrstateError:
    from ocrstate.errors import OcrstateError
    from ocrstate.planning.why import likely_names
    from ocrstate.render.near_words import meant_words
    from ocrstate.render.words import manifest_words
    from ocrstate.text.escape import escape

    near = likely_names(name, basis)
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
