"""The wording of names that are nearly the same, the same in text and JSON. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ocrstate.authoring.yaml_text import ascii_quoted, scalar
from ocrstate.names import name_problem
from ocrstate.planning.near import Aspect
from ocrstate.render.spelling import json_text
from ocrstate.text.escape import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.planning.near import Near
    from ocrstate.render.spelling import Document

_HARD_TO_SEE: Final = {Aspect.CASE: "case", Aspect.SPACES: "spaces", Aspect.UNICODE: "Unicode form"}
_LOOKS_THE_SAME: Final = "looks the same, in another Unicode form"


def meant_words(near: Sequence[Near]) -> str:
    """Ask whether one of these was meant, and say what is hard to see: ``did you mean FR.bin? (differs in case)``."""
    if len(near) == 1:
        return f"did you mean {escape(near[0].name)}?{_note(near[0])}"
    return f"did you mean {' or '.join(f'{escape(each.name)}{_note(each)}' for each in near)}?"


def near_name(near: Near) -> str:
    """Name it so that it can be told from what it is near to."""
    coded = _coded(near)
    return f"{escape(near.name)}, written {coded}" if coded else escape(near.name)


def slight_words(near: Near) -> str:
    """Say in which of the ways that are hard to see it differs: ``case and spaces``; nothing for other ways."""
    return " and ".join(word for aspect, word in _HARD_TO_SEE.items() if aspect in near.differs_in)


def written(near: Near) -> str | None:
    """Spell it as a manifest has to, so that nothing can be mistaken; `None` where no manifest can name it."""
    if name_problem(near.name) is not None:
        return None
    return _coded(near) or scalar(near.name)


def near_documents(near: Sequence[Near]) -> Document:
    """Describe names that are nearly the same."""
    return {
        "did_you_mean": [json_text(each.name) for each in near],
        "near": [
            {"name": json_text(each.name), "differs_in": [aspect.value for aspect in each.differs_in]} for each in near
        ],
    }


def _note(near: Near) -> str:
    words = slight_words(near)
    if not words:
        return ""
    differs = _LOOKS_THE_SAME if near.differs_in == (Aspect.UNICODE,) else f"differs in {words}"
    coded = _coded(near)
    return f" ({differs}: write {coded})" if coded else f" ({differs})"


def _coded(near: Near) -> str:
    is_mistakable = Aspect.UNICODE in near.differs_in and name_problem(near.name) is None
    return ascii_quoted(near.name) if is_mistakable else ""
