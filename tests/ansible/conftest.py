"""The collection, built and installed once for all tests, and fleets to run it on."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from tests.ansible.fleet import COLLECTION, Fleet, tool
from tests.e2e.host import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="session")
def collections(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an installed collection, which all workers share."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    installed = shared / "collections"
    with FileLock(shared / "collections.lock"):
        if not installed.exists():
            _install(shared / "built", installed)
    return installed


def _install(built: Path, installed: Path) -> None:
    environment = {**os.environ, "HOME": str(built), "ANSIBLE_HOME": str(built / "ansible")}
    built.mkdir()
    for words in (
        ("build", str(COLLECTION), "--output-path", str(built)),
        ("install", str(built / "ocrstate-ocrstate-1.0.0.tar.gz"), "--collections-path", str(installed), "--offline"),
    ):
        command = [tool("ansible-galaxy"), "collection", *words]
        subprocess.run(command, env=environment, check=True, capture_output=True, timeout=PATIENCE)


@pytest.fixture
def new_fleet(tmp_path: Path, collections: Path) -> Callable[..., Fleet]:
    """Return what makes a fleet of hosts with these names."""
    return lambda *names: Fleet(tmp_path, collections, names)


@pytest.fixture
def fleet(new_fleet: Callable[..., Fleet]) -> Fleet:
    """Return a fleet of one host, which is called one."""
    return new_fleet("one")
