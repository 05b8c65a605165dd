"""What a source may be called, and how it is told to people."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocrstate.sources.model import (
    BadSourceError,
    HttpFile,
    HubFile,
    LocalFile,
    OtherFile,
    Source,
    is_remote,
    parse_source,
    shown,
)

FOLDER = "/etc/ocr"
GOOD: dict[str, Source] = {
    "fr.bin": LocalFile("/etc/ocr/fr.bin"),
    "../models/a b#1?.bin": LocalFile("/etc/ocr/../models/a b#1?.bin"),
    "/srv/fr.bin": LocalFile("/srv/fr.bin"),
    "~/fr.bin": LocalFile("~/fr.bin"),
    "C:\\models\\fr.bin": LocalFile("C:\\models\\fr.bin"),
    "C:/models/fr.bin": LocalFile("C:/models/fr.bin"),
    "./odd:name": LocalFile("/etc/ocr/./odd:name"),
    "file:fr.bin": LocalFile("/etc/ocr/fr.bin"),
    "file:./a%20b": LocalFile("/etc/ocr/./a b"),
    "FILE:///srv/a%2Fb%3F": LocalFile("/srv/a/b?"),
    "file://localhost/srv/fr.bin": LocalFile("/srv/fr.bin"),
    "https://host/fr.bin": HttpFile("https://host/fr.bin"),
    "HTTP://host:8080/a/@b?key=1": HttpFile("HTTP://host:8080/a/@b?key=1"),
    "https://[::1]:1/fr.bin": HttpFile("https://[::1]:1/fr.bin"),
    "hf://owner/repo/fr.bin": HubFile("owner/repo", "fr.bin", "main"),
    "hf://owner/repo/sub/fr.bin@v1.0": HubFile("owner/repo", "sub/fr.bin", "v1.0"),
    "hf://owner/repo/fr.bin@refs/pr/1": HubFile("owner/repo", "fr.bin", "refs/pr/1"),
    "hf://owner/repo@v1.0/sub/fr.bin": HubFile("owner/repo", "sub/fr.bin", "v1.0"),
    "hf://owner/repo@refs/pr/1/fr.bin": HubFile("owner/repo", "fr.bin", "refs/pr/1"),
    "hf://owner/repo@refs%2Fpr%2F1/fr.bin": HubFile("owner/repo", "fr.bin", "refs/pr/1"),
    "s3://bucket/fr.bin": OtherFile("s3://bucket/fr.bin", "s3"),
    "Memory://fr.bin": OtherFile("Memory://fr.bin", "memory"),
}
BAD = {
    "": "empty",
    " ": "empty",
    "a\nb": "control character",
    "https://h/\x1b[31m": "control character",
    "mailto:me": "mailto: begins no address",
    "simplecache::s3://b/k": "begins no address",
    "file:": "names no file",
    "file://": "names no file",
    "file://host/fr.bin": "names no other host",
    "file:a#b": "spell them %3F and %23",
    "file:a%zz": "spell it %25",
    "file:a%00": "names no file",
    "https://host": "no file",
    "https://host/": "no file",
    "https:///fr.bin": "no host",
    "https://:80/fr.bin": "no host",
    "https://host/a b": "spell them %20",
    "https://host/fr.bin#part": "no fragment",
    "https://host:99999/fr.bin": "port is not a number",
    "https://[::1/fr.bin": "IPv6",
    "https://me@host/fr.bin": "~/.netrc",
    "https://me:hidden@host/fr.bin": "~/.netrc",
    "ftp://me:hidden@host/fr.bin": "~/.netrc",
    "https://me:hid/den@host/fr.bin": "port is not a number",
    "hf://owner/repo": "a repository and a file",
    "hf://owner/repo/": "a repository and a file",
    "hf://owner": "a repository and a file",
    "hf://datasets/owner/repo/a": "datasets are not read",
    "hf://owner/repo/../a": "path or the revision",
    "hf://owner/repo/a@": "path or the revision",
    "hf://owner/repo@/a": "path or the revision",
    "hf://ow ner/repo/a": "repository is not spelled right",
    "hf://owner/repo/a?x": "no query",
    "s3://": "names no file",
    "zip://a.bin::https://host/a.zip": "port is not a number",
    "zip://a/b::https://host/a.zip": "inside another one",
}


@pytest.mark.parametrize(("text", "source"), GOOD.items(), ids=GOOD)
def test_sources_are_read(text: str, source: Source) -> None:
    assert parse_source(text, FOLDER) == source
    assert is_remote(source) == (not isinstance(source, LocalFile))


@pytest.mark.parametrize(("text", "problem"), BAD.items(), ids=map(ascii, BAD))
def test_what_is_no_source_is_refused_with_the_way_out(text: str, problem: str) -> None:
    with pytest.raises(BadSourceError, match=problem) as caught:
        parse_source(text, FOLDER)
    assert "hid" not in caught.value.problem


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("fr.bin", "fr.bin"),
        ("a?b#c@d", "a?b#c@d"),
        ("https://host/fr.bin", "https://host/fr.bin"),
        ("https://host/fr.bin?key=hidden", "https://host/fr.bin?…"),
        ("https://host/fr.bin#hidden", "https://host/fr.bin?…"),
        ("https://me:hidden@host/fr.bin", "https://host/fr.bin"),
        ("https://me:hid@den@host/fr.bin", "https://host/fr.bin"),
        ("https://me:hid/den@host/fr.bin", "https://…"),
        ("s3://bucket/key?versionId=1", "s3://bucket/key?…"),
        ("hf://owner/repo@v1/fr.bin", "hf://owner/repo@v1/fr.bin"),
    ],
)
def test_what_could_be_secret_is_not_told(text: str, told: str) -> None:
    assert shown(text) == told


@given(st.text() | st.from_regex(r"(https?|hf|s3|file|x):/{0,3}[a-z@:/?#%\[\]. ]*", fullmatch=True))
def test_any_text_is_a_source_or_refused_in_words(text: str) -> None:
    assert isinstance(shown(text), str)
    with suppress(BadSourceError):
        assert parse_source(text, FOLDER) == parse_source(text, FOLDER)
