"""The JSON document of what changed between two manifests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ocrstate.manifest.desired import DesiredModel, Policy
from ocrstate.manifest.differences import compare
from ocrstate.render.diff_document import diff_document
from ocrstate.render.diff_words import notice_words
from tests.render.scenes import CHANGED, HOSTILE_CHANGE
from tests.support.documents import valid
from tests.support.manifests import desired_of

if TYPE_CHECKING:
    from typing import Any

    from ocrstate.manifest.desired import Desired


def document_of(old: Desired, new: Desired) -> Any:  # noqa: ANN401 - of JSON
    return valid(diff_document(old, new, compare(old, new)))


def test_it_has_the_keys_that_scripts_rely_on() -> None:
    old = desired_of("gone", DesiredModel("fr", 1, 3, "1" * 64, "/srv/fr"), protect=["base_*"])
    new = desired_of(
        DesiredModel("fr", 1, 4, "2" * 64, "/srv/fr"),
        DesiredModel("new", 1, 5, "3" * 64, "/srv/new"),
        absent=["old_*"],
        policy=Policy(retain=60),
        extends=("/etc/base.yml",),
        path="/etc/host.yml",
    )
    document = document_of(old, new)
    assert document == {
        "format_version": "1.0",
        "kind": "diff",
        "old": {"path": "/etc/app/models.yml", "sha256": "0" * 64, "extends": []},
        "new": {
            "path": "/etc/host.yml",
            "sha256": "0" * 64,
            "extends": [{"path": "/etc/base.yml", "sha256": "0" * 64}],
        },
        "differs": True,
        "added": [{"name": "new", "size": 5, "sha256": "3" * 64, "source": "/srv/new"}],
        "removed": [{"name": "gone", "size": None, "sha256": None, "source": None}],
        "changed": [
            {
                "name": "fr",
                "differences": [
                    {"attribute": "sha256", "old": "1" * 64, "new": "2" * 64},
                    {"attribute": "size", "old": 3, "new": 4},
                ],
            }
        ],
        "patterns": [
            {"key": "protect", "pattern": "base_*", "change": "removed"},
            {"key": "absent", "pattern": "old_*", "change": "added"},
        ],
        "settings": [{"setting": "policy.retain", "old": 0, "new": 60}],
        "notices": [
            {"code": code, "message": message} for code, message in map(notice_words, compare(old, new).notices)
        ],
    }
    assert [each["code"] for each in document["notices"]] == [
        *("no-longer-listed", "other-content", "protect-shrinks", "absent-grows")
    ]


def test_manifests_that_ask_for_the_same_do_not_differ() -> None:
    document = document_of(desired_of("a", path="/x.yml"), desired_of("a", path="/y.yml"))
    lists = {key: value for key, value in document.items() if isinstance(value, list)}
    assert (document["differs"], any(lists.values())) == (False, False)


def test_nothing_secret_is_written() -> None:
    assert "secret" not in json.dumps(document_of(*CHANGED))
    assert "token" not in json.dumps(document_of(*CHANGED))


def test_each_notice_has_a_code_of_its_own() -> None:
    codes = [code for code, _ in map(notice_words, compare(*CHANGED).notices)]
    assert len(set(codes)) == len(codes) == 10


def test_names_are_written_as_they_are() -> None:
    document = document_of(*HOSTILE_CHANGE)
    assert [each["name"] for each in (*document["added"], *document["removed"])] == ["b.bin ", "\u202ea.bin"]
