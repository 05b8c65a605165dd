"""Rules that refuse a plan before anything is touched. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from ocrstate.manifest.desired import Budget, Desired, MissingPolicy
from ocrstate.planning.changes import Blocked, Drifted, Fetch, LinkToFolder, Missing, Replace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrstate.planning.changes import Change, Remove
    from ocrstate.planning.disk import Disk
    from ocrstate.planning.model import Plan
    from ocrstate.planning.near import Near

_VERSION_CONTROL = frozenset({".git", ".hg", ".svn", ".bzr", ".jj"})


@dataclass(frozen=True, slots=True)
class Consent:
    """What the caller explicitly allowed for this run.

    Attributes:
        max_remove: models that may be removed, instead of ``count`` in the manifest's ``max_remove``.
        offline: whether no network may be used.
    """

    allow_empty: bool = False
    allow_missing: bool = False
    max_remove: int | None = None
    offline: bool = False


@dataclass(frozen=True, slots=True)
class BlockedModels:
    """Some models would have to go, but must not be touched."""

    names: tuple[str, ...]


class NearMiss(NamedTuple):
    """A listed model that is missing, and what is there under nearly its name, nearest first."""

    name: str
    near: tuple[Near, ...]


@dataclass(frozen=True, slots=True)
class ListedModelsAmiss:
    """Listed models are missing or drifted: with a typo in the manifest the only copy would be removed.

    Attributes:
        near: the missing ones that may be there under another name.
    """

    missing: tuple[str, ...]
    drifted: tuple[str, ...]
    near: tuple[NearMiss, ...] = ()


@dataclass(frozen=True, slots=True)
class RemovesNearMisses:
    """What would be removed is surely what missing models are meant to be: only the spelling of the names differs."""

    misses: tuple[NearMiss, ...]


@dataclass(frozen=True, slots=True)
class EmptyManifest:
    """The manifest lists no model, so everything would go."""

    removals: int


@dataclass(frozen=True, slots=True)
class OverBudget:
    """More would be removed than ``max_remove`` allows.

    Attributes:
        unit: ``count``, ``percent`` or ``bytes``.
    """

    unit: str
    planned: float
    allowed: float


@dataclass(frozen=True, slots=True)
class RemovesManifest:
    """The manifest itself, or one that it extends, lies in the store and would be removed."""

    name: str


@dataclass(frozen=True, slots=True)
class RemovesVersionControl:
    """Files of a version control system would be removed."""

    folder: str


@dataclass(frozen=True, slots=True)
class SourcesAmiss:
    """Some models cannot be had from where they should come.

    Attributes:
        problems: model, its source for people, and why.
    """

    problems: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class NeedsNetwork:
    """Some models can only be had over a network, and none may be used."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoRoom:
    """What is to be fetched does not fit on the disk beside what is there now."""

    disk: Disk


Refusal = (
    BlockedModels
    | ListedModelsAmiss
    | RemovesNearMisses
    | EmptyManifest
    | OverBudget
    | RemovesManifest
    | RemovesVersionControl
    | SourcesAmiss
    | NeedsNetwork
    | NoRoom
)


def refusals(plan: Plan, desired: Desired, consent: Consent) -> tuple[Refusal, ...]:
    """Return every rule that the plan breaks; an empty tuple lets it pass.

    A plan that would remove nothing loses nothing: only blocked, missing and drifted models, and what cannot be had,
    refuse it.
    """
    found: list[Refusal] = []
    summary = plan.summary
    if summary.blocked:
        found.append(BlockedModels(_names(plan, Blocked)))
    found.extend(_amiss(plan, desired, consent))
    found.extend(_unobtainable(plan, consent))
    if summary.remove:
        found.extend(_losses(plan, desired, consent))
    return tuple(found)


def _unobtainable(plan: Plan, consent: Consent) -> Iterator[Refusal]:
    problems = tuple(problem for each in plan.arrivals if (problem := _source_problem(each)))
    if problems:
        yield SourcesAmiss(problems)
    remote = tuple(each.name for each in plan.arrivals if each.supply.is_remote)
    if remote and consent.offline:
        yield NeedsNetwork(remote)
    if plan.disk is not None and not plan.disk.fits:
        yield NoRoom(plan.disk)


