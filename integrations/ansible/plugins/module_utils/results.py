# Copyright (c) The ocrstate maintainers
# SPDX-License-Identifier: MIT
"""What ocrstate answers, as what a module returns. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.ocrstate.ocrstate.plugins.module_utils.words import shown, size_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    Document = dict[str, Any]

_DONE = {"remove": "removed", "fetch": "fetched", "replace": "replaced", "restore": "restored"}
_BYTES = ("bytes_freed", "bytes_kept", "bytes_fetched")
_LEFT = ("missing", "drifted", "blocked")
_UNFINISHED = "run-unfinished"
_UNFINISHED_STATUSES = ("rolled_back", "failed", "not_started")


def of_plan(plan: Document) -> Document:
    """Say what apply would do, in the form of what it did; nothing if it would refuse, or has to recover first."""
    acting = [change for change in plan["changes"] if change["action"] in _DONE]
    if plan["refusals"] or plan["unfinished_runs"]:
        return _of_changes(plan, [], [{**change, "status": "not_started"} for change in acting])
    return _of_changes(plan, [{**change, "status": "planned"} for change in acting], [])


def _of_changes(plan: Document, planned: list[Document], held_back: list[Document]) -> Document:
    staying = [change for change in plan["changes"] if change["action"] in _LEFT]
    remaining = sorted((*staying, *held_back), key=lambda change: str(change["name"]))
    return {
        "changed": bool(planned or plan["unfinished_runs"]),
        "run_id": None,
        "store": plan["store"]["path"],
        "in_sync": plan["in_sync"],
        "results": planned or held_back,
        "summary": _summary(planned, remaining),
        **{key: plan["summary"][key] if planned else 0 for key in _BYTES},
        "remaining": [{"name": change["name"], "action": change["action"]} for change in remaining],
        "refusals": plan["refusals"],
        "recovered": plan["unfinished_runs"],
        "restorable_until": None,
        "diff": diff(plan["store"]["path"], planned),
    }


def of_result(result: Document) -> Document:
    """Say what a run did."""
    done = [each for each in result["outcomes"] if each["status"] not in _UNFINISHED_STATUSES]
    return {
        "changed": bool(result["changed"] or result["recovered"]),
        "run_id": result["run_id"],
        "store": result["store"]["path"],
        "in_sync": result["in_sync"],
        "results": result["outcomes"],
        "summary": _summary(done, result["remaining"]),
        **{key: result["summary"][key] for key in _BYTES},
        "remaining": result["remaining"],
        "refusals": [],
        "recovered": [each["run_id"] for each in result["recovered"]],
        "restorable_until": result["restorable_until"],
        "diff": diff(result["store"]["path"], done),
    }


def diff(store: str, changes: Sequence[Document]) -> Document:
    """Show the models that change, as they are before and after; those that stay are left out."""
    before = [_line(change, "actual") for change in changes if change["action"] in ("remove", "replace")]
    after = [_line(change, "declared") for change in changes if change["action"] != "remove"]
    return {
        "before_header": f"models in {store}",
        "after_header": f"models in {store}",
        "before": "".join(f"{line}\n" for line in before),
        "after": "".join(f"{line}\n" for line in after),
    }


def summary_words(result: Document, *, is_planned: bool) -> str:
    """Say in one line what was done, or what would be."""
    words = {done: f"to {action}" if is_planned else done for action, done in _DONE.items()}
    summary = result["summary"]
    done = [f"{summary[key]} {word}" for key, word in words.items() if summary[key]]
    left = [f"{summary[word]} {word}" for word in _LEFT if summary[word]]
    told = f"{', '.join(done)}{_bytes_words(result)}" if done else "nothing to do"
    return f"{told}; still {', '.join(left)}" if left else told


def _bytes_words(result: Document) -> str:
    """Say what becomes of the space of what goes."""
    freed, kept, until = result["bytes_freed"], result["bytes_kept"], result["restorable_until"]
    words = [
        *([f"frees {size_words(freed)}"] if freed else []),
        *([f"{size_words(kept)} kept{f' until {until}' if until else ''}"] if kept else []),
    ]
    return f" ({', '.join(words)})" if words else ""


def refusal_words(refusals: Sequence[Document]) -> tuple[str, str, str]:
    """Tell why a plan is refused, as apply does: code, message, and what to do."""
    if len(refusals) == 1:
        only = refusals[0]
        return only["code"], only["message"], only["hint"]
    lines = [f"  {number}. {each['message']}: {each['hint']}" for number, each in enumerate(refusals, 1)]
    told = "\n".join((f"{len(refusals)} rules refuse the plan:", *lines))
    return refusals[0]["code"], told, "nothing was changed; mend each, and run again"


def unfinished_words(plan: Document) -> str:
    """Tell why nothing is planned yet: a run that is at work, or was broken off, comes first."""
    said = [each["message"] for each in plan["inventory"]["warnings"] if each["code"] == _UNFINISHED]
    return "; ".join(("nothing is planned while another run is half-way", *said))


def _summary(done: Sequence[Document], remaining: Sequence[Document]) -> dict[str, int]:
    counts = dict.fromkeys((*_DONE.values(), *_LEFT), 0)
    for change in done:
        counts[_DONE[change["action"]]] += 1
    for change in remaining:
        if change["action"] in counts:
            counts[change["action"]] += 1
    return counts


def _line(change: Document, side: str) -> str:
    """Show a model with what is known of it; of one that is replaced, with what tells old from new."""
    differences = [f"{each['attribute']} {each[side]}" for each in change.get("differences", ())]
    size = change.get("size")
    known = differences or ([] if size is None else [size_words(size)])
    return "  ".join([shown(change["name"]), *known])
