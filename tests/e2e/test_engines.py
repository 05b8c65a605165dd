"""An engine that has a bad day."""

from __future__ import annotations

import sys

import pytest

from tests.e2e.engines import stand_in, starts
from tests.e2e.host import Host, models_in, snapshot


@pytest.fixture
def usual(host: Host) -> Host:
    return host.has("en.bin", "old.bin", "sub/old.bin").lists("en.bin")


FAILURES = {
    "aborts": "the engine gave up (SIGABRT)",
    "exits": "exit code 7",
    "hangs": "did not answer within 1 seconds",
    "garbles": "the engine's answer cannot be trusted",
    "raises": "Input/output error",
}


@pytest.mark.parametrize(("behaviour", "said"), FAILURES.items())
def test_a_failed_engine_never_becomes_an_empty_store(usual: Host, behaviour: str, said: str) -> None:
    stand_in(usual, behaviour)
    before = snapshot(usual.app)
    for ended in (usual.plan("--engine-timeout", "1"), usual.apply("--yes", "--engine-timeout", "1")):
        assert (ended.code, ended.out) == (1, "")
        assert said in ended.err
        assert "--inventory directory" in ended.err
    assert snapshot(usual.app) == before


@pytest.mark.parametrize(("behaviour", "code", "said"), [("lists", 0, ""), ("aborts", 1, FAILURES["aborts"])])
def test_whoever_ignores_the_end_of_children_still_learns_how_the_engine_ended(
    usual: Host, behaviour: str, code: int, said: str
) -> None:
    stand_in(usual, behaviour)
    ended = usual.plan(through=("sh", "-c", """trap '' CHLD; exec "$@" """, "sh"))
    assert ended.code == code
    assert said in ended.err


@pytest.mark.parametrize(("behaviour", "said"), FAILURES.items())
def test_an_engine_that_fails_to_list_again_takes_everything_back(usual: Host, behaviour: str, said: str) -> None:
    stand_in(usual, "lists", behaviour)
    before = models_in(usual.store)
    ended = usual.apply("--yes", "--engine-timeout", "1")
    assert ended.code == 1
    assert "could not be listed again" in ended.err
    assert said in ended.err
    assert "nothing was removed, and what had been moved aside is back" in ended.err
    assert models_in(usual.store) == before
    assert usual.quarantined() == []


@pytest.mark.parametrize(
    ("behaviour", "code"), [("lists nothing", "engine-fell-silent"), ("loses en.bin", "listed-models-lost")]
)
def test_a_second_list_that_proves_nothing_takes_everything_back(usual: Host, behaviour: str, code: str) -> None:
    stand_in(usual, "lists", behaviour)
    usual.has("fr.bin").lists("en.bin", "fr.bin")
    before = models_in(usual.store)
    ended = usual.apply("--yes", "--json")
    assert (ended.code, ended.document["status"], ended.document["changed"]) == (1, "failed", False)
    assert ended.document["error"]["code"] == code
    assert models_in(usual.store) == before


def test_what_native_code_prints_does_not_matter(usual: Host) -> None:
    stand_in(usual, "chatters")
    ended = usual.plan("--json")
    assert (ended.code, ended.err) == (0, "")
    assert ended.actions() == {"en.bin": "keep", "old.bin": "remove", "sub/old.bin": "remove"}


def test_a_blind_engine_is_noticed_and_the_folder_is_listed_instead(usual: Host) -> None:
    stand_in(usual, "lists nothing")
    assert "Warning: the engine" in usual.plan().out
    document = usual.plan("--json").document
    assert document["inventory"]["source"] == "directory"
    assert [each["code"] for each in document["inventory"]["warnings"]] == ["engine-blind"]
    done = usual.apply("--yes", "--json")
    assert (done.code, [each["code"] for each in done.document["warnings"]]) == (0, ["engine-blind"])
    assert set(models_in(usual.store)) == {"en.bin"}


def test_a_blind_engine_is_refused_where_the_engine_is_asked_for(usual: Host) -> None:
    stand_in(usual, "lists nothing")
    before = snapshot(usual.app)
    ended = usual.apply("--yes", "--inventory", "engine")
    assert (ended.code, ended.out) == (1, "")
    assert "blind" in ended.err
    assert snapshot(usual.app) == before


def test_what_only_one_side_sees_is_not_removed(usual: Host) -> None:
    stand_in(usual, "loses en.bin")
    usual.lists("old.bin", "sub/old.bin")
    planned = usual.plan("--json").document
    assert [each["code"] for each in planned["inventory"]["warnings"]] == ["only-in-folder"]
    assert usual.apply("--yes").code == 0
    assert "en.bin" in models_in(usual.store)


def test_what_only_the_engine_sees_is_a_warning(usual: Host) -> None:
    stand_in(usual, "invents ghost.bin")
    planned = usual.plan("--json").document
    assert [each["code"] for each in planned["inventory"]["warnings"]] == ["only-in-engine"]
    assert "ghost.bin" not in usual.plan("--json").actions()


def test_listing_the_folder_starts_no_engine(usual: Host) -> None:
    stand_in(usual, "aborts")
    assert usual.plan("--inventory", "directory").code == 0
    assert usual.apply("--yes", "--inventory=directory").code == 0
    assert starts(usual) == 0


def test_without_the_engines_package_the_error_says_what_to_install(usual: Host) -> None:
    hidden = usual.temporary.parent / "hidden"
    (hidden / "aspose").mkdir(parents=True)
    (hidden / "aspose" / "__init__.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'aspose'\", name='aspose')"
    )
    usual.environment["PYTHONPATH"] = f"{hidden}:{usual.environment['PYTHONPATH']}"
    usual.defaults = ()
    ended = usual.plan()
    assert (ended.code, ended.out) == (1, "")
    assert f"{sys.executable} -m pip install" in ended.err or "--inventory directory" in ended.err
    assert usual.plan("--inventory", "directory").code == 0
