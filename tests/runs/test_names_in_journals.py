"""Which names a file of ours may hold: whatever a disk can hold where models lie, and nothing that leads elsewhere."""

from __future__ import annotations

import os
import sys

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ocrstate.names import leads_into_store


@pytest.mark.parametrize(
    ("name", "leads"),
    [
        ("fr.bin", True),
        ("sub/fr.bin", True),
        ("...", True),
        ("..bin", True),
        ("-rf", True),
        (" ", True),
        ("a\nb\x1b", True),
        ("a\\b", True),
        ("C:", True),
        ("\udcff.bin", True),
        (".ocrstate.bin", True),
        ("sub/.ocrstate", True),
        ("a" * 255, True),
        ("\udcff" * 255, True),
        ("", False),
        (".", False),
        ("..", False),
        ("../fr.bin", False),
        ("sub/..", False),
        ("./fr.bin", False),
        ("/etc/passwd", False),
        ("/", False),
        ("sub/", False),
        ("sub//fr.bin", False),
        ("a/b/c", False),
        ("a\0", False),
        (".ocrstate", False),
        (".ocrstate/lock", False),
        (".OcrState/lock", False),
        ("a" * 766, False),
        (f"sub/{'a' * 766}", False),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_a_name_leads_to_where_a_model_can_lie(name: str, *, leads: bool) -> None:
    assert leads_into_store(name) is leads


@pytest.mark.skipif(sys.platform == "win32", reason="on Windows, names of files are no bytes")
@given(st.text(alphabet=st.characters(), max_size=9) | st.text(alphabet="./\0\ud800\udc2e\udc2f\udcffa", max_size=9))
def test_a_name_that_leads_into_the_store_is_one_that_a_disk_can_hold(name: str) -> None:
    assume(leads_into_store(name))
    path = f"/store/{name}".encode("utf-8", "surrogateescape")
    assert path == os.path.normpath(path)
    assert path.count(b"/") in (2, 3)
