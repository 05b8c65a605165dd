"""The text of a locked manifest, proved to say what it should before anything is done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.authoring.pins import Written
from ocrstate.authoring.yaml_edit import pinned_text
from ocrstate.errors import ManifestError, OcrstateError
from ocrstate.manifest.decode import BrokenTextError, decode
from ocrstate.manifest.parse import parse
from ocrstate.text.escape import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ocrstate.authoring.pins import Pin
    from ocrstate.manifest.document import Value


def written_models(text: str) -> tuple[Written, ...]:
    """Return what a valid manifest's text says of each model, without what it extends; sorted by name."""
    data = parse(decode(text.encode())).data
    return tuple(sorted(_written(entry) for entry in _entries(data)))


def _entries(data: Value) -> list[Value]:
    models = data.get("models") if isinstance(data, dict) else None
    return models if isinstance(models, list) else []


def _written(entry: Value) -> Written:
    if not isinstance(entry, dict):
        return Written(str(entry), None, None)
    sha256, size = entry.get("sha256"), entry.get("size")
    return Written(
        str(entry["name"]),
        sha256.lower() if isinstance(sha256, str) else None,
        size if isinstance(size, int) else None,
    )


def locked_text(path: str, text: str, pins: Mapping[str, Pin], check: Callable[[str], object]) -> str:
    """Return a valid manifest's text with these pins, and nothing else that is new.

    Args:
        path: the manifest's path as the user wrote it.
        text: what it says.
        pins: what it is to say of which models.
        check: raises a `ManifestError` for a text that is no valid manifest in its place.

    Raises:
        ManifestError: an entry is written in a way that cannot be edited, or the pins contradict another manifest.
        OcrstateError: the result would not say what it should: our bug.
    """
    if not pins:
        return text
    new = pinned_text(escape(path), text, pins)
    _refuse_other_changes(path, text, new, pins)
    try:
        check(new)
    except ManifestError as error:
        raise ManifestError(
            "lock-invalid",
            f"with what is in the store, {escape(path)} would not be valid: {error.message}",
            "nothing was written; lock what is named there first, or leave the model out",
        ) from error
    return new


def _refuse_other_changes(path: str, old: str, new: str, pins: Mapping[str, Pin]) -> None:
    try:
        found = parse(decode(new.encode()))
        is_as_meant = not found.findings and found.data == _with_pins(parse(decode(old.encode())).data, pins)
    except BrokenTextError:
        is_as_meant = False
    if not is_as_meant:
        raise OcrstateError(
            "lock-inconsistent",
            f"{escape(path)} could not be edited safely: the result would say something else in other places, too",
            "nothing was written; write the digests by hand (sha256sum prints them), and please report this",
        )


def _with_pins(data: Value, pins: Mapping[str, Pin]) -> Value:
    """Say in plain values what the manifest is to say, independently of how its text is edited."""
    if not isinstance(data, dict):
        return data
    return {**data, "models": [_entry_with_pin(entry, pins) for entry in _entries(data)]}


def _entry_with_pin(entry: Value, pins: Mapping[str, Pin]) -> Value:
    pairs: dict[str, Value] = dict(entry) if isinstance(entry, dict) else {"name": entry}
    pin = pins.get(str(pairs["name"]))
    if pin is None:
        return entry
    written = pairs.get("sha256")
    same = isinstance(written, str) and written.lower() == pin.sha256
    return {**pairs, "sha256": written if same else pin.sha256, "size": pin.size}
