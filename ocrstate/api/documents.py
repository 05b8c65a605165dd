"""What `--json` prints, for those who want it without a process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.applying.result import Result
from ocrstate.manifest.desired import Desired
from ocrstate.planning.audit import Audit, Selection
from ocrstate.planning.model import Plan
from ocrstate.planning.verification import Verification
from ocrstate.render.documents import plan_document, result_document, validation_document
from ocrstate.render.list_document import list_document
from ocrstate.render.verify_document import verification_document

if TYPE_CHECKING:
    from ocrstate.render.spelling import Document

_KINDS = "Plan, Result, Audit, Verification and Desired"


def document(value: Plan | Result | Audit | Verification | Desired) -> Document:
    """Return what ``--json`` prints for a value, as a dictionary; ``ocrstate schema KIND`` prints its schema.

    Raises:
        TypeError: there is no document for such a value.
    """
    match value:
        case Plan():
            return plan_document(value, ())
        case Result():
            return result_document(value)
        case Audit():
            return list_document(value, Selection())
        case Verification():
            return verification_document(value)
        case Desired():
            return validation_document(value.path, len(value.models))
    raise TypeError(f"no document tells of a {type(value).__name__}; there is one for {_KINDS}")
