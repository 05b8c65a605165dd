"""Directories that are no model store, whatever a manifest says. Pure."""

from __future__ import annotations

from pathlib import PurePosixPath

# ruff: noqa: S108 - these are named to be refused

_FOLDERS = frozenset(
    {"/", "/boot", "/dev", "/dev/shm", "/home", "/lost+found", "/media", "/mnt", "/opt", "/proc", "/root", "/run"}
    | {"/srv", "/sys", "/tmp", "/usr", "/usr/local", "/usr/local/lib", "/usr/local/share", "/usr/share", "/var"}
    | {"/var/cache", "/var/lib", "/var/log", "/var/opt", "/var/spool", "/var/tmp"}
    | {"/Applications", "/Library", "/Users", "/Volumes", "/private", "/private/tmp", "/private/var"}
    | {"C:/", "C:/ProgramData", "C:/Users"}
)
"""System folders that may hold a store below them, and are none themselves."""

_TREES = (
    *("/bin", "/boot", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/proc", "/sbin", "/sys", "/usr/bin"),
    *("/usr/include", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libexec", "/usr/sbin", "/usr/src"),
    *("/System", "/private/etc", "C:/Program Files", "C:/Program Files (x86)", "C:/Windows"),
)
"""System folders that hold no store at any depth."""

_HOME_PARENTS = ("/home", "/Users")


def why_absurd(real_path: str, homes: tuple[str, ...]) -> str | None:
    """Say what the directory is that a store must never be; `None` where it may be one.

    Args:
        real_path: absolute, links followed.
        homes: home folders that are known, links followed.
    """
    path = PurePosixPath(real_path.replace("\\", "/"))
    if len(path.parts) <= 1:
        return "the root of the filesystem"
    if real_path in homes or str(path.parent) in _HOME_PARENTS:
        return "a home folder"
    if any(PurePosixPath(home).is_relative_to(path) for home in homes):
        return "a folder that holds home folders"
    if str(path) in _FOLDERS or any(path.is_relative_to(tree) for tree in _TREES):
        return "a system folder"
    return None
