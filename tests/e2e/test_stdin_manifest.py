"""A manifest named `-` comes from standard input, as `kubectl apply -f -` takes it: what is made needs no file."""

from __future__ import annotations

import json
import os
import pty
import signal
import time
from typing import TYPE_CHECKING

import pytest

from tests.e2e.host import IN_SYNC, MANIFEST, POWERLESS, Host, end_of, models_in, read_until

if TYPE_CHECKING:
    from tests.e2e.host import Ended

pytestmark = pytest.mark.without_engine

LISTS_EN = "version: 1\nmodels: [en.bin]\n"
MANY = 16 * 1024 * 1024 + 1


@pytest.fixture
def unwritten(host: Host) -> Host:
    """Give a host with three models, and no manifest in any file."""
    return host.has("en.bin", "old_1.bin", "sub/old_2.bin")


def piped(host: Host, text: str | bytes, *words: str) -> Ended:
    """Run a command that gets a text through a pipe."""
    ours, theirs = os.pipe()
    os.write(theirs, text.encode() if isinstance(text, str) else text)
    os.close(theirs)
    try:
        return host.run(*words, stdin=ours)
    finally:
        os.close(ours)


def told_place(host: Host) -> str:
    return str(host.app.resolve() / "-")


# -- the usual way


def test_what_is_piped_in_is_applied_and_then_in_sync(unwritten: Host) -> None:
    ended = piped(unwritten, LISTS_EN, "apply", "-", "--yes")
    assert (ended.code, ended.err) == (0, "")
    assert set(models_in(unwritten.store)) == {"en.bin"}
    assert piped(unwritten, LISTS_EN, "apply", "-", "--yes").out.endswith(IN_SYNC)
    assert unwritten.runs()[0]["manifest"]["path"] == told_place(unwritten)


def test_the_plan_is_that_of_a_file_but_for_the_manifests_name(unwritten: Host) -> None:
    ours = piped(unwritten, LISTS_EN, "plan", "-", "--json").document
    (unwritten.app / MANIFEST).write_text(LISTS_EN, encoding="utf-8")
    theirs = unwritten.plan("--json").document
    assert ours["manifest"] == {**theirs["manifest"], "path": told_place(unwritten)}
    assert {**ours, "manifest": None} == {**theirs, "manifest": None}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("validate -", 0, "-: valid, 1 model\n"),
        ("validate --each -", 0, "-: valid, 1 model\n"),
        ("plan -", 0, "2 to remove"),
        ("check -", 2, "2 to remove"),
        ("list -", 0, "unlisted"),
        ("why - old_1.bin", 0, "old_1.bin"),
        ("verify -", 0, "en.bin"),
        ("diff - new.yml", 0, "fr.bin"),
        ("diff new.yml -", 0, "fr.bin"),
        ("plan - new.yml", 0, "1 missing"),
        ("doctor -", 0, "- is valid, and lists 1 model"),
        ("lock - --check", 2, "Would lock 1 model in -.\n"),
        ("history --manifest -", 0, "No run"),
        ("path --manifest -", 0, "models\n"),
    ],
)
def test_every_command_that_reads_a_manifest_takes_it(unwritten: Host, words: str, code: int, said: str) -> None:
    (unwritten.app / "new.yml").write_text("version: 1\nmodels: [en.bin, fr.bin]\n")
    ended = piped(unwritten, LISTS_EN, *words.split())
    assert ended.code == code, ended.err
    assert said in ended.out


def test_a_store_that_only_the_manifest_knows_is_restored_to(unwritten: Host) -> None:
    text = f"{LISTS_EN}store: ./elsewhere\n"
    unwritten.store.rename(unwritten.app / "elsewhere")
    piped(unwritten, text, "apply", "-", "--yes", "--retain", "7d")
    assert piped(unwritten, text, "restore", "--manifest", "-").code == 0
    assert "old_1.bin" in models_in(unwritten.app / "elsewhere")


def test_relative_paths_count_from_the_folder_that_the_command_acts_in(unwritten: Host) -> None:
    (unwritten.outside / "base.yml").write_text("version: 1\nmodels: [base.bin]\n")
    (unwritten.outside / "fr.bin").write_bytes(b"fr")
    unwritten.store.rename(unwritten.outside / "store")
    text = f"{LISTS_EN[:-2]}, {{name: fr.bin, source: fr.bin}}]\nstore: ./store\nextends: [base.yml]\n"
    ended = piped(unwritten, text, "plan", "-", "--json", "-C", str(unwritten.outside))
    document = ended.document
    assert document["store"]["path"] == str(unwritten.outside / "store")
    assert document["manifest"]["path"] == str(unwritten.outside / "-")
    assert [each["path"] for each in document["manifest"]["extends"]] == [str(unwritten.outside / "base.yml")]
    assert (ended.actions()["fr.bin"], ended.actions()["base.bin"]) == ("fetch", "missing")


