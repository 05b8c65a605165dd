"""The commands that write manifests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ocrstate.cli.options import common_options, folder_options
from ocrstate.cli.shell.completers import complete_files, complete_listed_names, complete_manifests

if TYPE_CHECKING:
    from ocrstate.cli.options import Common
    from ocrstate.work.engines import Engines

# What the commands need beyond click is imported inside them: an engine process is starting meanwhile, and --help
# needs none of it.
# ruff: noqa: PLC0415


@click.command("init", short_help="Write a first manifest, with comments.")
@click.argument("file", metavar="[FILE]", default="models.yml", shell_complete=complete_files)
@common_options
@click.option("--digests", is_flag=True, help="Read all models, and write down what they contain.")
@click.option("--no-schema", is_flag=True, help="Write no manifest.schema.json, for editors, beside the manifest.")
@click.pass_obj
def init_command(engines: Engines, /, file: str, *, common: Common, digests: bool, no_schema: bool) -> int:
    """Write a first manifest of what is in the store, with comments that say what else can be written.

    FILE is models.yml unless another is named; - is standard output. What is there already stays as it is. Names and
    sizes are written; a plan with them changes nothing. Without a store, the manifest holds examples.

    \b
    Example:
      ocrstate init
      ocrstate init --store /srv/models /etc/ocr/models.yml
    """
    from ocrstate.cli.folder import enter
    from ocrstate.cli.initializing import Goal, init

    enter(common.chdir)
    path = None if file == "-" else file
    return init(common, engines, Goal(path, has_schema=path is not None and not no_schema, has_digests=digests))


@click.command("lock", short_help="Write digests and sizes from the store into a manifest.")
@click.argument("manifest", metavar="MANIFEST", shell_complete=complete_manifests)
@click.argument("names", metavar="[NAME]...", nargs=-1, shell_complete=complete_listed_names)
@folder_options
@click.option("--all", "everything", is_flag=True, help="All listed models, also those that have a digest.")
@click.option("--check", is_flag=True, help="Write nothing; exit 2 if something would change.")
@click.option(
    "--output",
    metavar="FILE",
    shell_complete=complete_files,
    help="Write the whole manifest to FILE instead (- is standard output).",
)
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def lock_command(  # noqa: PLR0913 - one parameter an option
    engines: Engines,
    /,
    manifest: str,
    names: tuple[str, ...],
    *,
    common: Common,
    everything: bool,
    check: bool,
    output: str | None,
    yes: bool,
) -> int:
    """Write sha256 and size of models into their manifest entries, from what is in the store.

    Without NAME and --all: of the models that lack one of them; what is there is not updated. Everything else in the
    manifest stays as it is written. The difference is shown first; at a terminal, you are asked.

    \b
    Example:
      ocrstate lock models.yml
      ocrstate lock models.yml fr_ocr_v2.bin
      ocrstate lock models.yml --all --check
    """
    from ocrstate.authoring.pins import ByName, Everything, Selection, WhatLacks
    from ocrstate.cli.folder import enter
    from ocrstate.cli.locking import destination, lock, prepare
    from ocrstate.manifest.part import STDIN

    if names and everything:
        raise click.UsageError("name models, or take --all of them")
    if check and output is not None:
        raise click.UsageError("--check writes nothing: leave out --output")
    if manifest == STDIN and output is None and not check:
        raise click.UsageError(
            "nothing can be written into standard input: say where with --output FILE, or --output -"
        )
    if common.as_json and output == "-":
        raise click.UsageError("--json answers on standard output: name a file with --output")
    enter(common.chdir)
    selection: Selection = ByName(names) if names else Everything() if everything else WhatLacks()
    work = prepare(common, manifest, engines, selection)
    return lock(work, destination(manifest, output, check=check), ask=not yes)


@click.command("snapshot", short_help="Write a manifest of what is in the store.")
@common_options
@click.option(
    "--output", metavar="FILE", shell_complete=complete_files, help="Write to FILE instead of standard output."
)
@click.option("--overwrite", is_flag=True, help="Replace FILE even if git could not bring it back.")
@click.option("--no-digests", is_flag=True, help="Names and sizes only; no model is read.")
@click.pass_obj
def snapshot_command(
    engines: Engines, /, *, common: Common, output: str | None, overwrite: bool, no_digests: bool
) -> int:
    """Write a complete manifest of what is in the store: names, sizes and digests. A plan with it changes nothing.

    \b
    Example:
      ocrstate snapshot > models.yml
      ocrstate snapshot --store /srv/models --output models.yml
    """
    from ocrstate.cli.folder import enter
    from ocrstate.cli.snapshotting import may_replace_all, may_replace_committed, snapshot

    enter(common.chdir)
    may_replace = may_replace_all if overwrite else may_replace_committed
    return snapshot(common, engines, None if output == "-" else output, may_replace, digests=not no_digests)
