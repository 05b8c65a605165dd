"""The doctor looks at everything, whatever is broken, and changes nothing."""

from __future__ import annotations

import getpass
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.engines import hangs, stand_in, starts
from tests.e2e.host import ENDING_SIGNALS, MANIFEST, POWERLESS, PROJECT, Ended, Host, end_of, snapshot
from tests.e2e.journals import expire

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from tests.e2e.host import Ways

INVARIANT = "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"
WITHOUT_ENGINE = ("--inventory", "directory")


@pytest.fixture
def usual(host: Host) -> Host:
    """Give a host on which all is well."""
    host.has("en.bin", "sub/fr.bin").lists("en.bin", "sub/fr.bin")
    host.environment |= {INVARIANT: "1", "PATH": "/usr/bin:/bin"}
    host.defaults = ()
    return host


def doctor(host: Host, *words: str, **ways: Unpack[Ways]) -> Ended:
    """Run the doctor; it never writes anything, and has no more to say than its answer."""
    before = snapshot(host.app), snapshot(host.outside)
    ended = host.run("doctor", *words, **ways)
    assert (snapshot(host.app), snapshot(host.outside)) == before
    assert os.listdir(host.temporary) == []
    return ended


def amiss(host: Host, *words: str, **ways: Unpack[Ways]) -> dict[str, str]:
    """Return the status of each check that is not ok; where the store is does not count."""
    ended = doctor(host, "--json", *words, **ways)
    checks = ended.document["checks"]
    assert ended.code == any(each["status"] == "fail" for each in checks)
    assert len({each["code"] for each in checks}) == len(checks)
    assert all(bool(each["hint"]) is (each["status"] != "ok") for each in checks)
    found = {each["code"]: each["status"] for each in checks if each["status"] != "ok"}
    found.pop("store-filesystem", None)
    return found


def check(host: Host, code: str, *words: str, **ways: Unpack[Ways]) -> tuple[str, str]:
    """Return the status of one check, and what is said."""
    document = doctor(host, "--json", *words, **ways).document
    (found,) = (each for each in document["checks"] if each["code"] == code)
    return found["status"], f"{found['message']} {found['hint']} {found['detail']}"


@pytest.mark.real_engine
def test_on_a_healthy_host_all_is_well(usual: Host) -> None:
    assert amiss(usual, MANIFEST) == {}
    ended = doctor(usual, MANIFEST)
    assert (ended.code, ended.err) == (0, "")
    assert re.search(r"^    ok    it lists a file in a folder made for it \(\d+\.\d\d s", ended.out, re.MULTILINE)
    assert [line for line in ended.out.splitlines() if re.match(r"\w+$", line)] == [
        *("Engine", "System", "Store", "ocrstate"),
    ]
    assert ended.out.count("models.yml is valid, and lists 2 models") == 1


@pytest.mark.real_engine
def test_without_a_manifest_the_engines_own_store_is_looked_at(usual: Host) -> None:
    assert check(usual, "store-choice")[1].startswith(f"the store is {usual.store}, the engine's own")
    assert check(usual, "store-choice", "--store", str(usual.store))[1].startswith(f"the store is {usual.store}, named")


@pytest.mark.without_engine
def test_quietly_only_the_last_line_is_said(usual: Host) -> None:
    ended = doctor(usual, "-q", *WITHOUT_ENGINE, env={"TMPDIR": "/nowhere"})
    assert (ended.code, ended.err) == (0, "")
    assert re.fullmatch(r"\d warnings?\.\n", ended.out)


@pytest.mark.without_engine
def test_verbosely_the_facts_are_shown(usual: Host) -> None:
    told = doctor(usual, "-v", *WITHOUT_ENGINE).out.split()
    assert told[told.index("real_path:") + 1] == str(usual.store)


# -- the engine


@pytest.mark.real_engine
@pytest.mark.needs("strace")
def test_the_engines_process_never_opens_the_store(usual: Host) -> None:
    notes = usual.app.parent / "notes"
    notes.mkdir()
    calls = "trace=execve,clone,clone3,fork,vfork,open,openat,chdir,stat,lstat,newfstatat,readlink,unlink,rmdir"
    through = ("strace", "-ff", "-qq", "-s", "500", "-e", calls, "-o", str(notes / "of"))
    assert doctor(usual, through=through).code == 0
    told = {path.suffix[1:]: path.read_text(errors="replace") for path in notes.iterdir()}
    ours = [process for process, text in told.items() if "ocrstate.engine.child" in text.partition("execve(")[2]]
    assert len(ours) == 1
    for process in ours:
        ours += re.findall(r"^clone.* = (\d+)$", told[process], re.MULTILINE)
    assert len(ours) > 2, "the engine has threads"
    assert [process for process in ours if f'"{usual.store}' in told[process]] == []
    assert any(f'"{usual.store}' in text for text in told.values()), "somebody else does"


