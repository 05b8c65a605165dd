"""The JSON Schemas of what ocrstate reads and writes, as files that ship with it."""

from __future__ import annotations

import os
from typing import cast

_SUFFIX = ".schema.json"


def schema_names() -> tuple[str, ...]:
    """Return the names of all schemas, such as ``manifest``, sorted."""
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in os.listdir(_folder()) if name.endswith(_SUFFIX)))


def schema_text(name: str) -> str:
    """Return the schema's JSON text.

    Raises:
        KeyError: there is no schema of that name.
    """
    if name not in schema_names():
        raise KeyError(name)
    with open(os.path.join(_folder(), name + _SUFFIX), encoding="utf-8") as file:
        return file.read()


def read_schema(name: str) -> dict[str, object]:
    """Return the schema as data.

    Raises:
        KeyError: there is no schema of that name.
    """
    import json  # noqa: PLC0415 - printing a schema needs no JSON reader

    return cast("dict[str, object]", json.loads(schema_text(name)))


def _folder() -> str:
    """Find the schemas: inside an installed package, or beside the package in a checkout."""
    package = os.path.dirname(os.path.abspath(__file__))
    shipped = os.path.join(package, "schemas")
    return shipped if os.path.isdir(shipped) else os.path.join(os.path.dirname(package), "schemas")
