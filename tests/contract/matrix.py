"""Run the contract tests against every published release of the engine, each in its own virtual environment.

    python tests/contract/matrix.py [--write] [--keep] [RELEASE ...]

It takes minutes per release: each is a download of 140 MB and 250 MB on disk. What was installed is removed again
unless ``--keep`` is given; the downloads stay in pip's cache.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import venv
from dataclasses import astuple, dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from ocrstate.engine.package import OLDEST, PACKAGE, is_too_old  # noqa: E402 - this script is run from a checkout

FOLDER = PROJECT / ".matrix"
PAGE = PROJECT / "docs" / "engine.md"
BEGIN, FINISH = "<!-- matrix begins: written by make matrix -->", "<!-- matrix ends -->"

OTHER_PYTHON = "not for this Python"

PROBE = """
import pathlib, tempfile
from ocrstate.engine.process import EngineProcess
from ocrstate.engine.requests import ListStore
from ocrstate.errors import OcrstateError
with tempfile.TemporaryDirectory() as folder, EngineProcess.start() as process:
    (pathlib.Path(folder) / "canary.bin").touch()
    process.send(ListStore(folder))
    try:
        print("lists" if process.answer(120).entries else "blind")
    except OcrstateError as error:
        print(error.code)
"""


@dataclass(frozen=True)
class Row:
    """What was found for one release, in the words of the table."""

    release: str
    python: str
    lists: str
    blind: str
    contract: str


HEAD = Row("release", "Python", "lists?", "blind?", "contract tests")


def main() -> int:
    """Print the table; return 0 if every release that this Python can have keeps the contract."""
    options = parse_arguments()
    rows = []
    for release in options.releases or published():
        tell(f"{PACKAGE} {release} ...")
        rows.append(try_release(release, keep=options.keep))
    table = as_table(rows)
    sys.stdout.write(f"{table}\n")
    if options.write:
        write(table)
    return 0 if all(row.contract.endswith(("pass", OTHER_PYTHON)) for row in rows) else 1


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("releases", nargs="*", help=f"default: every published one from {OLDEST} on")
    parser.add_argument("--keep", action="store_true", help="leave the virtual environments for the next time")
    parser.add_argument("--write", action="store_true", help=f"put the table into {PAGE.relative_to(PROJECT)}")
    return parser.parse_args()


def published() -> list[str]:
    """Ask the package index for the releases that this Python can have, the oldest first."""
    command = [sys.executable, "-m", "pip", "index", "versions", PACKAGE]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"^Available versions: (.+)$", answer.stdout, re.MULTILINE)
    if found is None:
        raise SystemExit(f"the package index lists no release of {PACKAGE}:\n{answer.stderr}")
    return [release for release in reversed(found[1].split(", ")) if not is_too_old(release)]


def try_release(release: str, *, keep: bool) -> Row:
    """Install one release, and run the contract tests with it."""
    folder = FOLDER / f"{release}-python{sys.version_info.major}.{sys.version_info.minor}"
    try:
        python = environment_in(folder)
        installed = run(python, "-m", "pip", "install", "--quiet", f"{PACKAGE}=={release}", "pytest")
        if installed.returncode:
            return Row(release, python_version(), "-", "-", why_not_installed(installed.stderr))
        sight = run(python, "-c", PROBE).stdout.strip() or "no answer"
        tests = run(python, "-m", "pytest", "-q", "--tb=line", "-p", "no:cacheprovider", "tests/contract")
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
    if tests.returncode:
        tell(tests.stdout + tests.stderr)
    return Row(release, python_version(), *in_words(sight), outcome(tests))


def environment_in(folder: Path) -> Path:
    """Make a virtual environment, or take the one that is there, and return its Python."""
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    return python


def why_not_installed(said: str) -> str:
    if "requires a different Python" in said:
        return OTHER_PYTHON
    tell(said)
    return "cannot be installed"


def run(python: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([python, *arguments], cwd=PROJECT, capture_output=True, text=True, check=False)


def tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def in_words(sight: str) -> tuple[str, str]:
    return {"lists": ("yes", "no"), "blind": ("no", "yes")}.get(sight, (sight, "-"))


def outcome(tests: subprocess.CompletedProcess[str]) -> str:
    """Say how many tests passed, from pytest's last line."""
    counts = {word: number for number, word in re.findall(r"(\d+) (passed|failed|errors?)", tests.stdout)}
    if tests.returncode == 0 and list(counts) == ["passed"]:
        return f"{counts['passed']} pass"
    return ", ".join(f"{number} {word}" for word, number in counts.items()) or f"exit code {tests.returncode}"


def python_version() -> str:
    return ".".join(str(part) for part in sys.version_info[:3])


def as_table(rows: list[Row]) -> str:
    """Lay the rows out as a Markdown table that also reads well in a terminal."""
    cells = [astuple(row) for row in (HEAD, *rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    rule = tuple("-" * width for width in widths)
    lines = [cells[0], rule, *cells[1:]]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    )


def write(table: str) -> None:
    """Replace what stands between the marks in the page."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(FINISH)
    PAGE.write_text(f"{before}{BEGIN}\n\n{table}\n\n{FINISH}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
