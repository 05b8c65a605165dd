"""The messages that people look for in the page are those that the code has."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from ocrstate.engine.package import OLDEST, PACKAGE, PLATFORMS

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT.joinpath("docs", "troubleshooting.md").read_text(encoding="utf-8")
TEXTS = "\0".join(
    node.value
    for path in sorted(ROOT.joinpath("ocrstate").rglob("*.py"))
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    if isinstance(node, ast.Constant) and isinstance(node.value, str)
)
QUOTED = [
    line for block in re.findall(r"^```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL) for line in block.splitlines()
]
IN_TABLES = [
    cell for cell in re.findall(r"^\| ([^|]*) \|[^|]*\|[^|]*\|$", PAGE, re.MULTILINE) if cell not in {"you see", "---"}
]
_LABEL = re.compile(r"^(?:Error|Warning): ")
_IN_ITS_PLACE = re.compile("|".join(["…", *map(re.escape, (PACKAGE, PLATFORMS, OLDEST))]))


@pytest.mark.parametrize("message", [*QUOTED, *IN_TABLES])
def test_every_quoted_message_is_in_the_code(message: str) -> None:
    parts = [part.strip() for part in _IN_ITS_PLACE.split(_LABEL.sub("", message))]
    assert max(map(len, parts)) >= len("fetching needs")
    assert [part for part in parts if part not in TEXTS] == []


def test_it_quotes_messages() -> None:
    assert len(QUOTED) > 10
    assert len(IN_TABLES) > 10
