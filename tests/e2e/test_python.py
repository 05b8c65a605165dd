"""The commands as functions, as a program of somebody else uses them."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

import ocrstate
from ocrstate import api
from ocrstate.applying.result import RunStatus
from tests.e2e.engines import stand_in
from tests.e2e.host import MANIFEST, PATIENCE, PROJECT, has_engine, models_in
from tests.e2e.stories import NAMES

if TYPE_CHECKING:
    from typing_extensions import assert_type

from tests.e2e.host import Host

WITHOUT_ENGINE: Any = {} if has_engine() else {"inventory": "directory"}


@pytest.fixture
def full(full: Host, monkeypatch: pytest.MonkeyPatch) -> Host:
    """Give a host on which this very process works."""
    monkeypatch.chdir(full.app)
    for name in ("XDG_CACHE_HOME", "TMPDIR", "OCRSTATE_TEST_HOST"):
        monkeypatch.setenv(name, full.environment[name])
    return full


def test_a_plan_is_the_value_that_the_command_shows(full: Host) -> None:
    plan = ocrstate.plan(MANIFEST, **WITHOUT_ENGINE)
    if TYPE_CHECKING:
        assert_type(plan, ocrstate.Plan)
    assert [change.name for change in plan.changes if isinstance(change, ocrstate.Keep)] == ["en.bin"]
    assert all(isinstance(change, ocrstate.Remove) for change in plan.changes if change.name != "en.bin")
    shown = full.plan("--json").document
    assert {**ocrstate.document(plan), "refusals": []} == {**shown, "refusals": []}


def test_apply_makes_it_so_and_says_what_was_done(full: Host) -> None:
    result = ocrstate.apply(MANIFEST, **WITHOUT_ENGINE)
    assert (result.status, result.changed, result.removed, result.in_sync) == (RunStatus.SUCCESS, True, 3, True)
    assert ocrstate.plan(MANIFEST, **WITHOUT_ENGINE).in_sync
    assert full.runs()[0]["command"].endswith(", through Python")


def test_what_approve_declines_is_not_done(full: Host) -> None:
    before = models_in(full.store)
    seen: list[int] = []

    def decline(plan: ocrstate.Plan) -> bool:
        seen.append(plan.summary.remove)
        return False

    result = ocrstate.apply(MANIFEST, approve=decline, **WITHOUT_ENGINE)
    assert seen == [3]
    assert (result.status, result.changed) == (RunStatus.REFUSED, False)
    assert models_in(full.store) == before


def test_what_approve_raises_reaches_the_caller_and_nothing_is_done(full: Host) -> None:
    before = models_in(full.store)

    def fail(_plan: ocrstate.Plan) -> bool:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ocrstate.apply(MANIFEST, approve=fail, **WITHOUT_ENGINE)
    assert models_in(full.store) == before


def test_what_a_guard_refuses_is_said_with_its_numbers(full: Host) -> None:
    result = ocrstate.apply(MANIFEST, max_remove=2, **WITHOUT_ENGINE)
    assert result.status is RunStatus.REFUSED
    assert result.error is not None
    assert "3" in result.error.message
    assert "2" in result.error.message
    assert full.plan("--json").document["summary"]["remove"] == 3


def test_what_is_retained_can_be_restored(full: Host) -> None:
    before = models_in(full.store)
    ocrstate.apply(MANIFEST, retain=timedelta(days=7), **WITHOUT_ENGINE)
    (run,) = ocrstate.history()
    assert len(run.restorable) == 3
    assert ocrstate.restore(run_id=run.log.run_id, **WITHOUT_ENGINE).restored == 3
    assert models_in(full.store) == before


def test_a_saved_plan_is_carried_out_as_it_is(full: Host) -> None:
    plan = ocrstate.plan(MANIFEST, save_as=full.outside / "plan.json", **WITHOUT_ENGINE)
    result = ocrstate.apply(full.outside / "plan.json")
    assert (plan.summary.remove, result.removed) == (3, 3)
    with pytest.raises(ocrstate.RefusedError, match="applied already"):
        ocrstate.apply(full.outside / "plan.json")


@pytest.mark.parametrize("more", [{"store": "."}, {"retain": timedelta(1)}, {"approve": lambda _: True}])
def test_a_saved_plan_is_applied_alone(full: Host, more: dict[str, Any]) -> None:
    ocrstate.plan(MANIFEST, save_as=full.outside / "plan.json", **WITHOUT_ENGINE)
    with pytest.raises(ocrstate.ManifestError, match="applied alone"):
        ocrstate.apply(full.outside / "plan.json", **more)


def test_verify_reads_without_an_engine(full: Host) -> None:
    full.lists({"name": "en.bin", "sha256": "0" * 64})
    verification = ocrstate.verify(MANIFEST)
    assert not verification.is_as_declared
    assert ocrstate.document(verification)["kind"] == "verification"


def test_what_is_there_is_listed_with_and_without_a_manifest(full: Host) -> None:
    audit = ocrstate.list_models(MANIFEST, **WITHOUT_ENGINE)
    assert {status.value: total.models for status, total in audit.totals.items() if total.models} == {
        "listed": 1,
        "unlisted": 3,
    }
    assert ocrstate.document(audit)["models"] == full.run("list", MANIFEST, "--json").document["models"]
    assert [each.name for each in ocrstate.list_models(**WITHOUT_ENGINE).findings] == sorted(["en.bin", *NAMES])


def test_another_store_is_named_as_the_command_names_it(full: Host) -> None:
    elsewhere = full.outside / "models"
    elsewhere.mkdir()
    (elsewhere / "en.bin").write_bytes(b"")
    assert ocrstate.plan(MANIFEST, store=elsewhere, **WITHOUT_ENGINE).in_sync
    assert not ocrstate.plan(full.app / MANIFEST, folder=full.app, **WITHOUT_ENGINE).in_sync


def test_a_manifest_that_is_wrong_says_where(full: Host) -> None:
    full.lists("../other.bin", "no/deep/er.bin")
    with pytest.raises(ocrstate.InvalidManifestError) as caught:
        ocrstate.validate(MANIFEST)
    assert len(caught.value.problems) == 2


def test_no_function_reads_standard_input(full: Host) -> None:
    (full.app / "-").write_text("version: 1\nmodels: [en.bin, fr.bin]\n")
    assert len(ocrstate.validate("-").models) == 2
    assert ocrstate.plan("-", **WITHOUT_ENGINE).summary.missing == 1
    assert ocrstate.history(manifest="-") == ()


def test_a_failed_engine_is_an_error(full: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(full, "aborts")
    for name, value in full.environment.items():
        monkeypatch.setenv(name, value)
    before = models_in(full.store)
    with pytest.raises(ocrstate.EngineError):
        ocrstate.apply(MANIFEST, inventory="engine")
    assert models_in(full.store) == before


def test_an_option_that_does_not_exist_is_refused(full: Host) -> None:
    before = models_in(full.store)
    misspelled: Any = {"max_removals": 1}
    with pytest.raises(TypeError, match=r"there is no option 'max_removals'; there are .*max_remove"):
        ocrstate.apply(MANIFEST, **misspelled, **WITHOUT_ENGINE)
    assert models_in(full.store) == before


UNUSABLE: dict[str, list[Any]] = {
    "retain": [timedelta(seconds=-1), timedelta.max, "7 days", "-7d", "", 7],
    "inventory": ["engines", None, 1],
    "engine_timeout": [0, -1.0, float("nan"), "60", None],
    "jobs": [0, -1, 1.5, None],
    "lock_timeout": [-1, float("nan"), None],
    "max_remove": [-1, "5"],
    "store": ["a\0b", 1, b"models"],
    "folder": ["a\0b"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in UNUSABLE.items() for value in values])
def test_what_cannot_be_used_is_refused_before_anything_is_done(
    full: Host, name: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ocrstate.work.engines.Engines.start_ahead", _never)
    before = models_in(full.store)
    given: Any = {name: value}
    others: dict[str, list[Any]] = {
        "retain": [ocrstate.plan],
        "lock_timeout": [ocrstate.restore],
        "jobs": [],
        "max_remove": [],
    }
    for function in (ocrstate.apply, *others.get(name, [ocrstate.plan, ocrstate.list_models, ocrstate.verify])):
        with pytest.raises(ValueError, match=f"^{name} is "):
            function("nowhere.yml", **given)
    assert models_in(full.store) == before


def _never(_engines: object) -> None:
    raise AssertionError("an engine was started")


@pytest.mark.parametrize(("retain", "seconds"), [("7d", 604_800), (timedelta(hours=1), 3_600), ("0m", 0)])
@pytest.mark.usefixtures("full")
def test_how_long_to_retain_is_said_as_in_a_manifest_too(retain: str | timedelta, seconds: int) -> None:
    assert ocrstate.plan(MANIFEST, retain=retain, **WITHOUT_ENGINE).retain == seconds


def test_what_has_no_document_is_refused_with_what_has_one(full: Host) -> None:
    validated = ocrstate.document(ocrstate.validate(MANIFEST))
    assert validated == full.validate("--json").document
    past: Any = ocrstate.history()
    with pytest.raises(TypeError, match="no document tells of a tuple; there is one for Plan, Result, Audit"):
        ocrstate.document(past)


def test_signals_are_handled_afterwards_as_before(full: Host) -> None:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    assert ocrstate.apply(MANIFEST, **WITHOUT_ENGINE).changed
    full.lists("missing.bin")
    assert ocrstate.apply(MANIFEST, **WITHOUT_ENGINE).status is RunStatus.REFUSED
    assert {number: signal.getsignal(number) for number in handlers} == handlers


def test_other_threads_may_work(full: Host) -> None:
    results: list[ocrstate.Result] = []
    thread = threading.Thread(target=lambda: results.append(ocrstate.apply(MANIFEST, **WITHOUT_ENGINE)))
    thread.start()
    thread.join(PATIENCE)
    assert [result.removed for result in results] == [3]
    assert full.check().code == 0


PROGRAM = f"""
import ocrstate, sys
try:
    ocrstate.apply({MANIFEST!r}, inventory=sys.argv[1])
except KeyboardInterrupt:
    print("interrupted")
"""


def test_ctrl_c_puts_everything_back_and_raises_keyboard_interrupt(full: Host) -> None:
    before = models_in(full.store)
    stand_in(full, "lists", "hangs")
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "engine"], cwd=full.app, env=full.environment, stdout=subprocess.PIPE, text=True
    ) as process:
        full.wait_for(lambda: len(full.quarantined()) == 3)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (0, "interrupted\n")
    assert models_in(full.store) == before


def test_importing_costs_nothing_until_something_is_used() -> None:
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import ocrstate; ocrstate.__version__; dir(ocrstate)"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    imported = {line.rpartition("|")[2].strip() for line in told.stderr.splitlines() if "|" in line}
    assert {name for name in imported if name.startswith("ocrstate")} == {"ocrstate"}


def test_all_names_are_there_and_typed() -> None:
    assert ocrstate.__all__ == api.__all__
    assert [name for name in ocrstate.__all__ if getattr(ocrstate, name) is None] == []
    assert (PROJECT / "ocrstate" / "py.typed").exists()
