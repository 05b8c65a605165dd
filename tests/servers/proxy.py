"""A proxy that forwards requests and makes tunnels, and remembers for where."""

from __future__ import annotations

import base64
import socket
import threading
from contextlib import suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast
from urllib.parse import urlsplit


class ProxyServer:
    """A proxy; runs while it is a context. With a login, nobody else may use it.

    Attributes:
        asked: where it was asked to go: addresses, and ``host:port`` of tunnels.
    """

    def __init__(self, login: tuple[str, str] | None = None) -> None:
        self.asked: list[str] = []
        self.needs = None if login is None else "Basic " + base64.b64encode(":".join(login).encode()).decode()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.proxy = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> ProxyServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, login: str = "") -> str:
        """Return what to set HTTP_PROXY to."""
        return f"http://{login}127.0.0.1:{self._server.server_address[1]}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    proxy: ProxyServer

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients go away in the middle of answers."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _may(self) -> bool:
        proxy = cast("_Server", self.server).proxy
        proxy.asked.append(self.path)
        if proxy.needs in (None, self.headers.get("Proxy-Authorization")):
            return True
        self.send_response(407)
        self.send_header("Content-Length", "0")
        self.end_headers()
        return False

    def do_GET(self) -> None:
        if not self._may():
            return
        to = urlsplit(self.path)
        onward = HTTPConnection(to.hostname or "", to.port)
        headers = {name: value for name, value in self.headers.items() if not name.lower().startswith("proxy-")}
        onward.request("GET", f"{to.path}?{to.query}" if to.query else to.path, headers=headers)
        answer = onward.getresponse()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            self.send_header(name, value)
        self.end_headers()
        while piece := answer.read(65536):
            self.wfile.write(piece)
        onward.close()

    def do_CONNECT(self) -> None:
        if not self._may():
            return
        host, _, port = self.path.rpartition(":")
        with socket.create_connection((host, int(port))) as onward:
            self.send_response(200)
            self.end_headers()
            back = threading.Thread(target=_pump, args=(onward, self.connection), daemon=True)
            back.start()
            _pump(self.connection, onward)
            back.join()
        self.close_connection = True


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
