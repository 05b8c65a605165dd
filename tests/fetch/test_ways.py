"""The way to a server: hosts, redirects, logins, certificates and proxies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fetch.pages import CONTENT, CUT, OTHER
from tests.fetch.stores import wanted_of
from tests.servers.certificates import unknown_authority
from tests.servers.proxy import ProxyServer
from tests.servers.web import Asked, Page, WebServer

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fetch.stores import Fetching


def test_a_server_that_is_not_there_is_told_of(fetching: Fetching) -> None:
    with WebServer() as gone:
        url = gone.url()
    error = fetching.fails(wanted_of(url, CONTENT))
    assert error.code == "source-unreachable"
    assert "no connection: Connection refused (4 attempts)" in error.message


def test_a_host_that_nobody_knows_is_told_of(fetching: Fetching) -> None:
    error = fetching.fails(wanted_of("http://nobody.invalid/fr.bin", CONTENT))
    assert error.code == "source-unreachable"
    assert "the host's name cannot be looked up" in error.message


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_parts_and_all(server: WebServer, fetching: Fetching, status: int) -> None:
    def to_file(_: Asked) -> None:
        server.pages["/old"].statuses = [status]

    server.pages["/old"] = Page(b"", headers={"Location": "fr.bin"}, before=to_file)
    server.pages["/fr.bin"].drops = [CUT]
    fetching.one(server.url("/old"), CONTENT)
    assert [asked.path for asked in server.asked] == ["/old", "/fr.bin"] * 2
    assert server.asked[-1].range == f"bytes={CUT}-"


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("/old", "redirects more than 10 times"),
        ("file:///etc/passwd?hidden", "redirects to what is no web address"),
        ("ftp://hidden/x", "redirects to what is no web address"),
        ("http://hidden:port/x", "redirects to what is no web address"),
    ],
)
def test_bad_redirects_are_refused_and_their_targets_not_told(
    server: WebServer, fetching: Fetching, to: str, words: str
) -> None:
    page = Page(b"", headers={"Location": to})
    page.before = lambda _: page.statuses.append(302)
    server.pages["/old"] = page
    error = fetching.fails(wanted_of(server.url("/old"), CONTENT))
    assert error.code == "source-refused"
    assert words in error.message
    assert "hidden" not in error.message + error.hint


def test_a_login_comes_from_netrc_and_does_not_travel_to_another_host(
    server: WebServer, fetching: Fetching, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "logins"
    netrc.write_text("machine 127.0.0.1 login me password hidden\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server.pages["/fr.bin"].login = ("me", "hidden")
    fetching.one(server.url(), CONTENT)
    with WebServer({"/fr.bin": Page(OTHER)}) as elsewhere:
        server.pages["/fr.bin"].statuses = [302]
        server.pages["/fr.bin"].headers = {"Location": elsewhere.url(host="localhost")}
        fetching.staging.joinpath(wanted_of(server.url(), CONTENT).key + ".model").unlink()
        fetching.one(server.url(), OTHER)
        assert "authorization" in server.asked[-1].headers
        assert "authorization" not in elsewhere.asked[0].headers


def test_a_login_comes_from_the_home_folder_and_is_not_told(
    server: WebServer, fetching: Fetching, tmp_path: Path
) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login me password hidden\n")
    server.pages["/fr.bin"].login = ("me", "hidden")
    fetching.one(server.url(), CONTENT)
    server.pages["/fr.bin"].login = ("me", "other")
    error = fetching.fails(wanted_of(server.url(), OTHER))
    assert error.code == "source-denied"
    assert "hidden" not in error.message + error.hint
    netrc.write_text("machine 127.0.0.1 passwrd hidden\n")
    assert fetching.fails(wanted_of(server.url(), OTHER)).code == "source-denied"


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_an_unknown_authority_is_refused_until_it_is_named(
    fetching: Fetching, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    context, authority = unknown_authority(tmp_path)
    with WebServer({"/fr.bin": Page(CONTENT)}, tls=context) as server:
        error = fetching.fails(wanted_of(server.url(), CONTENT))
        assert error.code == "source-refused"
        assert "the server's certificate is not trusted" in error.message
        assert "SSL_CERT_FILE" in error.hint
        assert server.asked == []
        monkeypatch.setenv(variable, str(tmp_path / "missing.pem"))
        assert variable in fetching.fails(wanted_of(server.url(), CONTENT)).hint
        monkeypatch.setenv(variable, authority)
        fetching.one(server.url(), CONTENT)


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "ALL_PROXY"])
def test_a_proxy_is_used_unless_the_host_is_excepted(
    server: WebServer, fetching: Fetching, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    with ProxyServer() as proxy:
        monkeypatch.setenv(variable, proxy.url())
        fetching.one(server.url(), CONTENT)
        assert proxy.asked == [server.url()]
        monkeypatch.setenv("NO_PROXY", "example.com,127.0.0.0/8")
        server.pages["/de.bin"] = Page(OTHER)
        fetching.staging.joinpath(wanted_of(server.url(), CONTENT).key + ".model").unlink()
        fetching.one(server.url("/de.bin"), OTHER)
        assert len(proxy.asked) == 1


def test_a_proxy_makes_a_tunnel_for_what_is_encrypted(
    fetching: Fetching, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, authority = unknown_authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", authority)
    with WebServer({"/fr.bin": Page(CONTENT)}, tls=context) as server, ProxyServer(("me", "hidden")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url())
        error = fetching.fails(wanted_of(server.url(), CONTENT))
        assert (error.code, len(proxy.asked)) == ("source-denied", 1)
        assert "the proxy answers 407" in error.message
        monkeypatch.setenv("HTTPS_PROXY", proxy.url("me:hidden@"))
        fetching.one(server.url(), CONTENT)
        assert proxy.asked[-1] == f"127.0.0.1:{server.port}"


def test_a_proxy_that_cannot_be_one_is_told_of(fetching: Fetching, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "gopher://me:hidden@host")
    error = fetching.fails(wanted_of("http://127.0.0.1:1/fr.bin", CONTENT))
    assert error.code == "source-refused"
    assert "HTTP_PROXY" in error.hint
    assert "hidden" not in error.message + error.hint
