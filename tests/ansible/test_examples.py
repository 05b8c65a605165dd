"""The example playbooks, each run as its user runs it."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from tests.ansible.fleet import tool
from tests.ansible.site import EXAMPLES, Site, models
from tests.e2e.host import models_in
from tests.examples.running import program

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.ansible.fleet import Fleet, Played

MODELS, RESTORE = "Make the store match", "Put back"


@pytest.fixture
def site(new_fleet: Callable[..., Fleet]) -> Callable[..., Site]:
    """Return what makes a site of hosts with these names, each with the models that it is to have, and an old one."""

    def make(*names: str) -> Site:
        made = Site(new_fleet(*names))
        for name, host in made.fleet.hosts.items():
            host.has(*made.listed(name), "old_1.bin")
        return made

    return make


def unreachable(fleet: Fleet) -> dict[str, object]:
    """Return what the inventory says of a host that nobody answers for."""
    ssh = program(next(iter(fleet.hosts.values())), "ssh", "echo No route to host >&2; exit 255")
    return {"ansible_connection": "ssh", "ansible_ssh_executable": str(ssh)}


def changed(played: Played) -> list[str]:
    """Return the hosts that a playbook changed, in order."""
    return [host for host, counts in played.hosts.items() if counts["changed"]]


def lines_of(report: str) -> dict[str, list[str]]:
    """Return the cells of each host's line in a table."""
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in report.splitlines() if line.startswith("|")]
    return {cells[0]: cells[1:] for cells in rows}


def test_the_folder_is_whole_as_it_is(fleet: Fleet, collections: Path) -> None:
    shutil.copytree(EXAMPLES, folder := fleet.folder / "site")
    built = collections.with_name("built") / "ocrstate-ocrstate-1.0.0.tar.gz"
    shutil.copy(built, folder / "files")
    installed = fleet.folder / "installed"
    fleet.environment["ANSIBLE_COLLECTIONS_PATH"] = str(installed)
    run_in(fleet, folder, "ansible-galaxy", "collection", "install", "--requirements-file", "requirements.yml")
    assert (installed / "ansible_collections" / "ocrstate" / "ocrstate" / "roles" / "host").is_dir()

    inventory = json.loads(run_in(fleet, folder, "ansible-inventory", "--list"))
    hosts = inventory["_meta"]["hostvars"]
    assert hosts.keys() == {*inventory["canary"]["hosts"], *inventory["production"]["hosts"]}
    for variables in hosts.values():
        manifest = folder / variables["host_manifest_src"].replace("{{ playbook_dir }}/", "")
        assert fleet["one"].run("validate", str(manifest)).code == 0


def run_in(fleet: Fleet, folder: Path, name: str, *words: str) -> str:
    """Run one of Ansible's programs in a folder, and return what it says."""
    command = [tool(name), *words]
    done = subprocess.run(command, cwd=folder, env=fleet.environment, check=True, capture_output=True, text=True)
    return done.stdout


def test_a_rollout_stops_where_a_host_refuses_and_goes_on_when_that_is_mended(site: Callable[..., Site]) -> None:
    fleet = (shop := site("canary1", "web1", "web2")).fleet
    shop.lay("web1", "web2")
    fleet["web1"].has(*(f"old_{number}.bin" for number in range(2, 8)))
    before, after = models(fleet), {name: set(shop.listed(name)) for name in fleet.hosts}

    planned = shop.run("rollout.yml", "--check", "--diff")  # what a pull request shows: all hosts, also behind web1
    assert (planned.code, models(fleet), shop.manifest("canary1").exists()) == (2, before, False)
    assert planned.of("web1", MODELS)[0]["error_code"] == "max-remove-count"
    assert planned.out.count("-old_1.bin  1.0 kB") == 2  # Ansible shows no diff where a task fails
    assert "+  - en_ocr_v2.bin" in planned.out

    stopped = shop.run("rollout.yml")
    assert (stopped.code, list(stopped.hosts)) == (2, ["canary1", "web1"])
    assert stopped.of("web1", MODELS)[0]["error_code"] == "max-remove-count"
    assert models(fleet) == {**before, "canary1": after["canary1"]}

    done = shop.run("rollout.yml", "--extra-vars", "host_max_remove=9")
    assert (done.code, changed(done), models(fleet)) == (0, ["web1", "web2"], after)


def test_a_canary_that_cannot_be_reached_stops_the_rollout(site: Callable[..., Site]) -> None:
    shop = site("canary1", "web1")
    shop.write_inventory(canary1=unreachable(shop.fleet))
    stopped = shop.run("rollout.yml")
    assert stopped.hosts["canary1"]["unreachable"] == 1
    assert (stopped.code, list(stopped.hosts)) == (2, ["canary1"])


def test_where_the_application_fails_the_models_come_back_and_the_rollout_stops(site: Callable[..., Site]) -> None:
    fleet = (shop := site("canary1", "web1")).fleet
    shop.lay("canary1", "web1")
    before = models(fleet)
    stopped = shop.run("rollout.yml", "--extra-vars", "smoke_test='ls /no/such/model'")
    assert (stopped.code, list(stopped.hosts), models(fleet)) == (2, ["canary1"], before)
    assert "fails with the new models" in stopped.of("canary1", "Stop")[0]["msg"]
    assert "/no/such/model" in stopped.of("canary1", "Stop")[0]["msg"]


