"""Read JSON data of ours strictly: what is not of the type that was written is refused. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_LARGEST = 2**64 - 1


def as_text(value: object) -> str:
    """Return a text.

    Raises:
        TypeError: it is none.
    """
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def as_number(value: object) -> int:
    """Return a whole number.

    Raises:
        TypeError: it is none.
        ValueError: it is larger than any that a system has.
    """
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r} is no number")
    if abs(value) > _LARGEST:
        raise ValueError("it holds a number that no system has")
    return value


def as_list(value: object) -> list[object]:
    """Return a list.

    Raises:
        TypeError: it is none.
    """
    if not isinstance(value, list):
        raise TypeError(f"{value!r} is no list")
    return value


def as_mapping(value: object) -> dict[str, object]:
    """Return a mapping.

    Raises:
        TypeError: it is none.
    """
    if not isinstance(value, dict):
        raise TypeError(f"{value!r} is no mapping")
    return value


def each(value: object, read: Callable[[object], T]) -> tuple[T, ...]:
    """Read every item of a list.

    Raises:
        TypeError: it is no list, or one of its items is not what it should be.
    """
    return tuple(map(read, as_list(value)))
