"""What `--json` prints, for those who want it without a process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.applying.result import Result
from ocrstate.errors import assert_never
from ocrstate.planning.audit import Audit, Selection
from ocrstate.planning.model import Plan
from ocrstate.planning.verification import Verification
from ocrstate.render.documents import plan_document, result_document
from ocrstate.render.list_document import list_document
from ocrstate.render.verify_document import verification_document

if TYPE_CHECKING:
    from ocrstate.render.spelling import Document


def document(value: Plan | Result | Audit | Verification) -> Document:
    """Return what ``--json`` prints for a value, as a dictionary; ``ocrstate schema KIND`` prints its schema."""
    match value:
        case Plan():
            return plan_document(value, ())
        case Result():
            return result_document(value)
        case Audit():
            return list_document(value, Selection())
        case Verification():
            return verification_document(value)
        case _:
            assert_never(value)
