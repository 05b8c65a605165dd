"""The collection, built and installed once for all tests, and fleets to run it on."""

from __future__ import annotations

import os
import pickle
import subprocess
from typing import TYPE_CHECKING, Protocol, TypeVar

import pytest
from filelock import FileLock

from tests.ansible.fleet import COLLECTION, Fleet, tool
from tests.e2e.host import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")


class Once(Protocol):
    """Makes something in a folder of its own, once for all workers; each gets a copy of what was returned."""

    def __call__(self, name: str, make: Callable[[Path], T], /) -> T:
        """Return what has that name."""


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Return what makes things once for all workers."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent

    def make_once(name: str, make: Callable[[Path], T], /) -> T:
        made = shared / f"{name}.pickle"
        with FileLock(shared / f"{name}.lock"):
            if not made.exists():
                (shared / name).mkdir()
                made.write_bytes(pickle.dumps(make(shared / name)))
        copy: T = pickle.loads(made.read_bytes())
        return copy

    return make_once


@pytest.fixture(scope="session")
def collections(once: Once) -> Path:
    """Return the folder of the collection, built and installed."""
    return once("collection", _installed)


def _installed(folder: Path) -> Path:
    environment = {**os.environ, "HOME": str(folder), "ANSIBLE_HOME": str(folder / "ansible")}
    built, installed = folder / "built", folder / "collections"
    for words in (
        ("build", str(COLLECTION), "--output-path", str(built)),
        ("install", str(built / "ocrstate-ocrstate-1.0.0.tar.gz"), "--collections-path", str(installed), "--offline"),
    ):
        command = [tool("ansible-galaxy"), "collection", *words]
        subprocess.run(command, env=environment, check=True, capture_output=True, timeout=PATIENCE)
    return installed


@pytest.fixture
def new_fleet(tmp_path: Path, collections: Path) -> Callable[..., Fleet]:
    """Return what makes a fleet of hosts with these names."""
    return lambda *names: Fleet(tmp_path, collections, names)


@pytest.fixture
def fleet(new_fleet: Callable[..., Fleet]) -> Fleet:
    """Return a fleet of one host, which is called one."""
    return new_fleet("one")
