"""Where a command works: which store, whom to ask what is in it, and how to speak."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrstate.cli.progress import progress_bar
from ocrstate.errors import StoreError
from ocrstate.inventory.take import (
    EngineStore,
    ExplicitStore,
    InventoryMode,
    folder_of,
    refuse_blind,
    take_from_engine,
    take_from_folder,
)
from ocrstate.store.location import from_manifest, from_option

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocrstate.cli.console import Console
    from ocrstate.cli.engines import Engines
    from ocrstate.cli.options import Common
    from ocrstate.digests.contents import Progress
    from ocrstate.inventory.model import Inventory
    from ocrstate.inventory.take import WhichStore
    from ocrstate.manifest.load import UncheckedManifest


@dataclass(frozen=True, slots=True)
class Site:
    """A store, the engines that can list it, and the console.

    Attributes:
        mode: whom to ask what is in the store.
    """

    common: Common
    which: WhichStore
    mode: InventoryMode
    engines: Engines
    console: Console

    @property
    def path(self) -> str:
        """The store's path, no engine asked."""
        return folder_of(self.which)

    def inventory(self, meanwhile: Callable[[], None]) -> Inventory:
        """Take an inventory; something else is done while the engine works.

        Raises:
            EngineError: the engine failed.
            StoreError: the store cannot be read.
            RefusedError: the directory is no model store.
        """
        match self.mode:
            case InventoryMode.DIRECTORY:
                meanwhile()
                return take_from_folder(self.which)
            case InventoryMode.AUTO:
                return self._ask(meanwhile)
            case InventoryMode.ENGINE:
                return refuse_blind(self._ask(meanwhile))

    def progress(self, title: str) -> Progress:
        """Return what shows how far something has come."""
        return lambda total: progress_bar(self.console, quiet=self.common.quiet, title=title, total=total)

    def start_engine(self) -> None:
        """Start the next engine process ahead of the question, so that it need not be waited for."""
        if self.mode is not InventoryMode.DIRECTORY:
            self.engines.start_ahead()

    def _ask(self, meanwhile: Callable[[], None]) -> Inventory:
        return take_from_engine(self.which, self.engines.ask, self.common.engine_timeout, meanwhile)


def enter(folder: str) -> None:
    """Make the folder given with -C the working folder.

    Raises:
        StoreError: that is not possible, or the working folder has been deleted.
    """
    try:
        os.chdir(folder)
        os.getcwd()
    except OSError as error:
        which = "current folder" if folder == "." else f"folder {folder}, given with -C"
        raise StoreError(
            "chdir-failed",
            f"cannot work in the {which}: {error.strerror}",
            "name an existing folder with -C: the one that the OCR application is started in",
        ) from error


def which_store(common: Common, manifest: UncheckedManifest | None) -> WhichStore:
    """Find out which store is meant: by the option, by the manifest, or the engine's own."""
    folder = os.getcwd()
    if common.store is not None:
        return ExplicitStore(from_option(common.store, folder))
    if manifest is not None and manifest.store is not None:
        return ExplicitStore(from_manifest(*manifest.store))
    return EngineStore(folder)
