"""What a good manifest becomes, and what is said of a file that cannot be read."""

from __future__ import annotations

import errno
import gc
import hashlib
import os
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from ocrstate.errors import ManifestError
from ocrstate.manifest.desired import Budget, Desired, DesiredModel, ManifestFile, MissingPolicy, Policy, UnlistedPolicy
from ocrstate.manifest.files import LARGEST
from ocrstate.manifest.load import load, read
from ocrstate.manifest.merge import UNPINNED
from ocrstate.manifest.problems import InvalidManifestError, Problem
from ocrstate.names import Glob
from ocrstate.schemas import read_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifest.conftest import Manifest, Problems

EXAMPLES = Path(__file__).parents[2] / "examples"
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

FRENCH = "https://models.example.com/fr_ocr_v2.bin"


def file_of(path: Path) -> ManifestFile:
    status, data = path.stat(), path.read_bytes()
    return ManifestFile(str(path), (status.st_dev, status.st_ino), hashlib.sha256(data).hexdigest(), data.decode())


def test_the_full_example_becomes_what_it_says() -> None:
    path = EXAMPLES / "full.yml"
    desired = load(str(path))
    assert desired == Desired(
        files=(file_of(EXAMPLES / "base.yml"), file_of(path)),
        store="./Aspose.AI.LLM/models",
        models=(
            DesiredModel("2026-10-01", 23, path=str(path)),
            DesiredModel("en_ocr_v1.bin", 5, path=str(EXAMPLES / "base.yml")),
            DesiredModel("experimental/de_ocr_v3.bin", 15, path=str(path)),
            DesiredModel("fr_ocr_v2.bin", 17, 4683073952, DIGEST, FRENCH, str(path)),
            DesiredModel("ru_ocr_v1.bin", 13, path=str(path)),
        ),
        ignore=(Glob(".gitkeep"), Glob("*.license")),
        protect=(Glob("base_*.bin"), Glob("customer/")),
        absent=(Glob("old_*"),),
        policy=Policy(UnlistedPolicy.REMOVE, MissingPolicy.REFUSE, Budget(20, 50, 40 * 1024**3), retain=0),
        store_from=str(path),
    )


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yml")), ids=lambda path: path.name)
def test_every_example_is_valid_and_names_its_schema(path: Path) -> None:
    load(str(path))
    modeline = path.read_text().splitlines()[0]
    assert modeline.startswith("# yaml-language-server: $schema=")
    assert (path.parent / modeline.partition("=")[2]).is_file()


def test_the_full_example_uses_every_key_of_the_schema() -> None:
    schema = read_schema("manifest")
    definitions = cast("dict[str, dict[str, dict[str, object]]]", schema["$defs"])
    keys = [*cast("dict[str, object]", schema["properties"])]
    keys += [key for definition in definitions.values() for key in definition.get("properties", ())]
    text = (EXAMPLES / "full.yml").read_text()
    assert [key for key in keys if not re.search(rf"^[ -]*{key}:", text, re.MULTILINE)] == []


def test_the_least_manifest_has_the_defaults(manifest: Manifest) -> None:
    desired = manifest("version: 1\nmodels: []\n")
    assert desired == Desired(files=desired.files, store=None, models=())


def test_a_path_is_made_absolute_and_problems_keep_it_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("good.yml").write_text("version: 1\nmodels: []\n")
    Path("bad.yml").write_text("version: 1\nmodels: [no, 1]\n")
    assert load("./good.yml").path == str(tmp_path / "good.yml")
    with pytest.raises(InvalidManifestError) as caught:
        load("./bad.yml")
    assert str(caught.value.problems[0]).startswith("./bad.yml:2:10: YAML reads no")
    assert caught.value.code == "manifest-invalid"
    assert caught.value.message.endswith("(and 1 more problem)")


def test_digests_are_compared_in_lower_case(manifest: Manifest) -> None:
    (model,) = manifest(f"version: 1\nmodels: [{{name: a, sha256: {DIGEST.upper()}}}]\n").models
    assert model.sha256 == DIGEST


