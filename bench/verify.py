"""Measure `ocrstate verify` against what else computes digests, all files in the page cache."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from measuring import Run, in_turns, median, ratio, table, timed

if TYPE_CHECKING:
    from collections.abc import Sequence

_OCRSTATE = str(Path(sys.executable).with_name("ocrstate"))
_BOUND_TO = "openssl dgst -sha256"
_ROUNDS = 5
_MIB = 1024 * 1024
# it writes beside what it reads, and remembers what it has read: so it gets other names each time, and forgets
_DVC = "rm -rf copy copy.dvc site && cp -al store copy && DVC_SITE_CACHE_DIR=$PWD/site dvc add --quiet --no-commit copy"
_BLOCK = _MIB  # small: a child's peak memory counts from ours on


@dataclass(frozen=True)
class Contents:
    """Files to read, in the order in which they are listed.

    Attributes:
        bound: how many times as fast as one `openssl` verify is to be; `None` sets no bound.
    """

    title: str
    sizes: tuple[int, ...]
    bound: float | None


CONTENTS = (
    Contents("4 GiB in 8 files", (512,) * 8, 1.85),
    Contents("8 files of 256 MiB, one of 2 GiB listed last", (*(256,) * 8, 2048), None),
)


def verify_tables(work: Path) -> list[str]:
    """Measure all and return the tables."""
    lines: list[str] = []
    for contents in CONTENTS:
        folder = work / "contents"
        _lay_out(folder, contents)
        try:
            lines += [*_digests(folder, contents), "", *_second(folder), ""]
        finally:
            shutil.rmtree(folder)
    return lines[:-1]


def _lay_out(folder: Path, contents: Contents) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "store").mkdir(parents=True)
    listed, sums = [], []
    for number, size in enumerate(contents.sizes):
        name = f"model_{number}.bin"
        digest = _write(folder / "store" / name, size * _MIB)
        listed.append(f"  - name: {name}\n    sha256: {digest}\n    size: {size * _MIB}\n")
        sums.append(f"{digest}  store/{name}\n")
    (folder / "models.yml").write_text(f"version: 1\nstore: store\nmodels:\n{''.join(listed)}", encoding="ascii")
    (folder / "sums").write_text("".join(sums), encoding="ascii")
    os.sync()  # else the disk is still busy while others read


def _write(path: Path, size: int) -> str:
    """Write content that no filesystem can compress, and return its digest."""
    digest, block = hashlib.sha256(), os.urandom(_BLOCK)
    with path.open("wb") as file:
        for start in range(0, size, _BLOCK):
            piece = block[: size - start]
            file.write(piece)
            digest.update(piece)
    return digest.hexdigest()


def _others(folder: Path) -> dict[str, Sequence[str] | None]:
    """Return the commands that compute the same digests; `None` for what is not installed."""
    files = [f"store/{path.name}" for path in sorted((folder / "store").iterdir())]
    commands: dict[str, Sequence[str]] = {
        _BOUND_TO: ["openssl", "dgst", "-sha256", *files],
        "sha256sum -c": ["sha256sum", "--quiet", "-c", "sums"],
        "rclone checksum sha256": ["rclone", "checksum", "-q", "--config", os.devnull, "sha256", "names", "store"],
        "dvc add --no-commit": ["sh", "-c", _DVC],
    }
    names = (folder / "sums").read_text(encoding="ascii").replace("store/", "")
    (folder / "names").write_text(names, encoding="ascii")
    return {title: command if shutil.which(title.split()[0]) else None for title, command in commands.items()}


def _digests(folder: Path, contents: Contents) -> list[str]:
    ours = [_OCRSTATE, "verify", "models.yml", "--no-cache"]
    others = _others(folder)
    if others["dvc add --no-commit"]:
        _prepare_dvc(folder)
    # each beside ours alone: a third command between the two would leave its traces in one of them
    pairs = {
        title: in_turns([ours, command], folder, _rounds(title), lambda: _warm(folder))
        for title, command in others.items()
        if command is not None
    }
    bound = f"{contents.bound}" if contents.bound else "none"
    runs = [run for mine, _ in pairs.values() for run in mine]
    rows = [["`ocrstate verify --no-cache`", f"{median(runs):.2f} s", "", "", f"{_peak(runs):.0f} MiB"]]
    for title in others:
        asked = bound if title == _BOUND_TO else "none"
        rows.append(
            [f"`{title}`", *(_cells(pairs[title], asked) if title in pairs else ["not installed", "", asked, ""])]
        )
    titles = (contents.title, "time", "ocrstate is so many times as fast", "bound", "peak memory (bound: 96 MiB)")
    return table(titles, rows)


def _rounds(title: str) -> int:
    """Take the time that a bound is set for more often."""
    return 3 * _ROUNDS if title == _BOUND_TO else _ROUNDS


def _warm(folder: Path) -> None:
    """Bring all files into the page cache: rclone drops what it has read."""
    for path in (folder / "store").iterdir():
        with path.open("rb", buffering=0) as file:
            while file.read(_BLOCK):
                pass


def _cells(pair: Sequence[Sequence[Run]], bound: str) -> list[str]:
    ours, theirs = pair
    return [f"{median(theirs):.2f} s", f"{ratio(theirs, ours):.2f}", bound, f"{_peak(theirs):.0f} MiB"]


def _second(folder: Path) -> list[str]:
    """Compare a verify that need not read anything with a plan of the same store, the engine asked."""
    again, plan = in_turns(
        [[_OCRSTATE, "verify", "models.yml"], [_OCRSTATE, "plan", "models.yml"]], folder, 3 * _ROUNDS
    )
    row = [f"{median(again):.3f} s", f"{median(plan):.3f} s", f"{ratio(again, plan):.2f}", "1.1"]
    return table(("second `ocrstate verify`", "`ocrstate plan`", "ratio", "bound"), [row])


def _prepare_dvc(folder: Path) -> None:
    timed(["dvc", "init", "--no-scm", "--quiet"], folder)


def _peak(runs: Sequence[Run]) -> float:
    return max(run.peak for run in runs)
