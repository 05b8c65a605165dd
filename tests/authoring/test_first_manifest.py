"""What a first manifest says, and what its comments teach."""

from __future__ import annotations

import re

import pytest

from ocrstate.authoring.first_manifest import First, first_text
from ocrstate.authoring.pins import Pin
from ocrstate.authoring.snapshot import Left, Made, Snapshot
from ocrstate.manifest.desired import Desired, MissingPolicy, UnlistedPolicy
from ocrstate.manifest.load import load_text
from tests.support.manifests import manifest_file
from tests.support.stores import entry

MADE = Made("/srv/ocr/models", "./models", "ocr-1", "2026-11-21T10:02:00Z", "1.2.3")
FULL = Snapshot((entry("en.bin"), entry("notes/de.bin")), (), ())
ODD = Snapshot((entry("a.bin"),), (Left("a\nbin", "odd"), Left("pipe", "a named pipe")), ())
STORES = {"none yet": None, "empty": Snapshot((), (), ()), "full": FULL, "odd": ODD}
WEEK = 7 * 24 * 60 * 60


def written(found: Snapshot | None, made: Made = MADE) -> str:
    return first_text(found, {}, made, has_schema=True)


def loaded(text: str) -> Desired:
    return load_text([manifest_file("/srv/ocr/models.yml", text)])


@pytest.mark.parametrize("found", STORES.values(), ids=STORES)
def test_a_mistake_in_it_costs_little_from_the_first_day(found: Snapshot | None) -> None:
    policy = loaded(written(found)).policy
    assert (policy.retain, policy.max_remove.percent) == (WEEK, 50)
    assert (policy.unlisted, policy.missing) == (UnlistedPolicy.REMOVE, MissingPolicy.REFUSE)


@pytest.mark.parametrize("found", STORES.values(), ids=STORES)
def test_what_is_commented_out_is_valid_when_it_counts(found: Snapshot | None) -> None:
    text = written(found).replace("models: []", "models:")
    text = re.sub(r"^#(?! |yaml)|^#(?=  )", "", text, flags=re.MULTILINE)
    for key in ("ignore", "protect", "absent"):
        assert len(re.findall(rf"^{key}:", text, re.MULTILINE)) == 1
    desired = loaded(text)
    example = next(model for model in desired.models if model.name == "fr_ocr_v2.bin")
    assert None not in (example.size, example.sha256, example.source)
    assert len(desired.models) == 1 + (len(found.models) if found else 0)
    assert desired.absent
    assert desired.policy.unlisted is UnlistedPolicy.REPORT
    assert (desired.policy.max_remove.count, desired.policy.max_remove.size) == (20, 40 * 1024**3)


@pytest.mark.parametrize("key", ["protect", "ignore", "absent", "policy", "retain", "max_remove", "source", "sha256"])
def test_every_key_is_taught(key: str) -> None:
    assert f"{key}:" in written(None)


def test_what_cannot_be_listed_stays() -> None:
    desired = loaded(written(ODD))
    assert [glob.matches("pipe") for glob in desired.ignore] == [True]
    assert [glob.matches("a\nbin") for glob in desired.protect] == [True]


def test_lines_that_do_not_name_a_path_fit_a_terminal() -> None:
    assert [line for line in written(FULL).splitlines() if len(line) > 118 and "/srv" not in line] == []


def test_it_holds_digests_if_there_are_any() -> None:
    text = first_text(FULL, {"en.bin": Pin("a" * 64, 10), "notes/de.bin": Pin("b" * 64, 10)}, MADE, has_schema=False)
    assert [model.sha256 for model in loaded(text).models] == ["a" * 64, "b" * 64]
    assert text.splitlines()[1] == "# For editors: ocrstate schema manifest > manifest.schema.json"


@pytest.mark.parametrize(
    ("found", "digests", "next_ones"),
    [
        (None, False, ["validate", "plan"]),
        (FULL, False, ["check", "lock"]),
        (FULL, True, ["check", "verify"]),
    ],
)
def test_what_comes_next(found: Snapshot | None, next_ones: list[str], *, digests: bool) -> None:
    made = First("/srv/ocr/models", found, digests, "")
    assert [step.command for step in made.steps(lambda name: name)] == next_ones
