"""The one door to the bytes of any source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.errors import assert_never
from ocrstate.sources.local import open_local
from ocrstate.sources.model import HttpFile, HubFile, LocalFile, OtherFile, Source
from ocrstate.sources.web import Web

if TYPE_CHECKING:
    from ocrstate.sources.body import Body, Resume


class Reader:
    """Opens sources; all threads of a run share one, which is closed when left as a context.

    ``connect`` and ``stall`` are the seconds that a server may take to accept a connection and to send anything.
    """

    def __init__(self, connect: float, stall: float) -> None:
        self._web = Web(connect, stall)

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self._web.close()

    def open(self, source: Source, resume: Resume) -> Body:
        """Open a source where an earlier download ended; it begins at 0 if the file is no longer the same.

        Raises:
            SourceError: it cannot be read.
        """
        match source:
            case LocalFile():
                return open_local(source, resume)
            case HttpFile():
                return self._web.open(source, resume)
            case HubFile():
                from ocrstate.sources.hub import open_hub  # noqa: PLC0415 - few need it

                return open_hub(self._web, source, resume)
            case OtherFile():
                from ocrstate.sources.others import open_other  # noqa: PLC0415 - few need it

                return open_other(source, resume)
            case _:
                assert_never(source)

    def end(self) -> None:
        """End the connections that other threads wait for."""
        self._web.end()
