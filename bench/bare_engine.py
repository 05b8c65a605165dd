"""What the plan is measured against: the engine alone, and a set difference.

Usage: bare_engine.py NAMES, in a folder that holds the engine's store; NAMES has a wanted name on each line.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1")
os.environ.setdefault("COMPlus_EnableDiagnostics", "0")

from aspose.ocr.ai import AsposeAI  # after the environment is set: the runtime reads it once

wanted = set(Path(sys.argv[1]).read_text(encoding="utf-8").splitlines())
engine = AsposeAI()
prefix = f"{engine.get_local_path()}/"
there = {entry.removeprefix(prefix) for entry in engine.list_local()}
engine.free_resources()
print(len(there - wanted), "unlisted,", len(wanted - there), "missing")
