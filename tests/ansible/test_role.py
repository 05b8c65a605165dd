"""The role, on hosts that are folders: what it installs and lays down, and what it leaves alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from tests.ansible.site import models, virtualenv
from tests.ansible.wheels import index, installed, lending_python, wheel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.ansible.fleet import Fleet, Played

USE = {
    "name": "Use the result",
    "ansible.builtin.debug": {"msg": "{{ host_result.results | default([]) | map(attribute='name') | join(' ') }}"},
}
GOOD = "version: 1\nmodels: [en.bin]\n"
BROKEN = "version: 1\nmodels: [yes]\n"


def play(fleet: Fleet, *options: str, **variables: object) -> Played:
    """Run the role on all hosts, and then a task that uses its result."""
    return fleet.play(USE, roles=["ocrstate.ocrstate.host"], module_defaults={}, vars=variables, options=options)


def counts(played: Played) -> tuple[int, int, int]:
    """Return how a playbook with one host ended: its code, and how many tasks changed something and failed."""
    (only,) = played.hosts.values()
    return played.code, only["changed"], only["failed"]


def everything(fleet: Fleet) -> dict[str, object]:
    """Say where the role puts everything on a host that has nothing yet."""
    return {
        "host_virtualenv": str(fleet.folder / "opt" / "ocrstate"),
        "host_python": str(lending_python(fleet.folder)),
        "host_manifest": str(fleet.folder / "etc" / "ocrstate" / "models.yml"),
        "host_manifest_src": "models.yml",
        "host_store": "{{ ocr_store }}",
        "host_pip_args": "--no-index --no-compile",
    }


def test_a_wheel_is_installed_once_and_again_when_it_is_another_one(fleet: Fleet) -> None:
    venv, manifest = fleet.folder / "opt" / "ocrstate", fleet.folder / "etc" / "ocrstate" / "models.yml"
    first, other, newer = (
        wheel(fleet.folder / word, version, word)
        for version, word in (("1.0.0", "first"), ("1.0.0", "other"), ("1.1.0", "newer"))
    )
    fleet["one"].has("en.bin", "old.bin")
    before = models(fleet)
    (fleet.folder / "models.yml").write_text(GOOD, encoding="utf-8")
    fleet.environment.pop("PYTHONPATH")  # it would lead past what is installed
    settings = {**everything(fleet), "host_wheel": str(first)}

    checked = play(fleet, "--check", **settings)
    assert (checked.code, models(fleet), venv.exists(), manifest.exists()) == (0, before, False, False)
    assert checked.of("one", "Install ocrstate, and")[0]["changed"]
    assert "ocrstate is not on this host yet" in checked.out

    made = play(fleet, **settings)
    assert (made.code, models(fleet)) == (0, {"one": {"en.bin"}})
    assert made.of("one", "Use")[0]["msg"] == "old.bin"
    assert installed(venv) == ("1.0.0", "first")
    assert counts(play(fleet, **settings)) == (0, 0, 0)

    from_index = {"host_package": "ocrstate==1.1.0", "host_index_url": index(fleet.folder / "index", newer)}
    for chosen, expected in (
        ({"host_wheel": str(other)}, ("1.0.0", "other")),
        ({"host_wheel": "", **from_index, "host_pip_args": "--no-compile"}, ("1.1.0", "newer")),
    ):
        changed = play(fleet, **{**settings, **chosen, "host_apply": False})
        assert (changed.code, installed(venv)) == (0, expected)
        assert changed.of("one", "Use")[0]["msg"] == ""

    older = {"host_wheel": "", "host_package": "ocrstate==1.0.0", "host_find_links": str(first.parent)}
    assert (play(fleet, **{**settings, **older}).code, installed(venv)) == (0, ("1.0.0", "first"))
    assert [path.name for path in venv.glob("*.whl")] == []


@dataclass(frozen=True)
class Case:
    """A host with a manifest, what is to replace that, and what comes of it.

    Attributes:
        new: the manifests on the controller, by name; the last one extends the others.
        there: the manifest that the host has.
        says: what the host's manifest says afterwards, if it is not just the new one.
        removes: what the new manifest removes from the store.
        leaves: what is in the store afterwards.
    """

    new: Mapping[str, str]
    there: str | None = GOOD
    says: str = ""
    variables: Mapping[str, object] = field(default_factory=dict)
    fails: bool = False
    removes: str = ""
    leaves: tuple[str, ...] = ("en.bin", "fr.bin")

    @property
    def text(self) -> str | None:
        """What the host's manifest says afterwards."""
        return self.there if self.fails else self.says or [GOOD, *self.new.values()][-1]


