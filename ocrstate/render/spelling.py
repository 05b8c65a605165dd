"""How documents are spelled as JSON. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.names import is_decodable, lossy

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Document = dict[str, Json]

FORMAT_VERSION = "1.0"


def to_text(document: Mapping[str, Json]) -> str:
    """Spell a document as one line of JSON."""
    import json  # noqa: PLC0415 - what spells text for people is spared it

    return json.dumps(document, ensure_ascii=True) + "\n"


def json_text(text: str) -> str:
    """Spell text as valid Unicode; bytes that are none become U+FFFD, as the engine shows them."""
    return text if is_decodable(text) else lossy(text)
