"""Measure whole processes: ocrstate against the engine alone, rsync, openssl and others; Ansible's module; a fleet.

Each figure is the median of paired runs: the commands take turns, so that a machine whose speed drifts treats them
alike, and ratios are made pair by pair. Run it with `make bench`; `ARGS=--write` puts the tables into
docs/performance.md and docs/fleet.md, and `ARGS='--only fleet'` measures one of these pages alone.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fleet import fleet_tables
from measuring import Run, median, ratio, timed
from verify import verify_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / ".bench"
LOCAL_PATH = "Aspose.AI.LLM/models"


@dataclass(frozen=True)
class Case:
    """A store of ``files`` models, of which the manifest lists ``listed``.

    Attributes:
        entry: what the manifest says of each model, after ``- ``.
        bound: the ratio to the bare engine script that is to be kept.
    """

    files: int
    listed: int
    runs: int
    bound: float | None
    entry: str = "{name}"


@dataclass(frozen=True)
class Row:
    """The figures of one case."""

    case: Case
    ours: list[Run]
    engine: list[Run]
    rsync: list[Run]

    @property
    def ratio(self) -> float:
        """Our time over the bare engine's, the median over pairs."""
        return ratio(self.ours, self.engine)


@dataclass(frozen=True)
class Removal:
    """A store of ``files`` models, of which apply removes ``removed``.

    Attributes:
        options: of apply.
        bound: the ratio to ``rsync -a --delete`` that is to be kept.
    """

    files: int
    removed: int
    runs: int
    options: tuple[str, ...]
    bound: float


REMOVALS = (
    Removal(10_000, 1_000, 15, (), 4.0),
    Removal(10_000, 1_000, 15, ("--retain", "7d"), 4.0),
)
CASES = (
    Case(10, 9, 31, 1.4),
    Case(1_000, 900, 31, 1.5),
    Case(10_000, 9_000, 15, 2.0),
    Case(10_000, 9_000, 15, None, "name: {name}\n    sha256: {digest}\n    size: 1"),
    Case(100_000, 10_000, 9, 5.0),
)