FAILURES = {
    "aborts": "engine-aborted",
    "exits": "engine-failed",
    "hangs": "engine-timeout",
    "garbles": "engine-garbled",
    "raises": "engine-io-error",
}


@pytest.mark.parametrize(("behaviour", "error"), FAILURES.items())
def test_an_engine_that_fails_is_one_failure_among_all_the_rest(usual: Host, behaviour: str, error: str) -> None:
    stand_in(usual, behaviour)
    ended = doctor(usual, "--json", "--engine-timeout", "0.5")
    checks = {each["code"]: each for each in ended.document["checks"]}
    assert (ended.code, checks["engine-listing"]["status"]) == (1, "fail")
    assert checks["engine-listing"]["facts"]["error"] == error
    assert checks["store-folder"]["status"] == "ok"
    assert starts(usual) == 1


def test_a_blind_engine_is_a_warning_unless_it_alone_may_list(usual: Host) -> None:
    stand_in(usual, "lists nothing")
    assert amiss(usual)["engine-listing"] == "warn"
    assert amiss(usual, "--inventory", "engine")["engine-listing"] == "fail"


def test_an_engine_that_lists_something_else_is_a_failure(usual: Host) -> None:
    stand_in(usual, "invents ghost.bin")
    status, said = check(usual, "engine-listing")
    assert (status, "ghost.bin" in said) == ("fail", True)


def test_without_the_engine_none_is_started(usual: Host) -> None:
    stand_in(usual, "aborts")
    assert amiss(usual, *WITHOUT_ENGINE) == {}
    assert starts(usual) == 0


@pytest.mark.real_engine
def test_an_engine_that_is_not_installed_is_named_once(usual: Host) -> None:
    ended = run_with_packages_but(usual, "aspose", "doctor", "--json")
    found = {each["code"]: each for each in ended.document["checks"] if each["area"] == "engine"}
    assert {code: each["status"] for code, each in found.items()} == {"engine-package": "fail", "engine-platform": "ok"}
    assert f"{sys.executable} -m pip install" in found["engine-package"]["hint"]


@pytest.mark.real_engine
def test_two_copies_of_the_engine_are_a_warning(usual: Host) -> None:
    more = usual.app.parent / "more"
    (more / "aspose_ocr_python_net-26.5.0.dist-info").mkdir(parents=True)
    (more / "~spose_ocr_python_net-26.5.0.dist-info").mkdir()
    usual.environment["PYTHONPATH"] += f"{os.pathsep}{more}"
    status, said = check(usual, "engine-package")
    assert (status, "2 copies" in said, f"26.5.0 in {more}" in said) == ("warn", True, True)


