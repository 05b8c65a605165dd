"""Compile the manifest's JSON Schema into Python, so that a command need not do it each time it reads a manifest.

`make schema` writes the module anew.
"""

from __future__ import annotations

import ast
import hashlib
import json
from pathlib import Path
from typing import Final, cast

import fastjsonschema

from ocrstate.schemas import read_schema

_WORDS: Final = frozenset({"title", "description", "default", "examples", "patternErrorMessage"})
_HEAD: Final = '''\
"""Whether data fits the manifest's JSON Schema: `check` raises an error if not, and says no more.

It is generated from the schema by `make schema`, so not to be edited.
"""

from ocrstate.manifest.checking import DoesNotFitError, Pattern

SCHEMA = "{digest}"
"""The SHA-256 of what this was generated from: the schema without its words."""

{patterns}


{checks}
'''


def lean_schema() -> dict[str, object]:
    """Return the manifest's schema as far as it decides."""
    schema = read_schema("manifest")
    return cast("dict[str, object]", _lean(schema, cast("dict[str, object]", schema["$defs"])))


def digest_of(schema: dict[str, object]) -> str:
    """Return the SHA-256 of a schema."""
    return hashlib.sha256(json.dumps(schema).encode("ascii")).hexdigest()


def compiled(schema: dict[str, object]) -> str:
    """Return the text of a module that checks data against a schema."""
    generated = ast.parse(fastjsonschema.compile_to_code(_in_parts(schema), use_default=False))
    spare = _Spare()
    checks = [spare.visit(node) for node in generated.body if isinstance(node, ast.FunctionDef)]
    return _HEAD.format(
        digest=digest_of(schema),
        patterns="\n".join(f"{name} = Pattern({pattern!r})" for pattern, name in spare.patterns.items()),
        checks="\n\n\n".join(ast.unparse(ast.fix_missing_locations(each)) for each in checks),
    )


def _in_parts(schema: dict[str, object]) -> dict[str, object]:
    """Give each key of the manifest a definition, and so a function, of its own."""
    keys = cast("dict[str, object]", schema["properties"])
    return {**schema, "properties": {key: {"$ref": f"#/$defs/{key}"} for key in keys}, "$defs": keys}


class _Spare(ast.NodeTransformer):
    """Leaves out what an error would say and what YAML does not hold, and gives functions and patterns short names."""

    def __init__(self) -> None:
        self.patterns: dict[str, str] = {}

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        data = ast.arg(node.args.args[0].arg, _name("object"))
        node.name, node.args.args, node.args.defaults = _check_name(node.name), [data], []
        node.returns = ast.Constant(None)
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        match node:
            case ast.Call(func=ast.Name(name), args=[data, *_]) if name.startswith("validate_"):
                return ast.Call(_name(_check_name(name)), [data], [])
            case _:
                return self.generic_visit(node)

    def visit_Raise(self, _: ast.Raise) -> ast.Raise:
        return ast.Raise(_name("DoesNotFitError"))

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        node.type = _name("DoesNotFitError")
        return self.generic_visit(node)

    def visit_Return(self, _: ast.Return) -> None:
        """Return nothing."""

    def visit_Tuple(self, node: ast.Tuple) -> ast.AST:
        node.elts = [each for each in node.elts if not isinstance(each, ast.Name) or each.id != "Decimal"]
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        match node:
            case ast.Subscript(value=ast.Name("REGEX_PATTERNS"), slice=ast.Constant(str(pattern))):
                return _name(self.patterns.setdefault(pattern, f"_PATTERN_{len(self.patterns) + 1}"))
            case _:
                return self.generic_visit(node)


def _check_name(generated: str) -> str:
    _, of_key, key = generated.partition("__defs_")
    return f"check_{key}" if of_key else "check"


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _lean(node: object, definitions: dict[str, object]) -> object:
    """Put definitions in the place of references, and leave out words: so it checks in half the time."""
    match node:
        case {"$ref": str(reference)}:
            return _lean(definitions[reference.removeprefix("#/$defs/")], definitions)
        case dict():
            return {
                key: _lean(value, definitions)
                for key, value in node.items()
                if key != "$defs" and (key not in _WORDS or isinstance(value, dict))
            }
        case list():
            return [_lean(value, definitions) for value in node]
        case _:
            return node


if __name__ == "__main__":
    Path(__file__).parent.parent.joinpath("ocrstate", "manifest", "compiled_schema.py").write_text(
        compiled(lean_schema()), encoding="utf-8"
    )
