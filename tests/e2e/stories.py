"""What happened on a host before a test begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.e2e.engines import hangs
from tests.e2e.host import models_in

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.host import Host

NAMES = ("old_1.bin", "old_2.bin", "sub/old_3.bin")


def full_of_models(host: Host) -> Host:
    """Let one model be listed, and three not; what is removed is to be kept for a week."""
    host.has("en.bin", *NAMES).lists("en.bin", policy={"retain": "7d"})
    (host.store / "sub").chmod(0o2751)
    return host


def after_a_run(host: Host) -> Host:
    """Let a run have removed three models a moment ago; it keeps them."""
    ended = host.apply("--yes")
    assert (ended.code, ended.err, set(models_in(host.store))) == (0, "", {"en.bin"})
    return host


def kill_when_it_hangs(host: Host, *words: str) -> None:
    """Run ``ocrstate`` until the engine hangs, and kill it then."""
    with host.running(*words) as process:
        host.wait_for(lambda: hangs(host))
        process.kill()
        process.wait()
    host.wait_for(lambda: not host.processes())


def run_of(host: Host) -> dict[str, Any]:
    """Return what the history tells of the last run."""
    return host.runs()[0]


def restorable(run: dict[str, Any]) -> list[str]:
    """Return the names that the history calls restorable."""
    return [each["name"] for each in run["models"] if each["restorable"]]


def kept(host: Host, run: str, name: str) -> Path:
    """Say where a run keeps a model."""
    return host.store / ".ocrstate" / "quarantine" / run / name
