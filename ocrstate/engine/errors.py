"""The one failure of the engine that is worth a second try."""

from __future__ import annotations

from ocrstate.errors import EngineError


class FolderVanishedError(EngineError):
    """A sub-folder was removed while the engine was listing: ask a new child."""

    def __init__(self, message: str) -> None:
        super().__init__("folder-vanished", message, "something else is changing the store; try again when it is done")
