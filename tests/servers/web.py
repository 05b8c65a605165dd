"""A web server whose every bad habit can be chosen."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping

PIECE = 16 * 1024
"""Bytes that are sent at a time."""


@dataclass
class Asked:
    """A request, and what it got.

    Attributes:
        status: of the answer; 0 while there is none.
        sent: bytes of the body.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    status: int = 0
    sent: int = 0

    @property
    def range(self) -> str | None:
        """What part was asked for."""
        return self.headers.get("range")


@dataclass
class Page:
    """A file, and how it is served; all of it can be changed while the server runs.

    Attributes:
        etag: its tag; `None` for none.
        modified: its Last-Modified.
        ranges: whether parts of it can be had.
        if_range: whether the condition on a range is looked at.
        statuses: answered first, one for each request, without a body.
        headers: sent with every answer.
        drops: for each request in turn, after how many bytes the connection is cut.
        claims: by how much the announced length differs from the true one.
        measured: whether the length is announced; else the end of the connection is the end of the file.
        shift: by how much a part begins elsewhere than it was asked for.
        ranged_200: whether parts come with status 200.
        gzipped: whether it is compressed though nobody asked for it.
        stalls: seconds of silence before each piece.
        login: user and password that are needed.
        before: called with each request before it is answered.
    """

    content: bytes
    etag: str | None = '"v1"'
    modified: str | None = None
    ranges: bool = True
    if_range: bool = True
    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    drops: list[int] = field(default_factory=list)
    claims: int = 0
    measured: bool = True
    shift: int = 0
    ranged_200: bool = False
    gzipped: bool = False
    stalls: float = 0.0
    login: tuple[str, str] | None = None
    before: Callable[[Asked], None] | None = None


class WebServer:
    """A server of pages by their paths; runs while it is a context.

    Attributes:
        pages: what it has; can be changed while it runs.
        asked: the requests, in the order in which they came.
    """

    def __init__(self, pages: Mapping[str, Page] | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.pages = dict(pages or {})
        self.asked: list[Asked] = []
        self._scheme = "http" if tls is None else "https"
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.web = self
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> WebServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def url(self, path: str = "/fr.bin", host: str = "127.0.0.1") -> str:
        """Return the address of a page."""
        return f"{self._scheme}://{host}:{self.port}{path}"

    def page(self, asked: Asked) -> Page | None:
        """Find the page that a request is for."""
        return self.pages.get(asked.path.partition("?")[0])

    def sent(self, since: int = 0) -> int:
        """Return how many bytes of bodies went out, from one request on."""
        return sum(asked.sent for asked in self.asked[since:])

    def ranges(self) -> list[str | None]:
        """Return the parts that were asked for."""
        return [asked.range for asked in self.asked]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    web: WebServer

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients go away in the middle of answers."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        web = cast("_Server", self.server).web
        headers = {name.lower(): value for name, value in self.headers.items()}
        self._asked = Asked(self.command, self.path, headers)
        web.asked.append(self._asked)
        page = web.page(self._asked)
        if page is None:
            return self._nothing(404, {})
        if page.before is not None:
            page.before(self._asked)
        if page.login is not None and headers.get("authorization") != _basic(*page.login):
            return self._nothing(401, {"WWW-Authenticate": "Basic"})
        if page.statuses:
            return self._nothing(page.statuses.pop(0), page.headers)
        return self._serve(page)

    def _nothing(self, status: int, headers: Mapping[str, str]) -> None:
        self._asked.status = status
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _serve(self, page: Page) -> None:
        content = gzip.compress(page.content) if page.gzipped else page.content
        start = self._start(page, len(content))
        if start is not None and start >= len(content):
            return self._nothing(416, {"Content-Range": f"bytes */{len(content)}"})
        begin = 0 if start is None else max(0, start + page.shift)
        self._asked.status = 200 if start is None or page.ranged_200 else 206
        self.send_response(self._asked.status)
        if start is not None:
            self.send_header("Content-Range", f"bytes {begin}-{len(content) - 1}/{len(content)}")
        self._describe(page, len(content) - begin)
        if self.command == "GET":
            self._send(page, content[begin:])

    def _start(self, page: Page, length: int) -> int | None:
        match = re.fullmatch(r"bytes=(\d+)-", self._asked.range or "")
        condition = self._asked.headers.get("if-range")
        holds = not page.if_range or condition is None or condition in (page.etag, page.modified)
        return int(match[1]) if match and page.ranges and holds and length else None

    def _describe(self, page: Page, length: int) -> None:
        told = {"ETag": page.etag, "Last-Modified": page.modified}
        told["Content-Encoding"] = "gzip" if page.gzipped else None
        told["Content-Length"] = str(length + page.claims) if page.measured else None
        told["Connection"] = None if page.measured and not page.claims else "close"
        for name, value in (told | page.headers).items():
            if value is not None:
                self.send_header(name, value)
        self.end_headers()

    def _send(self, page: Page, content: bytes) -> None:
        cut = page.drops.pop(0) if page.drops else None
        for at in range(0, len(content if cut is None else content[:cut]), PIECE):
            time.sleep(page.stalls)
            piece = content[at : at + PIECE] if cut is None else content[at : min(at + PIECE, cut)]
            with suppress(OSError):
                self.wfile.write(piece)
                self._asked.sent += len(piece)
        if cut is not None:
            self._cut_off()
        elif page.claims > 0:
            self.close_connection = True

    def _cut_off(self) -> None:
        """End the connection, so that the other side gets what was sent."""
        self.close_connection = True
        with suppress(OSError):
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def content_of(size: int, seed: int = 0) -> bytes:
    """Make bytes that repeat nowhere near."""
    blocks = (hashlib.sha256(f"{seed}:{number}".encode()).digest() for number in range(size // 32 + 1))
    return b"".join(blocks)[:size]


def sha256_of(content: bytes) -> str:
    """Return the digest in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
