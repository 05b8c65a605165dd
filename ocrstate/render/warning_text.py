"""An inventory's warnings as text. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.render.folding import fold
from ocrstate.render.paint import Colour
from ocrstate.render.warning_words import warning_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.inventory.model import InventoryWarning
    from ocrstate.render.look import Look

_INDENT = 4


def render_warnings(warnings: Sequence[InventoryWarning], look: Look) -> str:
    """Draw what the reader should know about the inventory."""
    lead = f"{look.paint(Colour.ATTENTION, 'Warning:')} "
    return "\n".join(fold(warning_words(each)[1], look.width, lead=lead, indent=_INDENT) for each in warnings)
