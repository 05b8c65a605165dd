"""The module that makes a host match a manifest: every case on a host of its own, all in one inventory."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from tests.ansible.fleet import Fleet, Played
from tests.ansible.units import undocumented
from tests.e2e.host import MANIFEST, models_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.ansible.conftest import Once
    from tests.e2e.host import Host

MODELS = "ocrstate.ocrstate.models"


@dataclass(frozen=True)
class Case:
    """A host, what the task asks for, and what comes of it.

    Attributes:
        has: models in its store.
        arguments: of the module.
        makes: what the store holds afterwards.
        msg: what a real run says.
        failed: the error code of a host that fails.
        prepare: does more to the host.
    """

    has: tuple[str, ...]
    arguments: Mapping[str, object]
    makes: tuple[str, ...]
    msg: str
    changed: bool = False
    failed: str = ""
    prepare: Callable[[Host], object] = id
    returned: Mapping[str, object] = field(default_factory=dict)


def host_of(case: str) -> str:
    """Name the host of a case."""
    return re.sub("[^a-z]+", "-", case)


def digest_of(name: str, size: int = 1000) -> str:
    return hashlib.sha256((name.encode() * size)[:size]).hexdigest()


def outside(name: str) -> Callable[[Host], object]:
    """Put a model beside the store, where it can be had from."""
    return lambda host: (host.app / name).write_bytes(b"new content")


NEW = {"name": "fr.bin", "source": "fr.bin", "sha256": hashlib.sha256(b"new content").hexdigest()}
CASES = {
    "in sync": Case(("en.bin",), {"models": ["en.bin"]}, ("en.bin",), "nothing to do"),
    "unlisted models": Case(
        ("en.bin", "old_1.bin", "sub/old.bin"),
        {"models": ["en.bin"]},
        ("en.bin",),
        "2 removed (frees 8.2 kB)",
        changed=True,
        returned={"bytes_freed": 8192, "bytes_kept": 0, "in_sync": True},
    ),
    "a manifest in a file": Case(
        ("en.bin", "old.bin"),
        {"manifest": MANIFEST},
        ("en.bin",),
        "1 removed (frees 4.1 kB)",
        changed=True,
        prepare=lambda host: host.lists("en.bin"),
    ),
    "kept for a while": Case(
        ("en.bin", "old.bin"),
        {"models": ["en.bin"], "retain": "7d"},
        ("en.bin",),
        "1 removed (4.1 kB kept until ",
        changed=True,
        returned={"bytes_freed": 0, "bytes_kept": 4096},
    ),
    "a policy that keeps for a while": Case(
        ("en.bin", "old.bin"),
        {"models": ["en.bin"], "policy": {"retain": "7d", "max_remove": {"percent": 50}}},
        ("en.bin",),
        "1 removed (4.1 kB kept until ",
        changed=True,
    ),
    "protected and ignored": Case(
        ("en.bin", "base_1.bin", "notes.txt"),
        {"models": ["en.bin"], "protect": ["base_*"], "ignore": ["*.txt"]},
        ("base_1.bin", "en.bin", "notes.txt"),
        "nothing to do",
    ),
    "reported, but for what must be absent": Case(
        ("en.bin", "fr.bin", "old_1.bin"),
        {"models": ["en.bin"], "absent": ["old_*"], "policy": {"unlisted": "report"}},
        ("en.bin", "fr.bin"),
        "1 removed (frees 4.1 kB)",
        changed=True,
    ),
    "extending a manifest of the host": Case(
        ("en.bin", "fr.bin", "old.bin"),
        {"models": ["fr.bin"], "extends": [MANIFEST]},
        ("en.bin", "fr.bin"),
        "1 removed (frees 4.1 kB)",
        changed=True,
        prepare=lambda host: host.lists("en.bin"),
    ),
    "fetched": Case(
        ("en.bin",),
        {"models": ["en.bin", NEW]},
        ("en.bin", "fr.bin"),
        "1 fetched",
        changed=True,
        prepare=outside("fr.bin"),
        returned={"bytes_fetched": 11},
    ),
    "replaced": Case(
        ("en.bin", "fr.bin"),
        {"models": ["en.bin", NEW]},
        ("en.bin", "fr.bin"),
        "1 replaced (frees 4.1 kB)",
        changed=True,
        prepare=outside("fr.bin"),
    ),
    "missing": Case(
        ("en.bin", "old.bin"),
        {"models": ["en.bin", "de.bin"]},
        ("en.bin", "old.bin"),
        "1 missing (de.bin): a typo in the manifest could cost the only copy, so nothing is removed\n"
        "put the models in place or mend the manifest; to go on regardless, use `allow_missing: true`",
        failed="listed-models-amiss",
    ),
    "missing, and allowed": Case(
        ("en.bin", "old.bin"),
        {"models": ["en.bin", "de.bin"], "allow_missing": True},
        ("en.bin",),
        "1 removed (frees 4.1 kB); still 1 missing",
        changed=True,
        returned={"in_sync": False, "remaining": [{"name": "de.bin", "action": "missing"}]},
    ),
    "missing, and nothing else": Case(
        ("en.bin",),
        {"models": ["en.bin", "de.bin"], "policy": {"missing": "allow"}},
        ("en.bin",),
        "nothing to do; still 1 missing",
    ),
    "other content than declared": Case(
        ("en.bin", "old.bin"),
        {"models": [{"name": "en.bin", "sha256": digest_of("fr.bin")}]},
        ("en.bin", "old.bin"),
        "of the listed models, 1 drifted (en.bin)",
        failed="listed-models-amiss",
    ),
    "content as declared": Case(
        ("en.bin", "old.bin"),
        {"models": [{"name": "en.bin", "sha256": digest_of("en.bin"), "size": 1000}], "verify": True},
        ("en.bin",),
        "1 removed (frees 4.1 kB)",
        changed=True,
    ),
    "content that nobody reads": Case(
        ("en.bin",),
        {"models": [{"name": "en.bin", "sha256": digest_of("fr.bin")}], "verify": False},
        ("en.bin",),
        "nothing to do",
    ),
    "more than the task allows": Case(
        ("en.bin", "old_1.bin", "old_2.bin"),
        {"models": ["en.bin"], "max_remove": 1},
        ("en.bin", "old_1.bin", "old_2.bin"),
        "2 models would be removed, and max_remove allows 1\n"
        "if that is meant, raise `policy.max_remove` in the manifest or use `max_remove: N`",
        failed="max-remove-count",
    ),
    "more than the policy allows, and models missing": Case(
        ("en.bin", "old_1.bin", "old_2.bin"),
        {"models": ["en.bin", "de.bin"], "policy": {"max_remove": {"percent": 50, "bytes": "1kB"}}},
        ("en.bin", "old_1.bin", "old_2.bin"),
        "3 rules refuse the plan:\n  1. of the listed models, 1 missing (de.bin)",
        failed="listed-models-amiss",
    ),
    "nothing listed": Case(
        ("en.bin",),
        {"models": []},
        ("en.bin",),
        "so 1 model would be removed\nlist the models that should exist; if none should, use `allow_empty: true`",
        failed="empty-manifest",
    ),
    "nothing listed, and allowed": Case(
        ("en.bin",),
        {"models": [], "allow_empty": True},
        (),
        "1 removed (frees 4.1 kB)",
        changed=True,
    ),
    "only to be had over a network": Case(
        ("en.bin",),
        {"models": ["en.bin", {**NEW, "source": "https://models.example.com/fr.bin"}], "offline": True},
        ("en.bin",),
        "only the network has fr.bin, and `offline: true` rules it out",
        failed="offline",
    ),
    "no engine asked": Case(
        ("en.bin", "old.bin"),
        {"models": ["en.bin"], "inventory": "directory", "engine_timeout": 5.5, "lock_timeout": 0, "jobs": 2},
        ("en.bin",),
        "1 removed (frees 4.1 kB)",
        changed=True,
    ),
    "no store": Case(
        (),
        {"models": ["en.bin"], "store": "nowhere"},
        (),
        "the store ",
        failed="store-missing",
    ),
    "no manifest": Case(
        ("en.bin",),
        {"manifest": "nowhere.yml"},
        ("en.bin",),
        'there is no manifest "nowhere.yml"',
        failed="manifest-not-found",
    ),
    "a manifest that is wrong": Case(
        ("en.bin",),
        {"manifest": MANIFEST},
        ("en.bin",),
        f"{MANIFEST}:2:10: YAML reads no as the boolean false here; quote it",
        failed="manifest-invalid",
        prepare=lambda host: (host.app / MANIFEST).write_text("version: 1\nmodels: [no]\n"),
    ),
    "a task that is wrong": Case(
        ("en.bin",),
        {"models": [False, "a/b/c.bin", {"name": "fr.bin", "sha256": "abc"}]},
        ("en.bin",),
        "false: YAML reads false as the boolean false here; quote it",
        failed="manifest-invalid",
    ),
    "no list of models": Case(
        ("en.bin",), {"models": None}, ("en.bin",), "if none should, write `models: []`", failed="-"
    ),
    "numbers and switches that templates made text of": Case(
        ("en.bin", "old.bin"),
        {
            "models": [{"name": "en.bin", "size": "1000"}],
            "max_remove": "7",
            "allow_empty": "true",
            "verify": "no",
            "jobs": "2",
            "lock_timeout": "3.5",
            "policy": {"max_remove": {"percent": "50", "count": "3"}, "retain": None},
        },
        ("en.bin",),
        "1 removed (frees 4.1 kB)",
        changed=True,
    ),
    "fewer jobs than there can be": Case(
        ("en.bin",), {"models": ["en.bin"], "jobs": 0}, ("en.bin",), "`jobs: 0`: it must be at least 1", failed="-"
    ),
    "no length of time": Case(
        ("en.bin",),
        {"models": ["en.bin"], "retain": ""},
        ("en.bin",),
        "`retain`: '' is no length of time",
        failed="usage",
    ),
    "names that no file may have": Case(
        ("en.bin",),
        {"models": ["en.bin", "a\x85b.bin", "a\u2028b.bin", "a\x7fb.bin"]},
        ("en.bin",),
        '"a\\u2028b.bin": the name holds a control character',
        failed="manifest-invalid",
    ),
    "secrets in a task": Case(
        ("en.bin",),
        {"models": ["en.bin", {**NEW, "source": "https://me:secret@example.com/fr.bin"}]},
        ("en.bin",),
        'model "fr.bin", source: "https://example.com/fr.bin": credentials must not be in version control',
        failed="manifest-invalid",
    ),
    "both in a file and in the task": Case(
        ("en.bin",),
        {"models": ["en.bin"], "manifest": MANIFEST},
        ("en.bin",),
        "parameters are mutually exclusive: manifest|models",
        failed="-",
    ),
    "no such folder to start in": Case(
        ("en.bin",), {"models": ["en.bin"], "chdir": "/nowhere"}, ("en.bin",), "/nowhere", failed="chdir-failed"
    ),
    "no ocrstate": Case(
        ("en.bin",),
        {"models": ["en.bin"], "executable": "/nowhere/ocrstate"},
        ("en.bin",),
        "ocrstate was not found on this host: /nowhere/ocrstate is no program that this user may run",
        failed="ocrstate-not-found",
    ),
}


@dataclass(frozen=True)
class Runs:
    """The same tasks on the same fleet: in check mode, for real, and again; with the stores after each."""

    check: Played
    real: Played
    again: Played  # hosts that failed have nothing to do again
    before: dict[str, set[str]]
    after_check: dict[str, set[str]]
    after: dict[str, set[str]]

    def returned(self, case: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what the module returned for a case, in check mode and for real."""
        ((check,), (real,)) = (run.of(host_of(case)) for run in (self.check, self.real))
        return check, real


