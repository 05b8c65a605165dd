"""Lock as a person or a script sees it: read the models, show the difference, ask, write."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from ocrstate.authoring.files import is_same_file, replace_manifest, write_manifest
from ocrstate.authoring.locked import locked_text, written_models
from ocrstate.authoring.pins import ByName, Locking, Selection, locking, selected
from ocrstate.authoring.version_control import is_committed
from ocrstate.cli.contents import all_entries, read_pins
from ocrstate.cli.exits import Exit
from ocrstate.cli.site import Site, which_store
from ocrstate.errors import RefusedError, StoreError, assert_never
from ocrstate.inventory.model import UnfinishedRuns
from ocrstate.inventory.take import InventoryMode, take_from_folder
from ocrstate.manifest.load import load_text, read
from ocrstate.manifest.merge import UNPINNED
from ocrstate.manifest.part import STDIN
from ocrstate.render.authoring_documents import lock_document
from ocrstate.render.lock_text import closing_line, missing_words, render_contradictions, render_diff
from ocrstate.render.spelling import to_text
from ocrstate.render.warning_words import warning_words
from ocrstate.text.escape import escape

if TYPE_CHECKING:
    from ocrstate.cli.console import Console
    from ocrstate.cli.options import Common
    from ocrstate.manifest.desired import Desired
    from ocrstate.manifest.load import UncheckedManifest
    from ocrstate.store.model import Scan
    from ocrstate.work.engines import Engines


_TOLERATED = frozenset({UNPINNED})


@dataclass(frozen=True, slots=True)
class InPlace:
    """Into the manifest itself."""


@dataclass(frozen=True, slots=True)
class ToStdout:
    """To standard output; the difference goes to standard error."""


@dataclass(frozen=True, slots=True)
class ToFile:
    """Into another file."""

    path: str


@dataclass(frozen=True, slots=True)
class Nowhere:
    """It is only to be told whether something would change."""


Destination = InPlace | ToStdout | ToFile | Nowhere


def destination(manifest: str, output: str | None, *, check: bool) -> Destination:
    """Find out where to write, from the options."""
    if check:
        return Nowhere()
    match output:
        case None:
            return InPlace()
        case "-":
            return ToStdout()
        case _:
            return InPlace() if manifest != STDIN and is_same_file(output, manifest) else ToFile(output)


def _loaded(path: str) -> tuple[UncheckedManifest, Desired]:
    """Load a manifest that may still lack the digests that only this command can give it.

    Raises:
        ManifestError: it cannot be read, or is not valid otherwise.
    """
    unchecked = read(path)
    return unchecked, unchecked.check(_TOLERATED)


def _check(desired: Desired, text: str) -> Desired:
    """Check another text in the manifest's place.

    Raises:
        InvalidManifestError: it is not valid.
    """
    *bases, itself = desired.files
    return load_text([*bases, replace(itself, text=text)], _TOLERATED)


@dataclass(frozen=True, slots=True)
class Lock:
    """One command's manifest, and what it finds.

    Attributes:
        path: the manifest's path as the user wrote it.
        before, after: what the manifest says, and what it is to say.
    """

    site: Site
    path: str
    desired: Desired
    scan: Scan
    found: Locking
    before: str
    after: str


def prepare(common: Common, manifest: str, engines: Engines, selection: Selection) -> Lock:
    """Find out what is to be written; nothing is, yet.

    Raises:
        ManifestError: the manifest is not valid, does not list a name, or cannot be edited.
        StoreError: a model cannot be read, or a named one is not there.
    """
    unchecked, desired = _loaded(manifest)
    before = desired.files[-1].text
    site = Site.of(common, engines, which_store(common, unchecked), InventoryMode.DIRECTORY)
    models = selected(written_models(before), desired, selection, site.path)
    inventory = take_from_folder(site.which)
    for warning in inventory.warnings:
        if isinstance(warning, UnfinishedRuns):  # what is odd about other names is not the question here
            site.console.warn(warning_words(warning)[1])
    scan = inventory.scan
    names = {model.name for model in models}
    entries = [entry for entry in all_entries(scan) if entry.name in names and entry.content is not None]
    if isinstance(selection, ByName):
        _refuse_missing(names - {entry.name for entry in entries}, scan)
    found = locking(models, read_pins(site, scan, entries), selection)
    after = locked_text(manifest, before, found.pins, partial(_check, desired))
    return Lock(site, manifest, desired, scan, found, before, after)


def lock(work: Lock, goal: Destination, *, ask: bool) -> int:
    """Write digests and sizes where they are wanted, and return the exit code."""
    writes = bool(work.found.pinned) and not isinstance(goal, ToStdout | Nowhere)
    will_ask = ask and writes and work.site.console.can_ask
    _tell(work, goal, will_ask=will_ask)
    if will_ask:
        _ask(work.site.console)
    written = _write(work, goal)
    _tell_end(work, goal, written)
    if work.found.is_complete and not (isinstance(goal, Nowhere) and work.found.pinned):
        return Exit.DONE
    return Exit.CHANGES


def _refuse_missing(missing: set[str], scan: Scan) -> None:
    if missing:
        raise StoreError(
            "model-missing",
            f"nothing was locked: {missing_words(sorted(missing))} ({escape(scan.store.path)})",
            "put the models in place, or leave these names out",
        )


def _tell(work: Lock, goal: Destination, *, will_ask: bool) -> None:
    """Show what changes where the answer goes, and to a person who is going to be asked wherever that is."""
    console, found = work.site.console, work.found
    is_answer = not (work.site.common.as_json or work.site.common.quiet or isinstance(goal, ToStdout))
    if found.pinned and is_answer:
        console.answer(render_diff(work.path, work.before, work.after, console.paint()))
    to_be_told = isinstance(goal, ToStdout) and not work.site.common.quiet
    if found.pinned and (to_be_told or (will_ask and not (is_answer and console.is_seen))):
        console.tell(render_diff(work.path, work.before, work.after, console.paint(for_stderr=True)))
    console.tell_prose(render_contradictions(found, console.paint(for_stderr=True)), indent=4)
    if found.missing:
        console.warn(missing_words(found.missing))


def _ask(console: Console) -> None:
    if console.reader_left:
        raise RefusedError(
            "not-confirmed",
            "not confirmed: the difference could not be shown, because whatever reads standard output has ended",
            "let it read all of it, or write unseen with --yes",
        )
    if console.ask("Write this? Only 'yes' is accepted: ") != "yes":
        raise RefusedError("not-confirmed", "not confirmed: nothing was written", "answer yes to write it")


def _write(work: Lock, goal: Destination) -> str | None:
    """Write the manifest where it is wanted; return the file that was written."""
    match goal:
        case InPlace() if work.found.pinned:
            replace_manifest(work.desired.path, work.before, work.after)
            return work.desired.path
        case ToStdout():
            work.site.console.hand_out(work.after.encode())
            return None
        case ToFile(path):
            wrote = write_manifest(path, work.after, work.scan.store.real_path, is_committed)
            return os.path.abspath(path) if wrote else None
        case InPlace() | Nowhere():
            return None
        case _:
            assert_never(goal)


def _place(work: Lock, goal: Destination) -> str | None:
    match goal:
        case InPlace():
            return work.path
        case ToStdout():
            return "the copy on standard output"
        case ToFile(path):
            return path
        case Nowhere():
            return None
        case _:
            assert_never(goal)


def _tell_end(work: Lock, goal: Destination, written: str | None) -> None:
    console = work.site.console
    if work.site.common.as_json:
        document = lock_document(work.desired.path, work.scan.store.path, work.found, written)
        console.answer(to_text(document))
        return
    line = closing_line(work.path, work.found, len(work.desired.models), _place(work, goal))
    (console.tell_prose if isinstance(goal, ToStdout) else console.answer_prose)(line)
