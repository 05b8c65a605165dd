"""The schema's complaints in words for the manifest's author."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, cast

from ocrstate.manifest.problems import Finding
from ocrstate.manifest.quoting import kind_of, quoted, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jsonschema import ValidationError

    from ocrstate.manifest.document import Document, Path, Value

_EXPECTED: Final = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "array": "a list",
    "object": "a mapping (key: value)",
}
_MISSING: Final = {
    "version": "write `version: 1`",
    "models": "list the models that should exist",
    "name": "write the model's file name",
}


def complaints(document: Document, error: ValidationError) -> Iterator[tuple[Path, Finding]]:
    """Yield what the error says about each value or key, with its path."""
    path: Path = tuple(error.absolute_path)
    schema = cast("Mapping[str, object]", error.schema)
    match error.validator:
        case "additionalProperties":
            yield from _unknown_keys(document, path, schema)
        case "required":
            yield from _missing_keys(document, path, schema)
        case "type":
            yield path, _wrong_type(document, path, _label(path, schema), error.validator_value)
        case _:
            yield path, Finding(document.at(path), "bad-value", _bad_value(document, path, error))


def _unknown_keys(document: Document, path: Path, schema: Mapping[str, object]) -> Iterator[tuple[Path, Finding]]:
    known = list(cast("dict[str, object]", schema["properties"]))
    for key, at in document.keys(path):
        if key not in known:
            close = get_close_matches(key[:100], known, n=1)
            hint = f"did you mean {close[0]}?" if close else f"known here: {', '.join(known)}"
            yield (*path, key), Finding(at, "unknown-key", f"the key {quoted(key)} is not known; {hint}")


def _missing_keys(document: Document, path: Path, schema: Mapping[str, object]) -> Iterator[tuple[Path, Finding]]:
    present = cast("dict[str, Value]", document.value(path))
    for key in cast("list[str]", schema["required"]):
        if key not in present:
            message = f"the key {key} is missing; {_MISSING[key]}"
            yield (*path, key), Finding(document.at(path), "missing-key", message)


def _bad_value(document: Document, path: Path, error: ValidationError) -> str:
    schema = cast("Mapping[str, object]", error.schema)
    label, shown, bound = _label(path, schema), _shown(document, path), error.validator_value
    match error.validator:
        case "const":
            return f"{label} must be {bound}, not {shown}"
        case "enum":
            return f"{label} must be {' or '.join(cast('list[str]', bound))}, not {shown}"
        case "minimum":
            return f"{label} must be at least {bound}, not {shown}"
        case "maximum":
            return f"{label} must be at most {bound}, not {shown}"
        case "maxLength":
            return f"{label} of {len(str(document.value(path))):,} characters is too long; at most {bound} are allowed"
        case _:
            return f"{label} cannot be {shown}; {schema['patternErrorMessage']}"


def _wrong_type(document: Document, path: Path, label: str, expected: object) -> Finding:
    types = (expected,) if isinstance(expected, str) else tuple(cast("list[str]", expected))
    at, value, written = document.at(path), document.value(path), document.written(path)
    wanted = " or ".join(_EXPECTED[one] for one in types)
    match value:
        case None if not written:
            empty = " ([] if it is meant to be empty)" if types == ("array",) else ""
            return Finding(at, "no-value", f"{label} has no value; write {wanted}{empty}, or remove it")
        case None | bool() | int() | float() if types[0] == "string":  # a name, or a model by its name alone
            message = f"YAML reads {spelled(written)} as {_meaning(value, written)} here; quote it: {quoted(written)}"
            return Finding(at, "unquoted", message)
        case str() if value.isdecimal():
            message = f"{label} must be {wanted}, but {quoted(value)} is text; remove the quotes"
            return Finding(at, "wrong-type", message)
        case str() if types == ("array",):
            message = f"{label} must be {wanted}, not {kind_of(value)}; put it into brackets: [{quoted(value)}]"
            return Finding(at, "wrong-type", message)
        case _:
            return Finding(at, "wrong-type", f"{label} must be {wanted}, not {kind_of(value)}")


def _meaning(value: Value, written: str) -> str:
    if value is None or isinstance(value, bool):
        return "null" if value is None else kind_of(value)
    return "a number" if str(value) == written else f"the number {spelled(str(value))}"


def _shown(document: Document, path: Path) -> str:
    value = document.value(path)
    if isinstance(value, str):
        return quoted(value)
    return kind_of(value) if isinstance(value, dict | list) else spelled(document.written(path))


def _label(path: Path, schema: Mapping[str, object]) -> str:
    if path and isinstance(path[-1], str):
        return path[-1]
    return f"a {str(schema['title']).lower()}" if path else "the manifest"
