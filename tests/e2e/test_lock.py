"""Lock, as an author of manifests uses it."""

from __future__ import annotations

import hashlib
import os
import shlex
from typing import TYPE_CHECKING

import pytest

from tests.e2e.host import IN_SYNC, MANIFEST, POWERLESS, PROMPT, Host, snapshot

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.without_engine

TEXT = """\
# what this host should have
version: 1
models:
  - en.bin   # English
  - {name: fr.bin, source: "file:fr.bin"}   # French

  - name: 'sub/de.bin'
    size: 1000
protect: ["base_*"]
"""


def digest(name: str, size: int = 1000) -> str:
    return hashlib.sha256((name.encode() * size)[:size]).hexdigest()


LOCKED = f"""\
# what this host should have
version: 1
models:
  - name: en.bin   # English
    sha256: {digest("en.bin")}
    size: 1000
  - {{name: fr.bin, sha256: {digest("fr.bin")}, size: 1000, source: "file:fr.bin"}}   # French

  - name: 'sub/de.bin'
    sha256: {digest("sub/de.bin")}
    size: 1000
protect: ["base_*"]
"""


@pytest.fixture
def manifest(host: Host) -> Path:
    host.has("en.bin", "fr.bin", "sub/de.bin")
    path = host.app / MANIFEST
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_a_script_locks_without_a_question_and_shows_the_difference(host: Host, manifest: Path) -> None:
    ended = host.run("lock", MANIFEST)
    assert (ended.code, ended.err, manifest.read_text("utf-8")) == (0, "", LOCKED)
    assert ended.out.startswith(f"--- {MANIFEST}\n+++ {MANIFEST}\n@@")
    removed = [line for line in ended.out.splitlines()[2:] if line.startswith("-")]
    assert removed == ["-  - en.bin   # English", '-  - {name: fr.bin, source: "file:fr.bin"}   # French']
    assert ended.out.endswith("Locked 3 models in models.yml.\n")
    assert host.plan().out.endswith(IN_SYNC)
    assert host.run("verify", MANIFEST).code == 0


def test_a_second_lock_leaves_the_file_alone(host: Host, manifest: Path) -> None:
    host.run("lock", MANIFEST)
    before = snapshot(host.app)
    for options in ((), ("--all",), ("--all", "--check"), ("en.bin",)):
        ended = host.run("lock", MANIFEST, *options)
        assert (ended.code, ended.out, ended.err) == (0, "Already locked: models.yml, 3 models.\n", "")
    assert snapshot(host.app) == before
    assert manifest.read_text("utf-8") == LOCKED


def test_check_writes_nothing_and_exits_with_2(host: Host, manifest: Path) -> None:
    before = snapshot(host.app)
    ended = host.run("lock", MANIFEST, "--check")
    assert (ended.code, ended.last_line) == (2, "Would lock 3 models in models.yml.")
    assert snapshot(host.app) == before
    assert manifest.read_text("utf-8") == TEXT


@pytest.mark.parametrize(("answer", "code", "text"), [(b"yes\n", 0, LOCKED), (b"y\n", 3, TEXT), (b"\x04", 3, TEXT)])
def test_a_person_is_shown_the_difference_and_asked(
    host: Host, manifest: Path, answer: bytes, code: int, text: str
) -> None:
    ended = host.asked(answer, "lock", MANIFEST)
    assert (ended.code, manifest.read_text("utf-8")) == (code, text)
    assert "+  - name: en.bin   # English" in ended.err.split(PROMPT)[0]  # standard output is a pipe here


def test_yes_asks_nobody(host: Host, manifest: Path) -> None:
    ended = host.asked(b"", "lock", MANIFEST, "--yes")
    assert (ended.code, PROMPT in ended.err, manifest.read_text("utf-8")) == (0, False, LOCKED)


def test_what_is_edited_while_a_person_thinks_is_not_lost(host: Host, manifest: Path) -> None:
    ended = host.asked(b"yes\n", "lock", MANIFEST, meanwhile=lambda: manifest.write_text(TEXT + "# new\n"))
    assert (ended.code, "was changed while this command worked" in ended.err) == (3, True)
    assert manifest.read_text("utf-8") == TEXT + "# new\n"
    assert sorted(os.listdir(host.app)) == ["Aspose.AI.LLM", MANIFEST]


