"""The command that compares the content of models with the manifest, offline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ocrstate.cli.exits import Exit
from ocrstate.cli.options import folder_options, manifests_argument

if TYPE_CHECKING:
    from ocrstate.cli.console import Console
    from ocrstate.cli.options import Common
    from ocrstate.planning.verification import Verification

# What the command needs beyond click is imported inside: --help needs none of it.
# ruff: noqa: PLC0415


@click.command("verify", short_help="Compare the content of all listed models, offline.")
@manifests_argument
@folder_options
@click.option("--no-cache", is_flag=True, help="Read all, also what was read before and has not changed since.")
def verify_command(manifests: tuple[str, ...], *, common: Common, no_cache: bool) -> int:
    """Compare size and SHA-256 of every listed model with the manifest; change nothing, ask no engine and no network.

    Exits with 0 if all that is pinned is as declared, 2 if something differs or is missing, 1 if something could not
    be read to its end. Of several manifests, the last one extends the others; - is standard input.

    \b
    Example:
      ocrstate verify models.yml
      ocrstate verify models.yml --json | jq '.models[].verdict'
    """
    from ocrstate.cli.console import Console
    from ocrstate.cli.folder import enter
    from ocrstate.cli.site import which_store
    from ocrstate.cli.watching import Watching
    from ocrstate.inventory.take import take_from_folder
    from ocrstate.manifest.load import read
    from ocrstate.work.verify import verify_contents

    enter(common.chdir)
    console = Console(common.color)
    unchecked = read(*manifests)
    desired = unchecked.check()
    inventory = take_from_folder(which_store(common, unchecked))
    watch = Watching(console, quiet=common.quiet)
    verification = verify_contents(desired, inventory, watch, believe=not no_cache)
    console.answer(_drawn(verification, common, console))
    return _code(verification)


def _drawn(verification: Verification, common: Common, console: Console) -> str:
    if common.as_json:
        from ocrstate.render.spelling import to_text
        from ocrstate.render.verify_document import verification_document

        return to_text(verification_document(verification))
    from ocrstate.render.verify_text import render_verification

    return render_verification(verification, console.look(common.detail))


def _code(verification: Verification) -> int:
    if not verification.is_complete:
        return Exit.ERROR
    return Exit.DONE if verification.is_as_declared else Exit.CHANGES
