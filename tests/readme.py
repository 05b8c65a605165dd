"""Run the console examples of documents as their reader would, and compare or write down what they print.

Every ```console block of a document belongs to one shell session in an empty home folder: a line that starts with ``$``
is a command (``>`` continues it), what follows is its output. `make readme` writes the real output into all documents.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from ocrstate.engine.package import installed_version

ROOT = Path(__file__).resolve().parent.parent
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HOME = "/home/you"
_ENGINE = "26.7.0"  # the documents show this release; another one that is installed is shown as this one
_ID = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{6}")
_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})([ T])([0-9]{2}:[0-9]{2})(:[0-9]{2})?(?= UTC|Z)")
_THE_DAY = datetime(2026, 11, 21, 10, 2, tzinfo=timezone.utc)
_RUN = f"{_THE_DAY:%Y%m%dT%H%M%SZ}-"
_MARK = "--- the output above belongs to the command before ---"


@dataclass(frozen=True)
class Example:
    """A command with the output that the document shows."""

    command: str
    output: str


def documents() -> list[Path]:
    """Return the documents that have examples: README.md, and pages in docs/."""
    pages = [ROOT / "README.md", *sorted(ROOT.joinpath("docs").rglob("*.md"))]
    return [page for page in pages if _BLOCK.search(page.read_text(encoding="utf-8"))]


def examples(document: str) -> list[Example]:
    """Return all examples of a document, in order."""
    return [_example(part) for block in _BLOCK.findall(document) for part in _parts(block)]


def run(commands: list[str]) -> list[str]:
    """Run the commands in one session and return what each prints, standard error included."""
    script = "".join(f"{command}\nocr_code=$?; echo '{_MARK}'; (exit $ocr_code)\n" for command in commands)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder).resolve()
        (home / "src").mkdir()
        (home / "src" / "ocrstate").symlink_to(ROOT)  # a clone of this repository
        finished = subprocess.run(
            ["bash"],
            input=script,
            cwd=home,
            env=environment(home),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    return as_on_that_day(finished.stdout, home).split(f"{_MARK}\n")[:-1]


def as_on_that_day(printed: str, home: Path) -> str:
    """Replace what differs from run to run: ids of runs, times (to the day), who ran it and where, free space."""
    printed = printed.replace(str(home), _HOME).replace(installed_version() or _ENGINE, _ENGINE)
    ids = {
        found: f"{_RUN}{number:03x}{number:03x}" for number, found in enumerate(sorted(set(_ID.findall(printed))), 1)
    }
    for found, shown in ids.items():
        printed = printed.replace(found, shown)
    printed = re.sub(r"\bin [0-9.]+ s\b", "in 0.0 s", printed)
    printed = re.sub(
        r"^Disk: .* free; (first .*?)(?:; .* stay free)?\.$",
        r"Disk: 80 GB free; \1; 80 GB stay free.",
        printed,
        flags=re.MULTILINE,
    )
    printed = re.sub(r"^Disk: .* free of .*\.$", "Disk: 80 GB free of 500 GB.", printed, flags=re.MULTILINE)
    printed = re.sub(r"\bprocess [0-9]+\b", "process 4242", printed)
    printed = re.sub(r" by \S+ on [^\s,]+", " by you on host", printed)
    return _TIME.sub(_shown_time, printed)


def _shown_time(match: re.Match[str]) -> str:
    moment = datetime.strptime(f"{match[1]} {match[3]}+0000", "%Y-%m-%d %H:%M%z")
    days = round((moment - datetime.now(timezone.utc)) / timedelta(days=1))
    shown = _THE_DAY + timedelta(days=days)
    return f"{shown:%Y-%m-%d}{match[2]}{shown:%H:%M}{':00' if match[4] else ''}"


def rewritten(document: str) -> str:
    """Return the document with the real output of its examples."""
    outputs = iter(run([example.command for example in examples(document)]))

    def block(match: re.Match[str]) -> str:
        spelled = [_spelled(_example(part).command) + next(outputs) for part in _parts(match[1])]
        return f"```console\n{''.join(spelled)}```"

    return _BLOCK.sub(block, document)


def _parts(block: str) -> list[str]:
    return [part for part in re.split(r"^(?=\$ )", block, flags=re.MULTILINE) if part]


def _example(part: str) -> Example:
    lines = part.splitlines(keepends=True)
    length = 1
    while length < len(lines) and lines[length].startswith(("> ", ">\n")):
        length += 1
    command = "\n".join(line[2:].rstrip("\n") for line in lines[:length])
    return Example(command, "".join(lines[length:]))


def _spelled(command: str) -> str:
    return "$ " + command.replace("\n", "\n> ").replace("> \n", ">\n") + "\n"


def environment(home: Path) -> dict[str, str]:
    """Return the environment of someone at home there, who has what this checkout holds installed."""
    tools = Path(sys.executable).parent
    return {
        "HOME": str(home),
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "error,ignore:unclosed file:ResourceWarning",  # Ansible leaves some to its end
        "LC_ALL": "C.UTF-8",
    }


def main() -> None:
    """Write the real output into documents."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", type=Path, nargs="*", help="Default: all that have examples.")
    for document in parser.parse_args().documents or documents():
        document.write_text(rewritten(document.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
