"""Values are spelled so that readers of YAML 1.1 and of 1.2 take them for the same."""

from __future__ import annotations

import unicodedata

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from ocrstate.authoring.yaml_text import digest, double_quoted, scalar

_DIGESTS = st.text("0123456789abcdef", min_size=64, max_size=64) | st.sampled_from(
    ("1" * 64, "1e" + "2" * 62, "0b" + "10" * 31, "12e" + "3" * 61, "0" * 64)
)


def read(spelled: str) -> list[object]:
    return [yaml.safe_load(f"a: {spelled}\n")["a"], YAML(typ="safe", pure=True).load(f"a: {spelled}\n")["a"]]


@given(
    st.text(st.characters(exclude_categories=["Cs"])) | st.from_regex(r"[-+0-9a-fox_.:]+|[a-zA-Z]{1,5}", fullmatch=True)
)
def test_any_text_is_read_as_it_was(text: str) -> None:
    assert read(scalar(text)) == [text, text]
    assert read(double_quoted(text)) == [text, text]


@given(_DIGESTS)
def test_no_digest_is_read_as_a_number(sha256: str) -> None:
    assert read(digest(sha256)) == [sha256, sha256]


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("fr_ocr_v2.bin", "fr_ocr_v2.bin"),
        ("sub/a-b.bin", "sub/a-b.bin"),
        ("no", '"no"'),
        ("2026-10-01", '"2026-10-01"'),
        ("模型.bin", '"模型.bin"'),
        ("e\u0301", '"e\\u0301"'),
        ('a"\\', '"a\\"\\\\"'),
        ("\U000e0001", '"\\U000E0001"'),
    ],
)
def test_a_text_is_spelled_as_plainly_as_is_safe(text: str, spelled: str) -> None:
    assert scalar(text) == spelled


def test_what_is_put_together_by_editors_is_escaped() -> None:
    name = "e\u0301.bin"
    assert unicodedata.normalize("NFC", scalar(name)) == scalar(name)
