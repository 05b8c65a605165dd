"""List: every model with its status, size, age and path, and what they add up to."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.engines import stand_in
from tests.e2e.host import MANIFEST, POWERLESS, Ended, Host, snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

pytestmark = pytest.mark.without_engine

STATUSES = {
    "base.bin": "protected",
    "drifted.bin": "drifted",
    "en.bin": "listed",
    "gone_v1.bin": "missing",
    "gone_v2.bin": "unlisted",
    "pipe": "blocked",
    "read.me": "ignored",
    "sub/old.bin": "unlisted",
}
LONG_AGO = 1_000_000_000
"""2001-09-09T01:46:40Z"""


@pytest.fixture
def varied(host: Host) -> Host:
    """Give a host with models of every status."""
    host.has("base.bin", "drifted.bin", "en.bin", "gone_v2.bin", "read.me").has("sub/old.bin", size=5_000)
    os.mkfifo(host.store / "pipe")
    os.utime(host.store / "sub" / "old.bin", (0, LONG_AGO))
    os.utime(host.store / "en.bin", (0, LONG_AGO + 60))
    return host.lists(
        *("en.bin", "gone_v1.bin", {"name": "drifted.bin", "size": 7}), protect=["base*"], ignore=["read.me"]
    )


def listing(host: Host, *options: str, **ways: Any) -> Ended:  # noqa: ANN401 - as for Host.run
    return host.run("list", MANIFEST, *options, **ways)


def document(host: Host, *options: str, **ways: Any) -> dict[str, Any]:  # noqa: ANN401 - as for Host.run
    return listing(host, "--json", *options, **ways).document


def names(host: Host, *options: str) -> list[str]:
    return [each["name"] for each in document(host, *options)["models"]]


def test_every_model_has_a_status_and_nothing_is_changed(varied: Host) -> None:
    before = snapshot(varied.app)
    ended = listing(varied)
    assert (ended.code, ended.err) == (0, "")
    for name, status in STATUSES.items():
        assert any(f" {name} " in line and f"  {status}" in line for line in ended.out.splitlines()), name
    assert {each["name"]: each["status"] for each in document(varied)["models"]} == STATUSES
    assert snapshot(varied.app) == before


def test_a_document_says_what_apply_would_do_and_why(varied: Host) -> None:
    models = {each["name"]: each for each in document(varied)["models"]}
    said = {name: (each["action"], each["reason"]) for name, each in models.items()}
    assert said == {
        "base.bin": ("protected", "matches-protect"),
        "drifted.bin": ("drifted", "differs"),
        "en.bin": ("keep", "listed"),
        "gone_v1.bin": ("missing", "not-in-store"),
        "gone_v2.bin": ("remove", "not-listed"),
        "pipe": ("blocked", "not-a-file"),
        "read.me": (None, "matches-ignore"),
        "sub/old.bin": ("remove", "not-listed"),
    }
    assert models["gone_v1.bin"]["explanation"] == "listed, not in the store; did you mean gone_v2.bin?"


def test_each_has_size_time_and_path(varied: Host) -> None:
    models = {each["name"]: each for each in document(varied)["models"]}
    old = models["sub/old.bin"]
    assert (old["size"], old["modified"], old["path"]) == (
        5_000,
        "2001-09-09T01:46:40Z",
        str(varied.store / "sub" / "old.bin"),
    )
    gone = models["gone_v1.bin"]
    assert (gone["size"], gone["modified"], gone["path"]) == (None, None, str(varied.store / "gone_v1.bin"))
    line = next(line for line in listing(varied, "--long").out.splitlines() if line.startswith("  - sub/old.bin"))
    number, unit, status, path = line.split()[4:]
    assert (int(number) > 20, unit, status, path) == (True, "y", "unlisted", old["path"])


def test_totals_are_of_all_that_is_there_whatever_is_shown(varied: Host) -> None:
    for options in ([], ["--status", "blocked"]):
        summary = document(varied, *options)["summary"]
        assert (summary["models"], summary["bytes"]) == (7, 10_000)
        assert summary["statuses"]["unlisted"] == {"models": 2, "bytes": 6_000}
        assert {status: total["models"] for status, total in summary["statuses"].items()} == {
            **dict.fromkeys(("listed", "ignored", "protected", "drifted", "missing", "blocked"), 1),
            "unlisted": 2,
        }


def test_the_disk_is_data(varied: Host) -> None:
    status = os.statvfs(varied.store)
    disk = document(varied)["disk"]
    assert disk["total"] == status.f_blocks * status.f_frsize
    assert 0 <= disk["free"] <= disk["total"]


def test_quiet_tells_the_totals_alone(varied: Host) -> None:
    totals, disk = listing(varied, "-q").out.splitlines()
    assert totals == (
        "7 models, 10 kB: 1 listed (1.0 kB), 1 ignored (1.0 kB), 1 protected (1.0 kB), 2 unlisted (6.0 kB), "
        "1 drifted (1.0 kB), 1 missing, 1 blocked (0 B)."
    )
    assert disk.startswith("Disk: ")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--status", "unlisted"], ["gone_v2.bin", "sub/old.bin"]),
        (["--status", "unlisted,drifted"], ["drifted.bin", "gone_v2.bin", "sub/old.bin"]),
        (["--status", "ignored", "--status", "missing, listed"], ["en.bin", "gone_v1.bin", "read.me"]),
        (["--status", "unlisted", "-r"], ["sub/old.bin", "gone_v2.bin"]),
        (["--status", "unlisted,listed", "--sort", "size"], ["sub/old.bin", "en.bin", "gone_v2.bin"]),
        (["--status", "unlisted,listed", "--sort", "age"], ["sub/old.bin", "en.bin", "gone_v2.bin"]),
        (["--status", "unlisted,listed", "--sort", "age", "-r"], ["gone_v2.bin", "en.bin", "sub/old.bin"]),
        (["--status", "unlisted,listed,blocked", "--sort", "status"], ["en.bin", "gone_v2.bin", "sub/old.bin", "pipe"]),
    ],
    ids=lambda value: " ".join(value) if value[0].startswith("-") else None,
)
def test_models_are_chosen_and_sorted(varied: Host, options: list[str], expected: list[str]) -> None:
    assert names(varied, *options) == expected
    assert listing(varied, "--names", *options).out.splitlines() == expected


def test_what_no_model_is_is_said_in_one_line(varied: Host) -> None:
    (varied.store / "drifted.bin").write_bytes(b"1234567")
    (varied.store / "pipe").unlink()
    ended = listing(varied, "--status", "drifted,blocked")
    assert ended.code == 0
    assert "\nNo model is drifted or blocked.\n" in ended.out
    assert listing(varied, "--status", "drifted", "--names").out == ""


def test_an_empty_store_is_said_to_be_empty(host: Host) -> None:
    assert "\nThe store holds no models.\n" in host.lists().run("list", MANIFEST).out
    assert "\nThe store holds no models.\n" in host.run("list").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((MANIFEST, "--status", "lost"), "'lost' is none of listed, ignored, protected, unlisted, drifted, missing"),
        ((MANIFEST, "--status", ""), "is none of"),
        (("--status", "unlisted"), "without a manifest, models have no status"),
        (("--sort", "status"), "without a manifest, models have no status"),
        ((MANIFEST, "--names", "--json"), "leave out --json or --names"),
        ((MANIFEST, "-0", "--json"), "leave out --json or --names"),
    ],
)
def test_what_makes_no_sense_is_wrong_usage(varied: Host, words: tuple[str, ...], said: str) -> None:
    ended = varied.run("list", *words)
    assert ended.code == 64
    assert said in ended.err


ODD = (b"line\nbreak", b"\xff.bin", b"back\\slash", b"\x1b[31m", "模型.bin".encode(), b" space")


def test_names_are_bytes_with_nul_and_escaped_without(host: Host) -> None:
    host.has(*ODD).lists("x.bin", protect=["*"])
    raw = listing(host, "-0", "--status", "protected").out.encode("utf-8", "surrogateescape")
    assert sorted(raw.removesuffix(b"\0").split(b"\0")) == sorted(ODD)
    paths = listing(host, "-l0", "--status", "protected").out.encode("utf-8", "surrogateescape")
    assert sorted(paths.removesuffix(b"\0").split(b"\0")) == sorted(
        os.fsencode(host.store / os.fsdecode(n)) for n in ODD
    )
    assert sorted(listing(host, "--names", "--status", "protected").out.splitlines()) == sorted(
        ["line\\nbreak", "\\xff.bin", "back\\\\slash", "\\x1b[31m", "模型.bin", '" space"']
    )
    by_name = {bytes.fromhex(each["name_hex"]) for each in document(host)["models"] if "name_hex" in each}
    assert by_name == {b"\xff.bin"}


@pytest.mark.parametrize("environment", [{"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}], ids=str)
def test_names_are_the_same_bytes_in_every_locale(host: Host, environment: Mapping[str, str | None]) -> None:
    host.has("模型.bin").lists("x.bin")
    ended = listing(host, "-l0", "--status", "unlisted", env=environment)
    assert ended.out == f"{host.store}/模型.bin\0"
    assert listing(host, env=environment).code == 0


def test_warnings_are_not_among_the_names(host: Host) -> None:
    host.has(b"\xff.bin").lists("x.bin", protect=["*"])
    ended = listing(host, "--names", "--status", "protected")
    assert (ended.out, ended.err.startswith("Warning: the name of \\xff.bin is not UTF-8")) == ("\\xff.bin\n", True)
    assert "\nWarning: the name of \\xff.bin is not UTF-8" in listing(host).out


@pytest.mark.real_engine
def test_without_a_manifest_it_lists_what_the_engine_sees(host: Host) -> None:
    host.defaults = ()
    host.has("en.bin", "sub/fr.bin", "sub/deeper/no.bin")
    (host.outside / "x.bin").write_bytes(b"12345")
    (host.store / "link").symlink_to(host.outside)
    found = host.run("list", "--json").document
    assert [(each["name"], each["status"], each["size"]) for each in found["models"]] == [
        ("en.bin", None, 1_000),
        ("link/x.bin", None, 5),
        ("sub/fr.bin", None, 1_000),
    ]
    assert (found["manifest"], found["inventory"]["source"], found["summary"]["statuses"]) == (None, "engine", None)
    ended = host.run("list")
    assert (ended.code, "Manifest" in ended.out) == (0, False)
    assert "listed by the engine" in ended.out
    assert ended.out.splitlines()[-2] == "3 models, 2.0 kB."


@pytest.mark.real_engine
def test_with_a_manifest_the_engine_is_asked(varied: Host) -> None:
    varied.defaults = ()
    assert {each["name"]: each["status"] for each in document(varied)["models"]} == STATUSES


def test_a_link_to_a_folder_is_one_model_to_a_manifest(host: Host) -> None:
    (host.outside / "x.bin").write_bytes(b"12345")
    (host.store / "link").symlink_to(host.outside)
    host.has("en.bin").lists("en.bin")
    assert names(host, "--status", "unlisted") == ["link"]
    assert "through which the engine sees 1 file" in listing(host).out


def test_what_an_unlisted_policy_and_sources_say_is_kept_apart_from_the_status(host: Host) -> None:
    (host.app / "golden").write_bytes(b"123")
    host.has("drifted.bin", "extra.bin", "old_1.bin").lists(
        {"name": "gone.bin", "source": "golden"},
        {"name": "drifted.bin", "size": 3, "source": "golden"},
        absent=["old_*"],
        policy={"unlisted": "report"},
    )
    assert {each["name"]: (each["status"], each["action"]) for each in document(host)["models"]} == {
        "drifted.bin": ("drifted", "replace"),
        "extra.bin": ("unlisted", "unlisted"),
        "gone.bin": ("missing", "fetch"),
        "old_1.bin": ("unlisted", "remove"),
    }


def test_a_blind_engine_and_a_run_broken_off_are_warned_of(varied: Host) -> None:
    journal = varied.store / ".ocrstate" / "journal"
    journal.mkdir(parents=True)
    (journal / "20261121T060000Z-0a1b2c.journal").touch()
    stand_in(varied, "lists nothing")
    assert [each["code"] for each in document(varied)["inventory"]["warnings"]] == ["engine-blind", "run-unfinished"]
    for words in ((MANIFEST,), ()):
        out = varied.run("list", *words).out
        assert "Warning: the engine " in out
        assert "20261121T060000Z-0a1b2c" in out


@pytest.mark.without_engine
def test_whether_the_store_matches_is_said_whatever_is_shown(host: Host) -> None:
    host.has("en.bin", "old.bin", "base.bin").lists("en.bin", protect=["base.*"])

    def in_sync(*words: str) -> bool | None:
        said: bool | None = host.run("list", *words, "--json").document["in_sync"]
        return said

    assert in_sync() is None
    assert (in_sync(MANIFEST), in_sync(MANIFEST, "--status", "listed")) == (False, False)
    (host.store / "old.bin").unlink()
    assert (in_sync(MANIFEST), in_sync(MANIFEST, "--status", "missing")) == (True, True)
    journal = host.store / ".ocrstate" / "journal"
    journal.mkdir(parents=True)
    (journal / "20261121T060000Z-0a1b2c.journal").touch()
    assert in_sync(MANIFEST) is False
    assert host.plan("--json").document["unfinished_runs"] == ["20261121T060000Z-0a1b2c"]


@pytest.fixture
def deep(host: Host) -> Path:
    """Return a sub-folder of a store, in which lie a folder with a file, and a link to a folder outside."""
    (host.outside / "secret" / "deeper").mkdir(parents=True)
    (host.outside / "secret" / "many.bin").write_bytes(b"x" * 100_000)
    host.has("en.bin", "sub/fr.bin").has("sub/deep/a.bin", size=300).has("sub/deep/er/b.bin", size=40).lists("en.bin")
    (host.store / "sub" / "deep" / "out").symlink_to(host.outside)
    return host.store / "sub" / "deep"


def test_what_is_too_deep_for_the_engine_is_counted_and_links_are_not_followed(host: Host, deep: Path) -> None:
    size = 340 + len(os.readlink(deep / "out"))
    assert document(host)["invisible"] == {"files": 3, "folders": 3, "bytes": size, "complete": True}
    said = f"\nBeside the models: 3 folders and, too deep for the engine, 3 files ({size} B).\n"
    assert said in listing(host).out
    assert set(names(host)) == {"en.bin", "sub/fr.bin"}


def test_a_deep_folder_that_cannot_be_read_makes_the_count_a_least(host: Host, deep: Path) -> None:
    (deep / "er").chmod(0)
    ended = listing(host, through=POWERLESS)
    (deep / "er").chmod(0o755)
    assert ended.code == 0
    assert "Beside the models: at least 3 folders and, too deep for the engine, 2 files (" in ended.out


def test_folders_are_counted_empty_ones_too(host: Host) -> None:
    host.has("en.bin", "sub/fr.bin").lists("en.bin")
    (host.store / "empty").mkdir()
    assert document(host)["invisible"] == {"files": 0, "folders": 2, "bytes": 0, "complete": True}
    assert "\nBeside the models: 2 folders.\n" in listing(host).out


def test_what_ocrstate_keeps_is_counted_apart(host: Host) -> None:
    host.has("en.bin", "old.bin").lists("en.bin", policy={"retain": "7d"})
    assert host.apply("--yes").code == 0
    found = document(host)
    assert found["invisible"] == {"files": 0, "folders": 0, "bytes": 0, "complete": True}
    assert found["summary"]["models"] == 1
    (run,) = host.runs()
    assert found["kept"] == {"models": 1, "restorable": 1, "bytes": run["bytes_held"], "complete": True}
    assert (found["own"]["files"], found["own"]["bytes"] < 1_000_000) == (3, True), "journals and locks"
    out = listing(host).out
    assert "\n1 removed model (4.1 kB on disk) can be restored: ocrstate history\n" in out
    assert " of its own" not in out
    assert "Invisible" not in out
    (host.store / ".ocrstate" / "quarantine" / run["run_id"] / "old.bin").write_bytes(b"other")
    (host.store / ".ocrstate" / "staging").mkdir(exist_ok=True)
    (host.store / ".ocrstate" / "staging" / "abc.part").write_bytes(b"x" * 4_096)
    (host.store / ".ocrstate" / "history" / "large").write_bytes(b"x" * 6_000_000)
    found, out = document(host), listing(host).out
    assert (found["kept"]["restorable"], found["staged"]) == (0, {"models": 1, "bytes": 4_096})
    assert " is kept, of which 0 can be restored: ocrstate history\n" in out
    assert "\n1 model (4.1 kB on disk) fetched in part or not yet used.\n" in out
    assert "\nocrstate keeps 4 files (6.0 MB) of its own in .ocrstate/.\n" in out


def test_what_is_kept_and_cannot_be_read_keeps_nobody_from_a_list(host: Host) -> None:
    host.has("en.bin", "old.bin").lists("en.bin", policy={"retain": "7d"})
    assert host.apply("--yes").code == 0
    quarantine = host.store / ".ocrstate" / "quarantine"
    quarantine.chmod(0)
    ended = listing(host, through=POWERLESS)
    found = document(host, through=POWERLESS)
    quarantine.chmod(0o700)
    assert (ended.code, found["kept"]["complete"]) == (0, False)
    assert "What removed models are kept cannot be read" in ended.out


def test_contents_are_compared_on_demand(host: Host) -> None:
    host.has("en.bin").lists({"name": "en.bin", "sha256": "0" * 64})
    line = "\nIts content was not compared (--verify does).\n"
    assert (line in listing(host).out, document(host)["summary"]["unverified"]) == (True, 1)
    found = document(host, "--verify")
    assert ([each["status"] for each in found["models"]], found["summary"]["unverified"]) == (["drifted"], 0)
    assert host.run("list", "--verify").code == 64


def test_a_store_that_is_missing_is_an_error(host: Host) -> None:
    host.has("en.bin").lists("en.bin")
    for words in ((MANIFEST,), ()):
        ended = host.run("list", *words, "--store", "nowhere", "--json")
        assert (ended.code, ended.document["error"]["code"]) == (1, "store-missing")


@pytest.mark.parametrize("options", [[], ["--json"], ["--names"], ["-0"]], ids=str)
def test_a_reader_that_leaves_has_what_it_wanted(varied: Host, options: list[str]) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    ended = listing(varied, *options, stdout=theirs)
    os.close(theirs)
    assert (ended.code, ended.err) == (0, "")


def test_several_manifests_extend_each_other(varied: Host) -> None:
    (varied.app / "host.yml").write_text("version: 1\nmodels: [sub/old.bin]\n")
    found = varied.run("list", MANIFEST, "host.yml", "--json").document
    assert {each["name"]: each["status"] for each in found["models"]} == {**STATUSES, "sub/old.bin": "listed"}
    assert [os.path.basename(each["path"]) for each in found["manifest"]["extends"]] == [MANIFEST]
