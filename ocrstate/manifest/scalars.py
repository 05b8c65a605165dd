"""What YAML 1.1 makes of scalars, by PyYAML's own rules."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ocrstate.manifest.quoting import quoted, spelled

if TYPE_CHECKING:
    from ocrstate.manifest.document import Value

_TAG: Final = "tag:yaml.org,2002:"
_BOOLEANS: Final = {"yes": True, "on": True, "true": True, "no": False, "off": False, "false": False}
_BASES: Final = {"0b": 2, "0x": 16}
_PLAIN_INTEGER: Final = re.compile(r"[1-9][0-9]{0,18}\Z")  # by far the most: spares three other expressions
_PLAIN_DIGEST: Final = re.compile(r"(?!0b)(?=[0-9]*[a-f])[0-9a-f]{64}\Z")  # nor is this a number
_REMEMBERED: Final = 256
_LONGEST_NUMBER: Final = 200  # in characters; Python and JSON give up above some hundreds of digits
_TEXT_KINDS: Final = ("str", "value", "merge")  # `=` and `<<` mean something to YAML 1.1 as keys only


class UnusableScalarError(Exception):
    """A plain scalar means something that no manifest can hold. The message says what."""


class Resolver:
    """Gives plain scalars their values."""

    def __init__(self) -> None:
        from yaml.resolver import Resolver as YamlResolver  # noqa: PLC0415 - only commands that read a manifest pay

        self.candidates: dict[str, list[tuple[str, re.Pattern[str]]]] = YamlResolver.yaml_implicit_resolvers
        self.value = lru_cache(_REMEMBERED)(self._value_of)
        """As `_value_of`; keys such as ``name`` come again in every entry."""

    def kind(self, text: str) -> str:
        """Return the kind of a plain scalar: ``str``, ``int``, ``bool``, ..."""
        for tag, expression in self.candidates.get(text[:1], ()):
            if expression.match(text):
                return tag.removeprefix(_TAG)
        return "str"

    def _value_of(self, text: str) -> Value:
        """Return the value of a plain scalar.

        Raises:
            UnusableScalarError: it is a date, a number without a value, or one too long to read.
        """
        if _PLAIN_INTEGER.match(text):
            return int(text)
        if _PLAIN_DIGEST.match(text):
            return text
        kind = self.kind(text)
        return text if kind in _TEXT_KINDS else _value(kind, text)

    def tagged(self, tag: str, text: str, *, quoted_text: bool) -> Value:
        """Return the value of a scalar with an explicit tag.

        Raises:
            UnusableScalarError: the tag is none of YAML's core, or the text is not what the tag says.
        """
        kind = tag.removeprefix(_TAG)
        if tag == "!" or (kind == "str" and tag != kind):
            return text
        if tag == kind or kind not in {"int", "float", "bool", "null"}:
            raise UnusableScalarError(f"the tag {spelled(tag)} is not known here; remove it")
        if quoted_text or self.kind(text) != kind:
            raise UnusableScalarError(f"{quoted(text)} is not what its tag !!{kind} says; remove the tag")
        return _value(kind, text)


def is_core_collection(tag: str, kind: str) -> bool:
    """Tell whether an explicit tag only says what a collection is anyway (``map`` or ``seq``)."""
    return tag in {"!", _TAG + kind}


def _value(kind: str, text: str) -> Value:
    match kind:
        case "null":
            return None
        case "bool":
            return _BOOLEANS[text.lower()]
        case "int":
            return _integer(text)
        case "float":
            return _float(text)
        case _:
            raise UnusableScalarError(f"YAML reads {spelled(text)} as a date here; quote it: {quoted(text)}")


def _integer(text: str) -> int:
    sign, digits = _parts_of_number(text)
    try:
        if ":" in digits:
            return sign * int(_sexagesimal(digits))
        if digits[:2] in _BASES:
            return sign * int(digits[2:], _BASES[digits[:2]])
        return sign * int(digits, 8 if digits.startswith("0") else 10)
    except ValueError:  # such as 0x_
        raise _unusable_number(text) from None


def _float(text: str) -> float:
    sign, digits = _parts_of_number(text)
    if digits in {".inf", ".nan"}:
        raise _unusable_number(text)
    number = _sexagesimal(digits) if ":" in digits else float(digits)
    if number == float("inf"):
        raise _unusable_number(text)
    return sign * number


def _parts_of_number(text: str) -> tuple[int, str]:
    if len(text) > _LONGEST_NUMBER:
        raise _unusable_number(text)
    digits = text.replace("_", "").lower()
    return (-1 if digits.startswith("-") else 1), digits.lstrip("+-")


def _unusable_number(text: str) -> UnusableScalarError:
    return UnusableScalarError(f"YAML reads {spelled(text)} as a number that has no use here; quote it")


def _sexagesimal(digits: str) -> float:
    *whole, last = digits.split(":")
    total = 0
    for part in whole:
        total = total * 60 + int(part)
    return total * 60 + (float(last) if "." in last else int(last))
