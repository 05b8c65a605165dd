"""Snapshot as a person or a script sees it: list, read, write a manifest, and prove that it fits."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

from ocrstate import __version__
from ocrstate.applying.clock import now
from ocrstate.authoring.files import is_regular, write_manifest
from ocrstate.authoring.snapshot import Made, can_name_store, says_the_same, snapshot_of, snapshot_text
from ocrstate.authoring.version_control import is_committed
from ocrstate.cli.contents import read_pins
from ocrstate.cli.exits import Exit
from ocrstate.cli.site import Site
from ocrstate.errors import ManifestError, OcrstateError, RefusedError
from ocrstate.inventory.model import Inventory, UnfinishedRuns
from ocrstate.inventory.which import ExplicitStore
from ocrstate.manifest.desired import ManifestFile
from ocrstate.manifest.files import LARGEST
from ocrstate.manifest.load import load_text
from ocrstate.planning.planner import plan
from ocrstate.render.authoring_documents import snapshot_document
from ocrstate.render.spelling import to_text
from ocrstate.render.warning_words import warning_words
from ocrstate.text.escape import escape
from ocrstate.text.shell import recover_command
from ocrstate.text.units import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocrstate.authoring.snapshot import Snapshot
    from ocrstate.cli.console import Console
    from ocrstate.cli.options import Common
    from ocrstate.work.engines import Engines

_MOST_TOLD = 20


def snapshot(
    common: Common, engines: Engines, output: str | None, may_replace: Callable[[str, bytes], bool], *, digests: bool
) -> int:
    """Write a manifest of what is in the store, and return the exit code."""
    site = Site.named(common, engines)
    inventory = settled_inventory(site)
    made = snapshot_of(inventory.scan)
    contents = read_pins(site, inventory.scan, made.models) if digests else {}
    path = inventory.scan.store.path
    text = snapshot_text(made, contents, how_made(path, name_for(site, path)))
    prove(text, inventory)
    tell_left(site.console, made)
    written = None if output is None else _write(output, text, inventory, may_replace)
    if common.as_json:
        site.console.answer(to_text(snapshot_document(inventory.scan.store.path, made, text, written)))
    elif output is None:
        site.console.hand_out(text.encode())
    elif written is None:
        site.console.answer_prose(f"{escape(output)} says the same already; it was left as it is.\n")
    else:
        site.console.answer_prose(f"Wrote {escape(output)}: {counted(len(made.models), 'model')}.\n")
    return Exit.DONE


def may_replace_committed(real_path: str, content: bytes) -> bool:
    """Let a file make way whose content git has."""
    return is_committed(real_path, content)


def may_replace_all(_real_path: str, _content: bytes) -> bool:
    """Let any file make way."""
    return True


def name_for(site: Site, path: str) -> str | None:
    """Return what a manifest is to say of where the store is; nothing if that is the engine's own, or cannot be said.

    Args:
        site: where the command works.
        path: of the store, as it is to be written.
    """
    if not isinstance(site.which, ExplicitStore):
        return None
    if can_name_store(path):
        return path
    site.console.warn(f"no manifest can say that the store is {escape(path)}: name it with --store each time")
    return None


def how_made(store: str, named: str | None) -> Made:
    """Say how a manifest comes about that is made now and here."""
    return Made(store, named, socket.gethostname(), now(), __version__)


def settled_inventory(site: Site) -> Inventory:
    """Take an inventory to write a manifest from, and tell what is odd about it.

    Raises:
        RefusedError: a run is half-way, so that the store is not what it is going to be.
    """
    inventory = site.inventory(lambda: None)
    for warning in inventory.warnings:
        if isinstance(warning, UnfinishedRuns):
            raise RefusedError(
                "run-unfinished",
                f"no manifest was made: {warning_words(warning)[1]}",
                f"run {recover_command(inventory.scan.store.path)} first, then run this again",
            )
        site.console.warn(warning_words(warning)[1])
    return inventory


def tell_left(console: Console, made: Snapshot) -> None:
    """Tell what is not listed, and why."""
    for each in made.left[:_MOST_TOLD]:
        console.warn(f"{escape(each.name)} is not listed, but put under `ignore`: {each.reason}")
    if len(made.left) > _MOST_TOLD:
        console.warn(f"{len(made.left) - _MOST_TOLD:,} more are not listed; the manifest says which and why")
    for name in made.links:
        console.warn(f"{escape(name)} is a link to a folder: what is behind it is listed, as the engine sees it")


def prove(text: str, inventory: Inventory) -> None:
    """Make sure that the manifest can be loaded and that a plan with it finds nothing to change.

    Raises:
        OcrstateError: it is larger than any that is read, or does not fit: our bug.
    """
    if len(text.encode()) > LARGEST:
        raise OcrstateError(
            "snapshot-too-large",
            f"a manifest of these models would be larger than the {LARGEST // 1024**2} MiB that are read",
            "try it without digests",
        )
    try:
        desired = load_text([ManifestFile("manifest.yml", (0, 0), "", text)])
    except ManifestError as error:
        raise _inconsistent(error.message) from error
    if not plan(desired, inventory).in_sync:
        raise _inconsistent("a plan with it would find something to change")


def _inconsistent(reason: str) -> OcrstateError:
    return OcrstateError(
        "snapshot-inconsistent",
        f"no manifest of this store could be made: {reason}",
        "nothing was written; please report this",
    )


def _write(output: str, text: str, inventory: Inventory, may_replace: Callable[[str, bytes], bool]) -> str | None:
    """Write the manifest to a file that does not say the same already; return its path if it was written."""
    if is_regular(output) and _says_the_same(output, text):
        return None
    wrote = write_manifest(output, text, inventory.scan.store.real_path, may_replace)
    return os.path.abspath(output) if wrote else None


def _says_the_same(path: str, text: str) -> bool:
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return says_the_same(file.read(), text)
    except (OSError, ValueError):
        return False  # whoever writes it tells what is wrong
