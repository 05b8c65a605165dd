"""What several manifests ask for together, and where one of them makes another one wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocrstate.manifest.desired import Budget, MissingPolicy, Policy, UnlistedPolicy
from ocrstate.manifest.load import load
from ocrstate.planning.guards import Consent, refusals
from ocrstate.planning.planner import plan
from ocrstate.render.documents import plan_document
from tests.manifest.conftest import problems_of
from tests.support.worlds import LEAVES, PATTERNS, inventories

if TYPE_CHECKING:
    from pathlib import Path

    from ocrstate.inventory.model import Inventory
    from ocrstate.manifest.desired import Desired
    from tests.manifest.conftest import Written

ONES, TWOS = "1" * 62 + "aa", "2" * 62 + "bb"


def listed(desired: Desired) -> dict[str, tuple[str | None, int | None, str | None]]:
    return {model.name: (model.sha256, model.size, model.source) for model in desired.models}


# -- the union


def test_models_and_patterns_are_united(written: Written) -> None:
    written(
        {
            "base": "models: [b, a]\nignore: ['*.x']\nprotect: [p1]\nabsent: [q]",
            "host": "extends: [base]\nmodels: [c, a]\nignore: ['*.y', '*.x']\nprotect: [p2]",
        }
    )
    desired = load("host")
    assert [model.name for model in desired.models] == ["a", "b", "c"]
    assert [glob.text for glob in desired.ignore] == ["*.x", "*.y"]
    assert [glob.text for glob in desired.protect] == ["p1", "p2"]
    assert [glob.text for glob in desired.absent] == ["q"]


POLICIES = [
    ("", "", Policy()),
    ("retain: 7d", "", Policy(retain=604_800)),
    ("retain: 7d", "retain: 0d", Policy()),
    ("unlisted: report", "missing: allow", Policy(UnlistedPolicy.REPORT, MissingPolicy.ALLOW)),
    ("unlisted: report", "unlisted: remove", Policy()),
    ("max_remove: {count: 1, percent: 2}", "max_remove: {count: 3}", Policy(max_remove=Budget(3, 2))),
    ("max_remove: {bytes: 1kB}", "max_remove: {}", Policy(max_remove=Budget(size=1_000))),
]


@pytest.mark.parametrize(("base", "host", "policy"), POLICIES)
def test_of_each_key_of_the_policy_the_later_one_counts(written: Written, base: str, host: str, policy: Policy) -> None:
    written({"base": f"models: []\npolicy: {{{base}}}", "host": f"extends: [base]\npolicy: {{{host}}}"})
    assert load("host").policy == policy


@pytest.mark.parametrize(
    ("naming", "wins"),
    [(["one", "two", "host"], "host"), (["one", "two"], "two"), (["one"], "one"), (["host"], "host")],
)
def test_the_last_manifest_that_names_a_store_counts(
    written: Written, tmp_path: Path, naming: list[str], wins: str
) -> None:
    lines = {name: f"store: at-{name}" if name in naming else "" for name in ("one", "two", "host")}
    written({name: f"models: []\n{lines[name]}" for name in ("one", "two")})
    written({"host": f"extends: [one, two]\n{lines['host']}"})
    desired = load("host")
    assert (desired.store, desired.store_from) == (f"at-{wins}", str(tmp_path / wins))


def test_without_a_store_in_any_manifest_it_is_the_engines_own(written: Written) -> None:
    written({"base": "models: []", "host": "extends: [base]"})
    desired = load("host")
    assert (desired.store, desired.store_from) == (None, "")


def test_what_several_manifests_know_of_a_model_is_put_together(written: Written, tmp_path: Path) -> None:
    written(
        {
            "one": f"models: [{{name: a, sha256: {ONES}}}, b]",
            "two": f"models: [{{name: a, source: a, sha256: {ONES.upper()}}}]",
            "host": "extends: [one, two]\nmodels:\n- {name: a, size: 7}\n- b",
        }
    )
    desired = load("host")
    assert listed(desired) == {"a": (ONES, 7, "a"), "b": (None, None, None)}
    a, b = desired.models
    assert (a.path, a.line) == (str(tmp_path / "two"), 2), "a source counts from the manifest that gives it"
    assert (b.path, b.line) == (str(tmp_path / "host"), 5), "else the last one that lists it is named"


@pytest.mark.parametrize(
    ("base", "host"),
    [
        ("https://x/a", "https://x/a"),
        ("../models/a", "models/a"),
        ("../models/a", "file:models/a"),
        ("./../models//a", "x/../models/a"),
        ("a", "sub/a"),
        ("/srv/fr v2.bin", "file:///srv/fr%20v2.bin"),
        ("file://localhost/srv/a", "/srv/a"),
        (f"hf://o/r/a, sha256: {ONES}", "hf://o/r@main/a"),
    ],
)
def test_one_source_may_be_spelled_in_two_ways(written: Written, base: str, host: str) -> None:
    written({"sub/base": f"models: [{{name: a, source: {base}}}]"})
    written({"host": f"extends: [sub/base]\nmodels: [{{name: a, source: {host}, sha256: {ONES}}}]"})
    assert listed(load("host"))["a"][2] == host


# -- what cannot be united


CONFLICTS = [
    ("size: 1", "size: 2", 'size of "a" is 2 here, but 1 in sub/base:2:26'),
    (f"sha256: {ONES}", f"sha256: {TWOS}", f'sha256 of "a" is {TWOS} here, but {ONES} in sub/base:2:28'),
    ("source: a", "source: a", 'source of "a" is "a" here, but "a" in sub/base:2:28'),
    (
        f"source: 'https://x/a?token=secret', sha256: {ONES}",
        f"source: 'https://x/a?token=other', sha256: {ONES}",
        'source of "a" is "https://x/a?…" here, but "https://x/a?…" in sub/base:2:28',
    ),
]


@pytest.mark.parametrize(("base", "host", "message"), CONFLICTS)
def test_two_values_for_one_attribute_are_refused(written: Written, base: str, host: str, message: str) -> None:
    written({"sub/base": f"models: [{{name: a, {base}}}]"})
    written({"host": f"extends: [sub/base]\nmodels: [{{name: a, {host}}}]"})
    (problem,) = problems_of("host")
    place, _, said = problem.partition(": ")
    assert place in ("host:3:26", "host:3:28")
    assert said == f"{message}; keep one of the two"


def test_a_conflict_names_the_last_manifest_that_says_otherwise(written: Written) -> None:
    written(
        {
            "one": "models: [{name: a, size: 1}]",
            "two": "models: [{name: a, size: 1}]",
            "three": f"models: [{{name: a, sha256: {ONES}}}]",
            "host": "extends: [one, two, three]\nmodels: [{name: a, size: 2}]",
        }
    )
    assert problems_of("host") == ['host:3:26: size of "a" is 2 here, but 1 in two:2:26; keep one of the two']


CLASHES = [
    ("models: [fr.bin]", "models: [FR.bin]", 'host:3:10: "FR.bin" differs from "fr.bin" in base:2:10 only in case'),
    ("models: [é]", "models: [é]", 'host:3:10: "é" differs from "é" in base:2:10 only in case'),
    ("models: [a]", "ignore: ['?']", 'base:2:10: "a" is listed, but the pattern "?" under ignore in host:3:10'),
    ("models: [a]", "absent: [a]", 'base:2:10: "a" is listed, but the pattern "a" under absent in host:3:10'),
    ("models: []\nignore: ['?']", "models: [a]", 'host:3:10: "a" is listed, but the pattern "?" under ignore in base'),
    ("models: []\nprotect: [x]", "absent: [x]", 'host:3:10: the pattern "x" is under protect too, in base:3:11'),
    ("models: []\nabsent: [x]", "protect: [x]", 'base:3:10: the pattern "x" is under protect too, in host:3:11'),
]


@pytest.mark.parametrize(("base", "host", "problem"), CLASHES)
def test_the_rules_of_one_manifest_hold_for_all_together(written: Written, base: str, host: str, problem: str) -> None:
    written({"base": base, "host": f"extends: [base]\n{host}"})
    (found,) = problems_of("host")
    assert found.startswith(problem)


def test_what_is_wrong_within_one_manifest_is_said_of_that_alone(written: Written) -> None:
    written({"base": "models: [fr.bin, FR.bin]", "host": "extends: [base]\nmodels: [fr.bin]"})
    assert [problem.split(" ")[0] for problem in problems_of("host")] == ["base:2:18:", "host:2:11:"]


def test_conflicts_are_told_together_with_all_that_is_wrong(written: Written) -> None:
    written(
        {
            "one": "models: [{name: a, size: 1}, fr.bin]",
            "two": "models: [{name: a, size: 2}, /x]",
            "host": "extends: [one, two]\nmodels: [{name: a, size: 3}, FR.bin]",
        }
    )
    assert [problem.split(" ")[0] for problem in problems_of("host")] == [
        *("two:2:30:", "host:2:16:", "host:3:26:", "host:3:30:")
    ]


# -- the same as one manifest that says it all

Data = dict[str, Any]
BOTH = "base", "host"
LISTED = tuple(f"{folder}{leaf}" for folder in ("", "sub/") for leaf in LEAVES[2:5])
KNOWN = st.fixed_dictionaries(
    {}, optional={"size": st.sampled_from((1, 2)), "sha256": st.just(ONES), "source": st.just("/srv/y")}
)
POLICY = st.fixed_dictionaries(
    {},
    optional={
        "unlisted": st.sampled_from(("remove", "report")),
        "missing": st.sampled_from(("refuse", "allow")),
        "max_remove": st.just({"count": 1, "percent": 10}),
        "retain": st.just("7d"),
    },
)
MATCHING = {"ignore": ("é.bin", "x*"), "protect": PATTERNS, "absent": ("a.bin", "A.bin")}


def split(value: Data, draw: st.DrawFn) -> tuple[Data, Data]:
    """Give each key to the base, to the host, or to both."""
    whose = {key: draw(st.sampled_from(((BOTH[0],), (BOTH[1],), BOTH))) for key in value}
    base, host = ({key: value[key] for key in value if side in whose[key]} for side in BOTH)
    return base, host


@st.composite
def manifests(draw: st.DrawFn) -> tuple[Data, Data, Data]:
    """Draw a manifest, and two that say the same together."""
    models = {name: draw(KNOWN) for name in draw(st.lists(st.sampled_from(LISTED), unique=True, max_size=4))}
    patterns = {
        key: dict.fromkeys(draw(st.lists(st.sampled_from(texts), unique=True, max_size=2)))
        for key, texts in MATCHING.items()
    }
    policy = draw(POLICY)
    sides = list(zip(split(models, draw), split(policy, draw), split_each(patterns, draw), strict=True))
    base, host = (manifest(*side) for side in sides)
    for entry in base["models"]:
        (twin,) = [each for each in host["models"] if each["name"] == entry["name"]] or [{}]
        for key in twin.keys() - {"name"}:  # what both know, one of them may leave out
            draw(st.sampled_from((entry, twin, {key: None}))).pop(key)
    in_order = {key: {**sides[0][2][key], **sides[1][2][key]} for key in patterns}  # the first that matches is named
    return manifest(models, policy, in_order), base, host


def split_each(values: dict[str, Data], draw: st.DrawFn) -> tuple[Data, Data]:
    parts = {key: split(value, draw) for key, value in values.items()}
    return {key: base for key, (base, _) in parts.items()}, {key: host for key, (_, host) in parts.items()}


def manifest(models: Data, policy: Data, patterns: Data) -> Data:
    listed_models = [{"name": name, **known} for name, known in models.items()]
    return {"version": 1, "models": listed_models, "policy": policy, **{key: list(patterns[key]) for key in patterns}}


def shown(desired: Desired, inventory: Inventory) -> Data:
    made = plan(desired, inventory)
    document = plan_document(made, refusals(made, desired, Consent()))
    return {key: value for key, value in document.items() if key != "manifest"}


@settings(deadline=None)
@given(manifests(), inventories())
def test_the_plan_for_two_manifests_is_that_for_their_union(
    tmp_path_factory: pytest.TempPathFactory,
    drawn: tuple[Data, Data, Data],
    inventory: Inventory,
) -> None:
    folder = tmp_path_factory.getbasetemp() / "split"
    folder.mkdir(exist_ok=True)
    union, base, host = drawn
    files = {"union": union, "base": base, "host": host, "extending": {**host, "extends": ["base"]}}
    for name, manifest in files.items():
        (folder / name).write_text(json.dumps(manifest), encoding="utf-8")
    expected = shown(load(str(folder / "union")), inventory)
    assert shown(load(str(folder / "extending")), inventory) == expected
    assert shown(load(str(folder / "base"), str(folder / "host")), inventory) == expected
