"""The wording of explanations, the same in text and JSON. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ocrstate.errors import assert_never
from ocrstate.planning.changes import (
    Blocked,
    Change,
    Drifted,
    Fetch,
    Keep,
    Missing,
    NotListed,
    Protected,
    Remove,
    Replace,
    Unlisted,
)
from ocrstate.planning.fates import BehindLink, Fate, Ignored, IsFolder, LinkStays, OnlyEngineSees, OwnFile, TooDeep
from ocrstate.planning.matching import RuleKind
from ocrstate.render.words import reason_words
from ocrstate.text.escape import escape
from ocrstate.text.units import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.manifest.places import Where
    from ocrstate.planning.matching import Rule
    from ocrstate.planning.why import Why

_VERBS: Final[dict[type[Change], str]] = {
    Keep: "stays",
    Protected: "stays",
    Unlisted: "stays",
    Fetch: "would be fetched",
    Replace: "would be replaced",
    Remove: "would be removed",
    Drifted: "is not as listed",
    Missing: "is missing",
    Blocked: "is blocked",
}
_MOST_MANIFESTS: Final = 3


def answer_words(why: Why) -> tuple[str, str]:
    """Return what happens, and why: ``would be removed`` and ``not listed in models.yml``."""
    return _answer(why.fate, why.manifests)


def _answer(fate: Fate, manifests: Sequence[str]) -> tuple[str, str]:
    match fate:
        case Ignored(pattern):
            return "is ignored", f'"{escape(pattern)}" under `ignore` matches it'
        case LinkStays(target, shows):
            what = f"and all {counted(shows, 'file')} that the engine sees through it stay" if shows else "and empty"
            return "stays", f"a link to the folder {escape(target)}, {what}"
        case BehindLink():
            return _answer_behind(fate, manifests)
        case IsFolder(holds, is_emptied):
            if is_emptied:
                return "would be removed", f"a folder with {counted(holds, 'file')}, all of which would be removed"
            return "stays", f"a folder with {counted(holds, 'file')}; only these are kept or removed"
        case OnlyEngineSees():
            return "is passed over", "the engine lists it, and the folder does not hold it"
        case OwnFile():
            return "stays", "ocrstate keeps its own files there; no manifest can list or remove them"
        case TooDeep():
            return "is not looked at", (
                "the engine looks no deeper than one sub-folder, so it is neither listed nor kept nor removed"
            )
        case _:
            return _VERBS[type(fate)], _reason(fate, manifests)


def _answer_behind(fate: BehindLink, manifests: Sequence[str]) -> tuple[str, str]:
    verb, reason = _answer(fate.fate, manifests)
    link = f"seen through {escape(fate.link)}, which {verb}"
    if isinstance(fate.fate, Remove):
        return "would be seen no more", f"{link}: {reason}"
    return "stays", f"{link}: {reason}"


def _reason(change: Change, manifests: Sequence[str]) -> str:
    match change:
        case Keep(model=model, is_verified=is_verified):
            unread = model.sha256 is not None and not is_verified
            return "listed, and in the store" + ("; its content was not compared (--verify does)" if unread else "")
        case Remove(reason=NotListed()):
            return f"not listed in {_manifests(manifests)}"
        case Missing() | Fetch() | Replace() | Drifted() | Remove() | Protected() | Unlisted() | Blocked():
            return reason_words(change)[1]
        case _:
            assert_never(change)


def _manifests(paths: Sequence[str]) -> str:
    *bases, last = map(escape, paths)
    if len(bases) >= _MOST_MANIFESTS:
        return f"{last} or the {len(bases)} manifests that it extends"
    return " or ".join((last, *bases))


def where_words(where: Where) -> str:
    """Spell a place as compilers do: ``base.yml:3:5``."""
    return f"{escape(where.path)}:{where.line}:{where.column}"


def rule_words(rule: Rule) -> str:
    """Say what a manifest says, and where."""
    place = "" if rule.where is None else f" at {where_words(rule.where)}"
    match rule.kind:
        case RuleKind.ENTRY:
            return f"listed{place}"
        case RuleKind.SIZE | RuleKind.SHA256:
            return f"`{escape(rule.text)}`{place}"
        case RuleKind.IGNORE | RuleKind.PROTECT | RuleKind.ABSENT:
            return f'"{escape(rule.text)}" under `{rule.kind.value}`{place}'
        case RuleKind.POLICY:
            default = ", which is the default: no manifest says otherwise"
            return f"`{rule.text}`{place or default}"
        case _:
            assert_never(rule.kind)


def weight_words(rule: Rule, decided_by: Rule | None) -> str:
    """Say what a rule means that does not decide: what people get wrong is which of two counts more."""
    if decided_by is None or rule.name != decided_by.name:
        return ""
    match decided_by.kind, rule.kind:
        case RuleKind.ENTRY | RuleKind.SIZE | RuleKind.SHA256, RuleKind.PROTECT:
            return "it would stay if it were not listed, too"
        case RuleKind.IGNORE | RuleKind.PROTECT, RuleKind.PROTECT | RuleKind.ABSENT if decided_by.kind != rule.kind:
            return f"`{decided_by.kind.value}` counts more"
        case _:
            return ""
