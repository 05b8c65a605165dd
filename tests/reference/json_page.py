"""The page about the documents that --json writes, made of their schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ocrstate.schemas import read_schema, schema_names
from tests.reference.markdown import code, page, table
from tests.reference.schema_keys import Key, keys_of, types_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_INTRO = """\
# JSON documents

With `--json`, a command writes one JSON document to standard output, and everything else to standard error. `kind` says
what document it is; the headings below are the kinds. An error is a document too, of the kind [error](#error), so that
a script reads standard output in any case; the [exit code](exit-codes.md) says what happened.

What holds for all of them:

- `format_version` is `MAJOR.MINOR`. New keys raise the minor number, so ignore keys that you do not know. Whatever
  could break a reader raises the major one: a key that goes, or means something else.
- Sizes are whole numbers of bytes. Times are RFC 3339 in UTC, such as `2026-11-21T10:02:00Z`.
- Names are as in the manifest, relative to the store, with `/`. Bytes that are not UTF-8 appear as U+FFFD.
- Codes (`code`, `reason`, `action`, `status`) are stable. Texts for people (`message`, `hint`, `explanation`) are not.

`ocrstate schema KIND` prints the JSON Schema (draft 2020-12) of a document. Below, `[]` stands for each entry of a
list, and a key in parentheses is not always there."""


def json_page() -> str:
    """Return the page."""
    kinds = [name for name in schema_names() if name != "manifest"]
    return page(
        _INTRO,
        "\n".join(f"- [{kind}](#{kind}): {_described(kind)}" for kind in kinds),
        *(block for kind in kinds for block in _section(kind)),
    )


def _described(kind: str) -> str:
    return str(read_schema(kind)["description"])


def _section(kind: str) -> Sequence[str]:
    rows = [_row(key) for key in keys_of(read_schema(kind)) if not _goes_without_saying(key)]
    return f"## {kind}", _described(kind), table(("key", "type", "meaning"), rows)


def _goes_without_saying(key: Key) -> bool:
    """Tell whether a key says only what the page says of all, or that others are nested in it."""
    in_all = key.path in {("format_version",), ("kind",)}
    return in_all or (types_of(key.schema) == ("object",) and "description" not in key.schema)


def _row(key: Key) -> Sequence[str]:
    path = code(".".join(key.path))
    return path if key.required else f"({path})", _type(key), " ".join(_meaning(key))


def _type(key: Key) -> str:
    types = sorted(types_of(key.schema), key=lambda kind: kind == "null")
    if key.entry is None:
        return " or ".join(types)
    return f"{' or '.join(types)} of {' or '.join(f'{kind}s' for kind in types_of(key.entry))}"


def _meaning(key: Key) -> Iterator[str]:
    if "description" in key.schema:
        yield str(key.schema["description"])
    if "enum" in key.schema:
        yield f"One of {', '.join(map(code, cast('list[str]', key.schema['enum'])))}."
