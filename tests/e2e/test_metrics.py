"""`check --metrics`: what a timer leaves for monitoring, on good days and bad ones."""

from __future__ import annotations

import os
import signal
import stat
import time
from pathlib import Path

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from tests.e2e.engines import hangs, stand_in
from tests.e2e.host import MANIFEST, POWERLESS, Host, end_of, snapshot

METRICS = "ocrstate.prom"
OF_EVERY_CHECK = {"check_success", "check_timestamp_seconds", "check_duration_seconds"}
WRONG = "version: 1\nmodels:\n  - no\n"


@pytest.fixture
def drifting(host: Host) -> Host:
    return host.has("en.bin", "old.bin").lists("en.bin")


def metrics(host: Host, name: str = METRICS) -> dict[str, float]:
    """Return what the file holds; with the action where there is one."""
    text = (host.app / name).read_text(encoding="utf-8")
    families = text_string_to_metric_families(text)  # type: ignore[no-untyped-call] # it has no types
    samples = [sample for family in families for sample in family.samples]
    assert {sample.labels["manifest"] for sample in samples} == {str(host.app / MANIFEST)}
    for sample in samples:
        assert sample.labels.get("store") == (None if "_check_" in sample.name else str(host.store))
    short = {f"{sample.name} {sample.labels.get('action', '')}".strip(): sample.value for sample in samples}
    return {name.removeprefix("ocrstate_"): value for name, value in short.items()}


def test_drift_is_a_number_and_stays_an_exit_code(drifting: Host) -> None:
    before = snapshot(drifting.store)
    began = time.time()
    ended = drifting.check("-q", "--metrics", METRICS)
    assert (ended.code, ended.err) == (2, "")
    assert ended.out == drifting.check("-q").out
    found = metrics(drifting)
    assert (found["check_success"], found["drift"], found["changes remove"], found["changes keep"]) == (1, 1, 1, 1)
    assert (found["store_models"], found["store_bytes"]) == (2, 2000)
    assert began - 1 < found["check_timestamp_seconds"] < time.time() + 1
    assert 0 < found["check_duration_seconds"] < 60
    assert snapshot(drifting.store) == before


def test_what_is_kept_to_be_restored_is_counted(drifting: Host) -> None:
    assert drifting.apply("--yes", "--retain", "7d").code == 0
    assert drifting.check("--metrics", METRICS).code == 0
    found = metrics(drifting)
    assert (found["drift"], found["changes remove"], found["quarantine_bytes"]) == (0, 0, 4096)


def test_a_failed_engine_is_a_failed_check_and_no_drift(drifting: Host) -> None:
    stand_in(drifting, "lists", "aborts")
    assert drifting.check("--metrics", METRICS).code == 2
    ended = drifting.check("--metrics", METRICS, "--json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "engine-aborted")
    found = metrics(drifting)
    assert found["check_success"] == 0
    assert "drift" not in found
    assert "changes remove" not in found


@pytest.mark.without_engine
def test_a_wrong_manifest_is_a_failed_check(drifting: Host) -> None:
    (drifting.app / MANIFEST).write_text(WRONG)
    assert drifting.check("--metrics", METRICS).code == 1
    assert set(metrics(drifting)) == {*OF_EVERY_CHECK, "quarantine_bytes"}
    assert metrics(drifting)["check_success"] == 0


def test_a_check_that_was_ended_is_a_failed_check(drifting: Host) -> None:
    stand_in(drifting, "hangs")
    with drifting.running("check", MANIFEST, "--metrics", METRICS) as process:
        drifting.wait_for(lambda: hangs(drifting))
        process.send_signal(signal.SIGTERM)
        assert end_of(process).code == 143
    assert metrics(drifting)["check_success"] == 0


@pytest.mark.without_engine
@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("Aspose.AI.LLM/models/ocrstate.prom", "metrics-in-store"),
        ("link/ocrstate.prom", "metrics-in-store"),
        (MANIFEST, "metrics-over-other-file"),
        ("other.prom", "metrics-over-other-file"),
    ],
)
@pytest.mark.parametrize("manifest", ["right", "wrong"])
def test_metrics_never_go_where_they_do_harm(drifting: Host, path: str, code: str, manifest: str) -> None:
    (drifting.app / "link").symlink_to(drifting.store)
    (drifting.app / "other.prom").write_text("up 1\n")
    if manifest == "wrong":
        (drifting.app / MANIFEST).write_text(WRONG)
    before = snapshot(drifting.app)
    ended = drifting.check("--metrics", path, "--json")
    assert (ended.code, ended.document["error"]["code"]) == (3, code)
    assert snapshot(drifting.app) == before


