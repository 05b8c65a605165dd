"""A store opened for changing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.watch import UNWATCHED
from ocrstate.writer.folders import Folders
from ocrstate.writer.journals import Journals
from ocrstate.writer.models import Models
from ocrstate.writer.staging import Staging

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocrstate.store.model import StoreId
    from ocrstate.watch import Watch


class StoreWriter:
    """Changes one store, through the descriptor of its folder.

    Attributes:
        folders: opens and makes folders.
        journals: keeps what runs write down.
        models: moves models.
        staging: holds models that are being got.
        watch: whom to show what takes long.
    """

    def __init__(
        self,
        store: StoreId,
        descriptor: int,
        patiently: Callable[[Callable[[], None]], None],
        watch: Watch = UNWATCHED,
    ) -> None:
        self.watch = watch
        self.folders = Folders(store, descriptor)
        self.journals = Journals(self.folders)
        self.models = Models(self.folders, patiently)
        self.staging = Staging(self.folders)

    def __enter__(self) -> StoreWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.folders.forget_private()

    @property
    def store(self) -> StoreId:
        """Which store it is."""
        return self.folders.store

    @property
    def descriptor(self) -> int:
        """The descriptor of the store's folder, for reading."""
        return self.folders.descriptor