def run_with_packages_but(host: Host, prefix: str, *words: str) -> Ended:
    """Run ``ocrstate`` where all packages are installed but those whose names begin so."""
    packages = host.app.parent / "packages"
    packages.mkdir()
    for folder in {Path(each) for each in sys.path if each.endswith("-packages")}:
        for entry in folder.iterdir():
            if not entry.name.startswith(prefix):
                (packages / entry.name).symlink_to(entry)
    environment = {**host.environment, "PYTHONPATH": f"{PROJECT}{os.pathsep}{packages}"}
    command = [sys.executable, "-S", "-m", "ocrstate", *words]
    with subprocess.Popen(
        command, cwd=host.app, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        return end_of(process)


@pytest.mark.parametrize(("number", "code"), ENDING_SIGNALS.items())
def test_a_signal_while_the_engine_is_tried_leaves_nothing_behind(
    usual: Host, number: signal.Signals, code: int
) -> None:
    stand_in(usual, "hangs")
    before = snapshot(usual.app)
    with usual.running("doctor") as process:
        usual.wait_for(lambda: hangs(usual))
        assert os.listdir(usual.temporary) != []
        process.send_signal(number)
        ended = end_of(process)
    assert (ended.code, ended.out) == (code, "")
    assert ended.err == f"Interrupted by {number.name}: nothing was changed.\n"
    assert os.listdir(usual.temporary) == []
    assert snapshot(usual.app) == before


# -- the system


def limited(script: str) -> tuple[str, ...]:
    return ("sh", "-c", f'{script}; exec "$@"', "sh")


@pytest.mark.real_engine
def test_too_little_address_space_is_a_cause_and_a_failure(usual: Host) -> None:
    assert amiss(usual, through=limited("ulimit -v 2000000")) == {"address-space": "warn", "engine-listing": "fail"}


@pytest.mark.without_engine
@pytest.mark.parametrize(
    ("script", "code"), [("ulimit -n 60", "open-files"), ("ulimit -u 60", "processes"), ("true", None)]
)
def test_low_limits_are_warnings(usual: Host, script: str, code: str | None) -> None:
    through = limited(script.replace("-u", "-p" if Path("/bin/sh").resolve().name == "dash" else "-u"))
    assert amiss(usual, *WITHOUT_ENGINE, through=through) == ({} if code is None else {code: "warn"})


@pytest.mark.without_engine
@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"TMPDIR": "/nowhere"}, {"temporary-folder": "warn"}),
        ({"TMPDIR": "relative"}, {"temporary-folder": "warn"}),
        ({"TMPDIR": "/dev/null"}, {"temporary-folder": "warn"}),
        ({"TMPDIR": "/dev/null/x"}, {"temporary-folder": "warn"}),
        ({"TMPDIR": "/nowhere", "COMPlus_EnableDiagnostics": "0"}, {}),
        ({INVARIANT: None, "CLR_ICU_VERSION_OVERRIDE": "49"}, {"globalization": "warn"}),
        ({"XDG_CACHE_HOME": "/dev/null"}, {"cache": "warn"}),
        ({"XDG_CACHE_HOME": None, "HOME": "/proc/nowhere"}, {"cache": "warn"}),
        ({"PATH": ""}, {}),
        ({"PATH": None, "HOME": None}, {}),
        ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {}),
    ],
    ids=str,
)
def test_odd_surroundings_are_told(usual: Host, environment: dict[str, str | None], expected: dict[str, str]) -> None:
    through = () if os.geteuid() else POWERLESS
    assert amiss(usual, *WITHOUT_ENGINE, env=environment, through=through) == expected


@pytest.mark.without_engine
def test_closed_standard_streams_are_told(usual: Host) -> None:
    through = ("sh", "-c", 'exec "$@" <&- 2>&-', "sh")
    status, said = check(usual, "standard-streams", *WITHOUT_ENGINE, through=through)
    assert (status, "standard input and standard error were closed" in said) == ("warn", True)


@pytest.mark.real_engine
@pytest.mark.root
@pytest.mark.needs("unshare")
def test_without_proc_it_still_works(usual: Host, own_mounts: tuple[str, ...]) -> None:
    through = (*own_mounts, 'mount -t tmpfs none /proc; exec "$@"', "sh")
    assert amiss(usual, through=through) == {"proc": "warn", "engine-listing": "fail"}


@pytest.mark.without_engine
def test_another_ocrstate_on_the_path_is_told(usual: Host) -> None:
    programs = usual.app.parent / "programs"
    programs.mkdir()
    (programs / "ocrstate").write_text("#!/bin/sh\n")
    (programs / "ocrstate").chmod(0o755)
    status, said = check(usual, "path", *WITHOUT_ENGINE, env={"PATH": f"{programs}:/usr/bin:/bin"})
    assert (status, f"starts another one: {programs}/ocrstate" in said) == ("warn", True)


# -- the store and the manifest


