"""What a saved plan says, and whether it can be believed. Pure."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocrstate import __version__
from ocrstate.errors import ManifestError, RefusedError
from ocrstate.jsondata import as_mapping, as_number, as_text, each
from ocrstate.manifest.desired import ManifestFile
from ocrstate.planning.evidence import Basis
from ocrstate.planning.guards import Consent, refusals
from ocrstate.planning.planner import plan as make_plan
from ocrstate.render.documents import plan_document
from ocrstate.saved.evidence_data import evidence_data, evidence_from
from ocrstate.saved.inventory_data import inventory_data, inventory_from
from ocrstate.text.escape import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ocrstate.manifest.desired import Desired
    from ocrstate.planning.model import Plan
    from ocrstate.render.spelling import Document

FORMAT = 2
"""Number of what `saved` holds; a plan of another format is refused."""

_MAJOR = "1."


@dataclass(frozen=True, slots=True)
class Origin:
    """How the plan came about, so that apply can look again in the same way.

    Attributes:
        plan_id: tells this plan from every other.
        created: RFC 3339, UTC.
        store: the store that was named, absolute; `None` for the engine's own.
        folder: the folder that the engine was to be started in.
        inventory_mode: whom to ask what is in the store.
    """

    plan_id: str
    created: str
    store: str | None
    folder: str
    inventory_mode: str


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A plan read from a file, and what it was made from."""

    origin: Origin
    basis: Basis
    plan: Plan


def saved_document(plan: Plan, basis: Basis, origin: Origin) -> Document:
    """Return what a file holds: the plan's document, and what the plan was made from."""
    desired = basis.desired
    document = plan_document(plan, refusals(plan, desired, Consent()))
    saved: Document = {
        "format": FORMAT,
        "ocrstate": __version__,
        "plan_id": origin.plan_id,
        "created": origin.created,
        "store": origin.store,
        "folder": origin.folder,
        "inventory_mode": origin.inventory_mode,
        "retain": desired.policy.retain,
        "manifests": [  # the document spells paths as text, which their bytes may not be
            {"path": file.path, "identity": [*file.identity], "text": file.text} for file in desired.files
        ],
        "inventory": inventory_data(basis.inventory),
        "evidence": evidence_data(basis.evidence),
    }
    whole: Document = {**document, "saved": saved}
    saved["sha256"] = _digest(whole)
    return whole


def read_document(name: str, data: bytes, load_text: Callable[[Sequence[ManifestFile]], Desired]) -> SavedPlan:
    """Make the plan of a file again.

    Args:
        name: the file's path as written.
        data: its content.
        load_text: checks manifests that were kept, in the order in which later ones win.

    Raises:
        RefusedError: another release wrote it, or it is not as it was written.
    """
    try:
        document = json.loads(data.decode("utf-8"))
        _refuse_unsaved(name, document)
        saved = document["saved"]
        _refuse_foreign(name, document, saved)
        _refuse_altered(document, saved.pop("sha256"))
        return _made_again(document, saved, load_text)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, ManifestError) as error:
        raise RefusedError(
            "plan-damaged",
            f"the saved plan {escape(name)} is not as it was written: {_reason(error)}",
            "nothing was changed; make it again with plan --out",
        ) from error


def _refuse_unsaved(name: str, document: object) -> None:
    if isinstance(document, dict) and "saved" not in document:
        raise RefusedError(
            "plan-not-saved",
            f"{escape(name)} is what plan --json prints, which cannot be applied",
            "save a plan with: ocrstate plan MANIFEST --out FILE",
        )


def _refuse_altered(document: Document, digest: object) -> None:
    if digest != _digest(document):
        raise ValueError("its digest does not fit")


def _made_again(
    document: Document, saved: dict[str, object], load_text: Callable[[Sequence[ManifestFile]], Desired]
) -> SavedPlan:
    retain, files = as_number(saved["retain"]), each(saved["manifests"], _manifest)
    if retain < 0:
        raise ValueError("it keeps models for less than no time")
    if not files:
        raise ValueError("it holds no manifest")
    desired = load_text(files)
    desired = replace(desired, policy=replace(desired.policy, retain=retain))
    basis = Basis(desired, inventory_from(saved["inventory"]), evidence_from(saved["evidence"], desired))
    plan = make_plan(desired, basis.inventory, basis.evidence)
    again = plan_document(plan, refusals(plan, desired, Consent()))
    written = {key: value for key, value in document.items() if key != "saved"}
    if json.loads(json.dumps(again)) != written:
        raise ValueError("what it says does not follow from what it was made from")
    return SavedPlan(_origin(saved), basis, plan)


def _manifest(data: object) -> ManifestFile:
    read = as_mapping(data)
    text, (device, inode) = as_text(read["text"]), each(read["identity"], as_number)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return ManifestFile(_path(read["path"]), (device, inode), digest, text)


def _origin(saved: dict[str, object]) -> Origin:
    match saved:
        case {
            "plan_id": str(plan_id),
            "created": str(created),
            "store": store,
            "folder": folder,
            "inventory_mode": ("auto" | "engine" | "directory") as mode,
        }:
            return Origin(plan_id, created, None if store is None else _path(store), _path(folder), mode)
        case _:
            raise ValueError("it does not say where it comes from")


def _path(value: object) -> str:
    path = as_text(value)
    if "\0" in path:
        raise ValueError("it holds a path that no file can have")
    return path


def _refuse_foreign(name: str, document: Document, saved: dict[str, object]) -> None:
    version, by = str(document["format_version"]), str(saved["ocrstate"])
    if not version.startswith(_MAJOR) or saved["format"] != FORMAT or by != __version__:
        raise RefusedError(
            "plan-version",
            f"the saved plan {escape(name)} was written by ocrstate {escape(by)} (format {escape(version)}), and this "
            f"is ocrstate {__version__}: releases may plan differently",
            "nothing was changed; make it again with plan --out",
        )


def _digest(document: Document) -> str:
    text = json.dumps(document, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _reason(error: Exception) -> str:
    match error:
        case KeyError():
            return f"it lacks {error.args[0]!r}"
        case json.JSONDecodeError() | UnicodeDecodeError():
            return "it is no JSON"
        case _:
            return str(error)