def test_the_table_of_drift_has_a_line_for_each_host_also_for_those_that_fail(site: Callable[..., Site]) -> None:
    shop = site("gone", "web1", "web2", "storeless", "bare")
    fleet = shop.fleet
    for name, host in fleet.hosts.items():
        (host.app / "base.yml").write_bytes((shop.folder / "manifests" / "base.yml").read_bytes())
        host.lists({"name": shop.listed(name)[1], "size": 1000}, extends=["base.yml"])
    (fleet["web1"].store / "old_1.bin").unlink()
    (fleet["web2"].store / "layout_v3.bin").unlink()
    (fleet["web2"].store / "fr_ocr_v2.bin").write_bytes(b"too short")
    fleet["storeless"].store.rename(fleet["storeless"].app / "elsewhere")
    shop.write_inventory(gone=unreachable(fleet), bare={"host_virtualenv": "/no/such/environment"})
    before = models_in(fleet["web2"].store)

    looked = shop.run("drift.yml")
    assert looked.code == 2
    assert "4 of 5 hosts differ or could not be looked at: gone, web2, storeless, bare" in looked.out
    report = (shop.folder / "drift.md").read_text(encoding="utf-8")
    assert "1 of 5 hosts are as their manifests say" in report
    lines = lines_of(report)
    assert lines["Host"] == [
        "State", "Remove", "Fetch", "Replace", "Missing", "Drifted", "Blocked", "To remove", "In store", "Error"
    ]  # fmt: skip
    assert lines["web1"] == ["in sync", "0", "0", "0", "0", "0", "0", "0 B", "2.0 kB", ""]
    assert lines["web2"] == ["differs", "1", "0", "0", "1", "1", "0", "1.0 kB", "1.0 kB", ""]
    assert {name: lines[name][0] for name in ("gone", "storeless", "bare")} == {
        "gone": "unreachable", "storeless": "failed", "bare": "failed"
    }  # fmt: skip
    assert "store" in lines["storeless"][-1]
    assert "ocrstate was not found on this host" in lines["bare"][-1]
    assert len({len(line) for line in report.splitlines() if line.startswith("|")}) == 1
    assert (changed(looked), models_in(fleet["web2"].store)) == ([], before)

    shown = fleet.folder / "shown.md"
    calm = shop.run("drift.yml", "--limit", "web2", "-e", "fail_on_drift=false", "-e", f"report={shown}")
    assert (calm.code, list(lines_of(shown.read_text(encoding="utf-8")))[2:]) == (0, ["web2"])


def test_a_rollback_undoes_the_last_run_once(site: Callable[..., Site]) -> None:
    fleet = (shop := site("canary1", "web1", "new")).fleet
    for name in ("canary1", "web1"):
        host = fleet[name]
        for listed in (shop.listed(name), shop.listed(name)[:1]):  # two runs: the first removes old_1.bin
            wait_for_the_next_second()
            assert host.lists(*listed).apply("--yes", "--retain", "7d").code == 0
    after, last = models(fleet), {name: shop.listed(name)[1] for name in ("canary1", "web1")}

    planned = shop.run("rollback.yml", "--check", "--diff")
    assert (planned.code, changed(planned), models(fleet)) == (0, ["canary1", "web1"], after)
    assert f"+{last['web1']}  1.0 kB" in planned.out

    back = {name: names | {last[name]} if name in last else names for name, names in after.items()}
    for expected in (["canary1", "web1"], []):  # the second time it does not go on to the run before
        done = shop.run("rollback.yml", "-e", "batch=100%")
        assert (done.code, changed(done), models(fleet)) == (0, expected, back)

    earlier = fleet["web1"].runs()[-1]
    named = shop.run("rollback.yml", "--limit", "web1", "-e", f"run_id={earlier['run_id']}")
    assert (named.code, models(fleet)["web1"]) == (0, {"old_1.bin", *shop.listed("web1")})


def test_a_rollback_of_a_rollout_leaves_hosts_alone_that_it_did_not_reach(site: Callable[..., Site]) -> None:
    fleet = (shop := site("canary1", "web1")).fleet
    for name, host in reversed(fleet.hosts.items()):
        wait_for_the_next_second()
        assert host.lists(*shop.listed(name)).apply("--yes", "--retain", "7d").code == 0
    after = models(fleet)
    done = shop.run("rollback.yml", "-e", f"since={fleet['canary1'].runs()[0]['started']}")
    assert (done.code, changed(done)) == (0, ["canary1"])
    assert models(fleet) == {**after, "canary1": {*after["canary1"], "old_1.bin"}}


def wait_for_the_next_second() -> None:
    """Wait, so that a run begins later than those before it, as ocrstate notes it."""
    time.sleep(1 - time.time() % 1)