@pytest.mark.parametrize("name", ["sub/fr.bin", "1e3", "0o17", "é😀.bin", " a", "a b", "x.1.0", "=", "-a", "...", "#a"])
def test_these_names_are_good(manifest: Manifest, name: str) -> None:
    (model,) = manifest(f"version: 1\nmodels: ['{name}']\n").models
    assert model.name == name


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        ("a.bin", "a.bin"),
        ("1e3", "1e3"),
        ("=", "="),
        ("<<", "<<"),
        ("!!str 12", "12"),
        ("! 12", "12"),
        ("!!str no", "no"),
        ("'no'", "no"),
        ('"\\x61"', "a"),
        ("|-\n    a", "a"),
        ("!!map {name: a}", "a"),
        ("{name: a, size: !!int 12}", "a"),
        ("{? name : a}", "a"),
    ],
)
def test_a_name_may_be_spelt(manifest: Manifest, entry: str, name: str) -> None:
    assert [model.name for model in manifest(f"version: 1\nmodels:\n  - {entry}\n").models] == [name]


def test_aliases_of_reasonable_size_work(manifest: Manifest) -> None:
    models = (
        f"models: [{{name: a, source: &s https://x/a, sha256: &d {64 * 'a'}}}, {{name: b, source: *s, sha256: *d}}]"
    )
    desired = manifest(f"version: 1\n{models}\nignore: &i ['*.x']\nprotect: *i\n")
    assert [model.source for model in desired.models] == ["https://x/a", "https://x/a"]
    assert desired.protect == desired.ignore == (Glob("*.x"),)


@pytest.mark.parametrize(
    "pattern", ["*", "sub/", "sub/*", "*/a", "[ab]?.bin", "[!a]", "a b", "[a-z]", "[", "[{]a}", "é"]
)
@pytest.mark.parametrize("key", ["ignore", "protect", "absent"])
def test_these_patterns_are_good(manifest: Manifest, key: str, pattern: str) -> None:
    desired = manifest(f"version: 1\nmodels: []\n{key}: ['{pattern}']\n")
    assert [glob.text for glob in desired.ignore + desired.protect + desired.absent] == [pattern]


def test_a_protected_model_may_be_listed(manifest: Manifest) -> None:
    assert manifest("version: 1\nmodels: [base_1.bin]\nprotect: [base_*]\n").models


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("40", 40),
        ("1B", 1),
        ("500MB", 500_000_000),
        ("40GiB", 40 * 1024**3),
        ("1.5 TiB", 3 * 1024**4 // 2),
        ("0.001kB", 1),
        ("2TB", 2 * 10**12),
    ],
)
def test_a_budget_of_bytes_may_be_written_as(manifest: Manifest, text: str, size: int) -> None:
    budget = manifest(f"version: 1\nmodels: []\npolicy: {{max_remove: {{bytes: {text}}}}}\n").policy.max_remove
    assert budget == Budget(size=size)


@pytest.mark.parametrize("text", ["0", "12", "12.5", "100", "1.0e+1"])
def test_a_budget_of_percent_may_be_written_as(manifest: Manifest, text: str) -> None:
    budget = manifest(f"version: 1\nmodels: []\npolicy: {{max_remove: {{percent: {text}}}}}\n").policy.max_remove
    assert budget == Budget(percent=float(text))


@pytest.mark.parametrize(
    ("text", "seconds"), [("0d", 0), ("7d", 604_800), ("12h", 43_200), ("30m", 1_800), ("2w", 1_209_600)]
)
def test_a_duration_may_be_written_as(manifest: Manifest, text: str, seconds: int) -> None:
    assert manifest(f"version: 1\nmodels: []\npolicy: {{retain: {text}}}\n").policy.retain == seconds


def test_choices_are_read(manifest: Manifest) -> None:
    policy = manifest("version: 1\nmodels: []\npolicy: {unlisted: report, missing: allow}\n").policy
    assert policy == Policy(UnlistedPolicy.REPORT, MissingPolicy.ALLOW)


