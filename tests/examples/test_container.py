"""`examples/container/entrypoint.sh`: the application starts with its models, or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.e2e.engines import hangs, stand_in
from tests.e2e.host import MANIFEST, PATIENCE, Host, models_in
from tests.examples.running import EXAMPLES, environment, run

if TYPE_CHECKING:
    from tests.e2e.host import Ended

ENTRYPOINT = str(EXAMPLES / "container" / "entrypoint.sh")
APPLICATION = ("sh", "-c", 'echo "started as $$ with $1"; exit 7', "sh", "an argument")


@pytest.fixture
def drifting(host: Host) -> Host:
    return host.has("en.bin", "old.bin").lists("en.bin")


def start(host: Host, *application: str, **env: str) -> Ended:
    return run(host, ENTRYPOINT, *application, env={"MODELS_MANIFEST": MANIFEST, **env})


def test_the_models_are_in_order_when_the_application_starts(drifting: Host) -> None:
    ended = start(drifting, *APPLICATION)
    assert (ended.code, ended.err) == (7, "")
    assert set(models_in(drifting.store)) == {"en.bin"}
    assert ended.last_line.endswith("with an argument")


def test_the_entrypoint_becomes_the_application(drifting: Host) -> None:
    with subprocess.Popen(
        [ENTRYPOINT, *APPLICATION],
        cwd=drifting.app,
        env=environment(drifting, {"MODELS_MANIFEST": MANIFEST}),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        out, _ = process.communicate(timeout=PATIENCE)
    assert out.endswith(f"started as {process.pid} with an argument\n")


@pytest.mark.without_engine
def test_without_its_models_the_application_is_not_started(drifting: Host) -> None:
    drifting.lists("en.bin", "gone.bin")
    ended = start(drifting, *APPLICATION)
    assert (ended.code, "started" in ended.out) == (3, False)
    assert "1 missing (gone.bin)" in ended.err
    assert set(models_in(drifting.store)) == {"en.bin", "old.bin"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_container_that_is_stopped_meanwhile_stops_at_once_and_in_order(drifting: Host, number: int) -> None:
    stand_in(drifting, "hangs")
    with subprocess.Popen(
        [ENTRYPOINT, *APPLICATION],
        cwd=drifting.app,
        env=environment(drifting, {"MODELS_MANIFEST": MANIFEST}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        drifting.wait_for(lambda: hangs(drifting))
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (143, "")
    assert "Interrupted by SIGTERM: nothing was changed." in err
    assert set(models_in(drifting.store)) == {"en.bin", "old.bin"}


@pytest.mark.without_engine
def test_what_is_missing_to_start_is_named(drifting: Host) -> None:
    ended = start(drifting, *APPLICATION, TMPDIR="/nowhere")
    assert (ended.code, ended.err) == (
        1,
        "entrypoint: /nowhere cannot be written: mount a tmpfs there (docker run --tmpfs /nowhere)\n",
    )
    assert start(drifting).code == 64


@pytest.mark.root
def test_all_but_the_store_and_one_folder_may_be_read_only(drifting: Host, own_mounts: tuple[str, ...]) -> None:
    read_only = f"""
for folder in {drifting.store} {drifting.temporary}; do mount --bind "$folder" "$folder"; done
mount -o remount,ro,bind /
touch {drifting.app}/written 2> /dev/null && exit 99
unset XDG_CACHE_HOME
exec "$@"
"""
    inside = (*own_mounts, read_only, "sh", ENTRYPOINT, *APPLICATION)
    ended = run(drifting, *inside, env={"MODELS_MANIFEST": MANIFEST})
    for left in drifting.temporary.glob("ocrstate*"):  # what is remembered of contents
        for path in (*left.iterdir(), left):
            path.unlink() if path.is_file() else os.rmdir(path)
    assert (ended.code, ended.err) == (7, "")
    assert set(models_in(drifting.store)) == {"en.bin"}