@pytest.fixture(scope="module")
def runs(once: Once, collections: Path) -> Runs:
    return once("models", lambda folder: play_cases(Fleet(folder, collections, tuple(map(host_of, CASES)))))


def play_cases(fleet: Fleet) -> Runs:
    defaults = {"executable": fleet.executable, "chdir": "{{ ocr_home }}", "store": "{{ ocr_store }}"}
    arguments = {}
    for name, case in CASES.items():
        case.prepare(fleet[host_of(name)].has(*case.has))
        arguments[host_of(name)] = {"arguments": {**defaults, **case.arguments}}
    fleet.write_inventory(**arguments)
    task = {MODELS: None, "args": "{{ arguments }}"}

    def stores() -> dict[str, set[str]]:
        return {name: set(models_in(host.store)) for name, host in fleet.hosts.items()}

    def play(*options: str) -> tuple[Played, dict[str, set[str]]]:
        return fleet.play(task, options=("--diff", "--forks", "4", *options)), stores()

    before = stores()
    well = ":".join(host_of(name) for name, case in CASES.items() if not case.failed)
    (check, after_check), (real, after), (again, _) = play("--check"), play(), play("--limit", well)
    return Runs(check, real, again, before, after_check, after)


def failure_of(result: dict[str, Any]) -> str:
    return result.get("error_code", "-") if result.get("failed") else ""


