"""What a web server's answer means for a download that may go on where an earlier one ended. Pure."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, NamedTuple

from ocrstate.sources.body import RefusedError, Resume, TemporaryError, is_same_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_CONTENT_RANGE: Final = re.compile(r"bytes\s+(\d{1,18})-(\d{1,18})/(\d{1,18}|\*)", re.ASCII | re.IGNORECASE)
_STRONG_TAG: Final = re.compile(r'"[\x21\x23-\x7e\x80-\xff]*"')
_LONGEST_VALIDATOR: Final = 512
_PASSING: Final = frozenset({408, 421, 425, 429, *range(500, 600)}) - {501, 505, 511}
_KNOWN_CODINGS: Final = frozenset({"gzip", "x-gzip", "deflate"})


class Comes(NamedTuple):
    """The file comes, from ``start`` on.

    Attributes:
        encoded: compressed on the way, though we asked for it as it is: then no length that it tells is the file's.
    """

    start: int
    total: int | None
    validator: str | None
    encoded: bool = False


class StartOver(NamedTuple):
    """What is there is of no use: ask for the whole file."""


def resume_headers(resume: Resume) -> dict[str, str]:
    """Ask for what is missing, and for everything if the file is no longer the same."""
    if not resume.start:
        return {}
    asked = {"Range": f"bytes={resume.start}-"}
    return asked | {"If-Range": resume.validator} if resume.validator else asked


def read_answer(status: int, headers: Mapping[str, str], resume: Resume, now: datetime) -> Comes | StartOver:
    """Say what the answer brings; ``headers`` take names in lower case.

    Raises:
        TemporaryError: nothing yet.
        RefusedError: nothing.
    """
    if status in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
        return _body(status, headers, resume)
    if status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and resume.start:
        return StartOver()
    if status in _PASSING:
        raise TemporaryError(f"the server answers {_spelled(status)}", _retry_after(headers, now))
    raise _refused(status)


def _body(status: int, headers: Mapping[str, str], resume: Resume) -> Comes | StartOver:
    coding = headers.get("content-encoding", "identity").strip().lower()
    validator = _validator(headers)
    if coding not in ("identity", ""):
        return _encoded(coding, resume)
    span = _CONTENT_RANGE.fullmatch(headers.get("content-range", "").strip())
    if span is None:
        if status == HTTPStatus.PARTIAL_CONTENT:
            return _no_range(resume)
        return Comes(0, _length(headers), validator)
    start, total = int(span[1]), None if span[3] == "*" else int(span[3])
    # some servers answer 200 with a range, and mean it
    if start != resume.start or not is_same_file(resume, total, validator):
        return _no_range(resume)
    return Comes(start, total, validator or resume.validator if start else validator)


def _encoded(coding: str, resume: Resume) -> Comes | StartOver:
    if coding not in _KNOWN_CODINGS:
        words, hint = "the server compresses the file in a way that was not asked for", "have the server send it as is"
        raise RefusedError("source-refused", words, hint)
    return StartOver() if resume.start else Comes(0, None, None, encoded=True)


def _no_range(resume: Resume) -> StartOver:
    if resume.start:
        return StartOver()
    raise TemporaryError("the server sends another part of the file than was asked for")


def _length(headers: Mapping[str, str]) -> int | None:
    length = headers.get("content-length", "").strip()
    return int(length) if length.isascii() and length.isdigit() and "transfer-encoding" not in headers else None


def _validator(headers: Mapping[str, str]) -> str | None:
    """Return what can stand in an If-Range: a strong tag, else the time of the last change."""
    tag = headers.get("etag", "").strip()
    if _STRONG_TAG.fullmatch(tag) and len(tag) <= _LONGEST_VALIDATOR:
        return tag
    changed = headers.get("last-modified", "").strip()
    return changed if changed and _time(changed) is not None else None


def _retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    at = _time(text)
    return None if at is None else max(0.0, (at - now).total_seconds())


def _time(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return at if at.tzinfo is not None else None


def _refused(status: int) -> RefusedError:
    words = f"the server answers {_spelled(status)}"
    match status:
        case HTTPStatus.UNAUTHORIZED:
            return RefusedError("source-denied", words, "put the login for this host into ~/.netrc")
        case HTTPStatus.FORBIDDEN:
            hint = "let the login in ~/.netrc read the file, or give an address that has not expired"
            return RefusedError("source-denied", words, hint)
        case HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
            return RefusedError("source-denied", words, "put the proxy's login into HTTP_PROXY and HTTPS_PROXY")
        case HTTPStatus.NOT_FOUND | HTTPStatus.GONE:
            return RefusedError("source-missing", words, "correct the source, or put the file there")
        case _:
            return RefusedError("source-refused", words, "look at the source with another program, such as curl -I")


def _spelled(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
