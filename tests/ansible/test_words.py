"""How the modules put what ocrstate says: parameters instead of options, and models instead of lines."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.ansible.units import module_util

WORDS = module_util("words")
SAID = {
    "use --allow-missing": "use `allow_missing: true`",
    "leave --offline out": "leave `offline: true` out",
    "use --max-remove N": "use `max_remove: N`",
    "with --store DIR, or `store:` in the manifest": "with `store: DIR`, or `store:` in the manifest",
    "--store is given, and empty": "`store` is given, and empty",
    "the store /x, named with --store, does not exist": "the store /x, named with `store`, does not exist",
    "to use that one: --store '/a b', or else": "to use that one: `store: '/a b'`, or else",
    "--inventory directory lists the folder": "`inventory: directory` lists the folder",
    "with -C: the one": "with `chdir`: the one",
    "or -C DIR, the folder": "or `chdir: DIR`, the folder",
    "longer with --lock-timeout SECONDS": "longer with `lock_timeout: SECONDS`",
    "ocrstate history --store '/a b' shows it": "ocrstate history --store '/a b' shows it",
    "run `ocrstate lock x.yml --output -`": "run `ocrstate lock x.yml --output -`",
    "(started now: ocrstate apply --store=/x --max-remove 5 -); use --offline": (
        "(started now: ocrstate apply --store=/x --max-remove 5 -); use `offline: true`"
    ),
    "pip install --force-reinstall it": "pip install --force-reinstall it",
}


@pytest.mark.parametrize(("said", "told"), SAID.items())
def test_options_become_parameters_but_not_in_commands_that_may_be_pasted(said: str, told: str) -> None:
    assert WORDS.in_words_of_ansible(said) == told


def test_a_value_that_cannot_be_is_no_sign_of_an_old_ocrstate() -> None:
    said = "Invalid value for '--max-remove': -1 is not in the range x>=0."
    assert WORDS.usage_words(said, "ocrstate") == ("`max_remove`: -1 is not in the range x>=0.", "")
    old, hint = WORDS.usage_words("No such option: --max-remove", "/opt/ocrstate")
    assert (old, "(/opt/ocrstate) older" in hint) == ("No such option: --max-remove", True)


MODELS: list[object] = [
    "en.bin",
    False,
    {"source": "https://me:secret@example.com/fr.bin?key=secret", "name": "fr.bin"},
    {"sha256": "abc"},
    ["de.bin"],
]
MANIFEST = json.dumps({"version": 1, "models": MODELS, "policy": {"retain": "1 week"}}, indent=1)
PLACES = {
    '"en.bin"': ("is listed in line 9", '"en.bin": is listed'),
    '"en.bin" ': ('"en.bin" is listed in line 9; remove one', '"en.bin" is listed; remove one'),
    "false": ("quote it", "false: quote it"),
    '"source"': ("credentials must not be here", 'model "fr.bin", source: credentials must not be here'),
    '"name": "fr': ("another case, in line 4", 'model "fr.bin", name: another case'),
    '"sha256"': ("is too short", "model 4, sha256: is too short"),
    '"de.bin"': ("must be text", "model 5: must be text"),
    '"retain"': ("cannot be that", "retain: cannot be that"),
}


@pytest.mark.parametrize("at", PLACES)
def test_what_is_wrong_with_a_manifest_in_a_task_is_told_without_lines_and_secrets(at: str) -> None:
    message, told = PLACES[at]
    line = next(number for number, each in enumerate(MANIFEST.splitlines(), 1) if at.strip() in each)
    problem: dict[str, Any] = {"path": "-", "line": line, "column": 1, "message": message}
    assert WORDS.problem_lines([problem], MANIFEST) == [told]


def test_what_is_wrong_with_a_manifest_in_a_file_is_told_with_its_place() -> None:
    problem = {"path": "base.yml", "line": 3, "column": 5, "message": "is in line 2"}
    assert WORDS.problem_lines([problem], MANIFEST) == ["base.yml:3:5: is in line 2"]
