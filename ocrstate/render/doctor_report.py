"""What a doctor found, as a text to paste into an issue. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrstate.doctor.model import tally
from ocrstate.render.doctor_text import fact_words
from ocrstate.text.escape import escape_message

if TYPE_CHECKING:
    from ocrstate.doctor.model import Finding, Findings

_INDENT = " " * 7


@dataclass(frozen=True, slots=True)
class PrivateWords:
    """What tells of a person or a machine.

    Attributes:
        homes: home folders.
        users: names of users.
        hosts: names of machines.
    """

    homes: tuple[str, ...]
    users: tuple[str, ...]
    hosts: tuple[str, ...]


def render_report(findings: Findings, private: PrivateWords) -> str:
    """Write down everything that was found, in a Markdown block, without names of people and machines."""
    counts = tally(findings)
    head = f"ocrstate doctor: {counts.ok} ok, {counts.warn} warn, {counts.fail} fail"
    text = "\n".join((head, "", *(_entry(each) for each in findings)))
    text = _without(text, private)
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}text\n{text}\n{fence}\n"


def _entry(finding: Finding) -> str:
    parts = [f"{finding.area.value}/{finding.code}: {finding.message}"]
    if finding.hint:
        parts.append(f"hint: {finding.hint}")
    parts += [f"{name}: {fact_words(fact)}" for name, fact in finding.facts]
    first, *others = "\n".join(parts).split("\n")
    status = f"[{finding.status.value}]"
    return escape_message("\n".join((f"{status:<{len(_INDENT)}}{first}", *(_INDENT + each for each in others))))


def _without(text: str, private: PrivateWords) -> str:
    """Shorten home folders to ``~``, and put other words in the place of users, where paths name them, and machines."""
    for home in sorted(private.homes, key=len, reverse=True):
        if home.strip("/"):
            text = re.sub(rf"{re.escape(home)}(?![\w.-])", "~", text)
    for user in private.users:
        text = re.sub(rf"(?<=[/\\]){re.escape(user)}(?![\w.-])", "USER", text)
    for host in private.hosts:
        text = re.sub(rf"(?<![\w.-]){re.escape(host)}(?![\w-])", "HOST", text)
    return text
