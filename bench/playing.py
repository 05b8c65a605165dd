"""Playbooks against hosts that are folders of this machine, each with a store of its own."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from measuring import surroundings, timed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
OCRSTATE = str(Path(sys.executable).with_name("ocrstate"))
DRIFT = ROOT / "examples" / "ansible" / "drift.yml"
_COLLECTION = ROOT / "integrations" / "ansible"
# what a target uses is written down by the interpreter that Ansible is told to start there
_METER = """#!/usr/bin/env bash
TIMEFORMAT='%R %U %S'
{{ time {python} "$@" 2>&3; }} 3>&2 2>>{log}
"""


class Control:
    """A machine that Ansible is started on, with the collection.

    Attributes:
        folder: of all that it reads and writes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        self._collections = folder / "collections"
        self._log = folder / "targets"
        self._meter = folder / "meter"
        self._meter.write_text(_METER.format(python=shlex.quote(sys.executable), log=shlex.quote(str(self._log))))
        self._meter.chmod(0o755)
        self._install()

    @property
    def environment(self) -> dict[str, str]:
        """Return what Ansible is to find in its environment."""
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        return surroundings(
            self.folder,
            {
                "HOME": str(home),
                "ANSIBLE_HOME": str(home / "ansible"),
                "ANSIBLE_COLLECTIONS_PATH": str(self._collections),
            },
        )

    def inventory(self, hosts: Mapping[str, Path], *, manifest: Path, metered: bool) -> Path:
        """Write an inventory.

        Args:
            hosts: their folders, by name.
            manifest: which all follow.
            metered: whether what the targets use is to be written down.
        """
        common = {
            "ansible_connection": "local",
            "ansible_python_interpreter": str(self._meter) if metered else sys.executable,
        }
        # of each host, not of all: the example has values of its own for the group
        same = {"host_manifest": str(manifest), "host_virtualenv": sys.prefix}
        listed = {name: {"host_store": str(store_of(home)), **same} for name, home in hosts.items()}
        path = self.folder / "inventory.yml"
        path.write_text(json.dumps({"fleet": {"vars": common, "hosts": listed}}, indent=1), encoding="utf-8")
        return path

    def play(self, playbook: Path, inventory: Path, *options: str) -> list[str]:
        """Return the command that plays a playbook."""
        return [_tool("ansible-playbook"), "-i", str(inventory), *options, str(playbook)]

    def used_by_targets(self) -> list[tuple[float, float]]:
        """Return what each module that was run used since this was last asked: seconds, and seconds of processor."""
        lines = self._log.read_text(encoding="ascii").splitlines() if self._log.exists() else []
        self._log.unlink(missing_ok=True)
        times = [[float(word) for word in line.split()] for line in lines]
        return [(real, user + system) for real, user, system in times]

    def _install(self) -> None:
        built = self.folder / "built"
        self._galaxy("build", str(_COLLECTION), "--output-path", str(built))
        archive = next(built.glob("*.tar.gz"))
        self._galaxy("install", str(archive), "--collections-path", str(self._collections), "--offline")

    def _galaxy(self, *words: str) -> None:
        timed([_tool("ansible-galaxy"), "collection", *words], self.folder, self.environment)


def playbook(name: str) -> Path:
    """Return the path of a playbook that is only measured with."""
    return Path(__file__).with_name("playbooks") / f"{name}.yml"


def store_of(home: Path) -> Path:
    """Return the store of a host."""
    return home / "Aspose.AI.LLM" / "models"


def lay_out(store: Path, models: int) -> None:
    """Put models into a store, as far as they are not there."""
    store.mkdir(parents=True, exist_ok=True)
    for number in range(models):
        path = store / name_of(number)
        if not path.exists():
            path.write_bytes(b"m")


def name_of(number: int) -> str:
    """Name a model."""
    return f"model_{number:06}.bin"


def manifest_of(path: Path, models: Sequence[str]) -> Path:
    """Write a manifest that lists models."""
    path.write_text("version: 1\nmodels:\n" + "".join(f"  - {name}\n" for name in models), encoding="ascii")
    return path


def can_be_measured() -> bool:
    """Tell whether Ansible is here."""
    return Path(_tool("ansible-playbook")).exists()


def _tool(name: str) -> str:
    return str(Path(sys.executable).with_name(name))