@pytest.mark.parametrize("name", CASES)
def test_a_run_does_what_it_says(runs: Runs, name: str) -> None:
    case, (_, real) = CASES[name], runs.returned(name)
    assert case.msg in real["msg"]
    assert (real.get("changed", False), failure_of(real)) == (case.changed, case.failed)
    assert {key: real[key] for key in case.returned} == case.returned
    assert {each for each in runs.after[host_of(name)] if "." in each} == set(case.makes)


@pytest.mark.parametrize("name", CASES)
def test_check_mode_says_what_the_run_does_and_changes_nothing(runs: Runs, name: str) -> None:
    check, real = runs.returned(name)
    alike = ("changed", "failed", "error_code", "diff", "summary", "bytes_freed", "bytes_kept", "bytes_fetched", "rc")
    assert {key: check.get(key) for key in alike if key != "rc" or "failed" not in real} == {
        key: real.get(key) for key in alike if key != "rc" or "failed" not in real
    }
    assert [(each["name"], each["action"]) for each in check.get("results", [])] == [
        (each["name"], each["action"]) for each in real.get("results", [])
    ]
    assert runs.after_check[host_of(name)] == runs.before[host_of(name)]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.failed])
def test_check_mode_fails_with_the_words_of_the_run(runs: Runs, name: str) -> None:
    check, real = runs.returned(name)
    assert check["msg"] == real["msg"]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if not case.failed])
