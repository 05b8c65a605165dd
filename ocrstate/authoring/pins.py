"""Which models of a manifest are locked, and to what. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from ocrstate.errors import ManifestError, assert_never
from ocrstate.text.escape import escape
from ocrstate.text.shell import shell_word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ocrstate.manifest.desired import Desired


class Pin(NamedTuple):
    """What a manifest says of a model's content.

    Attributes:
        sha256: digest in hexadecimal, lower case.
        size: bytes.
    """

    sha256: str
    size: int


class Written(NamedTuple):
    """What a manifest says of a model's content; `None` where nothing."""

    name: str
    sha256: str | None
    size: int | None


class Pinned(NamedTuple):
    """A model, and what its content is in the store."""

    model: Written
    pin: Pin

    @property
    def contradicts(self) -> bool:
        """Whether the manifest says something else of the content."""
        return self.model.sha256 not in (None, self.pin.sha256) or self.model.size not in (None, self.pin.size)

    @property
    def changes(self) -> bool:
        """Whether the manifest does not say all of it yet."""
        return self.model[1:] != self.pin


@dataclass(frozen=True, slots=True)
class ByName:
    """These models, whatever the manifest says of their content."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Everything:
    """All models, whatever the manifest says of their content."""


@dataclass(frozen=True, slots=True)
class WhatLacks:
    """The models that have no digest or no size; what is there is not updated."""


Selection = ByName | Everything | WhatLacks


@dataclass(frozen=True, slots=True)
class Locking:
    """What a lock finds out.

    Attributes:
        pinned: the models whose entries change.
        missing: models that were to be locked and are not in the store.
        contradicted: models that were only to be filled in, and differ from what is there already.
    """

    pinned: tuple[Pinned, ...]
    missing: tuple[str, ...] = ()
    contradicted: tuple[Pinned, ...] = ()

    @property
    def pins(self) -> dict[str, Pin]:
        """What the changed entries say, by name."""
        return {each.model.name: each.pin for each in self.pinned}

    @property
    def is_complete(self) -> bool:
        """Whether nothing that was to be locked is left open."""
        return not (self.missing or self.contradicted)


def selected(models: Sequence[Written], desired: Desired, selection: Selection, store: str) -> tuple[Written, ...]:
    """Return the models to be locked.

    Args:
        models: what the manifest itself lists.
        desired: what it asks for together with those that it extends.
        selection: which of the models.
        store: the store's path.

    Raises:
        ManifestError: a named model is not listed, or another manifest lists it.
    """
    match selection:
        case ByName(names):
            _refuse_others(models, desired, names, store)
            return tuple(model for model in models if model.name in names)
        case Everything():
            return tuple(models)
        case WhatLacks():
            return tuple(model for model in models if None in model)
        case _:
            assert_never(selection)


def _refuse_others(models: Sequence[Written], desired: Desired, names: Sequence[str], store: str) -> None:
    own = {model.name for model in models}
    elsewhere = {model.name: model for model in desired.models}
    for name in names:
        if name in own:
            continue
        if name in elsewhere:
            there = elsewhere[name]
            where = f"{escape(there.path)}, line {there.line}"
            command = " ".join(map(shell_word, (there.path, name, "--store", store)))
            raise ManifestError(
                "model-listed-elsewhere",
                f"{escape(name)} cannot be locked in {escape(desired.path)}: it is listed in {where}",
                f"lock it there: ocrstate lock {command}",
            )
        close = get_close_matches(name, own, n=1)
        hint = f"did you mean {escape(close[0])}?" if close else "name models as the manifest does"
        raise ManifestError("model-not-listed", f"{escape(desired.path)} does not list {escape(name)}", hint)


def locking(models: Sequence[Written], contents: Mapping[str, Pin], selection: Selection) -> Locking:
    """Say what changes, given the contents of those models that are in the store."""
    there = [Pinned(model, contents[model.name]) for model in models if model.name in contents]
    contradicted = tuple(each for each in there if isinstance(selection, WhatLacks) and each.contradicts)
    return Locking(
        pinned=tuple(each for each in there if each.changes and each not in contradicted),
        missing=tuple(model.name for model in models if model.name not in contents),
        contradicted=contradicted,
    )
