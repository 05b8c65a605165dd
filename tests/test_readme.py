from __future__ import annotations

import re
from pathlib import Path

from tests import readme

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_example_prints_what_the_readme_shows() -> None:
    shown = readme.examples(README)
    printed = readme.run([example.command for example in shown])
    assert len(shown) >= 8
    assert [(example.command, example.output) for example in shown] == [
        (example.command, output) for example, output in zip(shown, printed, strict=True)
    ]


def test_the_files_that_the_readme_links_to_are_there() -> None:
    linked = re.findall(r"\]\((?!https?:|#)([^)#]+)", README)
    assert linked
    assert [path for path in linked if not (ROOT / path).exists()] == []
