"""Models that have a source, for tests: as a manifest lists them, and as they come."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.e2e.host import MANIFEST, PATIENCE, Host
from tests.servers.web import PIECE, Asked, Page, sha256_of

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

    from tests.servers.web import WebServer

_OWN = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "NETRC", "HF_ENDPOINT", "HF_TOKEN", "HF_HOME")
_TRUST = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


def alone(host: Host) -> Host:
    """Give a host a home of its own, and nothing of how whoever runs the tests reaches the network."""
    for name in (*_OWN, *_TRUST):
        host.environment.pop(name, None)
        host.environment.pop(name.lower(), None)
    host.environment["HOME"] = str(host.outside)
    return host


def sourced(name: str, content: bytes, source: str | Path, **rest: object) -> dict[str, object]:
    """List a model with its digest, its size and its source."""
    return {"name": name, "sha256": sha256_of(content), "size": len(content), "source": str(source), **rest}


def wants(host: Host, *models: dict[str, object] | str, **rest: object) -> Host:
    """Write a manifest of models that have sources."""
    return host.lists(*models, **rest)


def staged(host: Host) -> dict[str, int]:
    """Return the files in staging and their lengths."""
    folder = host.store / ".ocrstate" / "staging"
    return {each.name: each.lstat().st_size for each in folder.iterdir()} if folder.exists() else {}


def parts(host: Host) -> list[int]:
    """Return the lengths of what lies in staging in part."""
    return [size for name, size in staged(host).items() if name.endswith(".part")]


class Gate:
    """Holds the answer to a request back until it is opened.

    Attributes:
        is_reached: whether a request has come to it.
    """

    def __init__(self) -> None:
        self._reached, self._open = threading.Event(), threading.Event()

    def __call__(self, _asked: Asked) -> None:
        self._reached.set()
        assert self._open.wait(PATIENCE)

    @property
    def is_reached(self) -> bool:
        return self._reached.is_set()

    def open(self) -> None:
        self._open.set()


@contextmanager
def half_way(host: Host, page: Page, *words: str, at: int = 2 * PIECE) -> Iterator[subprocess.Popen[bytes]]:
    """Start an apply, and wait until so many bytes of a page have come; the rest comes very slowly."""
    page.stalls = 0.1
    with host.running("apply", MANIFEST, "--yes", *words) as process:
        host.wait_for(lambda: sum(parts(host)) >= at or process.poll() is not None)
        assert process.poll() is None
        yield process
    page.stalls = 0.0


def everything_said(host: Host, *ended: Any) -> bytes:  # noqa: ANN401 - whatever has been said
    """Return all bytes of a host's store, of its memory and of what was said."""
    found = [str(each).encode("utf-8", "surrogateescape") for each in ended]
    for folder in (host.store, host.cache, host.temporary):
        for parent, _, files in os.walk(folder):
            for name in files:
                path = Path(parent, name)
                found += [os.fsencode(path), path.read_bytes() if path.is_file() else b""]
    return b"\0".join(found)


def sends(server: WebServer, path: str, content: bytes, **habits: Any) -> Page:  # noqa: ANN401 - as for Page
    """Let a server have a page."""
    server.pages[path] = Page(content, **habits)
    return server.pages[path]
