"""What a reviewer should notice about a change of a manifest: what it may cost, and what may not be meant. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from ocrstate.manifest.desired import MissingPolicy, UnlistedPolicy
from ocrstate.names import first_match

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrstate.manifest.desired import Budget, Desired
    from ocrstate.names import Glob


@dataclass(frozen=True, slots=True)
class NoLongerListed:
    """These models were listed, and the next apply removes them where they are."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NothingListed:
    """No model is listed any more."""


@dataclass(frozen=True, slots=True)
class OtherContent:
    """These models shall have another content."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unpinned:
    """These models had a digest, and may have any content now."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoLongerProtected:
    """A pattern held models back from removal.

    Attributes:
        key: ``ignore`` or ``protect``.
    """

    key: str
    pattern: str


@dataclass(frozen=True, slots=True)
class NowAbsent:
    """Whatever matches this pattern is removed from now on."""

    pattern: str


@dataclass(frozen=True, slots=True)
class UnlistedRemoved:
    """Models that are not listed were left alone, and are removed from now on."""


@dataclass(frozen=True, slots=True)
class MissingAllowed:
    """Apply goes on from now on where listed models are missing or differ."""


@dataclass(frozen=True, slots=True)
class BudgetRaised:
    """One apply may remove more than before."""


@dataclass(frozen=True, slots=True)
class RetainShortened:
    """Removed models are kept for a shorter time, both in seconds."""

    old: int
    new: int


@dataclass(frozen=True, slots=True)
class OtherStore:
    """The models are looked for elsewhere."""


SettingNotice = UnlistedRemoved | MissingAllowed | BudgetRaised | RetainShortened | OtherStore
Notice = NoLongerListed | NothingListed | OtherContent | Unpinned | NoLongerProtected | NowAbsent | SettingNotice


def notices(old: Desired, new: Desired) -> Iterator[Notice]:
    """Yield what a reviewer should notice."""
    return chain(_about_models(old, new), _about_patterns(old, new), _about_settings(old, new))


def _about_models(old: Desired, new: Desired) -> Iterator[Notice]:
    before, after = ({model.name: model for model in each.models} for each in (old, new))
    doomed = tuple(name for name in before if name not in after and _goes(name, new))
    if doomed:
        yield NoLongerListed(doomed)
    if before and not after:
        yield NothingListed()
    both = [(before[name], model) for name, model in after.items() if name in before]
    other = tuple(
        model.name for was, model in both if _contradict(was.sha256, model.sha256) or _contradict(was.size, model.size)
    )
    if other:
        yield OtherContent(other)
    unpinned = tuple(model.name for was, model in both if was.sha256 and not model.sha256)
    if unpinned:
        yield Unpinned(unpinned)


def _goes(name: str, desired: Desired) -> bool:
    if first_match(desired.ignore, name) or first_match(desired.protect, name):
        return False
    return desired.policy.unlisted is UnlistedPolicy.REMOVE or first_match(desired.absent, name) is not None


def _contradict(old: str | int | None, new: str | int | None) -> bool:
    return None not in (old, new) and old != new


def _about_patterns(old: Desired, new: Desired) -> Iterator[Notice]:
    for key, before in (("ignore", old.ignore), ("protect", old.protect)):
        yield from (NoLongerProtected(key, text) for text in _only_in(before, new.ignore + new.protect))
    yield from (NowAbsent(text) for text in _only_in(new.absent, old.absent))


def _only_in(these: tuple[Glob, ...], those: tuple[Glob, ...]) -> list[str]:
    return sorted({glob.text for glob in these} - {glob.text for glob in those})


def _about_settings(old: Desired, new: Desired) -> Iterator[SettingNotice]:
    if old.policy.unlisted is UnlistedPolicy.REPORT and new.policy.unlisted is UnlistedPolicy.REMOVE:
        yield UnlistedRemoved()
    if old.policy.missing is MissingPolicy.REFUSE and new.policy.missing is MissingPolicy.ALLOW:
        yield MissingAllowed()
    if _is_raised(old.policy.max_remove, new.policy.max_remove):
        yield BudgetRaised()
    if new.policy.retain < old.policy.retain:
        yield RetainShortened(old.policy.retain, new.policy.retain)
    if old.store != new.store:
        yield OtherStore()


def _is_raised(old: Budget, new: Budget) -> bool:
    bounds = ((old.count, new.count), (old.percent, new.percent), (old.size, new.size))
    return any(before is not None and (after is None or after > before) for before, after in bounds)
