"""What is generated is as the code and the schemas are now."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from ocrstate.cli.main import group
from ocrstate.schemas import read_schema
from tests.reference.pages import PAGES, ROOT
from tests.reference.schema_keys import keys_of

if TYPE_CHECKING:
    from tests.reference.schema_keys import Key

MANIFEST = read_schema("manifest")
README = ROOT.joinpath("README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", PAGES)
def test_generated_pages_are_up_to_date(path: str) -> None:
    assert ROOT.joinpath(path).read_text(encoding="utf-8") == PAGES[path](), "run make reference"


@pytest.mark.parametrize("key", tuple(keys_of(MANIFEST)), ids=lambda key: ".".join(key.path))
def test_what_the_manifests_schema_gives_as_an_example_or_default_fits_it(key: Key) -> None:
    validator = Draft202012Validator({"$defs": MANIFEST["$defs"], **key.schema})
    examples: Any = key.schema.get("examples", [])
    defaults = [key.schema["default"]] if "default" in key.schema else []
    for value in (*examples, *defaults):
        validator.validate(value)


@pytest.mark.parametrize("name", group.commands)
def test_the_readme_names_every_command(name: str) -> None:
    assert re.search(rf"^\| `ocrstate {name}\b", README, re.MULTILINE)
