"""The document of verify: valid by its schema, and with the keys that scripts rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ocrstate.render.verify_document import verification_document
from tests.render.verify_scenes import ALL_KNOWN, BIG, EVERY_VERDICT, HOSTILE, LISTED, NOTHING, OTHER, VERIFIED
from tests.support.documents import valid

if TYPE_CHECKING:
    from ocrstate.planning.verification import Verification


def test_every_verdict_has_a_code_of_its_own() -> None:
    document = valid(verification_document(EVERY_VERDICT))
    assert document.keys() == {
        *("format_version", "kind", "manifest", "store", "as_declared", "warnings", "models", "summary"),
    }
    assert (document["kind"], document["as_declared"]) == ("verification", False)
    assert {each["name"]: each["verdict"] for each in document["models"]} == {
        "bad.bin": "differs",
        "cut.bin": "truncated",
        "de.bin": "verified",
        "dead.bin": "not-a-file",
        "en.bin": "verified",
        "full_of_holes.bin": "verified",
        "gone_v1.bin": "missing",
        "growing.bin": "changed",
        "half.bin": "differs",
        "locked.bin": "unreadable",
        "longer.bin": "longer",
        "pipe": "not-a-file",
        "raw.bin": "unpinned",
        "unfinished.bin": "unpinned",
        "zh_模型.bin": "unpinned",
    }
    assert document["summary"] == {
        "verified": 3,
        "differs": 6,
        "missing": 1,
        "unreadable": 1,
        "changed": 1,
        "unpinned": 3,
        "bytes_read": 3 * BIG,
        "bytes_remembered": 2 * BIG,
        "seconds": 12.34,
    }
    assert [each["code"] for each in document["warnings"]] == ["name-not-utf8"]


def test_what_differs_is_told_with_what_was_expected_and_what_is_there() -> None:
    models = {each["name"]: each for each in valid(verification_document(EVERY_VERDICT))["models"]}
    assert models["half.bin"] == {
        "name": "half.bin",
        "verdict": "differs",
        "explanation": "its content differs, and it holds holes: its copy was probably interrupted",
        "expected": {"sha256": LISTED, "size": BIG},
        "actual": {"sha256": OTHER, "size": BIG},
        "remembered": True,
        "bytes_on_disk": 4096,
        "note": "holds holes: 4.1 kB of 4.7 GB are on disk",
    }
    assert models["cut.bin"]["actual"] == {"sha256": None, "size": 1000}
    assert models["gone_v1.bin"]["did_you_mean"] == ["gone_v2.bin"]
    assert models["locked.bin"]["actual"] == {"sha256": None, "size": None}


@pytest.mark.parametrize("verification", [VERIFIED, ALL_KNOWN, NOTHING])
def test_what_is_right_is_said_to_be(verification: Verification) -> None:
    document = valid(verification_document(verification))
    assert document["as_declared"] is True


def test_strange_names_make_a_valid_document() -> None:
    assert [each["name"] for each in valid(verification_document(HOSTILE))["models"]] == ["\x1b[31mred", "a\nb"]
