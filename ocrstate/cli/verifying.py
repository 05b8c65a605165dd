"""The command that compares the content of models with the manifest, offline."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from ocrstate.cli.exits import Exit
from ocrstate.cli.options import common_options, manifests_argument

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ocrstate.cli.console import Console
    from ocrstate.cli.options import Common
    from ocrstate.digests.contents import Progress
    from ocrstate.inventory.model import Inventory
    from ocrstate.manifest.desired import Desired
    from ocrstate.planning.verification import Readings, Verification

# What the command needs beyond click is imported inside: --help needs none of it.
# ruff: noqa: PLC0415


@click.command("verify", short_help="Compare the content of all listed models, offline.")
@manifests_argument
@common_options
@click.option("--no-cache", is_flag=True, help="Read all, also what was read before and has not changed since.")
def verify_command(manifests: tuple[str, ...], *, common: Common, no_cache: bool) -> int:
    """Compare size and SHA-256 of every listed model with the manifest; change nothing, ask no engine and no network.

    Exits with 0 if all that is pinned is as declared, 2 if something differs or is missing, 1 if something could not
    be read to its end. Of several manifests, the last one extends the others.

    \b
    Example:
      ocrstate verify models.yml
      ocrstate verify models.yml --json | jq '.models[] | select(.verdict != "verified")'
    """
    from ocrstate.cli.console import Console
    from ocrstate.cli.site import enter, which_store
    from ocrstate.inventory.take import take_from_folder
    from ocrstate.manifest.load import read
    from ocrstate.planning.verification import verify

    enter(common.chdir)
    console = Console(common.color)
    unchecked = read(*manifests)
    desired = unchecked.check()
    inventory = take_from_folder(which_store(common, unchecked))
    readings = _read(desired, inventory, console, quiet=common.quiet, believe=not no_cache)
    verification = verify(desired, inventory, readings)
    console.answer(_drawn(verification, common, console))
    return _code(verification)


def _read(desired: Desired, inventory: Inventory, console: Console, *, quiet: bool, believe: bool) -> Readings:
    """Read what decides and is not known from before.

    Raises:
        StoreError: the store cannot be read any more.
    """
    from time import monotonic

    from ocrstate.cli.progress import progress_bar
    from ocrstate.digests.contents import read_shown
    from ocrstate.digests.memory import Memory
    from ocrstate.digests.spot import bytes_on_disk
    from ocrstate.planning.verification import Readings, listed_entries, to_read
    from ocrstate.store.opened import open_store

    started = monotonic()
    tally = _Tally(lambda total: progress_bar(console, quiet=quiet, title="Verifying", total=total))
    with open_store(inventory.scan.store.path) as (store, descriptor):
        memory = Memory.of(store) if believe else Memory.fresh(store)
        found = read_shown(store, descriptor, to_read(desired, inventory.scan), memory, tally.shown)
        on_disk = dict(bytes_on_disk(store, descriptor, listed_entries(desired, inventory.scan)))
    return Readings(found, on_disk, tally.total, monotonic() - started)


class _Tally:
    """Counts bytes that several threads read, beside showing how far that has come."""

    def __init__(self, progress: Progress) -> None:
        self._lock = threading.Lock()
        self._progress = progress
        self.total = 0

    @contextmanager
    def shown(self, total: int) -> Iterator[Callable[[int], None]]:
        """Show how far something has come that is told of here."""
        with self._progress(total) as advance:

            def count(number: int) -> None:
                with self._lock:
                    self.total += number
                advance(number)

            yield count


def _drawn(verification: Verification, common: Common, console: Console) -> str:
    if common.as_json:
        from ocrstate.render.spelling import to_text
        from ocrstate.render.verify_document import verification_document

        return to_text(verification_document(verification))
    from ocrstate.render.look import Detail, Look
    from ocrstate.render.verify_text import render_verification

    if common.quiet:
        detail = Detail.SUMMARY
    else:
        detail = Detail.EVERYTHING if common.verbose else Detail.CHANGES
    return render_verification(verification, Look(console.paint(), console.width, detail))


def _code(verification: Verification) -> int:
    if not verification.is_complete:
        return Exit.ERROR
    return Exit.DONE if verification.is_as_declared else Exit.CHANGES
