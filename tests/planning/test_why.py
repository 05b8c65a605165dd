"""What is said of a name: what decides, what else is said of it, and what would change it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from ocrstate.inventory.model import OnlyInEngine
from ocrstate.manifest.desired import Desired, DesiredModel, UnlistedPolicy
from ocrstate.manifest.load import UncheckedManifest
from ocrstate.manifest.places import Places
from ocrstate.manifest.problems import InvalidManifestError
from ocrstate.names import Glob
from ocrstate.planning.changes import Blocked, Change, Drifted, Keep, Protected, Remove, Unlisted
from ocrstate.planning.evidence import NO_EVIDENCE, Basis, Evidence, Supply
from ocrstate.planning.planner import plan
from ocrstate.planning.steps import Add, Goal, Narrow, Remedy, RemoveUnlisted, TakeOut
from ocrstate.planning.why import explain, likely_names
from ocrstate.render.why_words import answer_words, rule_words
from ocrstate.store.model import Folder, Kind
from tests.support.explaining import explained, part_of
from tests.support.manifests import desired_of
from tests.support.stores import DEVICE, entry, folder_link, inventory_of, scan_of
from tests.support.worlds import desires, inventories

if TYPE_CHECKING:
    from ocrstate.inventory.model import Inventory

BASE = """\
models: [base_1.bin, en.bin]
protect: ["base_*", "kept_*"]
"""
HOST = """\
models:
  - en.bin
  - FR.bin
  - {name: de.bin, size: 12}
  - held/a
  - {name: it.bin, source: golden/it.bin}
