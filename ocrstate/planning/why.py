"""What happens to one name, what decides that, and what to write to change it. Pure.

The plan decides; here is looked up only what each decision rests on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ocrstate.errors import assert_never
from ocrstate.manifest.desired import UnlistedPolicy
from ocrstate.planning.changes import (
    Blocked,
    Drifted,
    Fetch,
    Keep,
    LinkHoldsListed,
    Missing,
    Protected,
    Remove,
    Replace,
    Unlisted,
)
from ocrstate.planning.fates import (
    BehindLink,
    Fate,
    Ignored,
    IsFolder,
    LinkStays,
    OnlyEngineSees,
    OwnFile,
    TooDeep,
    fate_beyond,
    fate_of,
    known_names,
)
from ocrstate.planning.matching import Matching, Rule, RuleKind, matching
from ocrstate.planning.near_names import near_names
from ocrstate.planning.remedies import Situation, remedies

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.manifest.places import Places
    from ocrstate.planning.evidence import Basis
    from ocrstate.planning.model import Plan
    from ocrstate.planning.near import Near
    from ocrstate.planning.steps import Remedy

_MOST_STAYING: Final = 3
"""Of the models that keep a link in place, so many are explained."""


@dataclass(frozen=True, slots=True)
class Why:
    """An explanation.

    Attributes:
        manifests: paths as the user gave them, in the order in which later ones win.
        decided_by: what the manifests say that decides it; `None` where it is nothing that they say.
        also: what else they say of it.
        remedies: the likeliest first.
    """

    name: str
    manifests: tuple[str, ...]
    fate: Fate
    decided_by: Rule | None
    also: tuple[Rule, ...]
    remedies: tuple[Remedy, ...]


def explain(names: Sequence[str], plan: Plan, basis: Basis, places: Places, *, lies_deep: bool = False) -> Why | None:
    """Explain the first of some spellings that is listed or in the store; `None` if none of them is.

    What nobody has seen under the last one may still be explained by what nobody looks at.

    Args:
        names: relative to the store.
        plan: decides.
        basis: what the plan was made from.
        places: where the manifests say what they say.
        lies_deep: whether something is there under the last name, deeper than the engine looks.
    """
    for name in names:
        fate = fate_of(name, plan, basis)
        if fate is not None:
            return _explained(name, fate, plan, basis, places)
    beyond = fate_beyond(names[-1], lies_deep=lies_deep)
    return None if beyond is None else _explained(names[-1], beyond, plan, basis, places)


def likely_names(name: str, basis: Basis) -> tuple[Near, ...]:
    """Return names that are listed or in the store and that an unknown one may be meant to be."""
    return near_names([name], sorted(known_names(basis))).get(name, ())


def _explained(name: str, fate: Fate, plan: Plan, basis: Basis, places: Places) -> Why:
    said = matching(name, basis.desired, places)
    of_link = matching(fate.link, basis.desired, places) if isinstance(fate, BehindLink) else None
    decided_by = _deciding(fate, of_link or said, basis, places)
    also = (*said.all, *(of_link.all if of_link else ()), *_holding(fate, basis, places))
    return Why(
        name=name,
        manifests=places.paths,
        fate=fate,
        decided_by=decided_by,
        also=tuple(rule for rule in dict.fromkeys(also) if rule != decided_by),
        remedies=remedies(fate, Situation(said, plan, basis.desired, places)),
    )


def _deciding(fate: Fate, said: Matching, basis: Basis, places: Places) -> Rule | None:
    match fate:
        case Ignored(pattern):
            return said.of(RuleKind.IGNORE, pattern)
        case BehindLink():
            return _deciding(fate.fate, said, basis, places)
        case LinkStays() | IsFolder() | OnlyEngineSees() | OwnFile() | TooDeep():
            return None
        case Remove() | Blocked():
            return _removing(said, basis, places)
        case _:
            return _deciding_change(fate, said, places)


def _deciding_change(
    change: Keep | Fetch | Replace | Missing | Drifted | Protected | Unlisted, said: Matching, places: Places
) -> Rule | None:
    match change:
        case Keep() | Fetch() | Missing():
            return said.entries[-1] if said.entries else None
        case Drifted() | Replace():
            return _differing(change, said, places)
        case Protected(pattern=pattern):
            return said.of(RuleKind.PROTECT, pattern)
        case Unlisted(confirmed=confirmed):
            return said.unlisted if confirmed else None
        case _:
            assert_never(change)


def _removing(said: Matching, basis: Basis, places: Places) -> Rule | None:
    """Return what asks for a removal; of a link to a folder that can be what is said of all that lies behind it."""
    if said.absent or basis.desired.policy.unlisted is UnlistedPolicy.REMOVE:
        return said.absent[0] if said.absent else said.unlisted
    links = (link for link in basis.inventory.scan.folder_links if link.entry.name == said.name)
    behind = (matching(seen.name, basis.desired, places).absent for link in links for seen in link.behind)
    return next((absent[0] for absent in behind if absent), None)


def _differing(change: Drifted | Replace, said: Matching, places: Places) -> Rule | None:
    """Return what is declared and not so; the entry itself, where that is not a size or digest."""
    for difference in change.differences:
        if difference.attribute in (RuleKind.SIZE.value, RuleKind.SHA256.value):
            kind = RuleKind(difference.attribute)
            given = places.attributes(change.name, kind.value)
            return Rule(kind, change.name, f"{kind.value}: {difference.declared}", given[-1] if given else None)
    return said.entries[-1] if said.entries else None


def _holding(fate: Fate, basis: Basis, places: Places) -> tuple[Rule, ...]:
    """Return what keeps the models in place for which a link cannot go."""
    change = fate.fate if isinstance(fate, BehindLink) else fate
    if not (isinstance(change, Blocked) and isinstance(change.obstacle, LinkHoldsListed)):
        return ()
    staying = (matching(name, basis.desired, places) for name in change.obstacle.staying[:_MOST_STAYING])
    return tuple(rule for said in staying for rule in said.all)
