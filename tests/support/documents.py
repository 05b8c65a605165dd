"""Read documents as a script would."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

from ocrstate.render.spelling import to_text
from ocrstate.schemas import read_schema

if TYPE_CHECKING:
    from ocrstate.render.spelling import Document


def valid(document: Document) -> Any:  # noqa: ANN401 - of JSON
    """Read the document's text, and check it against the schema of its kind."""
    read = json.loads(to_text(document))
    Draft202012Validator(read_schema(read["kind"])).validate(read)
    return read
