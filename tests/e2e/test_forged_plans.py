"""Files that are no saved plan, or not any more, and plans that somebody changed, digest and all."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.host import POWERLESS, Host, snapshot
from tests.e2e.plans import PLAN, assert_refused, forge, saved

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.without_engine


@pytest.fixture
def planned(host: Host) -> Host:
    """Give a host with a saved plan that removes three models."""
    host.has("en.bin", "old_1.bin", "old_2.bin", "sub/old_3.bin").lists("en.bin")
    return saved(host)


# -- what is no plan, or not any more


def test_what_plan_prints_as_json_is_no_saved_plan_and_the_message_says_what_to_do(planned: Host) -> None:
    (planned.app / PLAN).write_text(planned.plan("--json").out)
    assert_refused(planned, code="plan-not-saved", said="--out FILE")


def as_a_folder(host: Host) -> None:
    (host.app / PLAN).unlink()
    (host.app / PLAN).mkdir()


def as_nothing(host: Host) -> None:
    (host.app / PLAN).unlink()


def as_a_loop(host: Host) -> None:
    (host.app / PLAN).unlink()
    os.symlink(PLAN, host.app / PLAN)


def with_content(content: bytes) -> Callable[[Host], None]:
    def write(host: Host) -> None:
        (host.app / PLAN).write_bytes(content)

    return write


def cut(host: Host) -> None:
    content = (host.app / PLAN).read_bytes()
    (host.app / PLAN).write_bytes(content[: len(content) // 2])


def bit_flipped(host: Host) -> None:
    content = (host.app / PLAN).read_bytes()
    (host.app / PLAN).write_bytes(content.replace(b"old_1.bin", b"old_0.bin", 1))


def twice(host: Host) -> None:
    (host.app / PLAN).write_bytes(2 * (host.app / PLAN).read_bytes())


NO_PLANS = {
    "a folder": as_a_folder,
    "nothing": as_nothing,
    "a link loop": as_a_loop,
    "empty": with_content(b""),
    "zeros": with_content(b"\0" * 10_000),
    "a manifest": with_content(b"version: 1\nmodels: [ en.bin, nobody.bin ]\n"),
    "cut": cut,
    "a bit flipped": bit_flipped,
    "twice": twice,
    "only the beginning": with_content(b'{"format_version": "1.0"'),
    "no fields": with_content(b'{"format_version": "1.0", "kind": "plan"}'),
    "a list of nothing": with_content(b'{"format_version": "1.0", "saved": []}'),
    "nulls": with_content(b'{"format_version": null, "saved": null}'),
    "not UTF-8": with_content(b'{"format_version": "\xff"}'),
    "deep": with_content(b'{"format_version": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "deep in a field": with_content(b'{"format_version": "1.0", "saved": ' + b'{"a":' * 90_000 + b"1" + b"}" * 90_001),
    "a huge number": with_content(b'{"format_version": "1.0", "saved": {"format": ' + b"9" * 100_000 + b"}}"),
    "a huge exponent": with_content(b'{"format_version": "1.0", "saved": {"format": 1e999999999}}'),
    "a lone surrogate": with_content(b'{"format_version": "\\ud800", "saved": {"ocrstate": "\\udfff", "format": 1}}'),
}


@pytest.mark.parametrize("makes", NO_PLANS.values(), ids=NO_PLANS)
def test_what_is_no_plan_is_refused_and_nothing_is_changed(planned: Host, makes: Callable[[Host], None]) -> None:
    makes(planned)
    before = snapshot(planned.app)
    for command in ("show", "apply"):
        ended = planned.run(command, PLAN)
        assert (ended.code in (1, 3), ended.out if command == "show" else "") == (True, ""), ended
        assert "Error: " in ended.err
        assert "\n  " in ended.err, "it says what to do"
    assert snapshot(planned.app) == before


@pytest.mark.parametrize("command", ["show", "apply"])
def test_a_plan_that_may_not_be_read_is_refused(planned: Host, command: str) -> None:
    (planned.app / PLAN).chmod(0)
    ended = planned.run(command, PLAN, through=POWERLESS)
    assert (ended.code in (1, 3), "ermission" in ended.err) == (True, True)


@pytest.mark.parametrize("command", ["show", "apply"])
def test_a_pipe_that_nobody_writes_to_can_be_interrupted(planned: Host, command: str) -> None:
    os.mkfifo(planned.app / "pipe")
    ended = planned.run(command, "pipe", through=("timeout", "3"))
    assert ended.code in (1, 3, 124), "timeout ends it with SIGTERM"
    assert "Traceback" not in ended.err


# -- plans that somebody changed, digest and all


def other_version(document: dict[str, Any]) -> None:
    document["saved"]["ocrstate"] = "99.0.0"


def other_format(document: dict[str, Any]) -> None:
    document["saved"]["format"] += 1


def other_document_format(document: dict[str, Any]) -> None:
    document["format_version"] = "2.0"


@pytest.mark.parametrize("change", [other_version, other_format, other_document_format])
def test_a_plan_of_another_version_is_refused(planned: Host, change: Callable[[dict[str, Any]], None]) -> None:
    forge(planned, change)
    assert_refused(planned, code="plan-version", said="releases may plan differently")
    assert planned.run("show", PLAN).code == 3


@pytest.mark.parametrize("name", ["../precious", "/etc/passwd", ".ocrstate/lock/x", "a/b/c", "..", ""])
def test_a_forged_plan_reaches_nothing_outside_of_the_store(planned: Host, name: str) -> None:
    (planned.app / "Aspose.AI.LLM" / "precious").write_text("precious")

    def rename(document: dict[str, Any]) -> None:
        text = json.dumps(document).replace('"old_1.bin"', json.dumps(name))
        document.update(json.loads(text))

    forge(planned, rename)
    assert_refused(planned, code="plan-damaged", said="is not as it was written")


def test_a_forged_plan_cannot_remove_what_the_manifest_it_shows_keeps(planned: Host) -> None:
    def remove_listed(document: dict[str, Any]) -> None:
        (kept,) = [each for each in document["changes"] if each["action"] == "keep"]
        kept.update(action="remove", reason="not-listed", explanation="not listed", bytes_freed=4096)

    forge(planned, remove_listed)
    assert_refused(planned, code="plan-damaged", said="does not follow from what it was made from")


def test_a_forged_plan_cannot_follow_another_manifest_than_the_one_that_is_there(planned: Host) -> None:
    saved(planned.lists("old_1.bin"))
    planned.lists("en.bin")
    assert_refused(planned, code="plan-stale", said="a manifest changed since the plan was made")


def test_a_forged_plan_cannot_have_its_result_proven_by_another_store(planned: Host) -> None:
    """The store that is changed and the one that is listed again must be one."""
    (planned.outside / "en.bin").write_text("en")

    def prove_elsewhere(document: dict[str, Any]) -> None:
        document["saved"]["store"] = str(planned.outside)

    forge(planned, prove_elsewhere)
    assert_refused(planned, code="plan-damaged", said="")


def test_a_forged_plan_is_no_way_round_what_no_store_can_be(host: Host) -> None:
    (host.outside / "models").mkdir()
    (host.outside / "models" / "key").write_text("key")
    host.store.rename(host.app / "home")
    host.store = host.app / "home"
    host.has("key", "letter.txt").lists("key")
    saved(host, "--store", "home")

    def prove_elsewhere(document: dict[str, Any]) -> None:
        document["saved"]["store"] = str(host.outside / "models")

    forge(host, prove_elsewhere)
    ended = host.run("apply", PLAN, env={"HOME": str(host.store)})
    assert (ended.code in (1, 3), (host.store / "letter.txt").exists()) == (True, True), ended.out


@pytest.mark.parametrize("retain", [-5, True, 1.5, "7d", None])
def test_a_forged_plan_cannot_keep_models_for_no_time_at_all(planned: Host, retain: object) -> None:
    def keep(document: dict[str, Any]) -> None:
        document["retain"] = document["saved"]["retain"] = retain
        for change in document["changes"]:
            if retain and "bytes_freed" in change:
                change["bytes_freed"] = 0
        if retain:
            document["summary"].update(bytes_freed=0, bytes_kept=document["summary"]["bytes_freed"])

    forge(planned, keep)
    assert_refused(planned, code="plan-damaged", said="")


@pytest.mark.parametrize("path", ["\0", "", ".", "relative", "x" * 5000, "\x1b[2J", "/dev/zero/x"])
@pytest.mark.parametrize("field", ["the manifest's path", "the store", "the folder"])
def test_a_path_in_a_forged_plan_breaks_nothing(planned: Host, field: str, path: str) -> None:
    def lead_elsewhere(document: dict[str, Any]) -> None:
        if field == "the manifest's path":
            document["manifest"]["path"] = path
        else:
            document["saved"]["store" if field == "the store" else "folder"] = path

    forge(planned, lead_elsewhere)
    for command in ("show", "apply"):
        ended = planned.run(command, PLAN)
        assert ended.code in (0, 1, 3), ended.err
        assert "\x1b" not in ended.out + ended.err


@pytest.mark.parametrize("command", ["plan", "check", "validate"])
def test_who_takes_a_saved_plan_for_a_manifest_is_told_so(planned: Host, command: str) -> None:
    ended = planned.run(command, PLAN)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.splitlines() == [
        f'Error: "{PLAN}" is a saved plan, not a manifest',
        "  look at it with ocrstate show, and carry it out with ocrstate apply",
    ]
