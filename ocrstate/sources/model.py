"""What ``source:`` in a manifest may say, as values. Pure.

A source is a path (relative to the manifest's folder, ``~`` is left to the reader), or an address:

- ``file:fr.bin``, ``file:../fr.bin``, ``file:///srv/fr.bin``, with ``%20`` for a space and so on
- ``http://host/fr.bin``, ``https://host/fr.bin``
- ``hf://owner/repo/path@revision``, or as the hub spells it: ``hf://owner/repo@revision/path``; without a revision
  ``main`` is meant
- ``s3://bucket/fr.bin`` and whatever else fsspec opens
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

MAIN_REVISION: Final = "main"

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):(.*)", re.DOTALL)  # one letter is a drive of Windows
_ABSOLUTE: Final = re.compile(r"[/\\~]|[A-Za-z]:[/\\]")
_AUTHORITY: Final = re.compile(r"//([^/?#]*)(.*)", re.DOTALL)
_ODD: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_BARE_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_REPO_PART: Final = re.compile(r"\w[\w.-]*", re.ASCII)
_OTHER_REPOS: Final = frozenset({"datasets", "spaces", "kernels", "buckets"})
_OWNER_AND_REPO: Final = 2
_NETRC: Final = "credentials must not be in version control: put them into ~/.netrc and remove them here"


class LocalFile(NamedTuple):
    """A file of this machine.

    Attributes:
        path: absolute, or relative to the current folder; may begin with ``~``.
    """

    path: str


class HttpFile(NamedTuple):
    """A file that a web server has."""

    url: str


class HubFile(NamedTuple):
    """A file in a model repository of the Hugging Face hub.

    Attributes:
        repo: ``owner/name``.
        path: in the repository, with ``/``.
        revision: a branch, a tag or a commit.
    """

    repo: str
    path: str
    revision: str


class OtherFile(NamedTuple):
    """A file that fsspec opens.

    Attributes:
        protocol: the address's scheme in lower case.
    """

    url: str
    protocol: str


Source = LocalFile | HttpFile | HubFile | OtherFile


class BadSourceError(ValueError):
    """A text is no source.

    Attributes:
        problem: what is wrong with it, and how to mend it; repeats nothing of the text that could be secret.
    """

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def parse_source(text: str, folder: str) -> Source:
    """Read what a manifest in the folder says of where a model can be had.

    Raises:
        BadSourceError: it is no source.
    """
    if not text.strip():
        raise BadSourceError("the source is empty; write the path or the address of the file")
    if _ODD.search(text):
        raise BadSourceError("the source holds a control character; in an address, spell it with % and two digits")
    match = _SCHEME.fullmatch(text)
    if match is None:
        return LocalFile(_joined(folder, text))
    scheme, rest = match[1].lower(), str(match[2])
    if scheme == "file":
        return LocalFile(_joined(folder, _path_of_file(rest)))
    if not rest.startswith("//"):
        raise BadSourceError(
            f"{scheme}: begins no address; write https://…, hf://…, file:… or another scheme://…, "
            "and ./ before a file's name that has such a beginning"
        )
    return _remote(scheme, text, rest)


def is_remote(source: Source) -> bool:
    """Tell whether the network is needed to read it."""
    return not isinstance(source, LocalFile)


def shown(text: str) -> str:
    """Spell a source for people and records: without what could be secret."""
    match = _SCHEME.fullmatch(text)
    authority = match and _AUTHORITY.fullmatch(match[2])
    if match is None or authority is None:
        return text
    host, path = authority[1].rpartition("@")[2], re.sub(r"[?#].*", "?…", authority[2], flags=re.DOTALL)
    is_odd = match[1].lower() != "hf" and (_port_problem(f"//{host}") or "@" in path.partition("/")[0])
    return f"{match[1]}://…" if is_odd else f"{match[1]}://{host}{path}"


def _joined(folder: str, path: str) -> str:
    return path if not folder or _ABSOLUTE.match(path) else f"{folder.rstrip('/')}/{path}"


def _path_of_file(rest: str) -> str:
    if re.search(r"[?#]", rest):
        raise BadSourceError("a file: address has no ? and #; spell them %3F and %23, or write the path alone")
    if _BARE_PERCENT.search(rest):
        raise BadSourceError("a % stands before two hexadecimal digits in an address; spell it %25")
    authority = _AUTHORITY.fullmatch(rest)
    if authority is not None and authority[1].lower() not in ("", "localhost"):
        raise BadSourceError("a file: address names no other host; write file:///folder/file, or a path")
    path = unquote(rest if authority is None else authority[2], errors="surrogateescape")
    if not path or _ODD.search(path):
        raise BadSourceError("this file: address names no file; write file:fr.bin or file:///folder/fr.bin")
    return path


def _remote(scheme: str, text: str, rest: str) -> Source:
    if "#" in text:
        raise BadSourceError("an address of a model has no fragment; remove it, or spell # as %23")
    if scheme == "hf":
        return _hub(rest[2:])
    parts = _split(text)
    if "@" in parts.netloc:
        raise BadSourceError(_NETRC)
    problem = _port_problem(rest)
    if problem:
        raise BadSourceError(problem)
    return _web(text, parts) if scheme in ("http", "https") else _other(scheme, text, parts)


def _split(text: str) -> SplitResult:
    try:
        return urlsplit(text)
    except ValueError:
        raise BadSourceError("the host is not spelled right; an IPv6 address stands in [ and ]") from None


def _port_problem(rest: str) -> str:
    try:
        urlsplit(rest).port  # noqa: B018 - it is looked at on access
    except ValueError:
        return "the port is not a number from 0 to 65535; mend it, and spell : and / in names as %3A and %2F"
    return ""


def _web(text: str, parts: SplitResult) -> HttpFile:
    if not parts.hostname:
        raise BadSourceError("the address names no host; write https://host/folder/fr.bin")
    if parts.path.strip("/") == "":
        raise BadSourceError("the address names a host, but no file; write https://host/folder/fr.bin")
    if " " in text:
        raise BadSourceError("an address holds no spaces; spell them %20")
    return HttpFile(text)


def _other(scheme: str, text: str, parts: SplitResult) -> OtherFile:
    if "::" in text:
        raise BadSourceError("an address inside another one cannot be read; write the address of the file itself")
    if not (parts.netloc + parts.path).strip("/"):
        raise BadSourceError(f"the address names no file; write {scheme}://place/folder/fr.bin")
    return OtherFile(text, scheme)


def _hub(rest: str) -> HubFile:
    parts = rest.split("/")
    if "?" in rest:
        raise BadSourceError("an hf:// address has no query; write hf://owner/repo/path@revision")
    if parts[0] in _OTHER_REPOS:
        raise BadSourceError(f"{parts[0]} are not read by hf://; write the https:// address of the file")
    if len(parts) <= _OWNER_AND_REPO or not all(parts):
        raise BadSourceError("an hf:// address names a repository and a file; write hf://owner/repo/path@revision")
    owner, name, *inside = parts
    repo, has_revision, revision = name.partition("@")
    if has_revision:
        path, revision = _after_revision(revision, inside)
    else:
        path, has_revision, revision = "/".join(inside).rpartition("@")
        path, revision = (path, revision) if has_revision else (revision, MAIN_REVISION)
    return _checked_hub(HubFile(f"{owner}/{repo}", path, unquote(revision)))


def _after_revision(revision: str, parts: list[str]) -> tuple[str, str]:
    """Return path and revision as the hub spells them; a revision such as ``refs/pr/1`` has slashes of its own."""
    own = 2 if revision == "refs" and len(parts) > _OWNER_AND_REPO else 0
    return "/".join(parts[own:]), "/".join([revision, *parts[:own]])


def _checked_hub(file: HubFile) -> HubFile:
    if not all(_REPO_PART.fullmatch(part) for part in file.repo.split("/")):
        raise BadSourceError("the repository is not spelled right; write hf://owner/repo/path@revision")
    if not file.revision or not file.path or {".", "..", ""} & {*file.path.split("/"), *file.revision.split("/")}:
        raise BadSourceError("the path or the revision is not spelled right; write hf://owner/repo/path@revision")
    return file
