"""What a doctor found, as a document for machines. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.doctor.model import tally
from ocrstate.render.spelling import FORMAT_VERSION, json_text

if TYPE_CHECKING:
    from ocrstate.doctor.model import Fact, Finding, Findings
    from ocrstate.render.spelling import Document, Json


def doctor_document(findings: Findings) -> Document:
    """Return what was found."""
    return {
        "format_version": FORMAT_VERSION,
        "kind": "doctor",
        "checks": [_check(finding) for finding in findings],
        "summary": dict(tally(findings)._asdict()),
    }


def _check(finding: Finding) -> Document:
    return {
        "area": finding.area.value,
        "code": finding.code,
        "status": finding.status.value,
        "message": json_text(finding.message),
        "hint": json_text(finding.hint),
        "detail": json_text(finding.detail),
        "facts": {name: _fact(fact) for name, fact in finding.facts},
    }


def _fact(fact: Fact) -> Json:
    if isinstance(fact, tuple):
        return [json_text(each) for each in fact]
    return json_text(fact) if isinstance(fact, str) else fact
