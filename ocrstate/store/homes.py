"""The home folders that this process can know of."""

from __future__ import annotations

import os


def home_folders() -> tuple[str, ...]:
    """Return the user's home folders, links followed: the environment's, and the user database's if there is one."""
    named = [os.environ.get("HOME", ""), os.environ.get("USERPROFILE", ""), _from_database()]
    return tuple(dict.fromkeys(os.path.realpath(home) for home in named if os.path.isabs(home)))


def _from_database() -> str:
    try:
        import pwd  # noqa: PLC0415 - POSIX only

        return pwd.getpwuid(os.getuid()).pw_dir
    except (ImportError, KeyError):
        return ""