EXTENDING = "version: 1\nextends: [base.yml]\nmodels: [fr.bin]\n"
CASES = {
    "first": Case({"first.yml": GOOD}, there=None, removes="fr.bin", leaves=("en.bin",)),
    "new": Case(
        {"new.yml": GOOD + "# new\n"}, variables={"host_manifest_backup": True}, removes="fr.bin", leaves=("en.bin",)
    ),
    "template": Case(
        {"base.yml": GOOD, "models.yml.j2": EXTENDING + "# {{ inventory_hostname }}\n"},
        says=EXTENDING + "# template\n",
    ),
    "broken": Case({"base.yml": BROKEN, "extending.yml": EXTENDING}, fails=True),
    "none": Case({}, removes="fr.bin", leaves=("en.bin",)),
}


@pytest.fixture
def laid(new_fleet: Callable[..., Fleet]) -> Fleet:
    """Return a fleet with a host for each case, with the role's variables."""
    fleet = new_fleet(*CASES)
    for name, case in CASES.items():
        fleet[name].has("en.bin", "fr.bin")
        if case.there is not None:
            manifest_of(fleet, name).parent.mkdir()
            manifest_of(fleet, name).write_text(case.there, encoding="utf-8")
        (fleet.folder / "new" / name).mkdir(parents=True)
        for file, text in case.new.items():
            (fleet.folder / "new" / name / file).write_text(text, encoding="utf-8")
    fleet.write_inventory(**{name: variables_of(fleet, name) for name in CASES})
    return fleet


def manifest_of(fleet: Fleet, name: str) -> Path:
    return fleet[name].app / "etc" / "models.yml"


def variables_of(fleet: Fleet, name: str) -> dict[str, object]:
    *bases, manifest = [str(fleet.folder / "new" / name / file) for file in CASES[name].new] or [""]
    return {
        "host_virtualenv": str(virtualenv(fleet)),
        "host_store": "{{ ocr_store }}",
        "host_inventory": "directory",
        "host_manifest": str(manifest_of(fleet, name)),
        "host_manifest_src": manifest,
        "host_manifest_extends": bases,
        **CASES[name].variables,
    }


def texts(fleet: Fleet) -> dict[str, str | None]:
    """Return what the manifest of each host says."""
    paths = {name: manifest_of(fleet, name) for name in CASES}
    return {name: path.read_text(encoding="utf-8") if path.exists() else None for name, path in paths.items()}


def test_manifests_are_laid_down_unless_they_are_broken(laid: Fleet, tmp_path: Path) -> None:
    laid.environment["TMPDIR"] = str(tmp_path / "temporary")
    (tmp_path / "temporary").mkdir()
    fails = {name for name, case in CASES.items() if case.fails}
    before = models(laid), texts(laid)

    planned = play(laid, "--check", "--diff", "--limit", "new,broken")
    assert (models(laid), texts(laid)) == before
    done = play(laid)
    for played in (planned, done):
        assert {name for name, hosts in played.hosts.items() if hosts["failed"]} == fails & played.hosts.keys()
        told = {name: played.of(name, "Use")[0]["msg"] for name in played.hosts.keys() - fails}
        assert told == {name: CASES[name].removes for name in told}

    assert all("mend the manifest" in done.of(name, "Validate")[0]["stderr"] for name in fails)
    assert texts(laid) == {name: case.text for name, case in CASES.items()}
    assert models(laid) == {name: set(case.leaves) for name, case in CASES.items()}
    (kept,) = manifest_of(laid, "new").parent.glob("models.yml.*~")
    assert kept.read_text(encoding="utf-8") == GOOD
    assert list((tmp_path / "temporary").glob("*.ocrstate")) == []

    again = play(laid, "--limit", "new,template")
    assert {name: hosts["changed"] for name, hosts in again.hosts.items()} == {"new": 0, "template": 0}
