"""An explanation as text for a terminal or a log. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ocrstate.planning.fates import BehindLink, Fate, Ignored, IsFolder, LinkStays, OnlyEngineSees, OwnFile, TooDeep
from ocrstate.planning.matching import RuleKind
from ocrstate.render.folding import fold
from ocrstate.render.look import Detail, Look
from ocrstate.render.paint import Colour
from ocrstate.render.plan_text import STYLES
from ocrstate.render.refusal_words import refusal_words
from ocrstate.render.remedy_words import remedy_words
from ocrstate.render.warning_text import render_warnings
from ocrstate.render.why_words import answer_words, rule_words, weight_words
from ocrstate.text.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocrstate.inventory.model import InventoryWarning
    from ocrstate.planning.guards import Refusal
    from ocrstate.planning.matching import Rule
    from ocrstate.planning.why import Why

_MOST_RULES: Final = 5


def render_why(why: Why, refused: Sequence[Refusal], warnings: Sequence[InventoryWarning], look: Look) -> str:
    """Draw an explanation, the answer in its first line.

    Args:
        why: the explanation.
        refused: the rules for which apply would refuse the whole plan.
        warnings: what there is to know about the inventory.
        look: how to draw.
    """
    verb, reason = answer_words(why)
    answer = fold(f"{escape(why.name)} {look.paint(_colour(why.fate), verb)}: {reason}", look.width, indent=4)
    if look.detail is Detail.SUMMARY:
        return f"{answer}\n"
    blocks = [
        "\n".join((answer, *(fold(line, look.width, lead="  ", indent=4) for line in _rules(why, look.detail)))),
        *_remedies(why, look.width),
        render_warnings(warnings, look),
        _refusal(refused, look),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _colour(fate: Fate) -> Colour:
    match fate:
        case BehindLink() | Ignored() | LinkStays() | IsFolder() | OnlyEngineSees() | OwnFile() | TooDeep():
            return Colour.PLAIN
        case _:
            return STYLES[type(fate)].colour


def _rules(why: Why, detail: Detail) -> Iterator[str]:
    if why.decided_by is not None:
        yield rule_words(why.decided_by)
    shown = why.also if detail is Detail.EVERYTHING else why.also[:_MOST_RULES]
    for rule in shown:
        yield _also(rule, why)
    if len(shown) < len(why.also):
        yield f"and {len(why.also) - len(shown):,} more (-v shows them)"


def _also(rule: Rule, why: Why) -> str:
    words = rule_words(rule)
    if rule.name != why.name:
        return f"{escape(rule.name)}: {words}"
    about = f"also {words}" if _is_beside(rule, why.decided_by) else words
    weight = weight_words(rule, why.decided_by)
    return f"{about}: {weight}" if weight else about


def _is_beside(rule: Rule, decided_by: Rule | None) -> bool:
    """Tell whether it is something else than what decides, and not the entry that holds that."""
    if decided_by is None:
        return False
    return rule.kind is not RuleKind.ENTRY or decided_by.kind in (RuleKind.ENTRY, RuleKind.POLICY)


def _remedies(why: Why, width: int | None) -> Iterator[str]:
    for remedy in why.remedies:
        sentence, lines = remedy_words(remedy, why.name)
        yield "\n".join((fold(sentence, width), *lines))


def _refusal(refused: Sequence[Refusal], look: Look) -> str:
    if not refused:
        return ""
    _, message, hint = refusal_words(refused[0])
    more = f" (and {len(refused) - 1:,} more, which plan shows)" if len(refused) > 1 else ""
    lead = look.paint(Colour.ATTENTION, "apply would refuse the whole plan:")
    return f"{fold(f'{lead} {message}{more}', look.width, indent=4)}\n{fold(hint, look.width, lead='  ', indent=2)}"
