"""The schema file: sound, found everywhere, and read alike by both validators."""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft202012Validator

from ocrstate import schemas
from ocrstate.manifest.checking import DoesNotFitError
from ocrstate.manifest.compiled_schema import SCHEMA as SCHEMA_OF_CHECK
from ocrstate.manifest.schema import fits
from ocrstate.names import name_problem
from ocrstate.schemas import read_schema, schema_names, schema_text
from tests import compiled_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA = read_schema("manifest")
VALIDATOR = Draft202012Validator(SCHEMA)
FULL: dict[str, Any] = {
    "version": 1,
    "store": "./models",
    "models": ["a.bin", {"name": "b.bin", "sha256": "0" * 64, "size": 1, "source": "https://x/b", "description": "b"}],
    "ignore": ["*.x"],
    "protect": ["p/"],
    "absent": ["old_*"],
    "policy": {
        "unlisted": "remove",
        "missing": "refuse",
        "max_remove": {"count": 1, "percent": 5.5, "bytes": "4GiB"},
        "retain": "7d",
    },
    "extends": ["base.yml"],
}

odd_values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.sampled_from(
        [0, 1, 1.0, 5.0, 100, 100.5, 2**53 - 1, 2**53, True, "", "7d", "7d\n", "0d", "07d", "40GiB", "4 GB"]
    ),
    st.sampled_from(
        ["a\n", "a\r", "\u2028", "../a", "..", ".", "a/..", "...", "a//b", "a/", "/a", "C:", "!a", "a/b/c", "\\"]
    ),
    st.sampled_from([".ocrstate", ".ocrstate/x", ".ocrstatex", "f" * 64, "F" * 64 + "\n", "x" * 511, "x" * 512, " a"]),
    st.text(max_size=8),
    st.lists(st.text(max_size=3), max_size=2),
    st.dictionaries(st.sampled_from(["name", "size", "count", "x"]), st.integers(-1, 2), max_size=2),
)


def places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from places(inner, (*path, key))


@st.composite
def nearly_valid(draw: st.DrawFn) -> Any:  # noqa: ANN401 - any YAML value at all
    document = copy.deepcopy(FULL)
    for _ in range(draw(st.integers(0, 3))):
        *above, last = draw(st.sampled_from(list(places(document)) or [("version",)]))
        inner: Any = document
        for step in above:
            inner = inner[step]
        match draw(st.sampled_from(["replace", "remove", "add"])):
            case "replace":
                inner[last] = draw(odd_values)
            case "remove":
                inner.pop(last, None) if isinstance(inner, dict) else inner.pop(int(last))
            case _ if isinstance(inner, list):
                inner.append(draw(odd_values))
            case _:
                inner[draw(st.sampled_from(["name", "size", "extra", "count", "models", "extends"]))] = draw(odd_values)
    return document


@given(nearly_valid() | odd_values)
def test_both_validators_agree(document: Any) -> None:  # noqa: ANN401 - any YAML value at all
    assert fits(document) == VALIDATOR.is_valid(document)


@given(nearly_valid())
def test_draft_7_reads_the_schema_alike(document: Any) -> None:  # noqa: ANN401 - any YAML value at all
    assert Draft7Validator(SCHEMA).is_valid(document) == VALIDATOR.is_valid(document)


@given(st.text("aé./\\:\n\x1b C", max_size=12) | st.text(max_size=8))
def test_the_schema_refuses_no_name_that_the_rules_allow(name: str) -> None:
    assert name_problem(name) is not None or fits({"version": 1, "models": [name]})


def test_the_compiled_check_is_that_of_the_schema() -> None:
    assert compiled_schema.digest_of(compiled_schema.lean_schema()) == SCHEMA_OF_CHECK, "run make schema"


def test_what_is_compiled_anew_decides_as_what_is_there() -> None:
    module: dict[str, Any] = {}
    exec(compiled_schema.compiled(compiled_schema.lean_schema()), module)
    module["check"](FULL)
    with pytest.raises(DoesNotFitError):
        module["check"]({**FULL, "version": 2})
    assert module["SCHEMA"] == SCHEMA_OF_CHECK


def test_the_schema_is_sound() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert VALIDATOR.is_valid(FULL)
    assert str(SCHEMA["$id"]).startswith("urn:")


@pytest.mark.parametrize("path", [p for p in places(SCHEMA) if p[-1] == "pattern" and p[-2] != "$defs"], ids=str)
def test_patterns_mean_the_same_in_every_language_and_say_what_to_write(path: tuple[str | int, ...]) -> None:
    holder: Any = SCHEMA
    for step in path[:-1]:
        holder = holder[step]
    pattern = holder["pattern"]
    assert pattern.startswith("^")
    assert pattern.endswith(r"(?![\s\S])")  # `$` is also true before a last newline in Python
    assert not re.search(r"\$|\\[AZzdwb]|\(\?[P<]", pattern)
    assert holder["patternErrorMessage"]


def test_every_property_has_words_for_editors() -> None:
    for path in places(SCHEMA):
        if len(path) > 1 and path[-2] == "properties":
            holder: Any = SCHEMA
            for step in path:
                holder = holder[step]
            assert "$ref" in holder or {"title", "description"} <= set(holder), path


def test_schemas_are_listed_and_read() -> None:
    assert "manifest" in schema_names()
    assert list(schema_names()) == sorted(schema_names())
    assert json.loads(schema_text("manifest")) == SCHEMA


@pytest.mark.parametrize("name", ["", "nothing", "../pyproject", "manifest.schema.json"])
def test_an_unknown_schema_is_an_error(name: str) -> None:
    with pytest.raises(KeyError):
        schema_text(name)


def test_an_installed_package_finds_the_schemas_inside_it(tmp_path: Path) -> None:
    package = tmp_path / "ocrstate"
    (package / "schemas").mkdir(parents=True)
    source = Path(schemas.__file__)
    (package / "schemas.py").write_text(source.read_text())
    (package / "__init__.py").touch()
    (package / "schemas" / "manifest.schema.json").write_text('{"installed": true}')
    script = "from ocrstate.schemas import *; print(schema_names(), read_schema('manifest'))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "('manifest',) {'installed': True}\n"
