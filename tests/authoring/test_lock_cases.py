"""Each file in `lock_cases/` is a manifest before and after its models are locked, or why that is refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ocrstate.authoring.locked import locked_text
from ocrstate.authoring.pins import Pin
from ocrstate.errors import ManifestError
from ocrstate.manifest.load import load_text
from tests.support.manifests import manifest_file

if TYPE_CHECKING:
    from ocrstate.manifest.desired import Desired

CASES = sorted((Path(__file__).parent / "lock_cases").glob("*.yml"))


class Case:
    """A case file; ``<a1>`` in its texts is the digest that it calls so, by default those two characters repeated."""

    def __init__(self, path: Path) -> None:
        written: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert written.keys() <= {"title", "before", "pins", "digests", "after", "refused"}
        self._digests: dict[str, str] = written.get("digests", {})
        self.before = self._spelled_out(written["before"])
        self.after = self._spelled_out(written.get("after", ""))
        self.refused = self._spelled_out(written.get("refused", ""))
        self.pins = {name: self._pin(*words.split()) for name, words in written["pins"].items()}

    def _pin(self, digest: str, size: str) -> Pin:
        return Pin(self._digest(digest), int(size))

    def _digest(self, name: str) -> str:
        return self._digests.get(name, name * 32)

    def _spelled_out(self, text: str) -> str:
        return re.sub(r"<(\w\w)>", lambda match: self._digest(match[1]), text)


def locked(text: str, pins: dict[str, Pin]) -> str:
    valid(text)
    return locked_text("models.yml", text, pins, valid)


def valid(text: str) -> Desired:
    return load_text([manifest_file("/app/models.yml", text)])


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_manifest_is_locked_as_the_case_says(path: Path) -> None:
    case = Case(path)
    if case.refused:
        with pytest.raises(ManifestError) as caught:
            locked(case.before, case.pins)
        assert (caught.value.code, caught.value.message) == ("manifest-not-editable", case.refused)
    else:
        assert locked(case.before, case.pins) == case.after
        assert locked(case.after, case.pins) == case.after
