"""Whether a document fits the manifest's JSON Schema, and if not, why.

A compiled validator answers the first question in a fraction of the time; only where it says no, jsonschema explains.
"""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final, cast

from ocrstate.manifest.problems import MOST
from ocrstate.schemas import read_schema

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocrstate.manifest.document import Document, Path, Value
    from ocrstate.manifest.problems import Finding

_WORDS: Final = frozenset({"title", "description", "default", "patternErrorMessage"})


def fits(data: Value) -> bool:
    """Tell whether the data fits the schema."""
    from fastjsonschema import JsonSchemaValueException  # noqa: PLC0415 - only commands that read a manifest pay

    try:
        _validator()(data)
    except JsonSchemaValueException:
        return False
    return True


def explain(document: Document) -> tuple[Finding, ...]:
    """Say all that keeps the document from fitting the schema, at most one thing for each value or key."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to import, and most manifests are valid

    from ocrstate.manifest.words import complaints  # noqa: PLC0415 - as above

    found: dict[Path, Finding] = {}
    errors = Draft202012Validator(read_schema("manifest")).iter_errors(document.data)
    each = (complaint for error in errors for complaint in complaints(document, error))
    for path, finding in islice(each, MOST):
        found.setdefault(path, finding)
    return tuple(found.values())


@cache
def _validator() -> Callable[[Value], object]:
    import fastjsonschema  # noqa: PLC0415 - only commands that read a manifest pay

    schema = read_schema("manifest")
    lean = cast("dict[str, object]", _lean(schema, cast("dict[str, object]", schema["$defs"])))
    return cast("Callable[[Value], object]", fastjsonschema.compile(lean, use_default=False))


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