def test_other_content_is_told_loudly_and_only_updated_on_request(host: Host, manifest: Path) -> None:
    host.run("lock", MANIFEST)
    (host.store / "en.bin").write_bytes(b"new")
    assert host.run("lock", MANIFEST).out.startswith("Already locked")
    ended = host.run("lock", MANIFEST, "en.bin")
    new = hashlib.sha256(b"new").hexdigest()
    was_is = f"sha256 was {digest('en.bin')}, is {new}; size was 1,000 B, is 3 B"
    assert (ended.code, ended.err) == (0, f"Differs: en.bin: {was_is}\n")
    expected = LOCKED.replace(digest("en.bin"), new).replace("size: 1000", "size: 3", 1)
    assert manifest.read_text("utf-8") == expected


def test_a_size_that_is_wrong_is_not_given_a_digest(host: Host, manifest: Path) -> None:
    host.has("sub/de.bin", size=7)
    ended = host.run("lock", MANIFEST)
    assert ended.code == 2
    assert ended.err == "Not locked: sub/de.bin: size was 1,000 B, is 7 B; name it to update it\n"
    assert manifest.read_text("utf-8").endswith("  - name: 'sub/de.bin'\n    size: 1000\nprotect: [\"base_*\"]\n")
    assert host.run("lock", MANIFEST, "sub/de.bin").code == 0
    assert "size: 7\n" in manifest.read_text("utf-8")


@pytest.mark.parametrize(("names", "code"), [((), 2), (("--all",), 2), (("fr.bin", "en.bin"), 1)])
def test_what_is_not_there_is_named(host: Host, manifest: Path, names: tuple[str, ...], code: int) -> None:
    (host.store / "fr.bin").unlink()
    os.mkfifo(host.store / "fr.bin")
    ended = host.run("lock", MANIFEST, *names)
    assert (ended.code, "fr.bin: listed, and in the store there is no such file" in ended.err) == (code, True)
    assert ("sha256" in manifest.read_text("utf-8")) is (code == 2)


