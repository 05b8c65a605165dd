"""How Sphinx makes a site of these pages, which are plain Markdown so that they can be read without it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import ocrstate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

project = "ocrstate"
release = ocrstate.__version__
html_title = f"ocrstate {release}"

extensions = ["myst_parser"]
html_theme = "furo"
html_copy_source = False
html_show_copyright = False
smartquotes = False  # it makes a dash of the two hyphens of an option

nitpicky = True
myst_heading_anchors = 4  # so that a link to a heading, spelled as git hosts do, is checked

linkcheck_timeout = 20
linkcheck_retries = 2

_CHANGELOG = Path(__file__).parent.parent / "CHANGELOG.md"
_LINK = re.compile(r"\]\(([\w/-]+)\.md\)")


def setup(app: Sphinx) -> None:
    """Let pages be completed as they are read."""
    app.connect("source-read", complete)


def complete(_: Sphinx, page: str, source: list[str]) -> None:
    """Give the first page its tables of contents, and the changelog its text."""
    if page == "index":
        source[0] += "".join(contents(source[0]))
    elif page == "changelog":
        source[0] = _CHANGELOG.read_text(encoding="utf-8")


def contents(index: str) -> Iterator[str]:
    """Make a table of contents of the links in each section of the first page, with the section's heading."""
    for section in index.split("\n## ")[1:]:
        heading, _, text = section.partition("\n")
        pages = "\n".join(dict.fromkeys(_LINK.findall(text)))
        if pages:
            yield f"\n```{{toctree}}\n:hidden:\n:caption: {heading}\n\n{pages}\n```\n"
