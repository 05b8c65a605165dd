"""Init as a person or a script sees it: a first manifest, and what to do with it."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocrstate.authoring.files import create_file, in_store
from ocrstate.authoring.first_manifest import First, SchemaFile, Written, first_text
from ocrstate.authoring.snapshot import SCHEMA_FILE, snapshot_of
from ocrstate.cli.contents import read_pins
from ocrstate.cli.exits import Exit
from ocrstate.cli.site import Site
from ocrstate.cli.snapshotting import how_made, name_for, prove, settled_inventory, tell_left
from ocrstate.errors import OutputError, RefusedError, StoreError
from ocrstate.inventory.take import InventoryMode
from ocrstate.inventory.which import EngineStore, ExplicitStore, is_in_data_folder, passed_over
from ocrstate.render.authoring_documents import init_document
from ocrstate.render.init_text import render_init, written_line
from ocrstate.render.spelling import to_text
from ocrstate.schemas import schema_text
from ocrstate.store.location import place_outside, store_around
from ocrstate.store.opened import open_store
from ocrstate.text.escape import escape
from ocrstate.text.shell import shell_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.authoring.first_manifest import Step
    from ocrstate.authoring.snapshot import Made
    from ocrstate.cli.options import Common
    from ocrstate.work.engines import Engines

_UNNAMED = "models.yml"  # where the manifest went to standard output


@dataclass(frozen=True, slots=True)
class Goal:
    """Where a first manifest goes, and what it is to say.

    Attributes:
        path: as the user wrote it; `None` for standard output.
        has_schema: whether the schema for editors goes beside it.
        has_digests: whether it says what the models contain.
    """

    path: str | None
    has_schema: bool
    has_digests: bool


def init(common: Common, engines: Engines, goal: Goal) -> int:
    """Write a first manifest, and return the exit code.

    Raises:
        RefusedError: something has its name, or it would lie in the store.
        StoreError: the store cannot be read; that there is none yet is no reason.
        OutputError: it cannot be written.
    """
    site = Site.named(common, engines)
    if goal.path is not None:
        _refuse_in_store(site, goal, goal.path)
        if os.path.lexists(goal.path):
            raise _taken(common, goal.path)
    how = how_made(site.path, name_for(site, _as_seen_from(goal.path, site.path)))
    made = _found(site, goal, how) if _is_there(site.path) else _imagined(site, goal, how)
    written = None if goal.path is None else _written(site, goal.path, made, with_schema=goal.has_schema)
    _tell(site, made, written, made.steps(_Commands(site, goal, how).spelled))
    return Exit.DONE


def _refuse_in_store(site: Site, goal: Goal, path: str) -> None:
    """Refuse to write into a store, the one that is meant or another, and say how it is done.

    Raises:
        RefusedError: the manifest would lie in there.
    """
    meant = os.path.realpath(site.path)
    around = store_around(path, meant)
    if around is None:
        return
    named = _store_words(site.common) or (() if around == meant else ("--store", os.path.relpath(around)))
    options = (*(("--digests",) if goal.has_digests else ()), *(() if goal.has_schema else ("--no-schema",)))
    command = _spelled(site.common, "init", place_outside(path, around), *named, *options)
    raise in_store(path, f"write it elsewhere: {command}")


def _is_there(store: str) -> bool:
    """Tell whether there is a store; a dead link is none that could be made.

    Raises:
        StoreError: there is something else, or that cannot be told.
    """
    try:
        with open_store(store):
            return True
    except StoreError as error:
        if error.code != "store-missing" or os.path.lexists(store):
            raise
        return False


def _found(site: Site, goal: Goal, how: Made) -> First:
    """Make a manifest of what is in the store, and see that it fits."""
    inventory = settled_inventory(site)
    found = snapshot_of(inventory.scan)
    contents = read_pins(site, inventory.scan, found.models) if goal.has_digests else {}
    text = first_text(found, contents, how, has_schema=goal.has_schema)
    prove(text, inventory)
    tell_left(site.console, found)
    return First(site.path, found, goal.has_digests, text)


def _imagined(site: Site, goal: Goal, how: Made) -> First:
    """Make a manifest of examples, as there is no store."""
    text = first_text(None, {}, how, has_schema=goal.has_schema)
    moves = isinstance(site.which, EngineStore) and not is_in_data_folder(site.which)
    return First(how.store, None, has_digests=False, text=text, moves=moves, passed_over=passed_over(site.which))


def _as_seen_from(manifest: str | None, store: str) -> str:
    """Return the store's path relative to the manifest's folder if it lies below: both can be moved together then."""
    if manifest is None:
        return store
    folder = os.path.join(os.path.dirname(os.path.abspath(manifest)), "")
    return f"./{store.removeprefix(folder)}" if store.startswith(folder) else store


def _written(site: Site, path: str, made: First, *, with_schema: bool) -> Written:
    """Write the manifest, and the schema beside it if there is none yet.

    Raises:
        RefusedError: something has got the manifest's name meanwhile.
        OutputError: the manifest cannot be written.
    """
    if not create_file(path, made.text):
        raise _taken(site.common, path)
    if not with_schema:
        return Written(path, None)
    schema = os.path.join(os.path.dirname(path), SCHEMA_FILE)
    try:
        return Written(path, SchemaFile(schema, create_file(schema, schema_text("manifest"))))
    except OutputError as error:
        site.console.warn(f"{error.message}; editors do without it")
        return Written(path, None)


def _taken(common: Common, path: str) -> RefusedError:
    command = _spelled(common, "snapshot", "--output", path, "--overwrite", *_store_words(common))
    return RefusedError(
        "output-exists",
        f"{escape(path)} is there already; nothing was written",
        f"name another file; to write it anew from what is in the store: {command}",
    )


@dataclass(frozen=True, slots=True)
class _Commands:
    """How further commands are spelled for the manifest."""

    site: Site
    goal: Goal
    how: Made

    def spelled(self, name: str) -> str:
        common, words = self.site.common, (name, self.goal.path or _UNNAMED)
        if name == "validate":  # without a store
            return _spelled(replace(common, inventory=InventoryMode.AUTO.value), *words)
        unsaid = isinstance(self.site.which, ExplicitStore) and self.how.named is None
        return _spelled(common, *words, *(_store_words(common) if unsaid else ()))


def _store_words(common: Common) -> Sequence[str]:
    return () if common.store is None else ("--store", common.store)


def _spelled(common: Common, *words: str) -> str:
    """Spell a command as it is to be typed where this one was."""
    moved = () if common.chdir == "." else ("-C", common.chdir)
    asked = () if common.inventory == InventoryMode.AUTO.value else ("--inventory", common.inventory)
    plain = (f"./{word}" if word.startswith("-") and not word.startswith("--") else word for word in words)
    return " ".join(map(shell_word, ("ocrstate", *moved, *plain, *asked)))


def _tell(site: Site, made: First, written: Written | None, steps: Sequence[Step]) -> None:
    console = site.console
    if site.common.as_json:
        console.answer(to_text(init_document(made, _absolute(written), steps)))
    elif written is None:
        console.hand_out(made.text.encode())
    elif site.common.quiet:
        console.answer(f"{written_line(made, written.path)}\n")
    else:
        console.answer(render_init(made, written, steps, console.width))


def _absolute(written: Written | None) -> Written | None:
    if written is None:
        return None
    schema = written.schema
    return Written(os.path.abspath(written.path), schema and schema._replace(path=os.path.abspath(schema.path)))
