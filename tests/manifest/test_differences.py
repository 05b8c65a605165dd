"""What changed between two manifests, and what a reviewer is told to notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ocrstate.manifest.desired import Budget, DesiredModel, MissingPolicy, Policy, UnlistedPolicy
from ocrstate.manifest.differences import Change, ModelChange, PatternChange, compare
from ocrstate.manifest.load import load
from ocrstate.manifest.notices import (
    BudgetRaised,
    MissingAllowed,
    NoLongerListed,
    NoLongerProtected,
    NothingListed,
    Notice,
    NowAbsent,
    OtherContent,
    OtherStore,
    RetainShortened,
    UnlistedRemoved,
    Unpinned,
)
from tests.support.manifests import desired_of

if TYPE_CHECKING:
    from ocrstate.manifest.desired import Desired
    from tests.manifest.conftest import Written

ONES, TWOS = "1" * 64, "2" * 64
REPORT = Policy(unlisted=UnlistedPolicy.REPORT)
NOTHING = desired_of()


def model(
    name: str = "fr.bin",
    size: int | None = None,
    sha256: str | None = None,
    source: str | None = None,
    *,
    folder: str = "/etc",
) -> DesiredModel:
    return DesiredModel(name, 1, size, sha256, source, f"{folder}/models.yml")


def within(budget: Budget) -> Desired:
    return desired_of(policy=Policy(max_remove=budget))


def keeping(retain: int) -> Desired:
    return desired_of(policy=Policy(retain=retain))


# -- models


def test_models_are_added_removed_and_changed_in_the_order_of_their_names() -> None:
    found = compare(
        desired_of("a", "c", model("d", 1), model("e", 1)), desired_of("b", "c", model("d", 2), model("e", 2), "f")
    )
    assert [each.name for each in found.added] == ["b", "f"]
    assert [each.name for each in found.removed] == ["a"]
    assert [each.name for each in found.changed] == ["d", "e"]
    assert not found.are_none


ATTRIBUTES = [
    pytest.param(model(), model(), [], id="nothing"),
    pytest.param(model(size=1), model(size=2), [Change("size", 1, 2)], id="a size"),
    pytest.param(model(), model(size=0), [Change("size", None, 0)], id="a size that is said now"),
    pytest.param(model(sha256=ONES), model(), [Change("sha256", ONES, None)], id="a digest that is not said any more"),
    pytest.param(
        model("__x", 1, ONES, "a"),
        model("__x", 2, TWOS, "b"),
        [Change("sha256", ONES, TWOS), Change("size", 1, 2), Change("source", "a", "b")],
        id="everything",
    ),
    pytest.param(model(source="./x/a"), model(source="x/a"), [], id="another spelling of a source"),
    pytest.param(model(source="hf://o/r/a@v1"), model(source="hf://o/r@v1/a"), [], id="a revision elsewhere"),
    pytest.param(model(source="../a", folder="/x/y"), model(source="a", folder="/x"), [], id="from elsewhere"),
    pytest.param(model(source="a", folder="/x"), model(source="a", folder="/y"), [], id="a copy of the manifest"),
    pytest.param(
        model(source="../a", size=1), model(source="/a", size=2), [Change("size", 1, 2)], id="beside another spelling"
    ),
    pytest.param(
        model(source="https://x/a?b"), model(source="https://x/a?c"), [Change("source", "https://x/a?b", "https://x/a?c")],
        id="a query",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "changes"), ATTRIBUTES)
def test_each_attribute_that_differs_is_named(old: DesiredModel, new: DesiredModel, changes: list[Change]) -> None:
    expected = (ModelChange(new.name, tuple(changes)),) if changes else ()
    found = compare(desired_of(old), desired_of(new))
    assert (found.changed, found.are_none) == (expected, not changes)


# -- patterns and settings


def test_patterns_are_added_and_removed_and_their_order_does_not_count() -> None:
    old = desired_of(ignore=["a", "b"], protect=["c"], absent=["x"])
    new = desired_of(ignore=["b", "a"], protect=["d"], absent=[])
    assert compare(old, new).patterns == (
        PatternChange("protect", "c", is_new=False),
        PatternChange("protect", "d", is_new=True),
        PatternChange("absent", "x", is_new=False),
    )


def test_settings_are_compared_by_what_they_mean() -> None:
    old = Policy(UnlistedPolicy.REMOVE, MissingPolicy.REFUSE, Budget(1, 50, 3), 60)
    new = Policy(UnlistedPolicy.REPORT, MissingPolicy.ALLOW, Budget(2, 50.0), 0)
    assert compare(desired_of(policy=old), desired_of(policy=new)).settings == (
        Change("policy.max_remove.bytes", 3, None),
        Change("policy.max_remove.count", 1, 2),
        Change("policy.missing", "refuse", "allow"),
        Change("policy.retain", 60, 0),
        Change("policy.unlisted", "remove", "report"),
    )


def test_a_manifest_is_compared_together_with_what_it_extends(written: Written) -> None:
    written({"alone": "models: [a, b]\nprotect: [x]", "base": "models: [a]\nprotect: [x]"})
    written({"host": "extends: [base]\nmodels: [b]"})
    assert compare(load("alone"), load("host")).are_none
    assert [each.name for each in compare(load("base"), load("host")).added] == ["b"]


# -- what to notice


NOTICES: list[tuple[str, Desired, Desired, list[Notice]]] = [
    ("a model is added", NOTHING, desired_of("a"), []),
    ("models are no longer listed", desired_of("a", "b", "c"), desired_of("c"), [NoLongerListed(("a", "b"))]),
    ("and nothing is", desired_of("a"), NOTHING, [NoLongerListed(("a",)), NothingListed()]),
    ("they are protected", desired_of("a", "c", protect=["a"]), desired_of("c", protect=["a"]), []),
    ("they are ignored now", desired_of("a", "c"), desired_of("c", ignore=["a"]), []),
    ("they are reported", desired_of("a", "c", policy=REPORT), desired_of("c", policy=REPORT), []),
    ("they are reported, and absent", desired_of("a", "c", policy=REPORT), desired_of("c", policy=REPORT, absent=["a"]),
     [NoLongerListed(("a",)), NowAbsent("a")]),
    ("content changes", desired_of(model(sha256=ONES)), desired_of(model(sha256=TWOS)), [OtherContent(("fr.bin",))]),
    ("a size changes", desired_of(model(size=1)), desired_of(model(size=0)), [OtherContent(("fr.bin",))]),
    ("a digest is added", desired_of(model()), desired_of(model(sha256=ONES)), []),
    ("a digest is dropped", desired_of(model(sha256=ONES)), desired_of(model()), [Unpinned(("fr.bin",))]),
    ("protect shrinks", desired_of(protect=["a", "b"]), desired_of(protect=["b"]), [NoLongerProtected("protect", "a")]),
    ("ignore shrinks", desired_of(ignore=["a"]), NOTHING, [NoLongerProtected("ignore", "a")]),
    ("a pattern moves", desired_of(ignore=["a"]), desired_of(protect=["a"]), []),
    ("a pattern moves back", desired_of(protect=["a"]), desired_of(ignore=["a"]), []),
    ("absent grows", NOTHING, desired_of(absent=["a"]), [NowAbsent("a")]),
    ("absent shrinks", desired_of(absent=["a"]), NOTHING, []),
    ("unlisted: report ends", desired_of(policy=REPORT), NOTHING, [UnlistedRemoved()]),
    ("unlisted: report begins", NOTHING, desired_of(policy=REPORT), []),
    ("missing: allow", NOTHING, desired_of(policy=Policy(missing=MissingPolicy.ALLOW)), [MissingAllowed()]),
    ("a bound goes", within(Budget(1)), NOTHING, [BudgetRaised()]),
    ("a bound comes", NOTHING, within(Budget(1)), []),
    ("a bound rises", within(Budget(1, 5)), within(Budget(1, 6)), [BudgetRaised()]),
    ("a bound falls", within(Budget(size=2)), within(Budget(size=1)), []),
    ("retain falls", keeping(60), keeping(59), [RetainShortened(60, 59)]),
    ("retain rises", NOTHING, keeping(60), []),
    ("another store", NOTHING, desired_of(store="./m"), [OtherStore()]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "notices"), [case[1:] for case in NOTICES], ids=[case[0] for case in NOTICES])
def test_a_reviewer_is_told_what_may_cost_something(old: Desired, new: Desired, notices: list[Notice]) -> None:
    assert list(compare(old, new).notices) == notices
