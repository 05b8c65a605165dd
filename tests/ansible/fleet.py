"""A fleet of hosts that are folders: local connections, each with a store and a working folder of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from tests.e2e.host import PATIENCE, PROJECT, Host
from tests.examples.running import programs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Task = Mapping[str, object]

COLLECTION = PROJECT / "integrations" / "ansible"
_RECAP = re.compile(r"^(\S+)\s+: (ok=.*)$", re.MULTILINE)
_COUNT = re.compile(r"(\w+)=(\d+)")


@dataclass(frozen=True)
class Played:
    """How a playbook ended.

    Attributes:
        hosts: the counts of its recap, by host.
        results: what tasks returned, in order: host, task, result.
    """

    code: int
    out: str
    err: str
    hosts: dict[str, dict[str, int]]
    results: list[dict[str, Any]] = field(default_factory=list)

    def of(self, host: str, task: str = "") -> list[dict[str, Any]]:
        """Return what tasks of a host returned; those whose name holds a text, if one is given."""
        return [each["result"] for each in self.results if each["host"] == host and task in each["task"]]


def tool(name: str) -> str:
    """Return the path of one of Ansible's programs."""
    return str(Path(sys.executable).with_name(name))


class Fleet:
    """Hosts in one inventory.

    Attributes:
        hosts: by name; each has an application folder, and a store in it.
        inventory: the file.
        variables: what the inventory says of all hosts.
    """

    def __init__(self, folder: Path, collections: Path, names: Sequence[str] = ("one",)) -> None:
        self.folder = folder
        self.hosts = {name: Host(folder / name) for name in names}
        self.inventory = folder / "inventory.yml"
        self.variables: dict[str, object] = {
            "ansible_connection": "local",
            "ansible_python_interpreter": sys.executable,
        }
        home = folder / "home"
        home.mkdir()
        self.environment = {
            **next(iter(self.hosts.values())).environment,
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_CACHE_HOME": str(home / "cache"),
            "ANSIBLE_HOME": str(home / "ansible"),
            "ANSIBLE_COLLECTIONS_PATH": str(collections),
            "ANSIBLE_CALLBACK_PLUGINS": str(Path(__file__).with_name("callbacks")),
            "ANSIBLE_CALLBACKS_ENABLED": "recording",
            "ANSIBLE_NOCOWS": "1",
            "ANSIBLE_PIPELINING": "1",
            "ANSIBLE_NOCOLOR": "1",
            "RECORDING": str(folder / "recording.jsonl"),
        }
        self.environment.pop("TMPDIR", None)
        self.executable = str(programs(next(iter(self.hosts.values()))) / "ocrstate")

    def __getitem__(self, name: str) -> Host:
        """Return a host."""
        return self.hosts[name]

    def write_inventory(self, **more: Mapping[str, object]) -> None:
        """Write the inventory; `more` is what it says of single hosts."""
        hosts = {
            name: {"ocr_home": str(host.app), "ocr_store": str(host.store), **more.get(name, {})}
            for name, host in self.hosts.items()
        }
        self.inventory.write_text(yaml.safe_dump({"all": {"hosts": hosts, "vars": self.variables}}), encoding="utf-8")

    def play(self, *tasks: Task, options: Sequence[str] = (), **play: object) -> Played:
        """Run tasks on all hosts; `play` says more of the play than that."""
        defaults = {"executable": self.executable, "chdir": "{{ ocr_home }}", "store": "{{ ocr_store }}"}
        book = {
            "hosts": "all",
            "gather_facts": False,
            "module_defaults": {"group/ocrstate.ocrstate.all": defaults},
            "tasks": list(tasks),
            **play,
        }
        path = self.folder / "playbook.yml"
        path.write_text(yaml.safe_dump([book], sort_keys=False), encoding="utf-8")
        return self.run(path, *options)

    def run(self, playbook: Path, *options: str, cwd: Path | None = None) -> Played:
        """Run a playbook."""
        if not self.inventory.exists():
            self.write_inventory()
        recording = Path(self.environment["RECORDING"])
        recording.unlink(missing_ok=True)
        done = subprocess.run(
            [tool("ansible-playbook"), "--inventory", str(self.inventory), str(playbook), *options],
            cwd=cwd or self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=3 * PATIENCE,  # a rollout takes 20 s where nothing else runs
            check=False,
        )
        lines = recording.read_text(encoding="utf-8").splitlines() if recording.exists() else []
        return Played(
            done.returncode, done.stdout, done.stderr, _recap(done.stdout), [json.loads(each) for each in lines]
        )


def _recap(out: str) -> dict[str, dict[str, int]]:
    _, _, recap = out.partition("PLAY RECAP")
    return {name: {key: int(count) for key, count in _COUNT.findall(rest)} for name, rest in _RECAP.findall(recap)}
