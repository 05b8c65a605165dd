"""The JSON Schemas of what ocrstate reads and writes, as files that ship with it."""

from __future__ import annotations

from pathlib import Path
from typing import cast

_SUFFIX = ".schema.json"


def schema_names() -> tuple[str, ...]:
    """Return the names of all schemas, such as ``manifest``, sorted."""
    return tuple(sorted(path.name.removesuffix(_SUFFIX) for path in _folder().glob(f"*{_SUFFIX}")))


def schema_text(name: str) -> str:
    """Return the schema's JSON text.

    Raises:
        KeyError: there is no schema of that name.
    """
    if name not in schema_names():
        raise KeyError(name)
    return (_folder() / f"{name}{_SUFFIX}").read_text(encoding="utf-8")


def read_schema(name: str) -> dict[str, object]:
    """Return the schema as data.

    Raises:
        KeyError: there is no schema of that name.
    """
    import json  # noqa: PLC0415 - printing a schema needs no JSON reader

    return cast("dict[str, object]", json.loads(schema_text(name)))


def _folder() -> Path:
    """Find the schemas: inside an installed package, or beside the package in a checkout."""
    package = Path(__file__).resolve().parent
    shipped = package / "schemas"
    return shipped if shipped.is_dir() else package.parent / "schemas"
