"""Whether a document fits the manifest's JSON Schema, and if not, why.

A check that was compiled from the schema answers the first question in a fraction of the time; only where it says no,
jsonschema explains.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from ocrstate.manifest.checking import DoesNotFitError
from ocrstate.manifest.compiled_schema import check
from ocrstate.manifest.problems import MOST
from ocrstate.schemas import read_schema

if TYPE_CHECKING:
    from ocrstate.manifest.document import Document, Path, Value
    from ocrstate.manifest.problems import Finding


def fits(data: Value) -> bool:
    """Tell whether the data fits the schema."""
    try:
        check(data)
    except DoesNotFitError:
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
