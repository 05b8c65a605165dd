"""`examples/deploy.sh`, on good days and bad ones, with the real engine."""

from __future__ import annotations

import fcntl
from typing import TYPE_CHECKING

import pytest

from tests.e2e.engines import stand_in
from tests.e2e.host import MANIFEST, Host, models_in
from tests.e2e.stories import kill_when_it_hangs
from tests.examples.running import EXAMPLES, program, run

if TYPE_CHECKING:
    from tests.e2e.host import Ended


@pytest.fixture
def drifting(host: Host) -> Host:
    """Give a host on which two models are to go, and one is to come."""
    (host.outside / "fr.bin").write_bytes(b"fr")
    host.has("en.bin", "old_1.bin", "old_2.bin")
    return host.lists("en.bin", {"name": "fr.bin", "source": str(host.outside / "fr.bin")})


def deploy(host: Host, test: str = "true", **env: str) -> Ended:
    """Deploy with a smoke test that leaves a trace."""
    program(host, "smoke-test", f'echo "$@" > "{host.outside}/tested"; {test}')
    return run(host, str(EXAMPLES / "deploy.sh"), MANIFEST, "smoke-test", "--quick", env=env)


def was_tried(host: Host) -> bool:
    return (host.outside / "tested").exists()


def test_what_should_change_is_shown_done_and_tried(drifting: Host) -> None:
    ended = deploy(drifting)
    assert (ended.code, ended.err) == (0, "")
    assert "1 to fetch (2 B), 0 to replace, 2 to remove (" in ended.out
    assert "removed 2 models" in ended.out
    assert set(models_in(drifting.store)) == {"en.bin", "fr.bin"}
    assert (drifting.outside / "tested").read_text() == "--quick\n"
    assert drifting.quarantined() == ["old_1.bin", "old_2.bin"]


def test_a_second_deploy_has_nothing_to_do_and_tries_nothing(host: Host) -> None:
    host.has("en.bin").lists("en.bin")
    ended = deploy(host)
    assert (ended.code, ended.err, was_tried(host)) == (0, "", False)
    assert "No changes." in ended.out


def test_when_the_smoke_test_fails_the_removed_models_are_back(drifting: Host) -> None:
    ended = deploy(drifting, "exit 1")
    assert ended.code == 6
    assert "the smoke test failed, taking back the run " in ended.err
    assert "Restored 2 models" in ended.out
    assert set(models_in(drifting.store)) == {"en.bin", "fr.bin", "old_1.bin", "old_2.bin"}


def test_when_the_smoke_test_fails_after_a_replacement_the_old_content_is_back(host: Host) -> None:
    (host.outside / "en.bin").write_bytes(b"new")
    host.has("en.bin").lists({"name": "en.bin", "size": 3, "source": str(host.outside / "en.bin")})
    before = (host.store / "en.bin").read_bytes()
    assert deploy(host, 'cmp -s "$PWD/Aspose.AI.LLM/models/en.bin" old').code == 6
    assert (host.store / "en.bin").read_bytes() == before


def test_when_there_is_nothing_to_take_back_it_says_so(host: Host) -> None:
    (host.outside / "fr.bin").write_bytes(b"fr")
    host.lists({"name": "fr.bin", "source": str(host.outside / "fr.bin")})
    ended = deploy(host, "exit 1")
    assert ended.code == 6
    assert "Error: " in ended.err


@pytest.mark.parametrize(
    ("text", "env", "code", "said"),
    [
        ("version: 1\nmodels: [no]\n", {}, 1, "1 problem in the manifest"),
        ("version: 1\nmodels: [en.bin, gone.bin]\n", {}, 3, "deploy: refused; nothing was changed"),
        ("version: 1\nmodels: [en.bin]\n", {"MAX_REMOVE": "1"}, 3, "max_remove allows 1"),
    ],
    ids=["invalid", "missing", "too many"],
)
def test_what_is_refused_changes_nothing_and_tries_nothing(
    drifting: Host, text: str, env: dict[str, str], code: int, said: str
) -> None:
    (drifting.app / MANIFEST).write_text(text)
    before = models_in(drifting.store)
    ended = deploy(drifting, **env)
    assert (ended.code, was_tried(drifting)) == (code, False)
    assert said in ended.err
    assert models_in(drifting.store) == before


def test_an_engine_that_fails_is_an_error(drifting: Host) -> None:
    stand_in(drifting, "aborts")
    ended = deploy(drifting)
    assert (ended.code, was_tried(drifting)) == (1, False)
    assert "the engine gave up" in ended.err


def test_a_run_that_was_broken_off_is_put_in_order_first(drifting: Host) -> None:
    stand_in(drifting, "lists", "hangs", "lists")
    kill_when_it_hangs(drifting, "apply", MANIFEST, "--yes", "--retain", "7d")
    ended = deploy(drifting)
    assert ended.code == 0
    assert set(models_in(drifting.store)) == {"en.bin", "fr.bin"}


def test_another_run_at_work_is_waited_for_and_then_named(drifting: Host) -> None:
    folder = drifting.store / ".ocrstate" / "lock"
    folder.mkdir(parents=True)
    with (folder / "store.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ended = deploy(drifting, PATIENCE="0.1")
    assert (ended.code, was_tried(drifting)) == (5, False)
    assert "deploy: another run is at work; nothing was changed" in ended.err


def test_without_a_smoke_test_it_says_how_it_is_used(host: Host) -> None:
    ended = run(host, str(EXAMPLES / "deploy.sh"), MANIFEST)
    assert (ended.code, ended.err) == (64, f"usage: {EXAMPLES}/deploy.sh MANIFEST SMOKE_TEST [ARGUMENT]...\n")
