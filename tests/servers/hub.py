"""A stand-in of the hub's HTTP interface, as the hub's own client sees it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace

from tests.servers.web import Asked, Page, WebServer, sha256_of

COMMIT = "a" * 40
"""The commit that every branch and tag stands for."""

CDN = "/cdn"
SIGNATURE = "X-Signature=hidden"


@dataclass
class Repo:
    """A repository.

    Attributes:
        files: their pages by path; what Page says of tags is not used.
        revisions: its branches and tags.
        token: what is needed to read it.
        gated: whether its conditions have to be accepted.
    """

    files: dict[str, Page]
    revisions: tuple[str, ...] = ("main",)
    token: str | None = None
    gated: bool = False
    statuses: list[int] = field(default_factory=list)


class HubServer(WebServer):
    """A hub; ``HF_ENDPOINT`` is to be its ``endpoint``. Files are sent by another address of it, as from a CDN."""

    def __init__(self, repos: dict[str, Repo]) -> None:
        super().__init__()
        self.repos = repos

    @property
    def endpoint(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def page(self, asked: Asked) -> Page | None:
        """Answer as the hub does."""
        path = asked.path.partition("?")[0]
        if path.startswith(CDN):
            return self._from_cdn(path)
        match = re.fullmatch(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path)
        if match is None:
            return None
        repo = self.repos.get(match[1])
        return self._found(repo, match[1], match[2], match[3], asked)

    def _found(self, repo: Repo | None, name: str, revision: str, path: str, asked: Asked) -> Page:
        if repo is None or (repo.token and asked.headers.get("authorization") != f"Bearer {repo.token}"):
            return _error(401, "RepoNotFound")
        if repo.statuses:
            return _error(repo.statuses.pop(0), "")
        if repo.gated:
            return _error(403, "GatedRepo")
        if revision.replace("%2F", "/") not in (*repo.revisions, COMMIT):
            return _error(404, "RevisionNotFound")
        if path not in repo.files:
            return _error(404, "EntryNotFound")
        return self._redirect(f"{name}/{path}", repo.files[path])

    def _redirect(self, path: str, page: Page) -> Page:
        headers = {
            "Location": f"http://localhost:{self.port}{CDN}/{path}?{SIGNATURE}",  # another host to a client
            "X-Linked-Etag": f'"{sha256_of(page.content)}"',
            "X-Linked-Size": str(len(page.content)),
            "X-Repo-Commit": COMMIT,
        }
        return Page(b"", statuses=[302], headers=headers)

    def _from_cdn(self, path: str) -> Page | None:
        owner, name, inside = path.removeprefix(CDN + "/").split("/", 2)
        page = self.repos[f"{owner}/{name}"].files.get(inside)
        # as the true one: a tag of its own, which is not the hub's
        return page and replace(page, etag=f'"cdn-{hashlib.md5(page.content).hexdigest()}"')


def _error(status: int, code: str) -> Page:
    headers = {"X-Error-Code": code, "X-Error-Message": code} if code else {}
    return Page(b"", statuses=[status], headers=headers)
