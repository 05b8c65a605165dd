"""Ask git whether a file's content can be got back."""

from __future__ import annotations

import os

_PATIENCE = 30  # seconds


def is_committed(path: str, content: bytes) -> bool:
    """Tell whether the last commit of the file's git repository holds just this content; not so without git."""
    import subprocess  # noqa: PLC0415 - only where a file is there that would be replaced

    folder, name = os.path.split(path)
    # variables that git sets for hooks would make it look at another repository
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    environment |= {"GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}
    command = ["git", "-C", folder, "cat-file", "blob", f"HEAD:./{name}"]
    try:
        asked = subprocess.run(  # noqa: S603 - git is found on the PATH on purpose
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE, check=False
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return False
    return asked.returncode == 0 and asked.stdout == content
