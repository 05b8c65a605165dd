"""Write the generated pages."""

from __future__ import annotations

from tests.reference.pages import PAGES, ROOT

for _path, _text in PAGES.items():
    ROOT.joinpath(_path).write_text(_text(), encoding="utf-8")
