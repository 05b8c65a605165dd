"""The wording of what changed between two manifests, the same in text and JSON. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.errors import assert_never
from ocrstate.manifest.notices import (
    BudgetRaised,
    MissingAllowed,
    NoLongerListed,
    NoLongerProtected,
    NothingListed,
    Notice,
    NowAbsent,
    OtherContent,
    OtherStore,
    RetainShortened,
    SettingNotice,
    UnlistedRemoved,
    Unpinned,
)
from ocrstate.sources.model import shown
from ocrstate.text.escape import escape
from ocrstate.text.times import duration_text
from ocrstate.text.units import counted, size_text

if TYPE_CHECKING:
    from ocrstate.manifest.differences import Change, Value

_DIGITS = 12
_EXACT_FROM = 1000  # below, `size_text` is exact
_UNSAID = "none"


def change_words(change: Change) -> str:
    """Say what changed: ``sha256 9f86d081884c → 03ac674216f3``."""
    old, new = value_words(change.what, change.old), value_words(change.what, change.new)
    if old == new:
        return f"{change.what} {new}, and something in it that is not shown"
    return f"{change.what} {old} → {new}"


def value_words(what: str, value: Value) -> str:
    """Spell a value for people: digests shortened, sizes in words and exactly, sources without what is secret."""
    match what, value:
        case "store", None:
            return "the engine's own"
        case _, None:
            return _UNSAID
        case "sha256", str():
            return value[:_DIGITS]
        case "size" | "policy.max_remove.bytes", int():
            return size_text(value) if value < _EXACT_FROM else f"{size_text(value)} ({value:,} B)"
        case "source", str():
            return escape(shown(value))
        case "policy.retain", int():
            return duration_text(value) if value else _UNSAID
        case "policy.max_remove.percent", _:
            return f"{value:g} %"
        case _:
            return escape(str(value))


def notice_words(notice: Notice) -> tuple[str, str]:
    """Return the stable code of a notice, and what to tell a person."""
    match notice:
        case NoLongerListed(names):
            return "no-longer-listed", f"{_models(names, 'no longer listed')}: the next apply removes {_them(names)}"
        case NothingListed():
            return "nothing-listed", "no model is listed any more: apply refuses without --allow-empty"
        case OtherContent(names):
            return (
                "other-content",
                f"{_models(names, 'to have another content')}: what is there now does not fit any more",
            )
        case Unpinned(names):
            return "unpinned", f"{_models(names, 'listed without the digest')} that there was: any content will do"
        case NoLongerProtected(key, pattern):
            return f"{key}-shrinks", (
                f"{key} no longer holds {escape(pattern)}: what it matches and is not listed can be removed"
            )
        case NowAbsent(pattern):
            return (
                "absent-grows",
                f"absent now holds {escape(pattern)}: what it matches is removed, unless it is protected",
            )
        case _:
            return _setting_notice_words(notice)


def _setting_notice_words(notice: SettingNotice) -> tuple[str, str]:
    match notice:
        case UnlistedRemoved():
            return "unlisted-removed", "models that are not listed were only reported: the next apply removes them"
        case MissingAllowed():
            return "missing-allowed", "apply no longer stops where listed models are missing or differ"
        case BudgetRaised():
            return "max-remove-raised", "max_remove is raised or lifted: one apply may remove more than before"
        case RetainShortened(old, new):
            return "retain-shortened", _retain_words(old, new)
        case OtherStore():
            return "other-store", "the store is another one: the models must be there, and the old one is left alone"
        case _:
            assert_never(notice)


def _retain_words(old: int, new: int) -> str:
    follows = "can be taken back for a shorter time" if new else "can no longer be taken back"
    before, after = (value_words("policy.retain", seconds) for seconds in (old, new))
    return f"retain goes from {before} to {after}: removals {follows}"


def _models(names: tuple[str, ...], what: str) -> str:
    return f"{counted(len(names), 'model')} {'is' if len(names) == 1 else 'are'} {what}"


def _them(names: tuple[str, ...]) -> str:
    return "it" if len(names) == 1 else "them"
