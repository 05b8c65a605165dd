"""What the documents say of the project's own files is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted((ROOT / "docs").glob("*.md"))
_OWN_FILE = re.compile(r"`((?:tests|ocrstate|schemas|examples|bench|docs)/[\w./-]+)`")
_LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_the_files_that_a_document_names_are_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    named = [ROOT / path for path in _OWN_FILE.findall(text)]
    linked = [document.parent / path for path in _LINK.findall(text)]
    assert [str(path) for path in (*named, *linked) if not path.exists()] == []


def test_each_promise_names_tests_that_show_it() -> None:
    text = (ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8")
    promises = re.findall(r"^### (\d+\..*?)$(.*?)(?=^##)", text, re.MULTILINE | re.DOTALL)
    assert len(promises) >= 9
    assert [title for title, promise in promises if "Shown by" not in promise or "`tests/" not in promise] == []
