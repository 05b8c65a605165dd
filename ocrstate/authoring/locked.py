"""The text of a locked manifest, proved to say what it should before anything is done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.authoring.yaml_edit import pinned_text
from ocrstate.errors import ManifestError, OcrstateError
from ocrstate.manifest.load import read_text
from ocrstate.text.escape import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ocrstate.authoring.pins import Pin
    from ocrstate.manifest.desired import Desired
    from ocrstate.manifest.document import Value
    from ocrstate.manifest.load import UncheckedManifest


def locked_text(
    shown_path: str,
    manifest: UncheckedManifest,
    pins: Mapping[str, Pin],
    check: Callable[[UncheckedManifest], Desired],
) -> str:
    """Return a valid manifest's text with these pins, and nothing else that is new.

    Args:
        shown_path: the manifest's path as the user wrote it.
        manifest: as it is.
        pins: what to say of which models.
        check: how manifests are checked here.

    Raises:
        ManifestError: an entry is written in a way that cannot be edited.
        OcrstateError: the result would not say what it should: our bug.
    """
    if not pins:
        return manifest.text
    text = pinned_text(shown_path, manifest.text, pins)
    try:
        found = read_text(manifest.path, text, (0, 0))
        check(found)
    except ManifestError as error:
        raise _inconsistent(shown_path, error.message) from error
    if found.data != _with_pins(manifest.data, pins):
        raise _inconsistent(shown_path, "it would say something else in other places, too")
    return text


def _with_pins(data: Value, pins: Mapping[str, Pin]) -> Value:
    """Say in plain values what the manifest is to say, independently of how its text is edited."""
    models = data["models"] if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(models, list):
        return data
    return {**data, "models": [_entry_with_pin(entry, pins) for entry in models]}


def _entry_with_pin(entry: Value, pins: Mapping[str, Pin]) -> Value:
    pairs: dict[str, Value] = dict(entry) if isinstance(entry, dict) else {"name": entry}
    pin = pins.get(str(pairs["name"]))
    if pin is None:
        return entry
    written = pairs.get("sha256")
    same = isinstance(written, str) and written.lower() == pin.sha256
    return {**pairs, "sha256": written if same else pin.sha256, "size": pin.size}


def _inconsistent(path: str, reason: str) -> OcrstateError:
    return OcrstateError(
        "lock-inconsistent",
        f"{escape(path)} could not be edited safely: {reason}",
        "nothing was written; write the digests by hand (sha256sum prints them), and please report this",
    )