ignore: [".gitkeep", "*.tmp"]
absent: ["old_*", "kept_1.bin"]
"""
REPORTING = "models: []\nabsent: [old_*]\npolicy:\n  unlisted: report\n"
STORE = inventory_of(
    scan_of(
        *("base_1.bin", "base_2.bin", "de.bin", "en.bin", "fr.bin", "kept_1.bin", "old_1.bin", "x.bin", "sub/y.bin"),
        *(".gitkeep", "base_3.tmp", "unseen.bin", entry("pipe", Kind.FIFO)),
        folders=[Folder("sub", DEVICE, 9, has_folders=False), Folder(".ocrstate", DEVICE, 8, has_folders=True)],
        links=[
            folder_link("held", "/srv/held", ["a", "b"]),
            folder_link("link", "/srv/link", ["c", "d.tmp"]),
            folder_link("gone", "/srv/gone", ["e"]),
            folder_link("empty", "/srv/empty"),
        ],
    ),
    unconfirmed=["unseen.bin"],
    warnings=(OnlyInEngine(("ghost.bin",)),),
)
SUPPLIES = Evidence({}, {"it.bin": Supply("golden/it.bin", is_remote=False, size=7)}, 10**12)
GONE = "link to the folder /srv/gone, through which the engine sees 1 file; only the link goes"
HELD = (
    "link to the folder /srv/held: removing it would take held/a along, which must stay; "
    "list what is behind it, or add it under `ignore`"
)
DEFAULT = "`unlisted: remove`, which is the default: no manifest says otherwise"

CASES = [
    # name, what happens, why, what decides, what else is said
    ("en.bin", "stays", "listed, and in the store", "listed at host.yml:3:5", ["listed at base.yml:2:22"]),
    (
        "base_1.bin",
        "stays",
        "listed, and in the store",
        "listed at base.yml:2:10",
        ['"base_*" under `protect` at base.yml:3:11'],
    ),
    ("base_2.bin", "stays", 'protected by "base_*"', '"base_*" under `protect` at base.yml:3:11', []),
    (
        "kept_1.bin",
        "stays",
        'protected by "kept_*"',
        '"kept_*" under `protect` at base.yml:3:21',
        ['"kept_1.bin" under `absent` at host.yml:9:19'],
    ),
    ("x.bin", "would be removed", "not listed in host.yml or base.yml", DEFAULT, []),
    ("old_1.bin", "would be removed", 'absent: "old_*"', '"old_*" under `absent` at host.yml:9:10', []),
    ("fr.bin", "would be removed", "not listed in host.yml or base.yml", DEFAULT, []),
    (
        "FR.bin",
        "is missing",
        "listed, not in the store; did you mean fr.bin? (differs in case)",
        "listed at host.yml:4:5",
        [],
    ),
    (
        "de.bin",
        "is not as listed",
        "size 12 B listed, 10 B found",
        "`size: 12` at host.yml:5:26",
        ["listed at host.yml:5:5"],
    ),
    (
        "it.bin",
        "would be fetched",
        "listed, not in the store; from golden/it.bin",
        "listed at host.yml:7:5",
        [],
    ),
    (
        ".gitkeep",
        "is ignored",
        '".gitkeep" under `ignore` matches it',
        '".gitkeep" under `ignore` at host.yml:8:10',
        [],
    ),
    (
        "base_3.tmp",
        "is ignored",
        '"*.tmp" under `ignore` matches it',
        '"*.tmp" under `ignore` at host.yml:8:22',
        ['"base_*" under `protect` at base.yml:3:11'],
    ),
    (
        "pipe",
        "is blocked",
        "not listed, and a named pipe: add it under `ignore` or move it away",
        DEFAULT,
        [],
    ),
    ("unseen.bin", "stays", "not listed; the engine does not see it", None, []),
    (
        "gone",
        "would be removed",
        GONE,
        DEFAULT,
        [],
    ),
    (
        "gone/e",
        "would be seen no more",
        f"seen through gone, which would be removed: {GONE}",
        DEFAULT,
        [],
    ),
    (
        "held",
        "is blocked",
        HELD,
        DEFAULT,
        ["listed at host.yml:6:5"],
    ),
    ("held/a", "stays", "listed, and in the store", "listed at host.yml:6:5", []),
    (
        "held/b",
        "stays",
        f"seen through held, which is blocked: {HELD}",
        DEFAULT,
        ["listed at host.yml:6:5"],
    ),
    ("link/d.tmp", "is ignored", '"*.tmp" under `ignore` matches it', '"*.tmp" under `ignore` at host.yml:8:22', []),
    ("empty", "stays", "a link to the folder /srv/empty, and empty", None, []),
    ("sub", "would be removed", "a folder with 1 file, all of which would be removed", None, []),
    ("ghost.bin", "is passed over", "the engine lists it, and the folder does not hold it", None, []),
    (
        ".ocrstate",
        "stays",
        "ocrstate keeps its own files there; no manifest can list or remove them",
        None,
        [],
    ),
    (
        ".ocrstate/lock/x",
        "stays",
        "ocrstate keeps its own files there; no manifest can list or remove them",
        None,
        [],
    ),
    (
        "sub/deep/x.bin",
        "is not looked at",
        "the engine looks no deeper than one sub-folder, so it is neither listed nor kept nor removed",
        None,
        [],
    ),
]


@pytest.mark.parametrize(("name", "verb", "reason", "decided_by", "also"), CASES, ids=[case[0] for case in CASES])
def test_a_name_is_explained_with_what_decides_and_where(
    name: str, verb: str, reason: str, decided_by: str | None, also: list[str]
) -> None:
    why, _ = explained({"base.yml": BASE, "host.yml": HOST}, STORE, name, SUPPLIES)
    assert answer_words(why) == (verb, reason)
    assert (why.decided_by and rule_words(why.decided_by)) == decided_by
    assert [rule_words(rule) for rule in why.also] == also


@pytest.mark.parametrize(
    ("name", "verb", "decided_by"),
    [
        ("x.bin", "stays", "`unlisted: report` at models.yml:5:13"),
        ("old_1.bin", "would be removed", '"old_*" under `absent` at models.yml:3:10'),
        ("gone", "stays", "`unlisted: report` at models.yml:5:13"),
    ],
)
def test_under_report_the_policy_or_a_pattern_decides(name: str, verb: str, decided_by: str) -> None:
    why, _ = explained(REPORTING, STORE, name)
    assert (answer_words(why)[0], why.decided_by and rule_words(why.decided_by)) == (verb, decided_by)


def test_a_link_goes_under_report_by_what_is_said_of_all_that_lies_behind_it() -> None:
    store = inventory_of(scan_of(links=[folder_link("link", "/srv", ["old_1", "old_2"])]))
    why, _ = explained(REPORTING, store, "link")
    assert why.decided_by is not None
    assert (why.decided_by.name, rule_words(why.decided_by)) == (
        "link/old_1",
        '"old_*" under `absent` at models.yml:3:10',
    )


def goals(name: str, manifests: str | dict[str, str] = "models: [FR.bin, {name: de.bin, size: 12}]") -> list[Goal]:
    why, _ = explained(manifests, STORE, name)
    return [remedy.goal for remedy in why.remedies]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("x.bin", [Goal.KEEP, Goal.KEEP_UNLISTED]),
        ("fr.bin", [Goal.MEANT, Goal.KEEP_UNLISTED]),
        ("FR.bin", [Goal.MEANT, Goal.HAVE, Goal.DO_WITHOUT]),
        ("de.bin", [Goal.ACCEPT, Goal.AS_LISTED, Goal.GO]),
        ("pipe", [Goal.IGNORE, Goal.SETTLE]),
        ("gone", [Goal.KEEP_UNLISTED]),
        ("unseen.bin", [Goal.GO]),
        ("gone/e", []),
        ("sub", []),
    ],
)
def test_what_can_be_done_depends_on_what_is_there(name: str, expected: list[Goal]) -> None:
    assert goals(name) == expected


def test_a_name_that_no_manifest_may_hold_is_not_to_be_listed() -> None:
    store = inventory_of(scan_of("a\nb"))
    why, _ = explained("models: []", store, "a\nb")
    assert [remedy.goal for remedy in why.remedies] == [Goal.KEEP_UNLISTED]


def test_what_is_ignored_for_one_name_does_not_match_a_listed_one() -> None:
    store = inventory_of(scan_of(entry("pipe", Kind.FIFO), "sub/pipe"))
    why, _ = explained("models: [sub/pipe]", store, "pipe")
    assert [remedy.goal for remedy in why.remedies] == [Goal.SETTLE]


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("X.bin", ["x.bin"]),
        ("it_1.bin", ["it.bin"]),
        ("sub/en.bin", ["en.bin"]),
        ("held/A", ["held/a"]),
        ("nothing like it", []),
        ("sub/deep/no.bin", []),
        ("../x/y", []),
        (".ocrstate/../y", []),
        ("/etc/passwd", []),
        ("", []),
    ],
)
def test_of_an_unknown_name_it_is_said_what_may_be_meant(name: str, near: list[str]) -> None:
    desired = desired_of("en.bin", "it.bin")
    basis = Basis(desired, STORE, NO_EVIDENCE)
    assert explain([name], plan(desired, STORE), basis, Places([part_of("{}")])) is None
    assert [each.name for each in likely_names(name, basis)] == near


def test_the_first_spelling_that_is_known_is_explained() -> None:
    desired = desired_of()
    why = explain(
        ["y.bin", "sub/y.bin", "x.bin"],
        plan(desired, STORE),
        Basis(desired, STORE, NO_EVIDENCE),
        Places([part_of("{}")]),
    )
    assert why is not None
    assert why.name == "sub/y.bin"


@settings(deadline=None)
@given(desires(), inventories())
def test_whatever_is_recommended_leads_to_what_it_promises(desired: Desired, inventory: Inventory) -> None:
    places = Places([part_of(_written(desired))])
    made = plan(desired, inventory)
    basis = Basis(desired, inventory, NO_EVIDENCE)
    behind = {seen.name for link in inventory.scan.folder_links for seen in (link.entry, *link.behind)}
    for name in {each.name for each in inventory.scan.entries} - behind:
        why = explain([name], made, basis, places)
        assert why is not None
        for remedy in why.remedies:
            _assert_kept(remedy, name, desired, inventory)


def _assert_kept(remedy: Remedy, name: str, desired: Desired, inventory: Inventory) -> None:
    expected: dict[Goal, tuple[type[Change] | None, ...]] = {
        Goal.KEEP: (Keep, Drifted),
        Goal.KEEP_UNLISTED: (Protected,),
        Goal.IGNORE: (None,),
        Goal.GO: (Remove, Blocked, Unlisted),
    }
    if remedy.goal in expected and all(
        isinstance(step, Add | TakeOut | Narrow | RemoveUnlisted) for step in remedy.steps
    ):
        mended = _with(remedy, name, desired)
        assert _is_valid(mended) or not _is_valid(desired), remedy
        after = plan(mended, inventory)
        fate = next((type(change) for change in after.changes if change.name == name), None)
        assert fate in expected[remedy.goal], remedy
        if fate is Unlisted:
            assert name in inventory.unconfirmed


def _is_valid(desired: Desired) -> bool:
    try:
        UncheckedManifest([part_of(f"version: 1\n{_written(desired)}")], []).check()
    except InvalidManifestError:
        return False
    return True


def _with(remedy: Remedy, name: str, desired: Desired) -> Desired:
    """Do what a remedy says."""
    for step in remedy.steps:
        match step:
            case Add(section, text) if section.key == "models":
                desired = replace(desired, models=(*desired.models, DesiredModel(text, 1)))
            case Add(section, text):
                desired = _with_patterns(desired, section.key, (*_patterns(desired, section.key), Glob(text)))
            case TakeOut():
                desired = replace(desired, models=tuple(model for model in desired.models if model.name != name))
            case Narrow(rules):
                for rule in rules:
                    key = rule.kind.value
                    kept = tuple(glob for glob in _patterns(desired, key) if glob.text != rule.text)
                    desired = _with_patterns(desired, key, kept)
            case _:
                desired = replace(desired, policy=replace(desired.policy, unlisted=UnlistedPolicy.REMOVE))
    return desired


def _patterns(desired: Desired, key: str) -> tuple[Glob, ...]:
    return {"ignore": desired.ignore, "protect": desired.protect, "absent": desired.absent}[key]


def _with_patterns(desired: Desired, key: str, patterns: tuple[Glob, ...]) -> Desired:
    match key:
        case "ignore":
            return replace(desired, ignore=patterns)
        case "protect":
            return replace(desired, protect=patterns)
        case _:
            return replace(desired, absent=patterns)


def _written(desired: Desired) -> str:
    """Write a manifest that says the same, whether it is valid or not."""
    names = [model.name for model in desired.models]
    patterns = {key: [glob.text for glob in _patterns(desired, key)] for key in ("ignore", "protect", "absent")}
    lists = {"models": names, **patterns}
    lines = [f"{key}: [{', '.join(map(_quoted, texts))}]" for key, texts in lists.items()]
    return "\n".join((*lines, f"policy: {{unlisted: {desired.policy.unlisted.value}}}"))


def _quoted(text: str) -> str:
    return f'"{text}"'


def test_one_pattern_is_never_recommended_under_protect_and_absent() -> None:
    assert goals("x.bin", "models: []\nabsent: [x.bin]") == [Goal.KEEP]
    why, _ = explained("models: []\nprotect: [x.bin]\npolicy: {unlisted: report}", STORE, "x.bin")
    assert [type(step) for remedy in why.remedies for step in remedy.steps] == [Narrow, RemoveUnlisted]
