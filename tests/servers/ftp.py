"""An FTP server."""

from __future__ import annotations

import threading
import warnings
from contextlib import suppress
from typing import TYPE_CHECKING

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it is built on asyncore, which Python 3.11 warns of
    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.handlers import FTPHandler
    from pyftpdlib.ioloop import IOLoop
    from pyftpdlib.servers import FTPServer as Server

if TYPE_CHECKING:
    from pathlib import Path


class FtpServer:
    """Serves a folder for reading, to anybody or to who has the login; runs while it is a context.

    Attributes:
        asked: the commands that reach files, such as ``RETR``.
    """

    def __init__(self, folder: Path, login: tuple[str, str] | None = None) -> None:
        self.asked: list[str] = []
        authorizer = DummyAuthorizer()
        if login is None:
            authorizer.add_anonymous(str(folder))
        else:
            authorizer.add_user(*login, str(folder), perm="elr")

        class Handler(FTPHandler):  # type: ignore[misc] # the package has no types
            def pre_process_command(handler, line: str, cmd: str, arg: str) -> None:  # noqa: N805 - inside a class
                if cmd in ("RETR", "REST"):
                    self.asked.append(f"{cmd} {arg.rpartition('/')[2]}")
                super().pre_process_command(line, cmd, arg)

        Handler.authorizer = authorizer
        Handler.auth_failed_timeout = 0
        self._loop = IOLoop()
        self._server = Server(("127.0.0.1", 0), Handler, ioloop=self._loop)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ends = False

    def _run(self) -> None:
        while not self._ends:
            self._loop.loop(timeout=0.02, blocking=False)

    def __enter__(self) -> FtpServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends = True
        self._thread.join()
        with suppress(OSError):
            self._server.close_all()

    def url(self, path: str) -> str:
        """Return the address of a file."""
        return f"ftp://127.0.0.1:{self._server.address[1]}/{path}"
