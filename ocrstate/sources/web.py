"""Files that web servers have, as sources.

The client is the one that the hub's own library brings along. It is used for one request at a time; what it would do
by itself and cannot be watched (redirects, logins) is done here.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from datetime import datetime, timezone
from threading import Lock
from typing import TYPE_CHECKING, Final, Protocol, cast
from weakref import WeakSet

from ocrstate import __version__
from ocrstate.sources.answers import Comes, StartOver, read_answer, resume_headers
from ocrstate.sources.body import Body, RefusedError, Resume, SourceError, TemporaryError
from ocrstate.sources.credentials import login_for
from ocrstate.sources.failures import spoken
from ocrstate.sources.trust import trusted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import httpx2

    from ocrstate.sources.model import HttpFile

_MOST_REDIRECTS: Final = 10
_SCHEMES: Final = ("http", "https")
_CONNECTED: Final = ("connect_tcp.complete", "start_tls.complete")
_LOOK: Final = "look at the source with another program, such as curl -I"


class _Stream(Protocol):
    def get_extra_info(self, info: str, /) -> socket.socket: ...


class Web:
    """A client for web servers; all threads of a run share one.

    ``connect`` and ``stall`` are the seconds that a server may take to accept a connection and to send anything.
    """

    def __init__(self, connect: float, stall: float) -> None:
        self._connect = connect
        self._stall = stall
        self._client: httpx2.Client | None = None
        self._lock = Lock()
        self._sockets: WeakSet[socket.socket] = WeakSet()
        self._is_ended = False

    def open(self, source: HttpFile, resume: Resume) -> Body:
        """Ask for a file, from where an earlier download ended.

        Raises:
            SourceError: the server does not give it.
        """
        import httpx2  # noqa: PLC0415 - takes a while, and most runs need none

        try:
            login = login_for(httpx2.URL(source.url).host)
        except (httpx2.InvalidURL, ValueError):
            raise RefusedError("source-refused", "the address cannot be used", "correct the source") from None
        return self.open_url(source.url, {"Authorization": login.basic} if login else {}, resume)

    def open_url(self, url: str, headers: Mapping[str, str], resume: Resume) -> WebBody:
        """Ask for what an address names; the headers go to its own host alone.

        Raises:
            SourceError: the server does not give it.
        """
        with spoken():
            response = self._ask(url, {**headers, **resume_headers(resume)})
        try:
            answer = read_answer(response.status_code, response.headers, resume, datetime.now(timezone.utc))
        except SourceError:
            response.close()
            raise
        match answer:
            case Comes():
                return WebBody(response, answer)
            case StartOver():
                response.close()
                return self.open_url(url, headers, Resume())

    def new_client(self) -> httpx2.Client:
        """Make a client that honours the variables for proxies and certificates.

        Raises:
            RefusedError: one of them cannot be used.
        """
        import httpx2  # noqa: PLC0415 - see above

        try:
            return httpx2.Client(
                verify=trusted(),
                timeout=httpx2.Timeout(self._stall, connect=self._connect),
                headers={"User-Agent": f"ocrstate/{__version__}", "Accept-Encoding": "identity"},
                event_hooks={"request": [self._watch]},
                limits=httpx2.Limits(max_connections=None),
            )
        except (ValueError, ImportError, httpx2.InvalidURL) as error:
            hint = "correct HTTP_PROXY, HTTPS_PROXY and ALL_PROXY; a socks:// proxy needs pip install 'httpx2[socks]'"
            raise RefusedError("source-refused", "the proxy that is set cannot be used", hint) from error

    def end(self) -> None:
        """End all connections, whoever waits for one; nothing can be asked afterwards."""
        self._is_ended = True
        for each in tuple(self._sockets):
            with suppress(OSError):  # the plain call: that of TLS would pull the connection away from under its reader
                socket.socket.shutdown(each, socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the client."""
        if self._client is not None:
            self._client.close()

    def _ask(self, url: str, headers: Mapping[str, str]) -> httpx2.Response:
        client = self._shared_client()
        request: httpx2.Request | None = client.build_request("GET", url, headers=headers)
        for _ in range(_MOST_REDIRECTS + 1):
            if request is None or request.url.scheme not in _SCHEMES:
                raise _led_nowhere()
            response = _sent(client, request)
            if not response.has_redirect_location:
                return response
            response.close()
            request = response.next_request  # without the login, if it is another host's
        raise RefusedError("source-refused", f"the server redirects more than {_MOST_REDIRECTS} times", _LOOK)

    def _shared_client(self) -> httpx2.Client:
        with self._lock:
            if self._client is None:
                self._client = self.new_client()
            return self._client

    def _watch(self, request: httpx2.Request) -> None:
        """Keep the connections of a request, so that they can be ended from another thread."""
        request.extensions["trace"] = self._keep
        if self._is_ended:
            raise TemporaryError("the download was stopped")

    def _keep(self, event: str, told: Mapping[str, object]) -> None:
        if event.endswith(_CONNECTED):
            stream = cast("_Stream", told["return_value"])
            self._sockets.add(stream.get_extra_info("socket"))
            if self._is_ended:
                self.end()


class WebBody(Body):
    """A web server's answer."""

    def __init__(self, response: httpx2.Response, comes: Comes) -> None:
        super().__init__(comes.start, comes.total, comes.validator)
        self._response = response
        self._encoded = comes.encoded

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes once.

        Raises:
            TemporaryError: the connection was lost, or stalled.
        """
        with spoken():
            yield from self._response.iter_bytes() if self._encoded else self._response.iter_raw()

    def close(self) -> None:
        """Close the connection, unless it can be used again."""
        self._response.close()


def _sent(client: httpx2.Client, request: httpx2.Request) -> httpx2.Response:
    import httpx2  # noqa: PLC0415 - see above

    try:
        return client.send(request, stream=True, auth=None, follow_redirects=False)
    except httpx2.RemoteProtocolError as error:
        if "location header" in str(error):  # releases before 2.16 read it in any case
            raise _led_nowhere() from error
        raise


def _led_nowhere() -> RefusedError:
    return RefusedError("source-refused", "the server redirects to what is no web address", _LOOK)