def test_the_second_run_changes_nothing(runs: Runs, name: str) -> None:
    (again,) = runs.again.of(host_of(name))
    assert (again["changed"], again["results"], again["run_id"] is None) == (False, [], False)


def test_hosts_that_fail_do_not_hold_up_the_others(runs: Runs) -> None:
    counts = {name: (recap["ok"], recap["changed"], recap["failed"]) for name, recap in runs.real.hosts.items()}
    expected = {host_of(name): (0, 0, 1) if case.failed else (1, int(case.changed), 0) for name, case in CASES.items()}
    assert counts == expected
    assert runs.real.code == 2


def test_the_difference_is_readable(runs: Runs) -> None:
    store = "/unlisted-models/app/Aspose.AI.LLM/models"
    shown = runs.check.out.partition(f"{store}\n@@ -1,2 +0,0 @@\n")[2].splitlines()[:2]
    assert shown == ["-old_1.bin  1.0 kB", "-sub/old.bin  1.0 kB"]
    replaced, _ = runs.returned("replaced")
    assert replaced["diff"]["before"] == f"fr.bin  sha256 {digest_of('fr.bin')}\n"
    assert replaced["diff"]["after"] == f"fr.bin  sha256 {NEW['sha256']}\n"


def test_all_that_is_returned_is_documented(runs: Runs) -> None:
    assert undocumented("models", [result for name in CASES for result in runs.returned(name)]) == set()
