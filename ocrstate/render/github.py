"""A plan, or what is wrong with a manifest, as commands that GitHub shows as annotations beside the lines. Pure.

GitHub reads them in the output of a workflow's steps, one a line: ``::error file=models.yml,line=3,title=T::message``.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from ocrstate.planning.changes import (
    Blocked,
    Change,
    Drifted,
    Fetch,
    Keep,
    LinkHoldsListed,
    Missing,
    NeededByLink,
    Remove,
    Replace,
)
from ocrstate.planning.guards import BlockedModels, ListedModelsAmiss, Refusal, SourcesAmiss
from ocrstate.render.look import Detail
from ocrstate.render.paint import Paint
from ocrstate.render.plan_text import STYLES, summary_line
from ocrstate.render.refusal_words import refusal_words
from ocrstate.render.warning_words import warning_words
from ocrstate.render.words import reason_words
from ocrstate.text.escape import escape, escape_message
from ocrstate.text.lists import few

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ocrstate.errors import OcrstateError
    from ocrstate.manifest.desired import DesiredModel
    from ocrstate.manifest.problems import Problem
    from ocrstate.planning.model import Plan

_TITLE = "ocrstate"
_IN_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTIES = _IN_DATA | str.maketrans({":": "%3A", ",": "%2C"})
_REFUSED_BY: dict[type[Change], type[Refusal]] = {
    Missing: ListedModelsAmiss,
    Drifted: ListedModelsAmiss,
    Blocked: BlockedModels,
}
_LISTED = (Keep, Fetch, Replace, Missing, Drifted)


class _Level(Enum):
    """How grave an annotation is."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


def plan_commands(plan: Plan, refused: Sequence[Refusal], detail: Detail, in_repository: Callable[[str], str]) -> str:
    """Annotate where a manifest lists what is amiss, and sum up the plan.

    Args:
        plan: the plan.
        refused: the rules for which apply would refuse it; what they are about is an error, all else a warning.
        detail: how much of it; the summary is always there.
        in_repository: spells the path of a manifest as GitHub knows it.
    """
    summary = _command(_Level.NOTICE, summary_line(plan, Paint(colours=False)), title=f"{_TITLE} plan")
    return "".join((*_details(plan, refused, detail, in_repository), summary))


def check_commands(plan: Plan, detail: Detail, in_repository: Callable[[str], str]) -> str:
    """Annotate where a manifest lists what is amiss, and say whether the store differs, and in what.

    Args:
        plan: what would have to be done.
        detail: how much of it; the summary is always there.
        in_repository: spells the path of a manifest as GitHub knows it.
    """
    level = _Level.NOTICE if plan.in_sync else _Level.WARNING
    lines = [summary_line(plan, Paint(colours=False)), *_to_be_done(plan)]
    summary = _command(level, "\n".join(lines), **_at(plan, None, in_repository), title=f"{_TITLE} check")
    return "".join((*_details(plan, (), detail, in_repository), summary))


def _to_be_done(plan: Plan) -> Iterator[str]:
    for kind in (Fetch, Replace, Remove):
        names = tuple(change.name for change in plan.acting if isinstance(change, kind))
        if names:
            yield f"to {STYLES[kind].action}: {few(names)}"


def _details(
    plan: Plan, refused: Sequence[Refusal], detail: Detail, in_repository: Callable[[str], str]
) -> Sequence[str]:
    if detail is Detail.SUMMARY:
        return ()
    return [
        *_refusals(plan, refused, in_repository),
        *(_command(_Level.WARNING, warning_words(each)[1], title=_TITLE) for each in plan.inventory_warnings),
        *_amiss(plan, refused, in_repository),
    ]


def error_commands(error: OcrstateError, problems: Sequence[Problem], in_repository: Callable[[str], str]) -> str:
    """Annotate each place of a manifest that is wrong, or say what happened where that is not about a place."""
    if not problems:
        return _command(
            _Level.ERROR, "\n".join(filter(None, (error.message, error.hint))), title=f"{_TITLE}: {error.code}"
        )
    places = dict.fromkeys(
        _command(
            _Level.ERROR,
            each.message,
            file=in_repository(each.path),
            line=str(each.line),
            col=str(each.column),
            title=f"{_TITLE}: {each.code}",
        )
        for each in problems
    )
    return "".join(places)


def _command(level: _Level, message: str, **properties: str) -> str:
    spelled = ",".join(f"{name}={_shown(value).translate(_IN_PROPERTIES)}" for name, value in properties.items())
    return f"::{level.value} {spelled}::{escape_message(message).translate(_IN_DATA)}\n"


def _shown(value: str) -> str:
    """Leave what can be shown as it is: GitHub looks for a file of this name."""
    return value if value.isprintable() else escape(value)


def _at(plan: Plan, model: DesiredModel | None, in_repository: Callable[[str], str]) -> dict[str, str]:
    """Return where a manifest lists a model, or the manifest where none does."""
    if model is None:
        return {"file": in_repository(plan.manifest_path)}
    return {"file": in_repository(model.path or plan.manifest_path), "line": str(model.line)}


def _refusals(plan: Plan, refused: Sequence[Refusal], in_repository: Callable[[str], str]) -> Iterator[str]:
    listed = _listed(plan)
    for each in refused:
        match each:
            case BlockedModels() | ListedModelsAmiss():
                continue  # told at each model
            case SourcesAmiss(problems):
                for problem in problems:
                    yield _refusal(SourcesAmiss((problem,)), _at(plan, listed.get(problem[0]), in_repository))
            case _:
                yield _refusal(each, _at(plan, None, in_repository))


def _refusal(refusal: Refusal, place: Mapping[str, str]) -> str:
    _, message, hint = refusal_words(refusal)
    return _command(_Level.ERROR, f"{message}\n{hint}", **place, title=f"{_TITLE}: apply would refuse")


def _amiss(plan: Plan, refused: Sequence[Refusal], in_repository: Callable[[str], str]) -> Iterator[str]:
    listed, broken = _listed(plan), {type(each) for each in refused}
    for change in plan.changes:
        rule = _REFUSED_BY.get(type(change))
        if rule is not None:
            yield _command(
                _Level.ERROR if rule in broken else _Level.WARNING,
                f"{escape(change.name)}: {reason_words(change)[1]}",
                **_at(plan, _concerned(change, listed), in_repository),
                title=f"{_TITLE}: {STYLES[type(change)].action}",
            )


def _concerned(change: Change, listed: Mapping[str, DesiredModel]) -> DesiredModel | None:
    """Return the listed model that a change is about, or that is why nothing can be done."""
    match change:
        case Blocked(obstacle=LinkHoldsListed(staying=staying) | NeededByLink(staying=staying)):
            return next(filter(None, map(listed.get, staying)), None)
        case _:
            return listed.get(change.name)


def _listed(plan: Plan) -> dict[str, DesiredModel]:
    return {each.name: each.model for each in plan.changes if isinstance(each, _LISTED)}
