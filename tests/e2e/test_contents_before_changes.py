"""Before anything is removed or replaced, contents are read: what was remembered, saved or looked at may be wrong."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from ocrstate.digests.cache_file import cache_file_of
from ocrstate.digests.remembered import encoded, records_in
from ocrstate.fetch.model import Wanted
from ocrstate.sources.model import LocalFile
from ocrstate.store.opened import open_store
from tests.e2e.fetching import Gate, sends, sourced, staged, wants
from tests.e2e.host import IN_SYNC, MANIFEST, Host, end_of, models_in, snapshot
from tests.e2e.plans import PLAN, assert_refused, saved
from tests.servers.web import WebServer, content_of, sha256_of

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = pytest.mark.without_engine

SETTLED = 0.15  # seconds after which a file counts as not changed just now
DE = content_of(2000, seed=1)
WRONG = content_of(2000, seed=2)
FR = content_of(3000, seed=3)


# -- a memory that lies


def lie(host: Host, monkeypatch: pytest.MonkeyPatch, digests: Mapping[str, bytes]) -> None:
    """Let the memory say that models have other contents than they have."""
    time.sleep(SETTLED)
    assert host.run("verify", MANIFEST).code in (0, 2)
    monkeypatch.setenv("XDG_CACHE_HOME", str(host.cache))
    with open_store(str(host.store)) as (store, _):
        file = cache_file_of(store)
    assert file
    records = records_in(file.read())
    assert {record.name.decode() for record in records} >= digests.keys()
    lies = {name: bytes.fromhex(sha256_of(content)) for name, content in digests.items()}
    file.replace(encoded([each._replace(digest=lies.get(each.name.decode(), each.digest)) for each in records]))


@pytest.fixture
def right(host: Host, monkeypatch: pytest.MonkeyPatch) -> Host:
    """Give a host where a model is right, and remembered to be wrong."""
    (host.store / "de.bin").write_bytes(DE)
    (host.app / "de.bin").write_bytes(DE)
    wants(host, sourced("de.bin", DE, "de.bin"))
    lie(host, monkeypatch, {"de.bin": WRONG})
    return host


def test_what_is_remembered_to_be_wrong_and_is_right_is_not_replaced(right: Host) -> None:
    assert right.plan("--json").actions() == {"de.bin": "replace"}, "a plan believes what is remembered"
    before = snapshot(right.store)
    ended = right.apply("--yes")
    assert (ended.code, ended.out[-len(IN_SYNC) :]) == (0, IN_SYNC)
    assert snapshot(right.store) == before
    assert right.plan("--json").actions() == {"de.bin": "keep"}, "and what is read corrects it"


@pytest.mark.parametrize("options", [(), ("--verify",), ("--no-verify",)])
def test_nor_is_it_by_a_saved_plan_that_believed_it(right: Host, options: tuple[str, ...]) -> None:
    saved(right)
    before = models_in(right.store)
    ended = right.run("apply", PLAN, "--json", *options)
    assert (ended.code, ended.document["error"]["code"]) == (3, "plan-stale")
    assert "de.bin" in ended.err
    assert models_in(right.store) == before


def test_not_even_where_contents_are_not_to_be_compared(right: Host) -> None:
    before = models_in(right.store)
    assert right.apply("--yes", "--no-verify").code == 0
    assert models_in(right.store) == before


@pytest.fixture
def wrong(host: Host, monkeypatch: pytest.MonkeyPatch) -> Host:
    """Give a host where a model is wrong, and remembered to be right, and another one is not listed."""
    host.has("old.bin")
    (host.store / "de.bin").write_bytes(WRONG)
    wants(host, {"name": "de.bin", "sha256": sha256_of(DE)})
    lie(host, monkeypatch, {"de.bin": DE})
    return host


def test_what_is_remembered_to_be_right_and_is_wrong_stops_removals(wrong: Host) -> None:
    assert wrong.plan("--json").actions() == {"de.bin": "keep", "old.bin": "remove"}
    before = models_in(wrong.store)
    ended = wrong.apply("--yes")
    assert ended.code == 3
    assert "1 drifted (de.bin)" in ended.err
    assert models_in(wrong.store) == before


def test_where_it_has_a_source_it_is_replaced(wrong: Host) -> None:
    (wrong.app / "de.bin").write_bytes(DE)
    wants(wrong, sourced("de.bin", DE, "de.bin"))
    assert wrong.plan("--json").actions() == {"de.bin": "keep", "old.bin": "remove"}
    assert wrong.apply("--yes").code == 0
    assert {name: (wrong.store / name).read_bytes() for name in models_in(wrong.store)} == {"de.bin": DE}


def test_whoever_wants_no_contents_read_gets_what_is_remembered(wrong: Host) -> None:
    assert wrong.apply("--yes", "--no-verify").code == 0
    assert models_in(wrong.store).keys() == {"de.bin"}
    assert wrong.run("verify", MANIFEST, "--no-cache").code == 2


# -- saved plans


@pytest.fixture
def planned(host: Host, web: WebServer) -> Host:
    """Give a host with a saved plan that fetches one model, replaces one and removes one."""
    sends(web, "/fr.bin", FR)
    (host.app / "de.bin").write_bytes(DE)
    (host.store / "de.bin").write_bytes(WRONG)
    host.has("en.bin", "old.bin")
    wants(host, "en.bin", sourced("sub/fr.bin", FR, web.url("/fr.bin?token=hush")), sourced("de.bin", DE, "de.bin"))
    saved(host, "--verify")
    assert web.asked == []
    return host


def test_a_saved_plan_is_carried_out_once(planned: Host, web: WebServer) -> None:
    shown = planned.run("show", PLAN)
    assert shown.code == 0
    assert "1 to fetch (3.0 kB), 1 to replace (2.0 kB), 1 to remove" in shown.out
    assert "hush" not in shown.out

    result = planned.run("apply", PLAN, "--json").document
    assert [result["summary"][each] for each in ("fetched", "replaced", "removed")] == [1, 1, 1]
    assert (planned.store / "sub" / "fr.bin").read_bytes() == FR
    assert (planned.store / "de.bin").read_bytes() == DE
    assert planned.check("--json").document["in_sync"]
    assert_refused(planned, code="plan-used", said="was applied already")
    assert len(web.asked) == 1


def test_it_is_refused_when_the_wrong_model_was_mended_meanwhile(planned: Host, web: WebServer) -> None:
    (planned.store / "de.bin").write_bytes(DE)
    assert_refused(planned, code="plan-stale", said="de.bin: its times changed since the plan")
    assert web.asked == []


def test_it_is_refused_when_the_new_model_appeared_meanwhile(planned: Host, web: WebServer) -> None:
    (planned.store / "sub").mkdir()
    (planned.store / "sub" / "fr.bin").write_bytes(FR)
    assert_refused(planned, code="plan-stale", said="sub/fr.bin: something has this name since the plan")
    assert web.asked == []


def test_it_is_refused_when_the_source_is_gone(planned: Host) -> None:
    (planned.app / "de.bin").unlink()
    before = models_in(planned.store)
    ended = planned.run("apply", PLAN)
    assert ended.code in (1, 3)
    assert "there is no such file" in ended.err
    assert models_in(planned.store) == before


# -- others at the same time


def test_of_two_at_once_the_second_waits_or_says_who_is_at_work(planned: Host, web: WebServer) -> None:
    gate = web.pages["/fr.bin"].before = Gate()
    with planned.running("apply", MANIFEST, "--yes") as first:
        planned.wait_for(lambda: gate.is_reached)
        impatient = planned.apply("--yes", "--lock-timeout", "0")
        assert impatient.code == 5
        assert f"process {first.pid}" in impatient.err
        with planned.running("apply", MANIFEST, "--yes", "--lock-timeout", "30") as second:
            time.sleep(0.3)  # so that it waits, most likely; else it finds nothing to do
            gate.open()
            ended = end_of(first), end_of(second)
    assert [each.code for each in ended] == [0, 0]
    assert planned.check("--json").document["in_sync"]
    assert (len(web.asked), staged(planned)) == (1, {})


# -- a hostile store


def test_nothing_is_written_through_a_folder_that_is_a_link(host: Host) -> None:
    (host.app / "de.bin").write_bytes(DE)
    (host.store / "sub").symlink_to(host.outside)
    wants(host, sourced("sub/de.bin", DE, "de.bin"))
    before = snapshot(host.outside), models_in(host.store)
    ended = host.apply("--yes")
    assert ended.code == 3
    assert "because sub is not a plain folder" in ended.out
    assert (snapshot(host.outside), models_in(host.store)) == before


def test_what_has_a_folder_in_its_way_is_not_fetched_in_vain(host: Host, web: WebServer) -> None:
    host.has("de.bin/x.bin", "old.bin")
    wants(host, sourced("de.bin", DE, web.url()))
    ended = host.apply("--yes")
    assert (ended.code, web.asked) == (3, [])
    assert "it cannot be fetched, because a folder has its name: move that away" in ended.out


def test_what_was_in_the_way_and_was_allowed_to_be_missing_is_no_change_by_others(host: Host) -> None:
    host.has("sub")
    (host.app / "de.bin").write_bytes(DE)
    wants(host, sourced("sub/de.bin", DE, "de.bin"))
    first = host.apply("--yes", "--allow-missing")
    assert first.code == 0
    assert "what was allowed to differ still does" in first.out
    assert host.apply("--yes").code == 0
    assert (host.store / "sub" / "de.bin").read_bytes() == DE


def test_what_is_seen_through_a_folder_that_is_a_link_is_not_replaced_and_it_is_said_why(host: Host) -> None:
    (host.app / "de.bin").write_bytes(DE)
    (host.outside / "de.bin").write_bytes(b"precious")
    (host.store / "sub").symlink_to(host.outside)
    wants(host, sourced("sub/de.bin", DE, "de.bin"))
    before = snapshot(host.outside)
    ended = host.apply("--yes")
    assert (ended.code, snapshot(host.outside)) == (3, before)
    assert "size 2,000 B listed, 8 B found; not replaced, although it has a source" in ended.out


@pytest.mark.parametrize("kind", ["link", "file"])
def test_nothing_is_written_through_a_staging_folder_that_is_none(planned: Host, kind: str) -> None:
    folder = planned.store / ".ocrstate" / "staging"
    folder.parent.mkdir(exist_ok=True)
    folder.symlink_to(planned.outside) if kind == "link" else folder.write_text("mine")
    before = models_in(planned.store), snapshot(planned.outside)
    ended = planned.apply("--yes")
    assert ended.code == {"link": 1, "file": 3}[kind]
    assert f"move {folder} away" in ended.err or "move it away" in ended.out
    assert (models_in(planned.store), snapshot(planned.outside)) == before


def test_nothing_is_written_through_a_link_that_appears_while_it_is_fetched(planned: Host, web: WebServer) -> None:
    gate = web.pages["/fr.bin"].before = Gate()
    before = snapshot(planned.outside)
    with planned.running("apply", MANIFEST, "--yes") as process:
        planned.wait_for(lambda: gate.is_reached)
        (planned.store / "sub").symlink_to(planned.outside)
        gate.open()
        ended = end_of(process)
    assert ended.code == 3
    assert snapshot(planned.outside) == before
    assert (planned.store / "old.bin").exists()


def test_what_replaces_a_link_leaves_its_target_alone(host: Host) -> None:
    (host.app / "de.bin").write_bytes(DE)
    (host.outside / "precious").write_bytes(WRONG)
    (host.store / "de.bin").symlink_to(host.outside / "precious")
    wants(host, sourced("de.bin", DE, "de.bin"))
    before = snapshot(host.outside)
    assert host.apply("--yes").code == 0
    assert snapshot(host.outside) == before
    assert not (host.store / "de.bin").is_symlink()
    assert (host.store / "de.bin").read_bytes() == DE


def test_names_that_differ_in_case_alone_are_two_models(host: Host) -> None:
    host.has("DE.bin")
    (host.app / "de.bin").write_bytes(DE)
    wants(host, sourced("de.bin", DE, "de.bin"))
    assert host.apply("--yes").code == 0
    assert models_in(host.store).keys() == {"de.bin"}
    assert (host.store / "de.bin").read_bytes() == DE


def test_what_somebody_put_into_staging_is_neither_believed_nor_written_through(planned: Host) -> None:
    folder = planned.store / ".ocrstate" / "staging"
    folder.mkdir(parents=True)
    (planned.app / "precious").write_bytes(b"precious")
    for name, content in (("sub/fr.bin", FR), ("de.bin", DE)):
        key = Wanted(name, LocalFile(""), "", sha256_of(content), None).key
        (folder / f"{key}.part").symlink_to(planned.outside / "precious")
        (folder / f"{key}.model").hardlink_to(planned.app / "precious")
        os.mkfifo(folder / f"{key}.json")
    before = snapshot(planned.outside), snapshot(planned.app)["precious"]
    assert planned.apply("--yes").code == 0
    assert (snapshot(planned.outside), snapshot(planned.app)["precious"]) == before
    assert planned.check("--json").document["in_sync"]


@pytest.mark.parametrize("kind", ["part", "model"])
def test_what_is_larger_than_the_model_is_no_part_of_it_and_not_even_read(planned: Host, kind: str) -> None:
    folder = planned.store / ".ocrstate" / "staging"
    folder.mkdir(parents=True)
    huge = folder / f"{Wanted('sub/fr.bin', LocalFile(''), '', sha256_of(FR), None).key}.{kind}"
    huge.touch()
    os.truncate(huge, 1 << 40)
    assert "here already" not in planned.plan().out
    assert planned.apply("--yes").code == 0
    assert planned.check("--json").document["in_sync"]
    assert staged(planned) == {}
