"""What comes through fsspec, and from the hub."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import pytest

from ocrstate.errors import FetchError
from tests.fetch.stores import Fetching, wanted_of
from tests.servers.ftp import FtpServer
from tests.servers.hub import CDN, COMMIT, SIGNATURE, HubServer, Repo
from tests.servers.web import PIECE, Page, content_of, sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
CONTENT = content_of(10 * PIECE + 123)
LARGE = content_of(12 * 1024 * 1024)
CUT = 4 * PIECE
TOKEN = "hf_hidden"
MANY = 12


@pytest.fixture
def served(tmp_path: Path) -> Path:
    folder = tmp_path / "served"
    folder.mkdir()
    (folder / "fr.bin").write_bytes(LARGE)
    return folder


def test_a_model_comes_from_an_ftp_server(served: Path, fetching: Fetching) -> None:
    with FtpServer(served) as server:
        fetching.one(server.url("fr.bin"), LARGE, size=len(LARGE))


def test_a_download_from_an_ftp_server_goes_on(served: Path, fetching: Fetching) -> None:
    class EnoughError(Exception):
        pass

    def stop(_: int) -> None:
        fetching.watched.append(1)
        if len(fetching.watched) == 6:
            raise EnoughError

    with FtpServer(served) as server:
        with pytest.raises(EnoughError):
            fetching(wanted_of(server.url("fr.bin"), LARGE), watch=stop)
        there = fetching.part()
        server.asked.clear()
        assert fetching.one(server.url("fr.bin"), LARGE).transferred == len(LARGE) - there
        assert f"REST {there}" in server.asked


def test_a_login_for_ftp_comes_from_netrc(served: Path, fetching: Fetching, tmp_path: Path) -> None:
    with FtpServer(served, login=("me", "hidden")) as server:
        error = fetching.fails(wanted_of(server.url("fr.bin"), LARGE))
        assert error.code == "source-denied"
        (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password hidden\n")
        fetching.one(server.url("fr.bin"), LARGE)


@pytest.mark.parametrize(
    ("source", "code", "words", "hint"),
    [
        ("s3://bucket/fr.bin", "source-refused", "the package that reads s3:// is not", "pip install 'ocrstate[s3]'"),
        ("gs://bucket/fr.bin", "source-refused", "the package that reads gs:// is not", "pip install 'ocrstate[gcs]'"),
        ("unheard://a/fr.bin", "source-refused", "the address cannot be used", "fsspec's documentation"),
        ("memory://nothing/fr.bin", "source-missing", "there is no such file", "correct the source"),
    ],
)
def test_what_fsspec_cannot_open_is_told_with_the_remedy(
    fetching: Fetching, source: str, code: str, words: str, hint: str
) -> None:
    error = fetching.fails(wanted_of(source, CONTENT))
    assert error.code == code
    assert words in error.message
    assert hint in error.hint


def test_a_missing_file_on_an_ftp_server_is_told_of(served: Path, fetching: Fetching) -> None:
    with FtpServer(served) as server:
        assert fetching.fails(wanted_of(server.url("none.bin"), CONTENT)).code in ("source-missing", "source-denied")
        (served / "folder").mkdir()
        error = fetching.fails(wanted_of(server.url("folder"), CONTENT))
        assert "it is a folder, not a file" in error.message
        url = server.url("fr.bin")
    assert fetching.fails(wanted_of(url, CONTENT)).code == "source-unreachable"


class Outcome(TypedDict):
    code: str  # empty when it worked
    message: str
    hint: str
    transferred: int


@dataclass
class ThroughHub:
    """Fetches in a process of its own, because the hub's client reads the environment when it is imported."""

    store: Path
    server: HubServer
    environment: dict[str, str] = field(default_factory=dict)

    def __call__(self, source: str, content: bytes = CONTENT, run: str = "fetch_and_tell") -> Outcome:
        script = f"from tests.fetch import test_other_storages as here; here.{run}()"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
        environment |= {"HF_ENDPOINT": self.server.endpoint, "HF_HOME": str(self.store.with_name("hf"))}
        done = subprocess.run(
            [sys.executable, "-c", script, str(self.store), source],
            env=environment | self.environment,
            cwd=ROOT,
            input=content,
            capture_output=True,
            check=False,
        )
        assert done.stderr == b""
        assert TOKEN.encode() not in done.stdout
        outcome: Outcome = json.loads(done.stdout)
        return outcome


def fetch_many() -> None:
    contents = [content_of(3 * PIECE, seed=number) for number in range(MANY)]
    sources = [f"hf://owner/many/{number}.bin" for number in range(MANY)]
    wanted = [wanted_of(source, content, source) for source, content in zip(sources, contents, strict=True)]
    fetching = Fetching(Path(sys.argv[1]))
    assert [fetching.content(each) for each in fetching(*wanted, jobs=4)] == contents
    sys.stdout.write(json.dumps(Outcome(code="", message="", hint="", transferred=len(contents))))


def fetch_and_tell() -> None:
    store, source, content = Path(sys.argv[1]), sys.argv[2], sys.stdin.buffer.read()
    try:
        staged = Fetching(store).one(source, content)
        outcome = Outcome(code="", message="", hint="", transferred=staged.transferred)
    except FetchError as error:
        outcome = Outcome(code=error.code, message=error.message, hint=error.hint, transferred=0)
    sys.stdout.write(json.dumps(outcome))


