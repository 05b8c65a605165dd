from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.engines import stand_in
from tests.e2e.fetching import alone
from tests.e2e.host import MANIFEST, Host, has_engine, models_in
from tests.e2e.stories import NAMES, after_a_run, kill_when_it_hangs
from tests.e2e.tracing import traceable
from tests.e2e.verifying import NAMES as PINNED
from tests.e2e.verifying import SETTLED, pin
from tests.servers.web import WebServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.host import Snapshot

_CHOWN_AND_ADMIN = 1 << 0 | 1 << 21  # CAP_CHOWN, CAP_SYS_ADMIN (capabilities(7))

if sys.platform == "win32":
    collect_ignore_glob = ["test_*.py"]  # apply refuses there


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "real_engine: needs the installed engine")
    config.addinivalue_line("markers", "without_engine: the engine has no say in it, so that it need not be started")
    config.addinivalue_line("markers", "root: needs root")
    config.addinivalue_line("markers", "needs(program): needs this program")


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("real_engine") and not has_engine():
        pytest.skip("the engine is not installed: it has no wheel for this platform")
    if item.get_closest_marker("root") and not _is_powerful():
        pytest.skip("only root, with all rights, may set this up")
    for marker in item.iter_markers("needs"):
        if shutil.which(marker.args[0]) is None:
            pytest.skip(f"{marker.args[0]} is not installed")
        if marker.args == ("strace",) and not traceable():
            pytest.skip("processes may not be traced here: the system or the container forbids it")


def _is_powerful() -> bool:
    """Tell whether this is root, and not one in a container that took the rights away."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    rights = int(status.partition("CapEff:")[2].split()[0], 16)
    return os.getuid() == 0 and rights & _CHOWN_AND_ADMIN == _CHOWN_AND_ADMIN


@pytest.fixture
def host(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Host]:
    """Give a host; in the end no process runs on it any more, and no temporary file is left."""
    made = Host(tmp_path)
    if request.node.get_closest_marker("without_engine"):
        made.defaults = ("--inventory", "directory")
    yield made
    made.wait_for(lambda: not made.processes())
    assert os.listdir(made.temporary) == []


@pytest.fixture
def full(host: Host) -> Host:
    """Give a host with one listed model and three that are not; those of some modules keep what is removed."""
    host.has("en.bin", *NAMES).lists("en.bin")
    (host.store / "sub").chmod(0o2751)
    return host


@pytest.fixture
def before(full: Host) -> Snapshot:
    """Note what was in the store before anything was removed."""
    return models_in(full.store)


@pytest.fixture
def killed(full: Host, before: Snapshot) -> Host:
    """Give a host where an apply was killed when it had moved three models aside."""
    stand_in(full, "lists", "hangs", "lists")
    kill_when_it_hangs(full, "apply", MANIFEST, "--yes")
    assert models_in(full.store) != before
    assert len(full.quarantined()) == 3
    return full


@pytest.fixture
def removed(full: Host, before: Snapshot) -> Host:  # noqa: ARG001 - in this order
    """Give a host where a run has removed three models a moment ago, and keeps them."""
    return after_a_run(full)


@pytest.fixture
def pinned(host: Host) -> Host:
    """Give a host with three models, all as declared, none changed just now."""
    host.has(*PINNED)
    time.sleep(SETTLED)
    return pin(host, *PINNED)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Host:
    """Give a host for tests that change nothing on it."""
    host = Host(tmp_path_factory.mktemp("shared"))
    return host.has("en.bin", "old_1.bin", "sub/old_2.bin").lists("en.bin")


@pytest.fixture
def own_mounts() -> tuple[str, ...]:
    """Give what runs a command after a script, in a mount namespace of its own; the script comes as one more word."""
    through = ("unshare", "--mount", "sh", "-ec")
    tried = subprocess.run(
        ["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False
    )
    if tried.returncode:
        pytest.skip("mounts are not allowed here")
    return through


@pytest.fixture
def web(host: Host) -> Iterator[WebServer]:
    """Give a web server on loopback, for a host that knows nothing of other networks."""
    alone(host)
    with WebServer() as running:
        yield running
