"""Where is worked: which store, whom to ask what is in it, and who watches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrstate.inventory.take import InventoryMode, refuse_blind, request_for, take_from_engine, take_from_folder
from ocrstate.inventory.which import EngineStore, ExplicitStore, folder_of, open_named
from ocrstate.store.location import from_manifest, from_option

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from ocrstate.inventory.model import Inventory
    from ocrstate.inventory.which import WhichStore
    from ocrstate.manifest.load import UncheckedManifest
    from ocrstate.saved.plan_file import Origin
    from ocrstate.store.model import StoreId
    from ocrstate.watch import Watch
    from ocrstate.work.engines import Engines


@dataclass(frozen=True, slots=True)
class Site:
    """A store, and the engines that can list it.

    Attributes:
        mode: whom to ask what is in the store.
        engine_timeout: seconds that one answer of the engine may take.
        watch: whom to show what takes long.
    """

    which: WhichStore
    mode: InventoryMode
    engines: Engines
    engine_timeout: float
    watch: Watch

    @property
    def path(self) -> str:
        """The store's path, no engine asked."""
        return folder_of(self.which)

    def opened(self) -> AbstractContextManager[tuple[StoreId, int | None]]:
        """Open the store for reading, as `open_store` does.

        Raises:
            StoreError: it is missing, not a folder, or not readable.
        """
        return open_named(self.which)

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

    def ask_ahead(self) -> None:
        """Let an engine process that is ready begin with the list, so that it works meanwhile.

        Raises:
            StoreError: the store cannot be read.
            RefusedError: the directory is no model store.
            ValueError: the store's path holds NUL.
        """
        if self.mode is not InventoryMode.DIRECTORY:
            self.engines.ask_ahead(request_for(self.which))

    def prepare(self) -> None:
        """Do what can be done while the engine works for the first time."""

    def start_engine(self) -> None:
        """Start the next engine process ahead of the question, so that it need not be waited for."""
        if self.mode is not InventoryMode.DIRECTORY:
            self.engines.start_ahead()

    def _ask(self, meanwhile: Callable[[], None]) -> Inventory:
        with self.watch.waiting("Asking the engine"):
            return take_from_engine(self.which, self.engines.ask, self.engine_timeout, meanwhile)


def which_store(folder: str, option: str | None, manifest: UncheckedManifest | None) -> WhichStore:
    """Find out which store is meant: by the option, by the manifest, or the engine's own.

    Args:
        folder: absolute; the one that the OCR application is started in.
        option: the store as given beside the manifest.
        manifest: may say where the store is.

    Raises:
        ManifestError: the store that the manifest names cannot be expanded.
        StoreError: the option names none.
    """
    if option is not None:
        return ExplicitStore(from_option(option, folder), "named with --store")
    written = None if manifest is None else manifest.store
    if written is not None:
        return ExplicitStore(from_manifest(written.text, written.path), f"named by `store` at {written.place}")
    return EngineStore(folder)


def store_of(origin: Origin) -> WhichStore:
    """Return the store that a saved plan is for."""
    if origin.store is None:
        return EngineStore(origin.folder)
    return ExplicitStore(origin.store, "named in the saved plan")
