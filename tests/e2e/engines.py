"""Stand-ins for the engine, for what the real one does only on bad days."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.host import Host

_SOURCE = """
import os, sys, time

TURNS = {turns!r}
with open(TURNS, "a") as turns:
    turns.write("started\\n")
with open(TURNS) as turns:
    turn = turns.read().count("started")


def listed():
    path = "Aspose.AI.LLM/models"
    for entry in os.scandir(path):
        if entry.is_dir():
            yield from (path + "/" + entry.name + "/" + each.name for each in os.scandir(entry) if not each.is_dir())
        else:
            yield path + "/" + entry.name


def does_at(turn, what):
{behaviours}
    return list(listed())


class AsposeAI:
    def get_local_path(self):
        return "Aspose.AI.LLM/models"

    def list_local(self):
        behaviours = {sequence!r}
        return does_at(turn, behaviours[min(turn, len(behaviours)) - 1])

    def free_resources(self):
        pass
"""

_BEHAVIOURS = """\
    if what == "aborts":
        os.abort()
    if what == "exits":
        os._exit(7)
    if what == "hangs":
        open(TURNS + ".hanging", "w").close()
        time.sleep(3600)
    if what == "lingers":
        time.sleep(1.5)
    if what == "chatters":
        os.write(1, b"garbage" * 100000)
        os.write(2, b"garbage" * 100000)
    if what == "garbles":
        return ["somewhere/else/model.bin"]
    if what == "lists nothing":
        return []
    if what == "loses en.bin":
        return [each for each in listed() if not each.endswith("/en.bin")]
    if what == "invents ghost.bin":
        return [*listed(), "Aspose.AI.LLM/models/ghost.bin"]
    if what == "raises":
        raise RuntimeError("Proxy error(IOException): Input/output error")
"""


def stand_in(host: Host, *sequence: str) -> None:
    """Let each start of the engine do the next of these things; the last one from then on."""
    package = host.temporary.parent / "stand-in" / "aspose" / "ocr"
    package.mkdir(parents=True)
    for init in (package / "__init__.py", package.parent / "__init__.py"):
        init.touch()
    source = _SOURCE.format(turns=str(_turns(host)), sequence=sequence, behaviours=_BEHAVIOURS)
    (package / "ai.py").write_text(source, encoding="utf-8")
    host.environment["PYTHONPATH"] = os.pathsep.join([str(package.parents[1]), host.environment["PYTHONPATH"]])
    host.defaults = ()


def starts(host: Host) -> int:
    """How often the stand-in was started."""
    turns = _turns(host)
    return turns.read_text().count("started") if turns.exists() else 0


def hangs(host: Host) -> bool:
    """Whether the stand-in hangs by now."""
    return _turns(host).with_name("turns.hanging").exists()


def _turns(host: Host) -> Path:
    return host.temporary.parent / "turns"