def main() -> None:
    """Measure all cases, print the tables, and write them where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the tables into the pages")
    parser.add_argument("--only", choices=PAGES, help="measure what is on one page")
    options = parser.parse_args()
    shutil.rmtree(WORK, ignore_errors=True)
    for page in [options.only] if options.only else PAGES:
        tables = {name: "\n".join(lines) for name, lines in PAGES[page]().items()}
        print("\n\n".join(tables.values()), flush=True)
        if options.write:
            _write(ROOT / "docs" / f"{page}.md", tables)
    shutil.rmtree(WORK)


def _performance() -> dict[str, list[str]]:
    rows = [_measure(case) for case in CASES]
    removals = _removal_table() if shutil.which("rsync") else ["Removals were not measured: rsync is not installed."]
    return {"table": [*_table(rows), "", *removals, "", *verify_tables(WORK), "", _start_up()]}


PAGES: dict[str, Callable[[], dict[str, list[str]]]] = {
    "performance": _performance,
    "fleet": lambda: fleet_tables(WORK),
}


def _measure(case: Case) -> Row:
    folder = WORK / str(case.files)
    _lay_out(folder, case)
    ours = [str(Path(sys.executable).with_name("ocrstate")), "plan", "models.yml"]
    engine = [sys.executable, str(ROOT / "bench" / "bare_engine.py"), "names.txt"]
    commands = [ours, engine]
    if shutil.which("rsync"):
        commands.append(["rsync", "-an", "--delete", "--info=stats1", "wanted/", f"{LOCAL_PATH}/"])
    for command in commands:
        timed(command, folder)
    rounds = [[timed(command, folder) for command in commands] for _ in range(case.runs)]
    columns = [list(column) for column in zip(*rounds, strict=True)]
    return Row(case, columns[0], columns[1], columns[2] if len(columns) > len(("ours", "engine")) else [])


def _lay_out(folder: Path, case: Case) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    store, wanted = folder / LOCAL_PATH, folder / "wanted"
    store.mkdir(parents=True)
    wanted.mkdir()
    names = [f"model_{number:06}.bin" for number in range(case.files)]
    for name in names:
        (store / name).write_text("m", encoding="ascii")
    for name in names[: case.listed]:
        os.link(store / name, wanted / name)
    digest = hashlib.sha256(b"m").hexdigest()
    entries = "".join(f"  - {case.entry.format(name=name, digest=digest)}\n" for name in names[: case.listed])
    (folder / "models.yml").write_text(f"version: 1\nmodels:\n{entries}", encoding="ascii")
    (folder / "names.txt").write_text("\n".join(names[: case.listed]), encoding="ascii")


def _removal_table() -> list[str]:
    titles = ("files in the store", "removed", "ocrstate apply --yes", "rsync -a --delete", "ratio", "bound")
    rows = [titles, ("---:",) * len(titles), *map(_removal_cells, REMOVALS)]
    return [f"| {' | '.join(row)} |" for row in rows]


def _removal_cells(case: Removal) -> tuple[str, ...]:
    folder = WORK / "removal"
    _lay_out(folder, Case(case.files, case.files - case.removed, 0, None))
    shutil.copytree(folder / "wanted", folder / "copy", copy_function=os.link)
    doomed = [f"model_{number:06}.bin" for number in range(case.files - case.removed, case.files)]
    ours = [str(Path(sys.executable).with_name("ocrstate")), "apply", "models.yml", "--yes", *case.options]
    rsync = ["rsync", "-a", "--delete", "wanted/", "copy/"]
    pairs = [
        (_run_on(ours, folder, folder / LOCAL_PATH, doomed), _run_on(rsync, folder, folder / "copy", doomed))
        for _ in range(case.runs + 1)
    ][1:]
    applied, synced = [a for a, _ in pairs], [b for _, b in pairs]
    return (
        f"{case.files:,}",
        f"{case.removed:,}{', kept for 7 days' if case.options else ''}",
        f"{median(applied):.3f} s",
        f"{median(synced):.3f} s",
        f"{ratio(applied, synced):.2f}",
        f"{case.bound}",
    )


def _run_on(command: Sequence[str], folder: Path, store: Path, doomed: Sequence[str]) -> Run:
    """Run a command that removes models, after they were laid out anew."""
    for name in doomed:
        (store / name).write_text("m", encoding="ascii")
    return timed(command, folder)


TITLES = (
    *("files in the store", "listed", "entries", "ocrstate plan", "peak memory"),
    *("bare engine script", "ratio", "bound", "rsync -an --delete"),
)


def _table(rows: Sequence[Row]) -> list[str]:
    cells = [TITLES, ("---:",) * len(TITLES), *map(_cells, rows)]
    return [f"| {' | '.join(row)} |" for row in cells]


def _cells(row: Row) -> tuple[str, ...]:
    case = row.case
    return (
        f"{case.files:,}",
        f"{case.listed:,}",
        "name, digest, size" if "sha256" in case.entry else "name",
        f"{median(row.ours):.3f} s",
        f"{max(run.peak for run in row.ours):.0f} MiB",
        f"{median(row.engine):.3f} s",
        f"{row.ratio:.2f}",
        f"{case.bound or 'none'}",
        f"{median(row.rsync):.3f} s" if row.rsync else "not installed",
    )


def _start_up() -> str:
    version = [timed([str(Path(sys.executable).with_name("ocrstate")), "--version"], ROOT) for _ in range(21)]
    nothing = [timed([sys.executable, "-c", "pass"], ROOT) for _ in range(21)]
    return (
        f"`ocrstate --version`: {median(version) * 1000:.0f} ms, where `python -c pass` takes "
        f"{median(nothing) * 1000:.0f} ms. Python {sys.version.split()[0]}, {os.cpu_count()} cores."
    )


def _write(page: Path, tables: Mapping[str, str]) -> None:
    """Put each table between the marks that bear its name."""
    text = page.read_text(encoding="utf-8")
    for name, lines in tables.items():
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(end)
        text = f"{before}{begin}\n{lines}\n{end}{after}"
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
