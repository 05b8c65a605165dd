"""Saved plans, for tests: made, forged, and seen to be refused."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from tests.e2e.host import snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.host import Host

PLAN = "plan.json"


def saved(host: Host, *options: str) -> Host:
    ended = host.plan("--out", PLAN, *options)
    assert ended.code == 0, ended.err
    return host


def document_of(host: Host) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((host.app / PLAN).read_text())
    return document


def forge(host: Host, change: Callable[[dict[str, Any]], object]) -> None:
    """Change what a saved plan says, and give it the digest that goes with it."""
    document = document_of(host)
    del document["saved"]["sha256"]
    change(document)
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    document["saved"]["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    (host.app / PLAN).write_text(json.dumps(document))


def assert_refused(host: Host, *words: str, code: str, said: str) -> None:
    """See that a saved plan is refused, in words and as a document, and that nothing was changed."""
    before = snapshot(host.app), snapshot(host.outside)
    ended = host.run("apply", PLAN, "--json", *words)
    assert (ended.code, ended.document["error"]["code"]) == (3, code)
    assert said in ended.err
    assert "\n  " in ended.err, "it says what to do"
    assert (snapshot(host.app), snapshot(host.outside)) == before
