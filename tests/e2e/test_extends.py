"""A fleet's base and a host's own manifest, as commands see them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.e2e.host import IN_SYNC, MANIFEST, models_in
from tests.e2e.plans import PLAN, assert_refused, document_of, saved

if TYPE_CHECKING:
    from tests.e2e.host import Host

HELD = ("base_1.bin", "en.bin", "fr.bin", "old_1.bin", "old_2.bin")
BASE = "version: 1\nmodels: [en.bin]\nprotect: ['base_*']\n"


@pytest.fixture
def fleet(host: Host) -> Host:
    """Give a host whose manifest extends a fleet's."""
    (host.app / "fleet").mkdir()
    (host.app / "fleet" / "base.yml").write_text(BASE)
    return host.has(*HELD).lists("fr.bin", extends=["fleet/base.yml"])


def test_apply_leaves_what_any_of_the_manifests_lists_or_protects(fleet: Host) -> None:
    shown = fleet.plan()
    assert shown.out.splitlines()[0].endswith(f"{MANIFEST}, extending fleet/base.yml")
    ended = fleet.apply("--yes")
    assert (ended.code, set(models_in(fleet.store))) == (0, {"base_1.bin", "en.bin", "fr.bin"}), ended
    assert fleet.check("--quiet").out.startswith(IN_SYNC.rstrip())


@pytest.mark.without_engine
def test_two_manifests_and_one_that_extends_the_other_are_planned_alike(fleet: Host) -> None:
    extending = fleet.plan("--json").document
    fleet.lists("fr.bin")
    named = fleet.run("plan", "fleet/base.yml", MANIFEST, "--json").document
    fleet.lists("en.bin", "fr.bin", protect=["base_*"])
    union = fleet.plan("--json").document
    assert named.pop("manifest")["extends"] == extending.pop("manifest")["extends"]
    assert union.pop("manifest")["extends"] == []
    assert named == extending == union


@pytest.mark.without_engine
def test_several_manifests_are_verified(fleet: Host) -> None:
    (fleet.app / "fleet" / "base.yml").write_text(f"version: 1\nmodels: [{{name: en.bin, sha256: {'a' * 64}}}]\n")
    fleet.lists("fr.bin")
    ended = fleet.run("verify", "fleet/base.yml", MANIFEST, "--json")
    verdicts = {each["name"]: each["verdict"] for each in ended.document["models"]}
    assert (ended.code, verdicts) == (2, {"en.bin": "differs", "fr.bin": "unpinned"})


@pytest.mark.without_engine
def test_several_manifests_are_checked_validated_and_applied(fleet: Host) -> None:
    fleet.lists("fr.bin")
    both = ("fleet/base.yml", MANIFEST)
    assert fleet.run("validate", *both).out == f"{MANIFEST}: valid, 2 models\n"
    assert fleet.run("check", *both).code == 2
    assert fleet.run("apply", *both, "--yes").code == 0
    assert fleet.run("check", *both).code == 0
    assert set(models_in(fleet.store)) == {"base_1.bin", "en.bin", "fr.bin"}
    (run,) = fleet.runs()
    assert run["manifest"]["path"] == str(fleet.app / MANIFEST), "a run is told by the manifest itself"


def test_the_store_of_a_base_counts_from_its_own_folder(fleet: Host) -> None:
    (fleet.app / "fleet" / "base.yml").write_text(f"{BASE}store: ../other\n")
    os.rename(fleet.store, fleet.app / "other")
    fleet.store.mkdir()
    document = fleet.plan("--json").document
    assert (document["store"]["path"], document["inventory"]["count"]) == (str(fleet.app / "other"), len(HELD))
    assert fleet.apply("--yes").code == 0
    assert set(models_in(fleet.app / "other")) == {"base_1.bin", "en.bin", "fr.bin"}


@pytest.mark.without_engine
@pytest.mark.parametrize(
    ("base", "said"),
    [
        (None, f'{MANIFEST}:2:3: there is no manifest "fleet/base.yml"'),
        ("version: 1\nextends: [../models.yml]\n", "fleet/base.yml:2:11: this closes a circle: models.yml:2:3 extends"),
        ("version: 1\nmodels: [no]\n", "fleet/base.yml:2:10: YAML reads no as the boolean false here"),
        ("version: 1\nabsent: [fr.bin]\nmodels: []\n", f'{MANIFEST}:4:3: "fr.bin" is listed, but the pattern'),
    ],
)
def test_with_a_base_that_cannot_be_used_nothing_is_done(fleet: Host, base: str | None, said: str) -> None:
    path = fleet.app / "fleet" / "base.yml"
    path.unlink()
    if base is not None:
        path.write_text(base)
    for command in ("validate", "plan", "check", "apply"):
        ended = fleet.run(command, MANIFEST)
        assert (ended.code, ended.out, said in ended.err) == (1, "", True), ended
    assert set(models_in(fleet.store)) == set(HELD)


