"""Hosts on which ocrstate is somewhere else, is not there, or is not itself."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.ansible.fleet import Fleet
from tests.ansible.wheels import lend_packages

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.ansible.conftest import Once

MODELS = "ocrstate.ocrstate.models"
USUAL = "{{ usual }}"


@dataclass(frozen=True)
class Case:
    """Where a host has ocrstate, and what comes of it.

    Attributes:
        where: parameters of the module.
        said: a part of the message.
        code: the error code; none where all is well.
        script: what the host's own program does.
    """

    where: Mapping[str, object]
    said: str
    code: str | None = None
    script: str = ""


OWN = {"executable": "{{ ocr_home }}/../own/ocrstate"}
ANSWER = (
    '{"format_version": "%s", "kind": "error", "error": {"code": "usage", "message": "No such option", "hint": "see"}}'
)
CASES = {
    "by-path": Case({"executable": USUAL}, "nothing to do"),
    "by-name": Case({"executable": "ocrstate"}, "nothing to do"),
    "by-virtualenv": Case({"virtualenv": "{{ usual | dirname | dirname }}"}, "nothing to do"),
    "not-on-the-path": Case({"executable": "ocrstated"}, "ocrstated is not on the PATH", "ocrstate-not-found"),
    "no-virtualenv": Case({"virtualenv": "/nowhere"}, "there is no /nowhere/bin/ocrstate", "ocrstate-not-found"),
    "no-program": Case({"executable": "{{ ocr_home }}/"}, "no program that this user may run", "ocrstate-not-found"),
    "no-interpreter": Case(OWN, "own/ocrstate cannot be run: ", "ocrstate-not-found", "#!/nowhere/python"),
    "two-ways": Case({"executable": USUAL, "virtualenv": "/nowhere"}, "parameters are mutually exclusive"),
    "has-no-engine": Case(
        {**OWN, "inventory": "auto"},
        "aspose-ocr-python-net is not installed",
        "engine-not-installed",
        f'PYTHONPATH="$(dirname "$0")/packages:$PYTHONPATH" exec {sys.executable} -S -m ocrstate "$@"',
    ),
    "talks": Case(
        OWN,
        "ended with exit code 70 and gave no answer:\nout of order",
        "no-answer",
        "echo Hi; echo out of order >&2; exit 70",
    ),
    "is-another-program": Case(OWN, "ended with exit code 0 and gave no answer", "no-answer", "echo 5"),
    "is-killed": Case(OWN, "ended by signal 9 and gave no answer", "no-answer", "kill -9 $$"),
    "is-of-the-future": Case(
        OWN, "a format that this collection does not know", "format-not-understood", f"echo '{ANSWER % '2.0'}'"
    ),
    "is-old": Case(OWN, "older than this collection", "usage", f"echo '{ANSWER % '1.0'}'; exit 64"),
}


@pytest.fixture(scope="module")
def returned(once: Once, collections: Path) -> dict[str, dict[str, Any]]:
    """Return what the module returned on each host."""
    return once("executables", lambda folder: play_cases(Fleet(folder, collections, tuple(CASES))))


def play_cases(fleet: Fleet) -> dict[str, dict[str, Any]]:
    hosts = {}
    for name, case in CASES.items():
        fleet[name].has("en.bin")
        own = fleet.folder / name / "own" / "ocrstate"
        own.parent.mkdir()
        own.write_text(case.script if case.script.startswith("#!") else f"#!/bin/sh\n{case.script}\n", encoding="utf-8")
        own.chmod(0o755)
        lend_packages(own.parent / "packages", but=("aspose",))
        rest = {"models": ["en.bin"], "store": "{{ ocr_store }}", "inventory": "directory"}
        hosts[name] = {"arguments": {**rest, **case.where}, "usual": fleet.executable}
    fleet.write_inventory(**hosts)
    played = fleet.play({MODELS: None, "args": "{{ arguments }}"}, module_defaults={})
    return {name: played.of(name)[0] for name in CASES}


@pytest.mark.parametrize("name", CASES)
def test_the_module_finds_ocrstate_or_says_what_is_wrong(returned: dict[str, dict[str, Any]], name: str) -> None:
    case, result = CASES[name], returned[name]
    assert case.said in result["msg"]
    assert result.get("error_code") == case.code
    assert bool(result.get("failed")) == (case.said != "nothing to do")
