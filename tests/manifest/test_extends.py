"""Manifests that extend others: which files are read, in which order, and what is said where that cannot be done."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ocrstate.errors import ManifestError
from ocrstate.manifest.load import load, load_text, read
from ocrstate.manifest.problems import InvalidManifestError
from ocrstate.manifest.walk import MOST_FILES
from tests.manifest.conftest import problems_of
from tests.support.users import without_privileges

if TYPE_CHECKING:
    from tests.manifest.conftest import Written


def names_of(*paths: str) -> list[str]:
    """Return the names of the files that are read, in the order in which later ones win."""
    return [Path(file.path).name for file in load(*paths).files]


ORDERS = [
    pytest.param({"a": "models: []"}, ["a"], ["a"], id="one alone"),
    pytest.param({"a": "extends: []\nmodels: []"}, ["a"], ["a"], id="one that extends nothing"),
    pytest.param(
        {"a": "extends: [b, c]", "b": "models: []", "c": "models: []"}, ["a"], ["b", "c", "a"], id="two bases"
    ),
    pytest.param({"a": "extends: [b]", "b": "extends: [c]", "c": "models: []"}, ["a"], ["c", "b", "a"], id="a chain"),
    pytest.param(
        {"a": "extends: [b, c]", "b": "extends: [d]", "c": "extends: [d]", "d": "models: []"},
        ["a"],
        ["d", "b", "c", "a"],
        id="a diamond",
    ),
    pytest.param({"a": "extends: [b, b]", "b": "models: []"}, ["a"], ["b", "a"], id="one twice"),
    pytest.param({"a": "extends: [b, x/../b]", "b": "models: []", "x/b": ""}, ["a"], ["b", "a"], id="in two spellings"),
    pytest.param({"a": "extends: [x/b]", "x/b": "extends: [../c, c]", "c": "models: []", "x/c": "models: []"},
        ["a"], ["c", "c", "b", "a"], id="relative to the manifest that says so"),
    pytest.param({"a": "models: []", "b": "models: []"}, ["a", "b"], ["a", "b"], id="two that are named"),
    pytest.param({"a": "extends: [c]", "b": "extends: [d]", "c": "models: []", "d": "models: []"},
        ["a", "b"], ["c", "a", "d", "b"], id="two that are named and extend"),
    pytest.param({"a": "models: []", "b": "extends: [a]"}, ["a", "b"], ["a", "b"], id="a base that is named, too"),
    pytest.param({"a": "models: []"}, ["a", "a"], ["a"], id="named twice"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "named", "order"), ORDERS)
def test_each_manifest_is_read_once_after_what_it_extends(
    written: Written, files: dict[str, str], named: list[str], order: list[str]
) -> None:
    written(files)
    assert names_of(*named) == order


def test_a_manifest_knows_the_text_and_the_digest_of_each_file(written: Written) -> None:
    written({"a": "extends: [b]", "b": "models: [fr.bin]"})
    desired = load("a")
    base, itself = desired.files
    assert (base.text, itself.text) == ("version: 1\nmodels: [fr.bin]\n", "version: 1\nextends: [b]\n")
    assert (desired.path, desired.identity, desired.sha256) == (itself.path, itself.identity, itself.sha256)
    assert desired.bases == (base,)
    assert base.sha256 != itself.sha256


def test_manifests_that_were_kept_say_the_same_again_without_their_files(written: Written) -> None:
    written({"a": "extends: [x/b]\nprotect: [c*]", "x/b": "models: [{name: fr.bin, source: fr}]\nstore: ./m"})
    desired = load("a")
    for path in ("a", "x/b"):
        Path(path).unlink()
    assert load_text(desired.files) == desired


def test_a_relative_path_counts_from_the_manifest_that_says_it(written: Written, tmp_path: Path) -> None:
    written({"host.yml": "extends: [fleet/base.yml]", "fleet/base.yml": "models: [{name: a, source: ../a}]\nstore: m"})
    desired = load("host.yml")
    base = str(tmp_path / "fleet" / "base.yml")
    assert (desired.store, desired.store_from, desired.models[0].path) == ("m", base, base)


def test_after_a_link_to_a_folder_the_folder_above_is_the_real_one(written: Written, tmp_path: Path) -> None:
    written(
        {
            "conf/base.yml": "models: [right]",
            "base.yml": "models: [wrong]",
            "conf/app/host.yml": "extends: [../base.yml]",
        }
    )
    Path("link").symlink_to("conf/app")
    desired = load("link/host.yml")
    assert [model.name for model in desired.models] == ["right"]
    assert desired.bases[0].path == str(tmp_path / "conf" / "base.yml")


def test_neither_home_nor_variables_are_expanded(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BASE", "b.yml")
    written({"a.yml": "extends: ['~', '${BASE}']", "b.yml": "models: []", "~": "models: [x]", "${BASE}": "models: [y]"})
    assert [model.name for model in load("a.yml").models] == ["x", "y"]


PROBLEMS = [
    pytest.param(
        {"a": "extends:\n  - b", "b": "extends: [a]"},
        [('b:2:11: this closes a circle: a:3:5 extends "b", which extends "a"; '
         "take one of these entries out of `extends`")],
        id="a circle",
    ),
    pytest.param(
        {"a": "extends: [a]"},
        ['a:2:11: this closes a circle: a:2:11 extends "a"; take one of these entries out of `extends`'],
        id="a manifest that extends itself",
    ),
    pytest.param(
        {"a": "extends: [b]", "b": "extends: [c]", "c": "extends: [b]"},
        [('c:2:11: this closes a circle: a:2:11 extends "b", which extends "c", which extends "b"; '
         "take one of these entries out of `extends`")],
        id="a circle further up",
    ),
    pytest.param(
        {"a": "extends: [x/b]"},
        ['a:2:11: there is no manifest "x/b"; its path counts from this manifest\'s folder'],
        id="a missing base",
    ),
    pytest.param(
        {"a": "extends: [x/b]", "x/b": "extends: [c]"},
        [('x/b:2:11: there is no manifest "x/c"; its path counts from this manifest\'s folder '
         '(a:2:11 extends "x/b", which extends "c")')],
        id="a missing base of a base",
    ),
    pytest.param(
        {"a": "extends: [x]", "x/b": ""},
        ['a:2:11: the manifest "x" is a folder; name the YAML file in it'],
        id="a folder",
    ),
    pytest.param(
        {"a": "extends: [b]", "b": "models: [no]"},
        ['b:2:10: YAML reads no as the boolean false here; quote it: "no"',
         "a:2:11: what is extended here is not valid; mend it where that is said of it"],
        id="an invalid base",
    ),
    pytest.param(
        {"a": "extends: [b]", "b": "extends: [c]", "c": "["},
        ["c:2:1: what begins here is never finished; close its quote or bracket",
         ("b:2:11: what is extended here is not valid; mend it where that is said of it "
         '(a:2:11 extends "b", which extends "c")')],
        id="a base that is no YAML",
    ),
    pytest.param(
        {"a": "extends: [b, c]\nmodels: [no]", "b": "models: [/x]", "c": "extends: [d]"},
        ['b:2:10: "/x": the name is an absolute path; name the model relative to the store',
         ('c:2:11: there is no manifest "d"; its path counts from this manifest\'s folder '
         '(a:2:14 extends "c", which extends "d")'),
         "a:2:11: what is extended here is not valid; mend it where that is said of it",
         'a:3:10: YAML reads no as the boolean false here; quote it: "no"'],
        id="all problems of all files",
    ),
    pytest.param(
        {"a": "extends: [plan.json]", "plan.json": "kind: plan\nformat_version: '1.0'"},
        ["a:2:11: this is a saved plan, and no manifest; extend a manifest"],
        id="a saved plan",
    ),
    pytest.param(
        {"a": "extends: [' b', 3, 'b\\c']", "b": "models: []"},
        [('a:2:11: a base manifest cannot be " b"; write the path of a manifest, without spaces before it and without '
         "control characters"),
         'a:2:17: YAML reads 3 as a number here; quote it: "3"',
         'a:2:20: there is no manifest "b\\\\c"; its path counts from this manifest\'s folder'],
        id="entries that are no paths",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("files", "problems"), PROBLEMS)
def test_what_is_wrong_is_said_with_the_way_that_leads_there(
    written: Written, files: dict[str, str], problems: list[str]
) -> None:
    written(files)
    assert problems_of("a") == problems


def test_a_circle_through_a_link_is_seen(written: Written) -> None:
    written({"a": "extends: [other]"})
    Path("other").symlink_to("a")
    assert problems_of("a") == [
        'a:2:11: this closes a circle: a:2:11 extends "other"; take one of these entries out of `extends`'
    ]


def test_a_pipe_is_read_once(written: Written) -> None:
    written({"a": "extends: [b, pipe]", "b": "extends: [pipe]"})
    os.mkfifo("pipe")
    writer = threading.Thread(target=Path("pipe").write_text, args=("version: 1\nmodels: [x]\n",))
    writer.start()
    assert [model.name for model in load("a").models] == ["x"]
    writer.join()


def test_a_base_without_permission_is_explained(written: Written) -> None:
    written({"a": "extends: [x/b]", "x/b": "models: []"})
    Path.cwd().chmod(0o755)
    Path("x/b").chmod(0)
    with without_privileges():
        (problem,) = problems_of("a")
    assert problem.startswith('a:2:11: no permission to read the manifest "x/b"; let the user who runs ocrstate read')


def test_as_many_manifests_as_anybody_needs_are_read_and_no_more(written: Written) -> None:
    written({"a": f"extends: [{', '.join(f'b{n}' for n in range(MOST_FILES))}]"})
    written({f"b{n}": "models: []" for n in range(MOST_FILES + 2)})
    assert len(load("a").files) == MOST_FILES + 1
    written({"c": f"extends: [{', '.join(f'b{n}' for n in range(MOST_FILES + 2))}]"})
    (problem,) = problems_of("c")
    assert "from here on, more than 100 manifests are extended" in problem


def test_a_long_chain_is_refused_and_not_followed(written: Written) -> None:
    written({f"{n}": f"extends: ['{n + 1}']" for n in range(1_500)})
    (problem,) = problems_of("0")
    assert problem.startswith("100:2:11: from here on, more than 100 manifests are extended")


# -- several manifests that are named


def test_the_last_one_named_is_the_manifest(written: Written, tmp_path: Path) -> None:
    written({"a": "models: [x]\nstore: one", "b": "models: [y]\nstore: two"})
    desired = load("a", "b")
    assert (desired.path, desired.store) == (str(tmp_path / "b"), "two")
    assert [model.name for model in desired.models] == ["x", "y"]


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({"a": "extends: [b]", "b": "models: []"}, ["a", "b"]),
        ({"a": "models: []", "b": "models: []"}, ["a", "b", "a"]),
    ],
)
def test_what_is_named_last_has_to_win(written: Written, files: dict[str, str], named: list[str]) -> None:
    written(files)
    with pytest.raises(ManifestError, match="is named last, so that it should win") as caught:
        load(*named)
    assert caught.value.code == "manifest-named-too-late"


@pytest.mark.parametrize("broken", ["a", "b"])
def test_one_that_is_no_yaml_is_reported_with_the_others(written: Written, broken: str) -> None:
    written({"a": "models: [no]", "b": "models: [no]", broken: "["})
    paths = [problem.split(":")[0] for problem in problems_of("a", "b")]
    assert sorted(paths) == ["a", "b"]


def test_one_that_cannot_be_read_ends_it(written: Written) -> None:
    written({"b": "models: []"})
    with pytest.raises(ManifestError, match='there is no manifest "a"'):
        load("a", "b")


# -- before the check


def test_the_store_is_known_before_anything_is_checked(written: Written, tmp_path: Path) -> None:
    written({"a": "extends: [b, c]\nmodels: [no]\nstore: 3", "b": "store: one", "c": "store: two\nmodels: 7"})
    unchecked = read("a")
    assert unchecked.store == ("two", str(tmp_path / "c"), "c:2:8")
    with pytest.raises(InvalidManifestError):
        unchecked.check()