def _source_problem(change: Fetch | Replace) -> tuple[str, str, str] | None:
    supply, declared = change.supply, change.model.size
    if supply.problem:
        return change.name, supply.shown, supply.problem
    if supply.size is not None and declared not in (None, supply.size):
        return change.name, supply.shown, f"it has {supply.size:,} B, and {declared:,} B are listed"
    return None


def _names(plan: Plan, kind: type[Change]) -> tuple[str, ...]:
    return tuple(change.name for change in plan.changes if type(change) is kind)


def _amiss(plan: Plan, desired: Desired, consent: Consent) -> Iterator[ListedModelsAmiss | RemovesNearMisses]:
    """Yield what speaks against going on without listed models; a policy allows that in general, and no typo."""
    summary = plan.summary
    if consent.allow_missing:
        return
    refused = desired.policy.missing is MissingPolicy.REFUSE
    if refused and (summary.missing or summary.drifted):
        near = tuple(NearMiss(each.name, each.near) for each in plan.missing if each.near)
        yield ListedModelsAmiss(_names(plan, Missing), _names(plan, Drifted), near)
    guessed = tuple(each for each in plan.fetches if each.model.sha256 is None)
    passed: tuple[Missing | Fetch, ...] = guessed if refused else (*plan.missing, *guessed)
    misses = _removed_near_misses(plan, passed) if summary.remove else ()
    if misses:
        yield RemovesNearMisses(misses)


def _removed_near_misses(plan: Plan, lacking: tuple[Missing | Fetch, ...]) -> tuple[NearMiss, ...]:
    """Return what is not there, and what would go although it surely is the same: what is fetched may be another."""
    if not lacking:
        return ()
    from ocrstate.planning.near_names import surely_meant  # noqa: PLC0415 - most plans lack nothing

    going = tuple(chain.from_iterable(_lost_by(removal) for removal in plan.removals))
    doomed = surely_meant([each.name for each in lacking], going)
    return tuple(NearMiss(each.name, doomed[each.name]) for each in lacking if each.name in doomed)


def _lost_by(removal: Remove) -> tuple[str, ...]:
    """Name what the engine no longer sees after a removal: with a link to a folder, all that is behind it."""
    reason = removal.reason
    return (removal.name, *reason.behind) if isinstance(reason, LinkToFolder) else (removal.name,)


def _losses(plan: Plan, desired: Desired, consent: Consent) -> Iterator[Refusal]:
    if not desired.models and not consent.allow_empty:
        yield EmptyManifest(plan.summary.remove)
    yield from _over_budget(plan, _budget(desired, consent))
    yield from _precious(plan, desired)


def _budget(desired: Desired, consent: Consent) -> Budget:
    budget = desired.policy.max_remove
    return budget if consent.max_remove is None else replace(budget, count=consent.max_remove)


def _over_budget(plan: Plan, budget: Budget) -> Iterator[OverBudget]:
    summary = plan.summary
    percent = 100 * summary.remove / max(plan.models, 1)
    measured = (
        ("count", summary.remove, budget.count),
        ("percent", percent, budget.percent),
        ("bytes", summary.bytes_removed, budget.size),
    )
    for unit, planned, allowed in measured:
        if allowed is not None and planned > allowed:
            yield OverBudget(unit, planned, allowed)


def _precious(plan: Plan, desired: Desired) -> Iterator[Refusal]:
    removals, folders = plan.removals, (plan.store.path, plan.store.real_path)
    inside = {file.path.removeprefix(f"{folder}/") for folder in folders for file in desired.files}
    identities = {file.identity for file in desired.files}
    inodes = {inode for _, inode in identities}  # asked first: there can be very many removals
    manifests = {
        change.name
        for change in removals
        if change.name in inside or (change.entry.stamp.inode in inodes and change.entry.stamp.identity in identities)
    }
    yield from map(RemovesManifest, sorted(manifests))
    hidden = {change.name.partition("/")[0] for change in removals if change.name.startswith(".")}
    yield from map(RemovesVersionControl, sorted(hidden & _VERSION_CONTROL))
