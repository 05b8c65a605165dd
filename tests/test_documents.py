"""What the documents say of the project's own files is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
_OWN_FILE = re.compile(r"`((?:tests|ocrstate|schemas|examples|bench|docs)/[\w./-]+)`")
_LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)")
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


def prose(document: Path) -> str:
    return _FENCED.sub("", document.read_text(encoding="utf-8"))


def anchors(document: Path) -> set[str]:
    """Return what git hosts make of headings."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in _HEADING.findall(prose(document))}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_the_files_and_headings_that_a_document_names_are_there(document: Path) -> None:
    text = prose(document)
    named = [ROOT / path for path in _OWN_FILE.findall(text)]
    links = [((document.parent / path if path else document), anchor) for path, anchor in _LINK.findall(text)]
    assert [str(path) for path in (*named, *(path for path, _ in links)) if not path.exists()] == []
    assert [(path.name, anchor) for path, anchor in links if anchor and anchor not in anchors(path)] == []


def test_each_promise_names_tests_that_show_it() -> None:
    text = (ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8")
    promises = re.findall(r"^### (\d+\..*?)$(.*?)(?=^##)", text, re.MULTILINE | re.DOTALL)
    assert len(promises) >= 9
    assert [title for title, promise in promises if "Shown by" not in promise or "`tests/" not in promise] == []


def test_other_sites_that_the_readme_links_to_are_among_those_that_make_links_looks_at() -> None:
    sites = {page: set(re.findall(r"\]\((https?:[^)]+)\)", page.read_text(encoding="utf-8"))) for page in DOCUMENTS}
    assert sites.pop(ROOT / "README.md") <= set().union(*sites.values())