def test_a_saved_plan_is_carried_out_without_the_manifest(unwritten: Host) -> None:
    saved = piped(unwritten, LISTS_EN, "plan", "-", "--out", "plan.json")
    assert "to carry it out: ocrstate apply plan.json\n" in saved.err
    assert unwritten.run("apply", "plan.json").code == 0
    assert set(models_in(unwritten.store)) == {"en.bin"}


def test_what_comes_late_and_in_parts_is_waited_for_to_its_end(unwritten: Host) -> None:
    ours, theirs = os.pipe()
    os.set_blocking(ours, False)  # as some programs leave it behind
    with unwritten.running("plan", "-", "--json", stdin=ours) as process:
        os.close(ours)
        for part in ("version: 1\n", "models:\n", "- en.bin\n", "- old_1.bin\n", "- sub/old_2.bin\n"):
            time.sleep(0.1)
            os.write(theirs, part.encode())
        os.close(theirs)
        assert end_of(process).document["in_sync"] is True


# -- what is wrong


def test_problems_are_told_with_their_places(unwritten: Host) -> None:
    ended = piped(unwritten, "version: 1\nmodels:\n  - no\n", "validate", "-")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("-:3:5: ")
    (problem,) = piped(unwritten, "version: 1\nmodels:\n  - no\n", "plan", "-", "--json").document["error"]["problems"]
    assert (problem["path"], problem["line"], problem["column"]) == ("-", 3, 5)


@pytest.mark.parametrize("text", ["", " \n", "# nothing\n"])
def test_nothing_at_all_never_means_that_all_should_go(unwritten: Host, text: str) -> None:
    before = models_in(unwritten.store)
    ended = piped(unwritten, text, "apply", "-", "--yes", "--allow-empty")
    assert ended.code == 1
    assert "-:1:1: the manifest is empty" in ended.err
    assert models_in(unwritten.store) == before


def test_a_closed_standard_input_is_an_empty_manifest(unwritten: Host) -> None:
    ended = unwritten.run("plan", "-", through=("sh", "-c", 'exec "$@" <&-', "sh"))
    assert ended.code == 1
    assert "-:1:1: the manifest is empty" in ended.err


def test_one_that_cannot_be_read_says_so(unwritten: Host) -> None:
    with (unwritten.app / "written").open("wb") as only_to_write:
        ended = unwritten.run("plan", "-", stdin=only_to_write)
    assert ended.code == 1
    assert "cannot read the manifest on standard input: Bad file descriptor" in ended.err


def test_what_is_far_too_large_is_refused(unwritten: Host) -> None:
    (unwritten.app / "large").write_bytes(b"#" * MANY)
    with (unwritten.app / "large").open("rb") as large:
        ended = unwritten.run("plan", "-", stdin=large)
    assert ended.code == 1
    assert "the manifest on standard input is larger than 16 MiB" in ended.err


def test_a_saved_plan_is_told_apart_from_a_manifest(unwritten: Host) -> None:
    piped(unwritten, LISTS_EN, "plan", "-", "--out", "plan.json")
    before = models_in(unwritten.store)
    for words in (["apply", "-", "--yes"], ["plan", "-"]):
        ended = piped(unwritten, (unwritten.app / "plan.json").read_bytes(), *words)
        assert ended.code == 1
        assert "what came on standard input is a saved plan, not a manifest\n  put it into a file, " in ended.err
    shown = piped(unwritten, (unwritten.app / "plan.json").read_bytes(), "show", "-")
    assert (shown.code, shown.out) == (3, "")
    assert "a saved plan is not read from standard input" in shown.err
    assert models_in(unwritten.store) == before


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("plan - -", 1, "standard input (-) is named twice"),
        ("plan - models.yml -", 1, "standard input (-) is named twice"),
        ("diff - -", 64, "standard input can be OLD or NEW, and not both"),
        ("lock -", 64, "nothing can be written into standard input"),
        ("lock - --json", 64, "nothing can be written into standard input"),
    ],
)
def test_what_cannot_be_done_says_what_can(unwritten: Host, words: str, code: int, said: str) -> None:
    unwritten.lists("en.bin")
    ended = piped(unwritten, LISTS_EN, *words.split())
    assert ended.code == code
    assert said in ended.err


# -- what else may be called so


def test_a_file_of_that_name_is_reached_with_its_folder_alone(unwritten: Host) -> None:
    (unwritten.app / "-").write_text("version: 1\nmodels: [a, b, c]\n")
    assert unwritten.run("validate", "./-").out == "./-: valid, 3 models\n"
    assert piped(unwritten, LISTS_EN, "validate", "-").out == "-: valid, 1 model\n"
    extending = piped(unwritten, f"{LISTS_EN}extends: ['-']\n", "validate", "-")
    assert extending.out == "-: valid, 4 models\n"