def test_problems_in_several_manifests_are_counted_together(fleet: Host) -> None:
    (fleet.app / "fleet" / "base.yml").write_text("version: 1\nmodels: [no]\n")
    ended = fleet.run("validate", MANIFEST, "--json")
    assert "Error: 2 problems in 2 manifests\n" in ended.err
    assert [each["path"] for each in ended.document["error"]["problems"]] == ["fleet/base.yml", MANIFEST]


@pytest.mark.without_engine
@pytest.mark.parametrize("name", ["fleet/base.yml", MANIFEST])
def test_a_saved_plan_is_refused_when_one_of_its_manifests_changed(fleet: Host, name: str) -> None:
    saved(fleet)
    with (fleet.app / name).open("a") as file:
        file.write("# changed\n")
    assert_refused(fleet, code="plan-stale", said=f"{fleet.app / name}: it says something else now")


@pytest.mark.without_engine
def test_a_saved_plan_holds_all_its_manifests(fleet: Host) -> None:
    saved(fleet)
    base, _ = document_of(fleet)["saved"]["manifests"]
    assert base["text"] == BASE
    (fleet.app / "fleet" / "base.yml").unlink()
    (fleet.app / MANIFEST).unlink()
    assert fleet.run("show", PLAN).out.splitlines()[0].endswith(f"{MANIFEST}, extending fleet/base.yml")
    assert fleet.run("apply", PLAN).code == 0
    assert set(models_in(fleet.store)) == {"base_1.bin", "en.bin", "fr.bin"}


@pytest.mark.without_engine
@pytest.mark.parametrize("name", ["fleet/base.yml", MANIFEST])
def test_a_plan_is_not_saved_over_one_of_its_manifests(fleet: Host, name: str) -> None:
    before = (fleet.app / name).read_bytes()
    ended = fleet.plan("--out", name, "--json")
    assert (ended.code, ended.document["error"]["code"]) == (3, "plan-over-manifest")
    assert (fleet.app / name).read_bytes() == before


@pytest.mark.without_engine
def test_a_plan_is_applied_alone(fleet: Host) -> None:
    saved(fleet)
    for words in ((PLAN, MANIFEST), (MANIFEST, PLAN)):
        ended = fleet.run("apply", *words, "--yes")
        assert (ended.code, "a saved plan is applied alone" in ended.err) == (64, True)
    assert set(models_in(fleet.store)) == set(HELD)


@pytest.mark.without_engine
@pytest.mark.parametrize("through", ["fleet", "elsewhere"])
def test_a_base_in_the_store_is_not_removed(fleet: Host, through: str) -> None:
    (fleet.app / "fleet" / "base.yml").rename(fleet.store / "base.yml")
    (fleet.app / "elsewhere").symlink_to(fleet.store)
    (fleet.app / "fleet" / "base.yml").symlink_to(fleet.store / "base.yml")
    fleet.lists("fr.bin", extends=[f"{through}/base.yml"])
    ended = fleet.apply("--yes", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (3, "removes-manifest")
    assert (fleet.store / "base.yml").exists()


# -- diff


def test_diff_shows_what_a_reviewer_should_know(fleet: Host) -> None:
    (fleet.app / "new.yml").write_text("version: 1\nmodels: [en.bin]\n")
    ended = fleet.run("diff", MANIFEST, "new.yml")
    assert (ended.code, ended.err) == (0, "")
    assert "  - fr.bin\n" in ended.out
    assert "  - protect  base_*\n" in ended.out
    assert "Notice: 1 model is no longer listed: the next apply removes it\n" in ended.out
    assert ended.last_line == "Models: 1 removed. Patterns: 1 removed."
    assert fleet.run("diff", MANIFEST, "new.yml", "--quiet").out == f"{ended.last_line}\n"


@pytest.mark.parametrize(("new", "code"), [(MANIFEST, 0), ("fleet/base.yml", 2)])
def test_diff_tells_scripts_whether_manifests_differ(fleet: Host, new: str, code: int) -> None:
    ended = fleet.run("diff", MANIFEST, new, "--detailed-exitcode", "--json")
    assert (ended.code, ended.document["differs"]) == (code, bool(code))
    assert fleet.run("diff", MANIFEST, new).code == 0


def test_diff_of_equal_manifests_says_so(fleet: Host) -> None:
    (fleet.app / "same.yml").write_text("# as before\nversion: 1\nprotect: ['base_*']\nmodels: [fr.bin, en.bin]\n")
    assert fleet.run("diff", MANIFEST, "same.yml").out == "No differences.\n"


@pytest.mark.parametrize("words", [(MANIFEST, "missing.yml"), ("./-", MANIFEST)])
def test_diff_needs_two_manifests_that_are_there(fleet: Host, words: tuple[str, str]) -> None:
    ended = fleet.run("diff", *words)
    assert (ended.code, ended.out, "there is no manifest" in ended.err) == (1, "", True)