@pytest.mark.without_engine
def test_a_store_that_only_the_manifest_knows_is_safe_too(drifting: Host) -> None:
    drifting.lists("en.bin", store="../outside")
    (drifting.outside / "en.bin").write_text("")
    assert drifting.check("--metrics", "../outside/ocrstate.prom").code == 3
    (drifting.outside / ".ocrstate").mkdir()  # a run has worked there
    (drifting.app / MANIFEST).write_text(WRONG)
    assert drifting.check("--metrics", "../outside/sub/ocrstate.prom").code == 3
    assert sorted(os.listdir(drifting.outside)) == [".ocrstate", "en.bin"]


@pytest.mark.without_engine
@pytest.mark.parametrize("wrong", [{"models": ["no/", 1]}, {"policy": {"no": 1}}])
def test_a_manifest_that_is_not_valid_says_which_store_is_safe(drifting: Host, wrong: dict[str, object]) -> None:
    drifting.lists("en.bin", **{"store": "../outside", **wrong})
    ended = drifting.check("--metrics", "../outside/ocrstate.prom", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (3, "metrics-in-store")
    assert os.listdir(drifting.outside) == []
    assert drifting.check("--metrics", METRICS).code == 1
    assert (drifting.app / METRICS).exists()


@pytest.mark.without_engine
@pytest.mark.parametrize(
    "text",
    [
        "store: ../outside\nmodels: [",
        "version: 1\nmodels: []\nextends: [nowhere.yml]\n",
        "version: 1\nmodels: []\nstore: ${NOWHERE}\n",
        None,
    ],
    ids=["no YAML", "its base is missing", "its store is not known", "none"],
)
def test_where_no_manifest_says_which_store_is_meant_metrics_replace_metrics_only(
    drifting: Host, text: str | None
) -> None:
    assert drifting.check("--metrics", METRICS).code == 2
    if text is None:
        (drifting.app / MANIFEST).unlink()
    else:
        (drifting.app / MANIFEST).write_text(text)
    (drifting.outside / "empty.bin").touch()
    for name in ("ocrstate.prom", "empty.bin"):
        ended = drifting.check("--metrics", f"../outside/{name}")
        assert ended.code == 1
        assert ended.err.startswith(f"Error: no metrics were written to ../outside/{name}: it may lie in the store,")
    assert [(path.name, path.stat().st_size) for path in drifting.outside.iterdir()] == [("empty.bin", 0)]
    assert drifting.check("--metrics", METRICS).code == 1
    assert set(metrics(drifting)) == OF_EVERY_CHECK
    assert drifting.check("--store", str(drifting.store), "--metrics", "new.prom").code in {1, 2}
    assert set(metrics(drifting, "new.prom")) >= OF_EVERY_CHECK


@pytest.mark.without_engine
def test_metrics_that_cannot_be_written_are_an_error_after_the_answer(drifting: Host) -> None:
    ended = drifting.check("-q", "--metrics", "nowhere/ocrstate.prom")
    assert (ended.code, ended.out) == (1, drifting.check("-q").out)
    assert ended.err.startswith(
        "Error: the metrics could not be written to nowhere/ocrstate.prom: No such file or directory\n"
    )
    as_json = drifting.check("--json", "--metrics", "nowhere/ocrstate.prom")
    assert (as_json.code, as_json.document["kind"]) == (1, "plan")
    (drifting.app / "full").mkdir(mode=0o555)
    assert drifting.check("--metrics", "full/ocrstate.prom", through=POWERLESS).code == 1
    (drifting.app / MANIFEST).write_text(WRONG)
    both = drifting.check("--metrics", "nowhere/ocrstate.prom")
    assert both.code == 1
    assert both.err.index("could not be written") < both.err.index("1 problem in the manifest")


@pytest.mark.without_engine
def test_readers_see_whole_files_that_they_may_read(drifting: Host) -> None:
    assert drifting.check("--metrics", METRICS, through=("sh", "-c", 'umask 027; exec "$@"', "sh")).code == 2
    path = drifting.app / METRICS
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    first = path.stat().st_ino
    assert drifting.check("--metrics", METRICS, through=("sh", "-c", 'umask 000; exec "$@"', "sh")).code == 2
    assert (stat.S_IMODE(path.stat().st_mode), path.stat().st_ino == first) == (0o644, False)
    assert [each.name for each in drifting.app.glob("*.prom*")] == [METRICS]


@pytest.mark.without_engine
@pytest.mark.needs("strace")
def test_no_other_name_is_one_that_the_collector_reads(drifting: Host) -> None:
    notes = drifting.app.parent / "opened"
    through = ("strace", "-f", "-qq", "-e", "trace=openat,rename", "-o", str(notes))
    assert drifting.check("--metrics", METRICS, through=through).code == 2
    made = [line for line in Path(notes).read_text().splitlines() if "O_CREAT" in line and METRICS in line]
    assert len(made) == 1
    assert METRICS + '"' not in made[0]


@pytest.mark.without_engine
def test_a_reader_that_leaves_does_not_keep_metrics_from_being_written(drifting: Host) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    assert drifting.run("check", MANIFEST, "--metrics", METRICS, stdout=writer).code == 2
    os.close(writer)
    assert metrics(drifting)["drift"] == 1
