"""What the documents show is what the commands print."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import readme

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("document", readme.documents(), ids=lambda path: path.name)
def test_every_example_prints_what_the_document_shows(document: Path) -> None:
    shown = readme.examples(document.read_text(encoding="utf-8"))
    printed = readme.run([example.command for example in shown])
    assert [(example.command, example.output) for example in shown] == [
        (example.command, output) for example, output in zip(shown, printed, strict=True)
    ], "run make readme, and look at what differs"


def test_the_readme_has_examples() -> None:
    assert readme.ROOT / "README.md" in readme.documents()
