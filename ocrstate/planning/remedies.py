"""What to write, or to do, for another thing to happen to a name. Pure."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from ocrstate.authoring.exact_patterns import exact_pattern
from ocrstate.errors import assert_never
from ocrstate.manifest.desired import UnlistedPolicy
from ocrstate.names import Glob, name_problem, twin_key
from ocrstate.planning.changes import (
    Blocked,
    CannotBeNamed,
    Change,
    Drifted,
    Fetch,
    Keep,
    LinkHoldsListed,
    Missing,
    MountPoint,
    NeededByLink,
    NotAFile,
    Obstacle,
    OtherFilesystem,
    Protected,
    Remove,
    Replace,
    ReservedName,
    Unlisted,
)
from ocrstate.planning.fates import BehindLink, Fate, Ignored, IsFolder, LinkStays, OnlyEngineSees, OwnFile, TooDeep
from ocrstate.planning.matching import RuleKind
from ocrstate.planning.steps import (
    Act,
    Add,
    Deed,
    Goal,
    Lock,
    Narrow,
    PutOrFetch,
    Remedy,
    RemoveUnlisted,
    Rename,
    Step,
    TakeOut,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrstate.manifest.desired import Desired
    from ocrstate.manifest.places import Places, Where
    from ocrstate.planning.matching import Matching, Rule
    from ocrstate.planning.model import Plan
    from ocrstate.store.model import Entry


class Situation(NamedTuple):
    """What remedies depend on."""

    said: Matching
    plan: Plan
    desired: Desired
    places: Places

    @property
    def name(self) -> str:
        """What is to be explained."""
        return self.said.name


def remedies(fate: Fate, situation: Situation) -> tuple[Remedy, ...]:
    """Say what can be done, the likeliest first."""
    return tuple(remedy for remedy in _remedies(fate, situation) if remedy.steps)


def _remedies(fate: Fate, situation: Situation) -> Iterator[Remedy]:
    match fate:
        case Ignored():
            yield from _let_go(situation)
        case TooDeep():
            yield Remedy(Goal.SETTLE, (Act(Deed.MOVE_UP, situation.name),))
        case BehindLink() | LinkStays() | IsFolder() | OnlyEngineSees() | OwnFile():
            return
        case _:
            yield from _remedies_for_change(fate, situation)


def _remedies_for_change(change: Change, situation: Situation) -> Iterator[Remedy]:
    match change:
        case Keep() | Protected():
            yield from _let_go(situation)
        case Fetch():
            yield _do_without(situation)
        case Missing():
            yield from _for_missing(change, situation)
        case Drifted() | Replace():
            yield from _for_difference(change, situation)
        case Remove() | Unlisted() | Blocked():
            yield from _for_unlisted(change, situation)
        case _:
            assert_never(change)


def _for_unlisted(change: Remove | Unlisted | Blocked, situation: Situation) -> Iterator[Remedy]:
    match change:
        case Unlisted(confirmed=False):
            yield Remedy(Goal.GO, (Act(Deed.DELETE, situation.name),))
        case Unlisted():
            yield from _meant(situation)
            yield _keep(change.entry, situation)
            yield from _let_go(situation)
        case Remove() | Blocked(obstacle=NeededByLink()):
            yield from _meant(situation)
            yield _keep(change.entry, situation)
            yield _keep_unlisted(situation)
        case Blocked(obstacle=obstacle):
            yield from _past(obstacle, situation)
        case _:
            assert_never(change)


def _for_missing(change: Missing, situation: Situation) -> Iterator[Remedy]:
    entry = _entry(situation)
    if entry is not None and change.near and name_problem(change.near[0].name) is None:
        yield Remedy(Goal.MEANT, (Rename(entry, change.name, change.near[0]),))
    if change.in_the_way:
        yield Remedy(Goal.HAVE, (Act(Deed.MOVE_AWAY, change.in_the_way),))
    else:
        yield Remedy(Goal.HAVE, (_putting_in_place(change, situation),))
    yield _do_without(situation)


def _for_difference(change: Drifted | Replace, situation: Situation) -> Iterator[Remedy]:
    entry = _entry(situation)
    attributes = {difference.attribute for difference in change.differences}
    if entry is not None and attributes <= {"size", "sha256"}:
        yield Remedy(Goal.ACCEPT, (Lock(entry),))
    if isinstance(change, Drifted):
        yield Remedy(Goal.AS_LISTED, (_putting_in_place(change, situation),))
    yield from _let_go(situation)


def _putting_in_place(change: Missing | Drifted, situation: Situation) -> Step:
    entry = _entry(situation)
    if entry is None or change.model.source is not None:
        return Act(Deed.PUT_IN_PLACE, change.name)
    return PutOrFetch(entry)


def _past(obstacle: Obstacle, situation: Situation) -> Iterator[Remedy]:
    match obstacle:
        case LinkHoldsListed() | NeededByLink():
            yield _ignore(situation)
            return
        case ReservedName():
            yield Remedy(Goal.SETTLE, (Act(Deed.MOVE_AWAY, situation.name),))
            return
        case NotAFile():
            deed = Deed.MOVE_AWAY
        case OtherFilesystem() | MountPoint():
            deed = Deed.UNMOUNT
        case CannotBeNamed():
            deed = Deed.RENAME
        case _:
            assert_never(obstacle)
    yield _ignore(situation)
    yield Remedy(Goal.SETTLE, (Act(deed, situation.name),))


def _entry(situation: Situation) -> Where | None:
    """Return where the manifest that has the last word lists it."""
    entries = situation.said.entries
    return entries[-1].where if entries else None


def _meant(situation: Situation) -> Iterator[Remedy]:
    """Yield the missing model that this one is surely meant to be."""
    for missing in situation.plan.missing:
        near = next((each for each in missing.near if each.name == situation.name and each.is_surely_meant), None)
        places = situation.places.entries(missing.name)
        if near is not None and places and name_problem(near.name) is None:
            yield Remedy(Goal.MEANT, (Rename(places[-1], missing.name, near),))


def _keep(entry: Entry, situation: Situation) -> Remedy:
    """List it, where that is possible and it would be as listed."""
    name, said = situation.name, situation.said
    listed = {twin_key(model.name) for model in situation.desired.models}
    if entry.content is None or name_problem(name) is not None or twin_key(name) in listed:
        return Remedy(Goal.KEEP, ())
    return Remedy(Goal.KEEP, (*_narrowed(said.ignore, said.absent), Add(situation.places.section("models"), name)))


def _keep_unlisted(situation: Situation) -> Remedy:
    pattern = exact_pattern(situation.name)
    is_absent = any(glob.text == pattern for glob in situation.desired.absent)
    section = situation.places.section(RuleKind.PROTECT.value)
    return Remedy(Goal.KEEP_UNLISTED, () if is_absent else (Add(section, pattern),))


def _ignore(situation: Situation) -> Remedy:
    pattern = exact_pattern(situation.name)
    section = situation.places.section(RuleKind.IGNORE.value)
    return Remedy(Goal.IGNORE, () if _matches_listed(pattern, situation) else (Add(section, pattern),))


def _let_go(situation: Situation) -> Iterator[Remedy]:
    """Take away all that holds it back."""
    said = situation.said
    entries = tuple(rule.where for rule in said.entries if rule.where is not None)
    taken = (TakeOut(entries),) if entries else ()
    yield Remedy(Goal.GO, (*taken, *_narrowed(said.ignore, said.protect), *_removing(situation)))


def _narrowed(*rules: tuple[Rule, ...]) -> tuple[Narrow, ...]:
    all_rules = tuple(chain.from_iterable(rules))
    return (Narrow(all_rules),) if all_rules else ()


def _removing(situation: Situation) -> tuple[Step, ...]:
    """Return what makes apply remove what is not listed, where it does not do so anyway."""
    if situation.said.absent or situation.desired.policy.unlisted is UnlistedPolicy.REMOVE:
        return ()
    pattern = exact_pattern(situation.name)
    is_protected = any(glob.text == pattern for glob in situation.desired.protect)
    if is_protected or _matches_listed(pattern, situation):
        return (RemoveUnlisted(situation.said.unlisted.where),)
    return (Add(situation.places.section(RuleKind.ABSENT.value), pattern),)


def _do_without(situation: Situation) -> Remedy:
    entries = tuple(rule.where for rule in situation.said.entries if rule.where is not None)
    return Remedy(Goal.DO_WITHOUT, (TakeOut(entries),) if entries else ())


def _matches_listed(pattern: str, situation: Situation) -> bool:
    glob = Glob(pattern)
    return any(glob.matches(model.name) for model in situation.desired.models if model.name != situation.name)