def test_to_lock_writes_elsewhere_and_never_into_a_file_of_that_name(unwritten: Host) -> None:
    (unwritten.app / "-").write_text("not a manifest")
    written = piped(unwritten, LISTS_EN, "lock", "-", "--output", "-")
    assert "sha256: " in written.out
    assert piped(unwritten, LISTS_EN, "lock", "-", "--output", "locked.yml").code == 0
    assert (unwritten.app / "locked.yml").read_text() == written.out
    assert piped(unwritten, LISTS_EN, "lock", "-", "--output", "./-").code == 3
    assert (unwritten.app / "-").read_text() == "not a manifest"


def test_a_source_without_a_digest_says_how_to_lock_it(unwritten: Host) -> None:
    text = "version: 1\nmodels: [{name: en.bin, source: 'https://models.example.com/en.bin'}]\n"
    assert "`ocrstate lock - en.bin --output -`" in piped(unwritten, text, "validate", "-").err


def test_a_manifest_in_the_store_is_known_again(unwritten: Host) -> None:
    (unwritten.store / MANIFEST).write_text(LISTS_EN)
    with (unwritten.store / MANIFEST).open("rb") as inside:
        ended = unwritten.run("apply", "-", "--yes", stdin=inside)
    assert ended.code == 3
    assert f"the manifest {MANIFEST} lies in the store and would be removed" in ended.err


def test_one_that_is_named_too_is_known_again(unwritten: Host) -> None:
    unwritten.lists("en.bin")
    with (unwritten.app / MANIFEST).open("rb") as same:
        ended = unwritten.run("plan", MANIFEST, "-", stdin=same)
    assert "or it is named twice" in ended.err


def test_without_rights_a_file_that_is_handed_over_is_read(unwritten: Host) -> None:
    (unwritten.app / "secret.yml").write_text(LISTS_EN)
    (unwritten.app / "secret.yml").chmod(0)
    with (unwritten.app / "secret.yml").open("rb") as opened:
        assert unwritten.run("validate", "-", stdin=opened, through=POWERLESS).out == "-: valid, 1 model\n"


# -- who would be asked


def test_without_yes_the_plan_is_shown_and_nothing_is_changed(unwritten: Host) -> None:
    before = models_in(unwritten.store)
    ended = piped(unwritten, f"{LISTS_EN}---\nyes\nyes\n", "apply", "-")
    assert ended.code == 1  # two documents are no manifest, whatever the second one says
    ended = piped(unwritten, LISTS_EN, "apply", "-")
    assert ended.code == 3
    assert "2 to remove" in ended.out
    assert "approve it with --yes" in ended.err
    assert models_in(unwritten.store) == before


def typed(host: Host, keys: bytes, *words: str) -> tuple[Ended, str]:
    """Run a command at a terminal, type, and return how it ended and what the terminal showed."""
    ours, theirs = pty.openpty()
    with host.running(*words, stdin=theirs, stderr=theirs) as process:
        os.close(theirs)
        time.sleep(0.5)
        assert process.poll() is None  # it waits, as cat does
        os.write(ours, keys)
        said = read_until(ours, None)
        os.close(ours)
        return end_of(process), said


def test_at_a_terminal_it_waits_for_what_is_typed_and_takes_nothing_of_it_for_an_answer(unwritten: Host) -> None:
    before = models_in(unwritten.store)
    ended, said = typed(unwritten, LISTS_EN.encode() + b"\x04yes\n", "apply", "-")
    assert ended.code == 3
    assert "2 to remove" in ended.out
    assert "there is no terminal to ask on" in said
    assert "Only 'yes'" not in said
    assert models_in(unwritten.store) == before


def test_the_doctor_waits_too(unwritten: Host) -> None:
    ended, _ = typed(unwritten, LISTS_EN.encode() + b"\x04", "doctor", "-", "--json")
    (check,) = (each for each in json.loads(ended.out)["checks"] if each["code"] == "manifest")
    assert (check["status"], check["facts"]["models"]) == ("ok", 1)


def test_who_waits_can_be_interrupted(unwritten: Host) -> None:
    ours, theirs = os.pipe()
    with unwritten.running("apply", "-", "--yes", stdin=ours) as process:
        os.close(ours)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        assert end_of(process).code == 130
    os.close(theirs)


# -- who must not read it


def test_completion_reads_no_manifest_from_standard_input(unwritten: Host) -> None:
    (unwritten.app / "-").write_text(LISTS_EN)
    ours, theirs = os.pipe()
    os.write(theirs, b"ocrstate lock - \0\0")
    os.close(theirs)
    unwritten.defaults = ()
    with unwritten.running(stdin=ours, env={"_OCRSTATE_COMPLETE": "bash"}) as process:
        os.close(ours)
        ended = end_of(process)
    assert (ended.code, ended.out, ended.err) == (0, "", "")
