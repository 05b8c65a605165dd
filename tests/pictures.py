"""Pictures of a terminal in which real commands ran. `make pictures` draws them into docs/pictures."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import struct
import subprocess
import tempfile
import termios
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from rich.console import Console
from rich.text import Text

from tests.readme import ROOT, as_on_that_day, environment

FOLDER = ROOT / "docs" / "pictures"
_TEXT = "{http://www.w3.org/2000/svg}text"
_LINES = 60
_ENOUGH = 65536
_FORMAT = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
  font-family: Menlo, Consolas, DejaVu Sans Mono, monospace;
  font-size: {char_height}px;
}}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""Rich's own, without a font from the network: what shows pictures in documents would not load it."""


@dataclass(frozen=True)
class Picture:
    """A terminal.

    Attributes:
        name: of the file, without its ending.
        width: columns.
        before: a shell script that lays out the home folder in which the commands run.
        commands: what is shown, each with what it prints.
    """

    name: str
    width: int
    before: str
    commands: tuple[str, ...]


_HOST = """
mkdir -p Aspose.AI.LLM/models/notes new
cd Aspose.AI.LLM/models
head -c 2400000 /dev/zero > en_ocr_v2.bin
head -c 1900000 /dev/zero > notes/en_notes_v1.bin
head -c 800000 /dev/zero > base_layout.bin
head -c 2100000 /dev/zero > old_en_ocr_v1.bin
head -c 1500000 /dev/zero > de_ocr_v2.bin
head -c 1200000 /dev/zero > fr_ocr_v3.bin
head -c 2200000 /dev/zero > ../../new/fr_ocr_v3.bin
head -c 1700000 /dev/zero > ../../new/it_ocr_v1.bin
cd ../..
cat > models.yml <<YAML
version: 1
models:
  - en_ocr_v2.bin
  - notes/en_notes_v1.bin
  - de_0cr_v2.bin
  - {name: fr_ocr_v3.bin, size: 2200000, source: new/fr_ocr_v3.bin}
  - {name: it_ocr_v1.bin, size: 1700000, source: new/it_ocr_v1.bin}
protect: ["base_*"]
YAML
"""

_WITHOUT_SOURCES = f"{_HOST}sed -i /source/d models.yml\n"
_WITH_TROUBLE = f"""{_WITHOUT_SOURCES}
sed -i s/de_0cr/de_ocr/ models.yml
ocrstate apply models.yml --yes --quiet --retain 7d
ln -s ../../new Aspose.AI.LLM/models/new
mkdir -p Aspose.AI.LLM/models/notes/drafts
touch Aspose.AI.LLM/models/notes/drafts/it.bin
"""

PICTURES = (
    Picture("plan", 104, _HOST, ("ocrstate plan models.yml --verbose",)),
    Picture("list", 84, _HOST, ("ocrstate list models.yml --sort size",)),
    Picture("doctor", 120, _WITH_TROUBLE, ("ocrstate doctor models.yml",)),
    Picture("narrow", 60, _WITHOUT_SOURCES, ("ocrstate plan models.yml", "ocrstate why models.yml old_en_ocr_v1.bin")),
)

_ELSEWHERE = (
    (r"(?<=the Python at )\S+", "/home/you/venv/bin/python"),
    (r"(?<=starts this one: )\S+", "/home/you/venv/bin/ocrstate"),
    (r"(?<=releases for ).*", "linux x86_64 with cpython 3.12"),
    (r"[0-9.]+ s from start to end", "0.15 s from start to end"),
    (r"(?<=is the )newest .*|(?<=is )older than .*", "newest that is known to list"),
    (r"(?<=temporary files \()\S+(?=\))", "/tmp"),
    (r"(?<=with )[0-9.]+ .B free", "80 GB free"),
    (r"[0-9.]+ .B are free", "80 GB are free"),
    (r"[0-9,]+ more files", "16,000,000 more files"),
    (r"(?<=open files: ).*", "20,000"),
    (r"(?<=address space: ).*", "no limit"),
    (r"(?<=processes of one user: ).*", "96,000"),
    (r"(?<=the store is on ).*", "ext4, mounted at /"),
    (r"click [0-9][^\x1b]*", "click, deepdiff, filelock and others\n  "),
    (r"ocrstate [0-9.]+, Python .*", "ocrstate 0.1.0, Python 3.12.1 (CPython), Linux"),
)
"""What differs from machine to machine, and what a picture shows in its place."""


def drawn(picture: Picture) -> str:
    """Run the commands of a picture, and return it as SVG."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder).resolve()
        subprocess.run(["bash", "-euc", picture.before], cwd=home, env=environment(home), check=True)
        said = "".join(f"$ {command}\n{_run(command, home, picture.width)}" for command in picture.commands)
        return _svg(_as_elsewhere(as_on_that_day(said, home)), picture)


def _as_elsewhere(said: str) -> str:
    for found, shown in _ELSEWHERE:
        said = re.sub(found, shown, said)
    return said


def colours_of(svg: str) -> set[tuple[str, str]]:
    """Return each piece of text that has a colour of its own, with that colour."""
    fills = dict(re.findall(r"\.([\w-]+) \{ fill: (#[0-9a-f]{6})", svg))
    pieces = [(each.text or "", fills[each.attrib["class"]]) for each in ET.fromstring(svg).iter(_TEXT)]
    plain = Counter(fill for _, fill in pieces).most_common(1)[0][0]
    return {(text, fill) for text, fill in pieces if fill != plain and text.strip()}


def lines_of(svg: str) -> list[str]:
    """Return the text of a picture, line by line."""
    lines: dict[float, list[tuple[float, str]]] = {}
    for element in ET.fromstring(svg).iter(_TEXT):
        place = float(element.attrib["y"]), float(element.attrib["x"])
        lines.setdefault(place[0], []).append((place[1], element.text or ""))
    return ["".join(text for _, text in sorted(parts)).rstrip() for _, parts in sorted(lines.items())]


def _run(command: str, home: Path, width: int) -> str:
    """Run a command at a terminal of that width, and return what it prints, escape sequences included."""
    reader, writer = pty.openpty()
    fcntl.ioctl(writer, termios.TIOCSWINSZ, struct.pack("HHHH", _LINES, width, 0, 0))
    with subprocess.Popen(
        ["bash", "-c", command],
        cwd=home,
        env={**environment(home), "TERM": "xterm-256color", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
        stdin=subprocess.DEVNULL,
        stdout=writer,
        stderr=subprocess.PIPE,
    ) as process:
        os.close(writer)
        printed = _all_of(reader)
        told = process.stderr.read() if process.stderr else b""
    return (printed + told).decode().replace("\r\n", "\n")


def _all_of(reader: int) -> bytes:
    """Read what comes from a terminal until nobody has it open."""
    parts: list[bytes] = []
    with open(reader, "rb", buffering=0) as file:
        while True:
            try:
                part = file.read(_ENOUGH)
            except OSError:  # so Linux says that it ends
                part = b""
            if not part:
                return b"".join(parts)
            parts.append(part)


def _svg(text: str, picture: Picture) -> str:
    console = Console(record=True, width=picture.width, file=io.StringIO(), color_system="truecolor")
    console.print(Text.from_ansi(text.rstrip("\n")))
    svg = console.export_svg(title="", code_format=_FORMAT, unique_id=picture.name)
    return "\n".join(line.strip() for line in svg.replace("><text", ">\n<text").splitlines() if line.strip()) + "\n"


if __name__ == "__main__":
    for _each in PICTURES:
        FOLDER.joinpath(f"{_each.name}.svg").write_text(drawn(_each), encoding="utf-8")