@pytest.fixture
def hub(fetching: Fetching) -> Iterator[ThroughHub]:
    repos = {"owner/repo": Repo({"sub/fr.bin": Page(CONTENT)}, ("main", "v1.0", "refs/pr/1"))}
    server = HubServer(repos)
    with server:
        yield ThroughHub(fetching.store, server)


@pytest.mark.parametrize("spelled", ["sub/fr.bin", "sub/fr.bin@v1.0", "sub/fr.bin@refs/pr/1"])
def test_a_model_comes_from_the_hub(hub: ThroughHub, spelled: str) -> None:
    assert hub(f"hf://owner/repo/{spelled}")["transferred"] == len(CONTENT)
    assert [asked.method for asked in hub.server.asked] == ["HEAD", "GET", "GET"]
    assert hub.server.asked[1].path == f"/owner/repo/resolve/{COMMIT}/sub/fr.bin"  # bytes of what was looked up


def test_many_models_come_from_the_hub_at_once(hub: ThroughHub) -> None:
    files = {f"{number}.bin": Page(content_of(3 * PIECE, seed=number), stalls=0.005) for number in range(MANY)}
    hub.server.repos["owner/many"] = Repo(files)
    assert hub("", run="fetch_many")["transferred"] == MANY
    assert len(hub.server.asked) == 3 * MANY  # no attempt was lost


def test_a_download_from_the_hub_goes_on_where_it_was_cut_off(hub: ThroughHub) -> None:
    page = hub.server.repos["owner/repo"].files["sub/fr.bin"]
    page.drops = [CUT, 0, 0, 0, 0]
    assert hub("hf://owner/repo/sub/fr.bin")["code"] == "source-unreachable"
    page.drops.clear()
    assert hub("hf://owner/repo/sub/fr.bin")["transferred"] == len(CONTENT) - CUT
    assert hub.server.asked[-1].range == f"bytes={CUT}-"
    assert hub.server.asked[-1].sent == len(CONTENT) - CUT


def test_it_starts_over_when_the_hub_has_another_file(hub: ThroughHub) -> None:
    page = hub.server.repos["owner/repo"].files["sub/fr.bin"]
    other = content_of(len(CONTENT), seed=9)
    page.content, page.drops = other, [CUT, 0, 0, 0, 0]
    assert hub("hf://owner/repo/sub/fr.bin")["code"] == "source-unreachable"
    page.content, page.drops = CONTENT, []
    assert hub("hf://owner/repo/sub/fr.bin")["transferred"] == len(CONTENT)
    assert hub.server.asked[-1].range is None


def test_the_token_goes_to_the_hub_alone(hub: ThroughHub) -> None:
    hub.server.repos["owner/repo"].token = TOKEN
    refused = hub("hf://owner/repo/sub/fr.bin")
    assert refused["code"] == "source-missing"
    assert "has no repository owner/repo, or does not show it to you" in refused["message"]
    assert "HF_TOKEN" in refused["hint"]
    hub.environment["HF_TOKEN"] = TOKEN
    assert hub("hf://owner/repo/sub/fr.bin")["transferred"] == len(CONTENT)
    sent = {asked.path.startswith(CDN): asked.headers.get("authorization") for asked in hub.server.asked}
    assert sent == {False: f"Bearer {TOKEN}", True: None}


HUB_REFUSALS = {
    "no such repository": ("hf://owner/none/a", "source-missing", "has no repository owner/none"),
    "no such revision": ("hf://owner/repo/sub/fr.bin@v9", "source-missing", "has no revision v9"),
    "no such file": ("hf://owner/repo/none.bin", "source-missing", "has no file none.bin in revision main"),
    "gated": ("hf://owner/gated/a", "source-denied", "the repository owner/gated is gated"),
}


@pytest.mark.parametrize(("source", "code", "words"), HUB_REFUSALS.values(), ids=HUB_REFUSALS)
def test_what_the_hub_refuses_is_told_in_its_words(hub: ThroughHub, source: str, code: str, words: str) -> None:
    hub.server.repos["owner/gated"] = Repo({"a": Page(CONTENT)}, gated=True)
    refused = hub(source)
    assert refused["code"] == code
    assert words in refused["message"]
    assert refused["hint"]


def test_a_passing_failure_of_the_hub_passes_and_its_signatures_are_not_told(hub: ThroughHub) -> None:
    repo = hub.server.repos["owner/repo"]
    repo.statuses = [503]
    assert hub("hf://owner/repo/sub/fr.bin")["transferred"] == len(CONTENT)
    repo.files["sub/fr.bin"].content = LARGE[:100]
    refused = hub("hf://owner/repo/sub/fr.bin", LARGE[:101])
    assert refused["code"] == "wrong-digest"
    assert sha256_of(LARGE[:100]) in refused["message"]
    assert SIGNATURE not in str(refused)


def test_the_hub_is_not_asked_where_that_is_forbidden(hub: ThroughHub) -> None:
    hub.environment["HF_HUB_OFFLINE"] = "1"
    refused = hub("hf://owner/repo/sub/fr.bin")
    assert refused["code"] == "source-refused"
    assert "HF_HUB_OFFLINE" in refused["message"]
    assert hub.server.asked == []
