"""Each file in `cases/` is a manifest, what is in the store, and the plan that must follow."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest

from ocrstate.render.documents import plan_document
from tests.support.cases import CASES, read_case

if TYPE_CHECKING:
    from pathlib import Path

OPTIONAL = ("size", "bytes_freed")  # compared where a case gives them


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_plan_is_as_the_case_says(path: Path, tmp_path: Path) -> None:
    case = read_case(path, tmp_path)
    expected = {"emptied": [], **case.expected}
    assert [_told(change) for change in expected["changes"]] == _changes(case.plan, expected["changes"]), case.title
    assert _without_zeros(asdict(case.plan.summary)) == _summary(expected), case.title
    assert list(case.plan.emptied) == expected["emptied"], case.title
    assert case.plan.in_sync is expected["in_sync"], case.title


def _summary(expected: dict[str, Any]) -> dict[str, int]:
    written = expected["summary"]
    return _without_zeros({"bytes_removed": written.get("bytes_freed", 0), **written})


def _without_zeros(counts: dict[str, int]) -> dict[str, int]:
    return {key: count for key, count in counts.items() if count}


def _told(written: dict[str, Any]) -> dict[str, Any]:
    """Spell out the short form `name: action reason`."""
    if "name" in written:
        return written
    ((name, words),) = written.items()
    action, reason = words.split()
    return {"name": name, "action": action, "reason": reason}


def _changes(made: Any, expected: list[dict[str, Any]]) -> list[dict[str, Any]]:  # noqa: ANN401 - of JSON
    document: Any = plan_document(made, ())
    asked = [_told(each) for each in expected] + [{}] * len(document["changes"])
    return [_comparable(each, like) for each, like in zip(document["changes"], asked, strict=False)]


def _comparable(change: dict[str, Any], like: dict[str, Any]) -> dict[str, Any]:
    ignored = {"explanation", *(key for key in OPTIONAL if key not in like)}
    return {key: value for key, value in change.items() if key not in ignored and value != []}