@pytest.mark.parametrize(
    ("path", "code", "part"),
    [
        ("missing.yml", "manifest-not-found", 'there is no manifest "missing.yml"'),
        ("", "manifest-not-found", 'there is no manifest ""'),
        ("./-", "manifest-not-found", 'there is no manifest "./-"'),
        ("file/manifest.yml", "manifest-not-found", "there is no manifest"),
        ("folder", "manifest-is-folder", 'the manifest "folder" is a folder'),
        ("loop", "manifest-unreadable", 'cannot read the manifest "loop": '),
        ("nul\0", "manifest-unreadable", r'cannot read the manifest "nul\x00": no file can have that path'),
        ("x" * 5_000, "manifest-unreadable", os.strerror(errno.ENAMETOOLONG)),
        ("large.yml", "manifest-too-large", "larger than 16 MiB"),
    ],
)
def test_a_file_that_cannot_be_read_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, code: str, part: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("file").touch()
    Path("loop").symlink_to("loop")
    with Path("large.yml").open("wb") as large:
        large.truncate(LARGEST + 1)
    with pytest.raises(ManifestError) as caught:
        load(path)
    assert caught.value.code == code
    assert part in caught.value.message
    assert caught.value.hint


@pytest.fixture
def _as_a_mere_user() -> Iterator[None]:
    """Root may read everything, so become nobody when the tests run as root."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    yield
    os.seteuid(user)


def test_a_file_without_permission_is_explained(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    path = tmp_path / "manifest.yml"
    path.touch(mode=0)
    request.getfixturevalue("_as_a_mere_user")
    with pytest.raises(ManifestError, match="no permission to read the manifest") as caught:
        load(str(path))
    assert caught.value.code == "manifest-unreadable"


def test_a_deleted_current_folder_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(ManifestError, match="there is no manifest"):
        load("manifest.yml")


def test_a_pipe_is_read_like_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=("version: 1\nmodels: [a]\n" + "#" * 200_000,))
    writer.start()
    assert [model.name for model in load(str(pipe)).models] == ["a"]
    writer.join()


@pytest.mark.parametrize("content", ["version: 1\nmodels: []\n", "version: 1\n", "["])
@pytest.mark.parametrize("enabled", [True, False])
def test_the_garbage_collector_is_left_as_it_was(
    manifest: Manifest, problems: Problems, content: str, *, enabled: bool
) -> None:
    (gc.enable if enabled else gc.disable)()
    try:
        _ = manifest(content) if "models" in content else problems(content)
        assert gc.isenabled() is enabled
    finally:
        gc.enable()


def test_a_problem_reads_like_a_compiler_message() -> None:
    assert str(Problem("a.yml", 4, 5, "code", "what and how")) == "a.yml:4:5: what and how"


@pytest.mark.parametrize("source", ["fr.bin", "../fr.bin", "~/fr.bin", "/srv/fr.bin", "file:fr.bin", "C:/fr.bin"])
def test_a_source_on_this_machine_needs_no_digest(manifest: Manifest, source: str) -> None:
    assert [model.source for model in manifest(f"version: 1\nmodels: [{{name: a, source: '{source}'}}]\n").models]


def test_whoever_adds_the_digests_tolerates_that_they_are_missing(tmp_path: Path) -> None:
    path = tmp_path / "manifest.yml"
    path.write_text("version: 1\nmodels: [{name: a, source: https://host/a}]\n")
    unchecked = read(str(path))
    with pytest.raises(InvalidManifestError):
        unchecked.check()
    assert [model.source for model in unchecked.check(frozenset({UNPINNED})).models] == ["https://host/a"]


@pytest.mark.parametrize(("named", "meant"), [("models.ylm", "models.yml"), ("modles.yml", "models.yml"), ("x", None)])
def test_a_manifest_that_is_not_there_may_be_one_that_is(tmp_path: Path, named: str, meant: str | None) -> None:
    (tmp_path / "models.yml").touch()
    (tmp_path / "notes.txt").touch()
    with pytest.raises(ManifestError) as caught:
        load(str(tmp_path / named))
    assert caught.value.code == "manifest-not-found"
    assert caught.value.hint == (
        f'did you mean "{meant}", beside it?' if meant else "check the path and the current folder"
    )