@pytest.mark.without_engine
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--store", "nowhere"), "store-folder", "does not exist"),
        (("--store", MANIFEST), "store-folder", "is not a folder"),
        (("--store", "/etc"), "store-folder", "a system folder"),
        (("--store", "loop"), "store-folder", "cannot be read"),
        (("--store", ""), "store-choice", "given, and empty"),
        (("-C", "nowhere"), "working-folder", "nowhere, given with -C"),
        (("nowhere.yml",), "manifest", "there is no manifest"),
        (("bad.yml",), "manifest", "1 problem in bad.yml"),
        (("broken.yml",), "manifest", "1 problem in broken.yml"),
        (("unset.yml",), "store-choice", "${OCR_UNSET}, which is not set"),
        ((".",), "manifest", "manifest"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_store_or_a_manifest_that_is_no_good_is_a_finding_among_others(
    usual: Host, words: tuple[str, ...], code: str, said: str
) -> None:
    (usual.app / "loop").symlink_to("loop")
    (usual.app / "bad.yml").write_text("version: 1\nmodels: [a, a]\n")
    (usual.app / "broken.yml").write_text("version: 1\nmodels: [a\n")
    (usual.app / "unset.yml").write_text("version: 1\nstore: ${OCR_UNSET}/x\nmodels: [a]\n")
    ended = doctor(usual, "--json", *WITHOUT_ENGINE, *words)
    checks = {each["code"]: each for each in ended.document["checks"]}
    assert said in checks[code]["message"]
    assert (ended.code, checks[code]["status"], checks["version"]["status"]) == (1, "fail", "ok")
    assert checks[code]["hint"]


@pytest.mark.without_engine
def test_a_manifest_that_cannot_be_read_leaves_the_store_open_unless_it_is_named(usual: Host) -> None:
    assert amiss(usual, *WITHOUT_ENGINE, "nowhere.yml") == {"manifest": "fail", "store-choice": "warn"}
    assert amiss(usual, *WITHOUT_ENGINE, "nowhere.yml", "--store", str(usual.store)) == {"manifest": "fail"}


@pytest.mark.without_engine
def test_a_working_folder_that_was_deleted_is_told(usual: Host) -> None:
    through = ("sh", "-ec", 'mkdir ../gone; cd ../gone; rmdir ../gone; exec "$@"', "sh")
    assert amiss(usual, *WITHOUT_ENGINE, through=through) == {"working-folder": "fail"}


@pytest.mark.without_engine
def test_a_store_that_may_not_be_written_is_a_failure(usual: Host) -> None:
    usual.store.chmod(0o555)
    (usual.store / "sub").chmod(0o555)
    through = POWERLESS
    assert amiss(usual, *WITHOUT_ENGINE, through=through) == {"store-writable": "fail"}
    usual.store.chmod(0o755)
    assert "1 sub-folder (sub)" in check(usual, "store-writable", *WITHOUT_ENGINE, through=through)[1]
    (usual.store / "sub").chmod(0o755)


@pytest.mark.without_engine
@pytest.mark.parametrize("closed", ["", "sub"])
def test_what_may_not_be_read_is_a_failure(usual: Host, closed: str) -> None:
    folder = usual.store / closed
    folder.chmod(0)
    try:
        ended = usual.run("doctor", "--json", *WITHOUT_ENGINE, through=POWERLESS)
    finally:
        folder.chmod(0o755)
    statuses = {each["code"]: each["status"] for each in ended.document["checks"]}
    assert (ended.code, statuses["store-sub-folders" if closed else "store-folder"]) == (1, "fail")


@pytest.mark.root
@pytest.mark.without_engine
@pytest.mark.needs("unshare")
@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("mount --bind {store} {store}; mount -o remount,ro,bind {store}", {"store-writable": "fail"}),
        ("mount -t tmpfs none {store}/sub", {"store-mounts": "warn"}),
        ("mount -t tmpfs -o size=1m,nr_inodes=9 none {store}", {"store-space": "warn", "store-inodes": "warn"}),
    ],
)
def test_mounts_are_told(usual: Host, own_mounts: tuple[str, ...], script: str, expected: dict[str, str]) -> None:
    through = (*own_mounts, f'{script.format(store=shlex.quote(str(usual.store)))}; exec "$@"', "sh")
    assert amiss(usual, *WITHOUT_ENGINE, through=through) == expected


@pytest.mark.root
@pytest.mark.without_engine
def test_what_belongs_to_others_is_counted(usual: Host) -> None:
    os.chown(usual.store / "en.bin", 65534, 65534)
    assert check(usual, "store-owners", *WITHOUT_ENGINE) == ("ok", "1 entry belongs to other users than this one  ")


@pytest.mark.without_engine
def test_what_lies_in_the_store_is_told(usual: Host) -> None:
    usual.has(b"\xff.bin", "sub/deep/er.bin", "sub/deep/est/still.bin")
    (usual.store / "out\nside").symlink_to(usual.outside)
    (usual.store / "again").symlink_to(".")
    (usual.store / "dead.bin").symlink_to("nowhere")
    assert amiss(usual, *WITHOUT_ENGINE) == {
        "store-names": "warn",
        "store-depth": "warn",
        "store-folder-links": "warn",
    }
    assert check(usual, "store-depth", *WITHOUT_ENGINE)[1].startswith("2 files lie deeper")
    assert f"out\\nside -> {usual.outside}; " in check(usual, "store-folder-links", *WITHOUT_ENGINE)[1]
    assert (
        "4 models in the store and its 1 sub-folder, 1 of them links"
        in check(usual, "store-folder", *WITHOUT_ENGINE)[1]
    )
    usual.has(b"\xfe/x.bin")
    assert amiss(usual, *WITHOUT_ENGINE)["store-names"] == "fail"