@pytest.mark.parametrize(
    ("name", "hint"), [("em.bin", "did you mean en.bin?"), ("quite other", "name models as the manifest does")]
)
def test_a_name_that_is_not_listed_is_refused(host: Host, manifest: Path, name: str, hint: str) -> None:
    ended = host.run("lock", MANIFEST, "fr.bin", name, "--json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "model-not-listed")
    assert ended.document["error"]["hint"] == hint
    assert manifest.read_text("utf-8") == TEXT


def test_content_that_cannot_be_read_refuses_everything(host: Host, manifest: Path) -> None:
    (host.store / "fr.bin").chmod(0)
    ended = host.run("lock", MANIFEST, through=POWERLESS)
    assert ended.code == 1
    assert "fr.bin: it cannot be read: Permission denied" in ended.err
    assert manifest.read_text("utf-8") == TEXT


def test_json_names_old_and_new(host: Host, manifest: Path) -> None:
    document = host.run("lock", MANIFEST, "--json").document
    assert document["changed"][2] == {
        "name": "sub/de.bin",
        "sha256": {"old": None, "new": digest("sub/de.bin")},
        "size": {"old": 1000, "new": 1000},
    }
    assert (document["written"], document["missing"], document["differing"]) == (str(manifest), [], [])
    assert host.run("lock", MANIFEST, "--json").document["written"] is None


def test_what_only_a_base_lists_is_locked_there(host: Host, manifest: Path) -> None:
    fleet = host.app / "fleet"
    fleet.mkdir()
    base = fleet / "base y.yml"
    base.write_text("version: 1\nmodels: [fr.bin]\n")
    manifest.write_text(f"version: 1\nextends: [fleet/base y.yml]\nstore: {host.store}\nmodels: [en.bin]\n")
    before = manifest.read_bytes()
    ended = host.run("lock", MANIFEST, "en.bin", "fr.bin")
    message, hint = ended.err.splitlines()
    where = f"it is listed in {base}, line 2"
    assert (ended.code, message) == (1, f"Error: fr.bin cannot be locked in {manifest}: {where}")
    assert (manifest.read_bytes(), base.read_bytes()) == (before, b"version: 1\nmodels: [fr.bin]\n")
    command = shlex.split(hint.strip().removeprefix("lock it there: ocrstate "))
    assert command == ["lock", str(base), "fr.bin", "--store", str(host.store)]
    assert host.run(*command).last_line == f"Locked 1 model in {base}."
    assert "sha256" in base.read_text("utf-8")


def test_the_whole_manifest_goes_elsewhere(host: Host, manifest: Path) -> None:
    to_stdout = host.run("lock", MANIFEST, "--output", "-")
    assert (to_stdout.code, to_stdout.out) == (0, LOCKED)
    assert to_stdout.err.startswith(f"--- {MANIFEST}\n")
    assert to_stdout.err.endswith("\nLocked 3 models in the copy on standard output.\n")
    assert host.run("lock", MANIFEST, "--output", "new.yml").last_line == "Locked 3 models in new.yml."
    assert (host.app / "new.yml").read_text("utf-8") == LOCKED
    assert manifest.read_text("utf-8") == TEXT
    other = host.run("lock", MANIFEST, "en.bin", "--output", "new.yml")
    assert (other.code, (host.app / "new.yml").read_text("utf-8")) == (3, LOCKED)


@pytest.mark.parametrize(
    "options", [("en.bin", "--all"), ("--check", "--output", "x"), ("--json", "--output", "-")], ids=" ".join
)
@pytest.mark.usefixtures("manifest")
def test_options_that_contradict_are_wrong_usage(host: Host, options: tuple[str, ...]) -> None:
    assert host.run("lock", MANIFEST, *options).code == 64


def test_a_link_to_the_manifest_stays_one(host: Host, manifest: Path) -> None:
    target = host.outside / "real.yml"
    manifest.rename(target)
    target.chmod(0o640)
    manifest.symlink_to(target)
    assert host.run("lock", MANIFEST, "--store", str(host.store)).code == 0
    assert (manifest.is_symlink(), target.read_text("utf-8")) == (True, LOCKED)
    assert target.stat().st_mode & 0o777 == 0o640
    assert os.listdir(host.outside) == ["real.yml"]


def test_a_folder_that_cannot_be_written_keeps_the_manifest(host: Host, manifest: Path) -> None:
    host.app.chmod(0o555)
    ended = host.run("lock", MANIFEST, through=POWERLESS)
    host.app.chmod(0o755)
    assert (ended.code, "could not be written: Permission denied" in ended.err) == (1, True)
    assert manifest.read_text("utf-8") == TEXT


def test_a_full_disk_keeps_the_manifest(host: Host, manifest: Path, own_mounts: tuple[str, ...]) -> None:
    script = (
        f'mount -t tmpfs -o size=16k none "{host.outside}"; cp {MANIFEST} "{host.outside}/m.yml"; '
        f'head -c 1M /dev/zero > "{host.outside}/fill" || true; '
        f'"$0" "$@" || code=$?; cmp {MANIFEST} "{host.outside}/m.yml"; ls "{host.outside}" >&2; exit ${{code:-0}}'
    )
    ended = host.run("lock", str(host.outside / "m.yml"), "--store", str(host.store), through=(*own_mounts, script))
    assert (ended.code, manifest.read_text("utf-8")) == (1, TEXT)
    assert "could not be written: No space left on device" in ended.err
    assert ended.err.endswith("fill\nm.yml\n")


@pytest.mark.usefixtures("manifest")
def test_a_manifest_from_a_pipe_can_only_be_written_elsewhere(host: Host) -> None:
    through = ("sh", "-c", f'cat {MANIFEST} | "$0" "$@"')
    assert host.run("lock", "/dev/stdin", "--store", str(host.store), through=through).code == 3
    read = host.run("lock", "/dev/stdin", "--store", str(host.store), "--output", "-", through=through)
    assert (read.code, read.out) == (0, LOCKED)
