"""The command that says where a model is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from ocrstate.cli.exits import Exit
from ocrstate.cli.options import folder_options, manifest_option
from ocrstate.cli.shell.completers import complete_stored_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.cli.options import Common
    from ocrstate.cli.site import Site
    from ocrstate.errors import StoreError
    from ocrstate.store.model import Scan
    from ocrstate.work.engines import Engines

# What the command needs beyond click is imported inside it: --help needs none of it.
# ruff: noqa: PLC0415


@click.command("path", short_help="Print the path of a model, or of the store.")
@click.argument("name", metavar="[NAME]", required=False, shell_complete=complete_stored_names)
@folder_options
@manifest_option
@click.option("-0", "--null", is_flag=True, help="End it with NUL instead of a line end: for xargs -0.")
@click.pass_obj
def path_command(engines: Engines, /, name: str | None, *, common: Common, manifest: str | None, null: bool) -> int:
    """Print the absolute path of a model, or of the store without NAME; exit with 1 if it is not there.

    Asks no engine.

    \b
    Example:
      cp "$(ocrstate path fr_ocr_v2.bin)" /mnt/backup/
      cd "$(ocrstate path)"
    """
    from ocrstate.cli.folder import enter
    from ocrstate.cli.undoing import site_of

    if common.as_json and null:
        raise click.UsageError("print a path, or a document: leave out --json or --null")
    enter(common.chdir)
    site = site_of(common, manifest, engines)
    if name is None:
        _answer(site, _existing(site), None, null=null)
    else:
        from ocrstate.store.scan import text_name

        _answer(site, *_found(site, text_name(name)), null=null)
    return Exit.DONE


def _existing(site: Site) -> str:
    """Return the path of a store that is there.

    Raises:
        StoreError: it is not, or cannot be read.
    """
    with site.opened() as (store, _):
        return store.path


def _found(site: Site, name: str) -> tuple[str, str]:
    """Return the paths of the store and, in it, of a model that is there.

    Raises:
        RefusedError: the name leads out of the store, or to where no model can be.
        StoreError: there is no such model.
    """
    from ocrstate.cli.contents import all_entries
    from ocrstate.cli.naming import outside, shown_so
    from ocrstate.inventory.take import take_from_folder
    from ocrstate.names import is_reserved, leads_astray, leads_into_store

    leaf = name.rpartition("/")[2]
    if leads_astray(name) or is_reserved(name) or not leads_into_store(leaf):
        raise outside(name)
    scan = take_from_folder(site.which).scan
    names = [entry.name for entry in all_entries(scan)]
    spelled = shown_so(name, names)
    if not spelled:
        raise _missing(name, names, scan)
    return scan.store.path, spelled[0]


def _missing(name: str, names: Sequence[str], scan: Scan) -> StoreError:
    """Say why a name is no model's."""
    from ocrstate.cli.naming import is_too_deep, removed
    from ocrstate.errors import StoreError
    from ocrstate.planning.near_names import near_names
    from ocrstate.render.near_words import meant_words
    from ocrstate.text.escape import escape
    from ocrstate.text.shell import command

    shown, store = escape(name), escape(scan.store.path)
    if is_too_deep(scan.store.path, name):
        return StoreError(
            "model-too-deep",
            f"{shown} lies too deep in the store {store}: the engine looks no deeper than one sub-folder",
            "move it up, into the store or an immediate sub-folder",
        )
    if name in {*(folder.name for folder in scan.folders), *(link.entry.name for link in scan.folder_links)}:
        words = f"{shown} is a folder in the store {store}, and no model"
        return StoreError("name-of-a-folder", words, f"{command(scan.store.path, 'list')} shows the models in it")
    near = near_names([name], names).get(name, ())
    meant = f"; {meant_words(near)}" if near else ""
    words = f"{shown} is not in the store {store}{meant}"
    hint = f"{command(scan.store.path, 'list')} shows what is there"
    return removed(scan.store.path, name) or StoreError("model-missing", words, hint)


def _answer(site: Site, store_path: str, name: str | None, *, null: bool) -> None:
    if site.common.as_json:
        from ocrstate.render.list_document import path_document
        from ocrstate.render.spelling import to_text

        site.console.answer(to_text(path_document(store_path, name)))
        return
    from ocrstate.store.scan import native_bytes

    path = os.fsencode(store_path) if name is None else native_bytes(name, store_path)
    site.console.hand_out(path + (b"\0" if null else b"\n"))
