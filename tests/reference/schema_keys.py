"""The keys that a JSON Schema knows, one after the other, wherever they are nested."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

Schema: TypeAlias = "dict[str, object]"


@dataclass(frozen=True)
class Key:
    """A key.

    Attributes:
        path: the names of the keys that lead to it, its own last; ``[]`` behind one that holds a list.
        schema: what may stand there, references followed.
        entry: what may stand in the list, where it is one.
        required: ``required`` if it has to be there, with the condition if that depends on another key; else empty.
    """

    path: tuple[str, ...]
    schema: Schema
    entry: Schema | None
    required: str


def keys_of(schema: Schema) -> Iterator[Key]:
    """Yield all keys, each before those that are nested in it."""
    yield from _keys(schema, (), schema)


def _keys(node: Schema, path: tuple[str, ...], root: Schema) -> Iterator[Key]:
    for name, inner in cast("dict[str, Schema]", node.get("properties", {})).items():
        value = _followed(inner, root)
        entry = _followed(cast("Schema", value["items"]), root) if "items" in value else None
        yield Key((*path, name), value, entry, _required(node, name))
        yield from _keys(entry or value, (*path, f"{name}[]" if entry else name), root)
    for choice in cast("list[Schema]", node.get("oneOf", [])):
        yield from _keys(_followed(choice, root), path, root)


def _required(node: Schema, name: str) -> str:
    if name in cast("list[str]", node.get("required", [])):
        return "required"
    condition = _condition(cast("Schema", node.get("if", {})))
    if name in _required_in(node, "then"):
        return f"required {condition.replace('without', 'with').replace('unless', 'if')}"
    return f"required {condition}" if name in _required_in(node, "else") else ""


def _required_in(node: Schema, branch: str) -> list[str]:
    schema = node.get(branch, {})  # `true` lets everything pass
    return cast("dict[str, list[str]]", schema).get("required", []) if isinstance(schema, dict) else []


def _condition(test: Schema) -> str:
    """Say when a schema that tells two cases apart does not hold."""
    if "required" in test:
        return f"without {' and '.join(cast('list[str]', test['required']))}"
    values = cast("dict[str, Schema]", test.get("properties", {}))
    constants = (f"{name} is {json.dumps(each['const'])}" for name, each in values.items())
    return f"unless {' and '.join(constants)}"


def _followed(node: Schema, root: Schema) -> Schema:
    """Put a definition in the place of a reference to it; what stands beside the reference counts."""
    reference = node.get("$ref")
    if reference is None:
        return node
    target = root
    for step in str(reference).removeprefix("#/").split("/"):
        target = cast("Schema", target[step])
    return {**_followed(target, root), **{key: value for key, value in node.items() if key != "$ref"}}


def types_of(schema: Schema) -> tuple[str, ...]:
    """Return the JSON types of what may stand there; of a list the types of its entries, too."""
    if "oneOf" in schema:
        return tuple(kind for choice in cast("list[Schema]", schema["oneOf"]) for kind in types_of(choice))
    given = schema.get("type", "string")
    return tuple(given) if isinstance(given, list) else (str(given),)
