"""The page about the keys of a manifest, made of its schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import yaml

from ocrstate.schemas import read_schema
from tests.reference.markdown import code, fenced, page, paragraph, table
from tests.reference.schema_keys import Key, keys_of, types_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_FULL = Path(__file__).parents[2] / "examples" / "full.yml"
_TYPES = {"string": "text", "integer": "whole number", "number": "number", "array": "list", "object": "mapping"}
_INTRO = """\
# Keys of a manifest

A manifest is a YAML file. It says which models should exist in a store, and what happens to all others. This page has
every key. How to work with manifests is told in the [tutorial](../tutorial.md), and in
[contents and sources](../contents.md).

`ocrstate validate` says of a manifest what is wrong, and where. Editors do so while you write, and complete keys, if
the file begins with a line that names the schema (`ocrstate schema manifest` prints it):

```yaml
# yaml-language-server: $schema=./manifest.schema.json
```"""
_ALL = """\
## All of it

Every key in one file, [examples/full.yml](../../examples/full.yml):"""


def manifest_page() -> str:
    """Return the page."""
    schema = read_schema("manifest")
    keys = tuple(keys_of(schema))
    patterns = cast("dict[str, dict[str, object]]", schema["$defs"])["pattern"]
    return page(
        _INTRO,
        table(("key", "value", "default"), ([_link(key), _value(key), _default(key)] for key in keys)),
        *(block for key in keys for block in _section(key, keys)),
        "## Patterns",
        paragraph(f"`ignore`, `protect` and `absent` hold patterns. {patterns['description']}"),
        f"{_ALL}\n\n{fenced('yaml', _FULL.read_text(encoding='utf-8'))}",
    )


def _link(key: Key) -> str:
    return f"[{code('.'.join(key.path))}](#{_heading(key).replace(': ', '-')})"


def _heading(key: Key) -> str:
    return ": ".join(part.removesuffix("[]") for part in key.path)


def _section(key: Key, keys: Sequence[Key]) -> Sequence[str]:
    level = "#" * min(len(key.path) + 1, 4)
    value = _value(key)
    examples = "# or\n".join(_spelled(_placed(key, each, keys)) for each in _examples(key))
    return (
        f"{level} {_heading(key)}",
        f"{value[0].upper()}{value[1:]}. {_necessity(key)}",
        paragraph(str(key.schema["description"])),
        fenced("yaml", examples) if examples else "",
    )


def _value(key: Key) -> str:
    if "enum" in key.schema:
        return " or ".join(map(code, cast("list[str]", key.schema["enum"])))
    words = " or ".join(_TYPES[kind] for kind in types_of(key.schema))
    if key.entry is None:
        return words
    return f"{words} of {' or '.join(f'{_TYPES[kind]}s' for kind in types_of(key.entry))}"


def _default(key: Key) -> str:
    default = key.schema.get("default")
    if default is not None:
        return code(default)
    return key.required


def _necessity(key: Key) -> str:
    if "default" in key.schema:
        return f"Default: {_default(key)}."
    return f"{key.required.capitalize() or 'Optional'}."


def _examples(key: Key) -> list[object]:
    return cast("list[object]", key.schema.get("examples", []))


def _placed(key: Key, example: object, keys: Sequence[Key]) -> object:
    """Put an example below the keys that lead to it, as it stands in a manifest; an entry of a list is whole."""
    *above, name = key.path
    siblings = [each for each in keys if list(each.path[:-1]) == above and each.required] if above else []
    value: object = {**{each.path[-1]: _examples(each)[0] for each in siblings}, name: example}
    for part in reversed(above):
        value = {part.removesuffix("[]"): [value] if part.endswith("[]") else value}
    return value


class _Indented(yaml.SafeDumper):
    """Writes lists as people do: below their key, and further in."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - as in the base class
        super().increase_indent(flow, indentless=False)


def _spelled(manifest: object) -> str:
    return yaml.dump(manifest, Dumper=_Indented, sort_keys=False, width=200)
