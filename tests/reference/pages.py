"""Which files are generated, and how."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from tests.reference.commands_page import commands_page
from tests.reference.exit_codes_page import exit_codes_page, exit_codes_table
from tests.reference.json_page import json_page
from tests.reference.manifest_page import manifest_page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT = Path(__file__).parents[2]
_TABLE = re.compile(r"(?<=<!-- exit codes: begin -->\n).*?(?=<!-- exit codes: end -->)", re.DOTALL)


def readme() -> str:
    """Return the README with the table of exit codes as it should be."""
    text = ROOT.joinpath("README.md").read_text(encoding="utf-8")
    return _TABLE.sub(lambda _: f"{exit_codes_table()}\n", text)


PAGES: Mapping[str, Callable[[], str]] = {
    "docs/reference/manifest.md": manifest_page,
    "docs/reference/commands.md": commands_page,
    "docs/reference/json.md": json_page,
    "docs/reference/exit-codes.md": exit_codes_page,
    "README.md": readme,
}
"""The text of each file, by its path in this project."""
