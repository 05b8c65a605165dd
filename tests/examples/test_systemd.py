"""The units in `examples/systemd`: systemd accepts them, and what they start works where they shut it in."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from configparser import RawConfigParser
from typing import TYPE_CHECKING

import pytest

from tests.e2e.host import MANIFEST, Host
from tests.examples.running import EXAMPLES, programs, run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.host import Ended

UNITS = EXAMPLES / "systemd"
OCRSTATE = "/usr/local/bin/ocrstate"
METRICS = "/var/lib/prometheus/node-exporter/"


def section(unit: str, name: str) -> dict[str, str]:
    parser = RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign] # names keep their capitals, as the module's documents do it
    parser.read_string((UNITS / unit).read_text(encoding="utf-8"))
    return dict(parser[name])


SERVICE = section("ocrstate-check.service", "Service")


@pytest.mark.needs("systemd-analyze")
@pytest.mark.without_engine
def test_systemd_accepts_both_units(host: Host, tmp_path: Path) -> None:
    units = [tmp_path / f"ocrstate-check.{kind}" for kind in ("service", "timer")]
    for unit in units:
        shutil.copy(UNITS / unit.name, unit)
    units[0].write_text(units[0].read_text().replace(OCRSTATE, str(programs(host) / "ocrstate")))
    told = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    if "Failed to" in told.stderr and "bus" in told.stderr:
        pytest.skip(f"systemd-analyze does not work here: {told.stderr.strip()}")
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")


def started(host: Host, *through: str) -> Ended:
    """Run the unit's command, its paths those of the host."""
    command = shlex.split(SERVICE["ExecStart"].replace(METRICS, f"{host.outside}/").replace(OCRSTATE, "ocrstate"))
    return run(host, *through, *command, env={"XDG_CACHE_HOME": str(host.cache)})


def logged(code: int) -> str:
    """Run what the unit logs in the end, as systemd passes the exit code."""
    words = shlex.split(SERVICE["ExecStopPost"])
    done = subprocess.run(words, env={"EXIT_STATUS": str(code)}, capture_output=True, text=True, check=True)
    return done.stdout


def test_a_store_in_order_leaves_metrics_and_one_line(host: Host) -> None:
    ended = started(host.has("en.bin").lists("en.bin"))
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.count("\n") == 1
    assert "\nocrstate_drift{" in (host.outside / "ocrstate.prom").read_text()
    assert logged(ended.code) == ""


def test_drift_is_a_warning_in_the_journal_and_no_failed_unit(host: Host) -> None:
    ended = started(host.has("en.bin", "old.bin").lists("en.bin"))
    assert str(ended.code) == SERVICE["SuccessExitStatus"] == "2"
    assert logged(ended.code) == "<4>The OCR models differ from the manifest.\n"


@pytest.mark.without_engine
def test_a_check_that_fails_fails_the_unit(host: Host) -> None:
    (host.app / MANIFEST).write_text("version: 1\nmodels: [no]\n")
    ended = started(host)
    assert ended.code == 1
    assert "check_success" in (host.outside / "ocrstate.prom").read_text()
    assert logged(ended.code) == ""


@pytest.mark.root
@pytest.mark.needs("setpriv")
def test_the_engine_starts_where_all_is_read_only_without_network_and_rights(
    host: Host, own_mounts: tuple[str, ...]
) -> None:
    """What ProtectSystem=strict, PrivateTmp, PrivateNetwork, NoNewPrivileges and CapabilityBoundingSet do."""
    assert {SERVICE[name] for name in ("PrivateTmp", "PrivateNetwork", "NoNewPrivileges")} == {"yes"}
    assert (SERVICE["ProtectSystem"], SERVICE["CapabilityBoundingSet"]) == ("strict", "")
    host.has("en.bin", "old.bin").lists("en.bin")
    host.cache.mkdir()
    shut_in = f"""
for folder in {host.outside} {host.cache} {host.temporary}; do mount --bind "$folder" "$folder"; done
mount -o remount,ro,bind /
touch {host.app}/written 2> /dev/null && exit 99
exec setpriv --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
"""
    ended = started(host, own_mounts[0], "--net", *own_mounts[1:], shut_in, "sh")
    assert (ended.code, ended.err) == (2, "")
    assert "\nocrstate_drift{" in (host.outside / "ocrstate.prom").read_text()


def test_the_timer_starts_the_service_of_its_name() -> None:
    assert section("ocrstate-check.timer", "Install") == {"WantedBy": "timers.target"}
    assert section("ocrstate-check.timer", "Timer")["OnCalendar"]
