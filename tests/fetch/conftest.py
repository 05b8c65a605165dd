from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fetch.pages import CONTENT
from tests.fetch.stores import Fetching
from tests.servers.web import Page, WebServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENVIRONMENT = (
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "NETRC"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
)


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def fetching(tmp_path: Path) -> Fetching:
    store = tmp_path / "store"
    store.mkdir()
    return Fetching(store)


@pytest.fixture
def server() -> Iterator[WebServer]:
    with WebServer({"/fr.bin": Page(CONTENT)}) as running:
        yield running