@pytest.mark.without_engine
def test_a_large_store_is_looked_at_in_seconds(usual: Host) -> None:
    for number in range(5000):
        (usual.store / f"model_{number}.bin").touch()
    assert amiss(usual, *WITHOUT_ENGINE) == {}


# -- what runs left


def test_a_run_that_was_broken_off_is_told_until_it_is_recovered(killed: Host) -> None:
    status, said = check(killed, "runs", *WITHOUT_ENGINE)
    assert (status, "3 models wait in quarantine" in said) == ("warn", True)
    (command,) = re.findall(r"ocrstate (recover --store \S+),", said)
    assert killed.run(*shlex.split(command)).code == 0
    assert check(killed, "runs", *WITHOUT_ENGINE)[0] == "ok"


def test_a_journal_that_is_damaged_is_a_failure(killed: Host) -> None:
    (journal,) = killed.journals("journal")
    journal.write_bytes(b"nonsense\n" + journal.read_bytes())
    assert check(killed, "runs", *WITHOUT_ENGINE)[0] == "fail"


def test_who_holds_the_lock_is_told_and_not_reported(full: Host) -> None:
    stand_in(full, "lists", "hangs", "lists")
    full.environment["HOME"] = str(full.app.parent)
    with full.running("apply", MANIFEST, "--yes") as process:
        full.wait_for(lambda: hangs(full))
        status, said = check(full, "lock", *WITHOUT_ENGINE)
        report = full.run("doctor", "--report", *WITHOUT_ENGINE).out
        process.send_signal(signal.SIGTERM)
        end_of(process)
    assert (status, f"(process {process.pid})" in said) == ("warn", True)
    assert f"{getpass.getuser()} on {socket.gethostname()}: ocrstate apply" in said
    assert f"(process {process.pid})" in report
    assert not re.search(rf"\b{re.escape(socket.gethostname())}\b", report)
    assert "path: ~/app/Aspose.AI.LLM/models\n" in report
    assert str(full.app) not in report
    assert check(full, "lock", *WITHOUT_ENGINE)[0] == "ok"


def test_what_is_kept_too_long_and_what_is_half_fetched_is_told(full: Host) -> None:
    stand_in(full, "lists")
    assert full.apply("--yes", "--retain", "7d").code == 0
    assert re.match(r"3 models \(.+ kB\) are kept in quarantine, to be", check(full, "quarantine", *WITHOUT_ENGINE)[1])
    (journal,) = full.journals()
    expire(journal)
    staging = full.store / ".ocrstate" / "staging"
    staging.mkdir(exist_ok=True)
    (staging / "0a1b.part").write_bytes(bytes(1500))
    status, said = check(full, "quarantine", *WITHOUT_ENGINE)
    assert (status, "of 3 " in said, "ocrstate purge --store" in said) == ("warn", True, True)
    assert check(full, "staging", *WITHOUT_ENGINE)[1].startswith("1 model (1.5 kB) fetched")


# -- how it speaks


@pytest.mark.without_engine
def test_a_report_is_a_text_in_a_block(usual: Host) -> None:
    ended = doctor(usual, MANIFEST, "--report", *WITHOUT_ENGINE)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("```text\nocrstate doctor: ")
    assert ended.out.endswith("\n```\n")
    assert re.search(r"^       python: 3\.", ended.out, re.MULTILINE)
    assert doctor(usual, "--report", "--json").code == 64


@pytest.mark.without_engine
def test_a_reader_that_has_left_changes_no_exit_code(usual: Host) -> None:
    for words, code in ((), 0), (("--store", "nowhere"), 1):
        reading, writing = os.pipe()
        os.close(reading)
        assert doctor(usual, *WITHOUT_ENGINE, *words, stdout=writing).code == code
        os.close(writing)


def test_help_tells_what_it_does(usual: Host) -> None:
    told = usual.run("doctor", "--help").out
    assert "Changes nothing." in told
    assert "ocrstate doctor models.yml --report" in told
