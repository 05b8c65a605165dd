"""What changed between two manifests, and what a reviewer should notice. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from ocrstate.manifest.notices import notices
from ocrstate.manifest.sources import leads_to

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ocrstate.manifest.desired import Desired, DesiredModel
    from ocrstate.manifest.notices import Notice

Value = str | int | float | None
Attributes = dict[str, Value]

PATTERNS: Final = ("ignore", "protect", "absent")


class Change(NamedTuple):
    """Something that has a value, and has another one now.

    Attributes:
        what: an attribute of a model, or the key of a setting, such as ``policy.retain``.
        old: `None` where nothing was said.
        new: `None` where nothing is said any more.
    """

    what: str
    old: Value
    new: Value


class ModelChange(NamedTuple):
    """A model that both manifests list, with other attributes."""

    name: str
    changes: tuple[Change, ...]


class PatternChange(NamedTuple):
    """A pattern that only one of the manifests has.

    Attributes:
        key: ``ignore``, ``protect`` or ``absent``.
    """

    key: str
    pattern: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Differences:
    """What changed; all of it sorted.

    Attributes:
        settings: store and policy.
        notices: what follows from all that and may not be meant.
    """

    added: tuple[DesiredModel, ...]
    removed: tuple[DesiredModel, ...]
    changed: tuple[ModelChange, ...]
    patterns: tuple[PatternChange, ...]
    settings: tuple[Change, ...]
    notices: tuple[Notice, ...]

    @property
    def are_none(self) -> bool:
        """Whether the manifests ask for the same."""
        return not (self.added or self.removed or self.changed or self.patterns or self.settings)


def compare(old: Desired, new: Desired) -> Differences:
    """Compare what two manifests ask for."""
    before, after = ({model.name: model for model in each.models} for each in (old, new))
    both = [(before[name], model) for name, model in after.items() if name in before]
    return Differences(
        added=tuple(model for name, model in after.items() if name not in before),
        removed=tuple(model for name, model in before.items() if name not in after),
        changed=_changed(both),
        patterns=tuple(change for key in PATTERNS for change in _patterns(key, old, new)),
        settings=_explained({"": _settings(old)}, {"": _settings(new)}).get("", ()),
        notices=tuple(notices(old, new)),
    )


def _changed(pairs: Sequence[tuple[DesiredModel, DesiredModel]]) -> tuple[ModelChange, ...]:
    differing = [(old, new) for old, new in pairs if not _is_same(old, new)]
    before = {old.name: _attributes(old) for old, _ in differing}
    after = {new.name: {**_attributes(new), **_same_source(old, new)} for old, new in differing}
    return tuple(ModelChange(name, changes) for name, changes in sorted(_explained(before, after).items()))


def _is_same(old: DesiredModel, new: DesiredModel) -> bool:
    return (old.sha256, old.size) == (new.sha256, new.size) and (
        old.source == new.source or bool(_same_source(old, new))
    )


def _same_source(old: DesiredModel, new: DesiredModel) -> Attributes:
    """Return the source as it was if it only is written in another way."""
    if old.source and new.source and leads_to(old.source, old.path) == leads_to(new.source, new.path):
        return {"source": old.source}
    return {}


def _attributes(model: DesiredModel) -> Attributes:
    return {"sha256": model.sha256, "size": model.size, "source": model.source}


def _settings(desired: Desired) -> Attributes:
    policy, budget = desired.policy, desired.policy.max_remove
    return {
        "store": desired.store,
        "policy.unlisted": policy.unlisted.value,
        "policy.missing": policy.missing.value,
        "policy.max_remove.count": budget.count,
        "policy.max_remove.percent": None if budget.percent is None else float(budget.percent),
        "policy.max_remove.bytes": budget.size,
        "policy.retain": policy.retain,
    }


def _patterns(key: str, old: Desired, new: Desired) -> list[PatternChange]:
    before, after = ({glob.text for glob in getattr(desired, key)} for desired in (old, new))
    return [PatternChange(key, text, text in after) for text in sorted(before ^ after)]


def _explained(old: Mapping[str, Attributes], new: Mapping[str, Attributes]) -> dict[str, tuple[Change, ...]]:
    """Return, by name, the attributes that differ."""
    if old == new:
        return {}
    from deepdiff import DeepDiff  # noqa: PLC0415 - 50 ms, and equal manifests need none of it

    found: dict[str, list[Change]] = {}
    # it takes names that begin with two underscores for private ones, and would pass over them
    compared = DeepDiff(old, new, view="tree", ignore_private_variables=False)
    for kind in ("values_changed", "type_changes"):  # a type changes where a value is added or removed
        for level in compared.get(kind, ()):
            name, what = level.path(output_format="list")
            found.setdefault(name, []).append(Change(what, level.t1, level.t2))
    return {name: tuple(sorted(changes, key=lambda change: change.what)) for name, changes in found.items()}
