"""The example playbooks as their user has them: the folder copied, and an inventory of hosts that are folders."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import yaml

from tests.e2e.host import PROJECT, models_in

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.ansible.fleet import Fleet, Played

EXAMPLES = PROJECT / "examples" / "ansible"
LANGUAGES = {"english": "en", "german": "de", "french": "fr"}


def virtualenv(fleet: Fleet) -> Path:
    """Return a folder that stands for the virtual environment in which a host has ocrstate."""
    folder = fleet.folder / "venv"
    program = folder / "bin" / "ocrstate"
    if not program.exists():
        program.parent.mkdir(parents=True)
        program.symlink_to(fleet.executable)
    return folder


def models(fleet: Fleet) -> dict[str, set[str]]:
    """Return which models each host has."""
    return {
        name: {model for model in models_in(host.store) if model.endswith(".bin")} for name, host in fleet.hosts.items()
    }


class Site:
    """The folder of a user, whose first host is the canary; they read English, German, French in turn."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet
        self.folder = fleet.folder / "site"
        shutil.copytree(EXAMPLES, self.folder)
        fleet.inventory = self.folder / "inventory.yml"
        self.write_inventory()

    def write_inventory(self, **more: Mapping[str, object]) -> None:
        """Write the inventory; `more` is what it says of single hosts."""
        canary, *others = self.fleet.hosts
        groups: dict[str, dict[str, object]] = {"canary": {canary: None}, "production": dict.fromkeys(others)}
        for name in self.fleet.hosts:
            groups.setdefault(self._language(name), {})[name] = {**self._variables(name), **more.get(name, {})}
        written: dict[str, object] = {name: {"hosts": hosts} for name, hosts in groups.items()}
        written["fleet"] = {"children": {"canary": None, "production": None}}
        self.fleet.inventory.write_text(yaml.safe_dump(written, sort_keys=False), encoding="utf-8")

    def _language(self, name: str) -> str:
        return list(LANGUAGES)[list(self.fleet.hosts).index(name) % len(LANGUAGES)]

    def _variables(self, name: str) -> dict[str, object]:
        return {
            **self.fleet.variables,
            "host_virtualenv": str(virtualenv(self.fleet)),
            "host_store": str(self.fleet[name].store),
            "host_inventory": "directory",
            "host_manifest": str(self.manifest(name)),
        }

    def manifest(self, name: str) -> Path:
        """Return where the manifest of a host lies."""
        return self.fleet[name].app / "models.yml"

    def lay(self, *names: str) -> None:
        """Put the manifests of hosts in place, as an earlier rollout has done."""
        for name in names:
            for source, laid in (("base", "base.yml"), (self._language(name), "models.yml")):
                shutil.copy(self.folder / "manifests" / f"{source}.yml", self.manifest(name).with_name(laid))

    def listed(self, name: str) -> tuple[str, str]:
        """Return which models a host is to have."""
        return "layout_v3.bin", f"{LANGUAGES[self._language(name)]}_ocr_v2.bin"

    def run(self, playbook: str, *options: str) -> Played:
        """Run a playbook in its folder."""
        return self.fleet.run(self.folder / playbook, *options, cwd=self.folder)
