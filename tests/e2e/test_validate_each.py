"""Several manifests that have nothing to do with one another are checked in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.github import annotated

if TYPE_CHECKING:
    from tests.e2e.host import Ended, Host

pytestmark = pytest.mark.without_engine

GOOD = "version: 1\nmodels: [en.bin]\n"
WRONG = "version: 1\nmodels:\n  - no\n"


def each(host: Host, *words: str) -> Ended:
    return host.run("validate", "--each", *words)


@pytest.fixture
def several(host: Host) -> Host:
    """Give a host with manifests of which some would clash as one."""
    (host.app / "a.yml").write_text(GOOD)
    (host.app / "b.yml").write_text("version: 1\nmodels: [{name: en.bin, size: 1}]\n")
    (host.app / "c.yml").write_text("version: 1\nmodels: [{name: en.bin, size: 2}]\n")
    (host.app / "wrong.yml").write_text(WRONG)
    (host.app / "wrong too.yml").write_text(WRONG + "  - ../x\n")
    (host.app / "extends.yml").write_text("version: 1\nmodels: [fr.bin]\nextends: [wrong.yml]\n")
    return host


def test_manifests_that_would_clash_as_one_are_valid_each(several: Host) -> None:
    ended = each(several, "a.yml", "b.yml", "c.yml")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "".join(f"{name}.yml: valid, 1 model\n" for name in "abc")
    assert each(several, "a.yml", "b.yml", "-q").out == ""
    assert several.run("validate", "b.yml", "c.yml").code == 1


def test_all_problems_of_all_files_are_told(several: Host) -> None:
    ended = each(several, "wrong.yml", "a.yml", "gone.yml", "wrong too.yml")
    assert (ended.code, ended.out) == (1, "a.yml: valid, 1 model\n")
    assert [line.partition(": ")[0] for line in ended.err.splitlines() if not line.startswith(("  ", "Error"))] == [
        *("wrong.yml:3:5", "wrong too.yml:3:5", "wrong too.yml:4:5")
    ]
    assert 'Error: there is no manifest "gone.yml"\n' in ended.err
    assert ended.err.endswith("Error: 3 problems in 2 manifests\n  mend the manifest and run again\n")


def test_what_is_wrong_with_a_manifest_is_told_once_whoever_extends_it(several: Host) -> None:
    ended = each(several, "wrong.yml", "extends.yml")
    assert ended.err.count("wrong.yml:3:5: ") == 1
    assert len(annotated(each(several, "wrong.yml", "extends.yml", "--format", "github").out)) == 2


def test_a_script_gets_one_document_for_all(several: Host) -> None:
    ended = each(several, "a.yml", "wrong.yml", "gone.yml", "--json")
    assert ended.code == 1
    document = ended.document
    assert (document["kind"], document["valid"]) == ("validations", False)
    assert [each["valid"] for each in document["manifests"]] == [True, False, False]
    assert document["manifests"][0] == {"path": "a.yml", "valid": True, "models": 1}
    assert document["manifests"][1]["error"]["problems"][0]["line"] == 3
    assert document["manifests"][2]["error"]["code"] == "manifest-not-found"
    assert each(several, "a.yml", "b.yml", "--json").document["valid"] is True


def test_names_of_files_stay_harmless(host: Host) -> None:
    name = "\x1b[31m\u202e::error::\n.yml"
    (host.app / name).write_text(GOOD)
    assert each(host, name).out == "\\x1b[31m\\u202e::error::\\n.yml: valid, 1 model\n"
    assert annotated(each(host, name, "--format", "github").out) == []
