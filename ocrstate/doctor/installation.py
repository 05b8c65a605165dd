"""Judge how this tool is installed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ocrstate.doctor.model import Area, Topic
from ocrstate.text.escape import escape

if TYPE_CHECKING:
    from ocrstate.doctor.model import Findings

VERSION = Topic(Area.TOOL, "version")
DEPENDENCIES = Topic(Area.TOOL, "dependencies")
ON_PATH = Topic(Area.TOOL, "path")


@dataclass(frozen=True, slots=True)
class Versions:
    """What runs here.

    Attributes:
        platform: the system and its release, in words.
        can_change: whether apply works on this system.
    """

    ocrstate: str
    python: str
    platform: str
    can_change: bool


def judge_versions(seen: Versions) -> Findings:
    """Tell what runs here."""
    words = f"ocrstate {seen.ocrstate}, Python {seen.python}, {escape(seen.platform)}"
    facts = {"ocrstate": seen.ocrstate, "python": seen.python, "platform": seen.platform}
    if seen.can_change:
        return (VERSION.ok(words).with_facts(facts),)
    return (
        VERSION.warn(
            f"{words}: apply, restore, recover and purge refuse on this system",
            "plan, check and verify work; change the store from a Linux or macOS host",
        ).with_facts(facts),
    )


def judge_dependencies(seen: tuple[tuple[str, str | None], ...], reinstall: str) -> Findings:
    """Tell which other packages this tool uses.

    Args:
        seen: their names and versions; `None` for one that is not installed.
        reinstall: the command that installs them.
    """
    facts = {name: version or "" for name, version in seen}
    if not seen:
        return (DEPENDENCIES.ok("which packages it uses is not known: it runs from a checkout"),)
    missing = [name for name, version in seen if version is None]
    if missing:
        return (
            DEPENDENCIES.fail(f"not installed: {', '.join(missing)}; some commands fail", reinstall).with_facts(facts),
        )
    return (DEPENDENCIES.ok(", ".join(f"{name} {version}" for name, version in seen)).with_facts(facts),)


class OnPath(NamedTuple):
    """An ``ocrstate`` that a shell finds.

    Attributes:
        is_this: whether it starts the one that runs now.
    """

    path: str
    is_this: bool


def judge_path(seen: tuple[OnPath, ...]) -> Findings:
    """Tell whether the name ``ocrstate`` starts what runs now; ``seen`` is in the order in which a shell searches."""
    paths = tuple(each.path for each in seen)
    others = [each.path for each in seen if not each.is_this]
    if not seen:
        return (ON_PATH.ok("no ocrstate is on PATH, this one was started by its path", found=paths),)
    if not seen[0].is_this:
        return (
            ON_PATH.warn(
                f"the name ocrstate starts another one: {escape(paths[0])}",
                "remove that one, or put the folder of this one first on PATH",
                found=paths,
            ),
        )
    if others:
        return (
            ON_PATH.warn(
                f"another ocrstate is on PATH, behind this one: {escape(others[0])}",
                "remove the one that is not wanted",
                found=paths,
            ),
        )
    return (ON_PATH.ok(f"the name ocrstate starts this one: {escape(paths[0])}", found=paths),)
